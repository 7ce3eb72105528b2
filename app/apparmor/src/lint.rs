//! What the real parser accepts and a learner should know.

use std::collections::HashMap;

use crate::{
    diagnostic::{Diagnostic, codes},
    effective::{EffectiveProfile, EffectiveRule},
    features::Features,
    glob::is_pattern,
    source::FileId,
    tree::{ExecTarget, File, ModeFlag, RuleKind, Text},
};

/// How many deny rules of one path are looked at.
const MAX_DENIES_OF_A_PATH: usize = 8;

/// Looks at the rules of every profile that stand in the first file; `features` is what is mediated.
pub fn lint(profiles: &[EffectiveProfile], features: &Features) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for profile in profiles {
        let mut denied: HashMap<&str, Vec<(&EffectiveRule, &File)>> = HashMap::new();
        for rule in profile.rules.iter().filter(|rule| rule.prefix.is_deny()) {
            if let RuleKind::File(file) = &rule.kind
                && let Some(path) = &file.path
            {
                let rules = denied.entry(&path.value).or_default();
                if rules.len() < MAX_DENIES_OF_A_PATH {
                    rules.push((rule, file));
                }
            }
        }
        let mut lints = Lints {
            profile,
            features,
            denied,
            findings: &mut findings,
        };
        for rule in profile.rules.iter().filter(|rule| is_written_here(rule)) {
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
        let RuleKind::File(file) = &rule.kind else {
            return;
        };
        self.exec(file, rule);
        if let Some(path) = &file.path {
            self.class(path);
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

    /// An allow rule whose text a deny rule takes away entirely.
    fn shadowed(&mut self, path: &Text, file: &File, rule: &EffectiveRule) {
        let wanted = file.permissions;
        let same_path = self.denied.get(path.value.as_str()).into_iter().flatten();
        let shadow = same_path.into_iter().find(|(other, denied)| {
            let taken = denied.permissions;
            other.prefix.priority >= rule.prefix.priority
                && other.prefix.owner.is_none()
                && (!wanted.read || taken.read)
                && (!wanted.write || taken.write)
                && (!wanted.append || taken.append || taken.write)
                && (!wanted.link || taken.link)
                && (!wanted.lock || taken.lock)
                && (!wanted.mmap_exec || taken.mmap_exec)
                && (!wanted.exec || taken.exec)
        });
        if let Some((shadow, _)) = shadow {
            let sentence = "A deny rule for the same path takes all of this away; the order of rules does not matter.";
            self.findings.push(
                Diagnostic::warning(codes::SHADOWED_RULE, rule.origin.span, sentence)
                    .related(shadow.origin.span, "the rule that denies it"),
            );
        }
    }
}
