//! What the real parser accepts and a learner should know.

use std::collections::HashMap;

use crate::{
    compile::Compiled,
    diagnostic::{Diagnostic, codes},
    effective::{EffectiveProfile, EffectiveRule},
    features::Features,
    glob::is_pattern,
    source::FileId,
    tree::{ExecTarget, File, FilePermissions, ModeFlag, Mount, RuleKind, Text},
};

/// How many deny rules of one path are looked at.
const MAX_DENIES_OF_A_PATH: usize = 8;
/// How many findings are told.
const MAX_FINDINGS: usize = 200;
/// How many deny rules of whole folders are looked at.
const MAX_DENIED_FOLDERS: usize = 64;

/// Looks at the rules of every profile that stand in the first file; `features` is what is mediated.
pub fn lint(profiles: &[EffectiveProfile], features: &Features) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for profile in profiles {
        let mut denied: HashMap<&str, Vec<(&EffectiveRule, &File)>> = HashMap::new();
        let mut folders = Vec::new();
        for rule in profile.rules.iter().filter(|rule| rule.prefix.is_deny()) {
            if let RuleKind::File(file) = &rule.kind
                && let Some(path) = &file.path
            {
                let rules = denied.entry(&path.value).or_default();
                if rules.len() < MAX_DENIES_OF_A_PATH {
                    rules.push((rule, file));
                }
                if let Some(folder) = whole_folder(&path.value)
                    && folders.len() < MAX_DENIED_FOLDERS
                {
                    folders.push((folder, rule, file));
                }
            }
        }
        let mut lints = Lints {
            profile,
            features,
            denied,
            folders,
            findings: &mut findings,
        };
        for rule in profile.rules.iter().filter(|rule| is_written_here(rule)) {
            if lints.findings.len() >= MAX_FINDINGS {
                let sentence = format!(
                    "There is something to say about more than {MAX_FINDINGS} rules; the rest is left out."
                );
                let place = rule.origin.span;
                lints
                    .findings
                    .push(Diagnostic::hint(codes::TOO_MANY_FINDINGS, place, sentence));
                return findings;
            }
            lints.rule(rule);
        }
    }
    findings
}

/// Rules of included files are others' business, rules that an alias adds nobody's.
fn is_written_here(rule: &EffectiveRule) -> bool {
    rule.origin.span.file == FileId::default()
        && rule.origin.alias.is_none()
        && !rule.origin.implied
}

struct Lints<'a> {
    profile: &'a EffectiveProfile,
    features: &'a Features,
    denied: HashMap<&'a str, Vec<(&'a EffectiveRule, &'a File)>>,
    /// The deny rules of all that lies in a folder.
    folders: Vec<(&'a str, &'a EffectiveRule, &'a File)>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Lints<'_> {
    fn rule(&mut self, rule: &EffectiveRule) {
        let span = rule.origin.span;
        let deny = rule.prefix.is_deny();
        if deny && self.profile.flags.mode == Some(ModeFlag::Complain) && !rule.prefix.audit {
            self.findings.push(Diagnostic::warning(
                codes::DENY_IN_COMPLAIN,
                span,
                "Complain mode lifts what is merely not allowed, but this `deny` still refuses, and silently.",
            ));
        }
        self.mediated(rule);
        if let RuleKind::Mount(mount) = &rule.kind {
            self.mount_point(mount);
        }
        let RuleKind::File(file) = &rule.kind else {
            return;
        };
        self.exec(file, rule);
        if let Some(path) = &file.path {
            self.class(path);
            self.never_matches(path, file, rule);
            if deny {
                self.folder(path, file, rule);
            } else {
                self.shadowed(path, file, rule);
            }
        }
    }

    /// A rule of a class that kernel and policy together do not mediate has no effect.
    fn mediated(&mut self, rule: &EffectiveRule) {
        let features = self.features;
        let (class, mediated) = match &rule.kind {
            RuleKind::Network(_) => (
                "network",
                features.has_class("network_v8") || features.has_class("network_v9"),
            ),
            RuleKind::Dbus(_) => ("dbus", features.has_class("dbus")),
            RuleKind::Userns(_) => ("userns", features.lists("namespaces/mask", "userns_create")),
            RuleKind::IoUring(_) => ("io_uring", features.has_class("io_uring")),
            RuleKind::Mqueue(_) => ("mqueue", features.has_class("ipc/posix_mqueue")),
            RuleKind::Signal(_) => ("signal", features.has_class("signal")),
            RuleKind::Ptrace(_) => ("ptrace", features.has_class("ptrace")),
            RuleKind::Mount(_) | RuleKind::PivotRoot(_) => ("mount", features.has_class("mount")),
            _ => return,
        };
        if !mediated {
            let sentence = format!(
                "This rule has no effect: the kernel and the policy's feature set together do not mediate {class}."
            );
            self.findings.push(Diagnostic::hint(
                codes::NOT_MEDIATED,
                rule.origin.span,
                sentence,
            ));
        }
    }

    fn exec(&mut self, file: &File, rule: &EffectiveRule) {
        if rule.prefix.is_deny() {
            return;
        }
        let place = file.permissions_span;
        if let Some(exec) = file.exec
            && exec.target == ExecTarget::Unconfined
            && file.path.is_some()
        {
            let scrubbed = if exec.dangerous {
                ", with its environment as the caller set it"
            } else {
                ""
            };
            let sentence = format!(
                "The program runs without any profile{scrubbed}; whoever reaches it leaves this one."
            );
            self.findings
                .push(Diagnostic::warning(codes::UNCONFINED_EXEC, place, sentence));
        }
        if file.permissions.exec
            && (file.permissions.write || file.permissions.append)
            && file.path.is_some()
        {
            self.findings.push(Diagnostic::warning(
                codes::WRITE_AND_EXEC,
                place,
                "What may be written may also be executed here: a written program runs with these rights.",
            ));
        }
    }

    /// A negated class matches a slash too.
    fn class(&mut self, path: &Text) {
        let text = &path.value;
        if let Some(at) = text.find("[^")
            && let Some(class) = text.get(at..).and_then(|rest| rest.split(']').next())
            && !class.contains('/')
        {
            let sentence = format!(
                "`{class}]` matches `/` too, so this pattern reaches into other folders; write `{class}/]`."
            );
            self.findings.push(Diagnostic::hint(
                codes::CLASS_MATCHES_SLASH,
                path.span,
                sentence,
            ));
        }
    }

    /// `deny /d/** w` leaves the folder itself.
    fn folder(&mut self, path: &Text, file: &File, rule: &EffectiveRule) {
        let Some(folder) = path
            .value
            .strip_suffix("**")
            .filter(|folder| folder.ends_with('/'))
        else {
            return;
        };
        if !file.permissions.write || folder == "/" || is_pattern(folder) {
            return;
        }
        let same_path = self.denied.get(folder).into_iter().flatten();
        let covered = same_path
            .into_iter()
            .any(|(_, other)| other.permissions.write);
        if !covered {
            let sentence = format!(
                "This covers what is in `{folder}` but not the folder itself: it can still be renamed, removed or have its mode changed."
            );
            let text = format!("{folder}{{,**}}");
            self.findings.push(
                Diagnostic::hint(codes::FOLDER_NOT_COVERED, rule.origin.span, sentence).fix(
                    "Cover the folder too",
                    path.span,
                    text,
                ),
            );
        }
    }

    /// The kernel builds names without `.` and `..`, and follows links before it does.
    fn never_matches(&mut self, path: &Text, file: &File, rule: &EffectiveRule) {
        let text = path.value.as_str();
        let sentence = if text.split('/').any(|part| matches!(part, "." | "..")) {
            "The kernel's names have no `.` and `..`, so this rule matches nothing; write the path that they lead to."
        } else if text.starts_with("/proc/self/") || text.starts_with("/proc/thread-self/") {
            "`/proc/self` is a link, and the kernel asks about the process it leads to: write `@{PROC}/@{pid}/` in its place."
        } else if text.ends_with('/') && file.permissions.exec && file.exec.is_some() {
            "A name that ends in `/` is a folder, which cannot be executed: the `x` here matches nothing."
        } else {
            return;
        };
        self.findings.push(Diagnostic::warning(
            codes::NEVER_MATCHES,
            rule.origin.span,
            sentence,
        ));
    }

    /// The kernel ends the name of a mount point with a slash, for it is a folder nearly always.
    fn mount_point(&mut self, mount: &Mount) {
        let Some(point) = &mount.mountpoint else {
            return;
        };
        let text = point.value.as_str();
        if !text.starts_with('/') || text.ends_with('/') || is_pattern(text) {
            return;
        }
        let sentence = format!(
            "A folder's name ends in `/` for the kernel: this rule is for a file mounted on `{text}`, not for a folder."
        );
        self.findings.push(
            Diagnostic::hint(codes::MOUNT_POINT_WITHOUT_SLASH, point.span, sentence).fix(
                "Name the folder",
                point.span.after(),
                "/",
            ),
        );
    }

    /// An allow rule whose text a deny rule takes away entirely.
    fn shadowed(&mut self, path: &Text, file: &File, rule: &EffectiveRule) {
        let text = path.value.as_str();
        let same_path = self.denied.get(text).into_iter().flatten();
        let same_path = same_path.map(|(other, denied)| (*other, *denied));
        let inside = self.folders.iter().filter(|(folder, ..)| {
            let literal = &text[..first_wildcard(text)];
            literal.len() > folder.len() && literal.starts_with(folder)
        });
        let inside = inside.map(|(_, other, denied)| (*other, *denied));
        let shadow = same_path.chain(inside).find(|(other, denied)| {
            other.prefix.priority >= rule.prefix.priority
                && other.prefix.owner.is_none()
                && takes_all(denied.permissions, file.permissions)
        });
        if let Some((shadow, denied)) = shadow {
            let all = denied.path.as_ref().map_or("", Text::as_str);
            let sentence = if all == text {
                "A deny rule for the same path takes all of this away; the order of rules does not matter.".to_owned()
            } else {
                format!(
                    "The deny rule for `{all}` takes all of this away; the order of rules does not matter."
                )
            };
            self.findings.push(
                Diagnostic::warning(codes::SHADOWED_RULE, rule.origin.span, sentence)
                    .related(shadow.origin.span, "the rule that denies it"),
            );
        }
    }
}

/// Whether a deny rule's letters contain all that an allow rule gives.
fn takes_all(taken: FilePermissions, wanted: FilePermissions) -> bool {
    (!wanted.read || taken.read)
        && (!wanted.write || taken.write)
        && (!wanted.append || taken.append || taken.write)
        && (!wanted.link || taken.link)
        && (!wanted.lock || taken.lock)
        && (!wanted.mmap_exec || taken.mmap_exec)
        && (!wanted.exec || taken.exec)
}

/// The folder, with its slash, of a pattern that matches all that lies in one.
fn whole_folder(pattern: &str) -> Option<&str> {
    ["**", "{,**}", "{**,}"]
        .iter()
        .find_map(|end| pattern.strip_suffix(end))
        .filter(|folder| folder.ends_with('/') && first_wildcard(folder) == folder.len())
}

/// Where the first character stands that does not stand for itself.
fn first_wildcard(pattern: &str) -> usize {
    pattern
        .find(['*', '?', '[', '{', '\\'])
        .unwrap_or(pattern.len())
}

/// A pod asks for the profile `asked`: a finding where the policy has profiles but none of that
/// name. The name counts, not the file's; the fix renames the profile where there is only one.
/// The prefix `localhost/` belongs into an annotation alone: a field that has it is amiss in the
/// manifest, and no fault of the profile's name.
pub fn name_for_pod(compiled: &Compiled, asked: &str) -> Option<Diagnostic> {
    let asked = asked.strip_prefix("localhost/").unwrap_or(asked);
    if compiled.profiles.is_empty()
        || compiled
            .profiles
            .iter()
            .any(|profile| profile.name() == asked)
    {
        return None;
    }
    let (first, others) = compiled.names.split_first()?;
    let sentence = format!(
        "The pod asks for the profile `{asked}`, but this one is named `{}`: a profile is found by its name, not by its file.",
        first.value
    );
    let finding = Diagnostic::warning(codes::NAME_DIFFERS, first.span, sentence);
    Some(if others.is_empty() {
        finding.fix(format!("Name it `{asked}`"), first.span, asked)
    } else {
        finding
    })
}
