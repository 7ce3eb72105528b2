//! Patterns that cannot be read, and rules that come to nothing.
//!
//! File rules are looked at first, then the others; the latter only where the
//! kernel mediates their class, for otherwise the real parser passes over them.

use crate::{
    diagnostic::{Diagnostic, codes},
    effective::{EffectiveProfile, EffectiveRule},
    features::Features,
    glob,
    parser::can_match,
    source::Span,
    tree::{AddressConditions, RuleKind, Text},
};

pub(crate) fn check(
    profile: &EffectiveProfile,
    features: &Features,
    findings: &mut Vec<Diagnostic>,
) {
    let name = &profile.name.local;
    let before = findings.len();
    let mut stage = Stage {
        findings: &mut *findings,
        closing: format!("ERROR processing regexs for profile {name}, failed to load"),
    };
    let local = name
        .rfind("//")
        .map_or(name.as_str(), |at| name.get(at + 2..).unwrap_or_default());
    let attachment = profile
        .attachment
        .clone()
        .unwrap_or_else(|| glob::filter_slashes(local));
    stage.attachment(&attachment, profile.head);
    if stage.findings.len() == before {
        for rule in &profile.rules {
            stage.file(rule);
        }
    }
    if findings.len() > before {
        return;
    }
    let closing = format!("ERROR processing policydb rules for profile {name}, failed to load");
    let mut stage = Stage { findings, closing };
    for rule in &profile.rules {
        if stage.other(rule, features) {
            break;
        }
    }
}

struct Stage<'a> {
    findings: &'a mut Vec<Diagnostic>,
    closing: String,
}

impl Stage<'_> {
    /// True where the pattern is wrong.
    fn pattern(&mut self, text: &str, span: Span) -> bool {
        let errors = glob::check(text);
        let Some(first) = errors.first() else {
            return false;
        };
        let mut diagnostic = Diagnostic::error(first.code(), span, first.sentence());
        for wording in errors.iter().filter_map(|error| error.wording()) {
            diagnostic = diagnostic.tool(None, format!("apparmor_parser: {wording}"));
        }
        if first.wording().is_some() {
            let line = format!("apparmor_parser: Unable to parse input line '{text}'");
            diagnostic = diagnostic.tool(None, line);
        }
        let diagnostic = diagnostic.tool(None, self.closing.clone());
        self.findings.push(diagnostic);
        true
    }

    fn attachment(&mut self, attachment: &str, span: Span) {
        if self.pattern(attachment, span)
            && let Some(diagnostic) = self.findings.last_mut()
            && let Some(tool) = &mut diagnostic.tool
        {
            let at = tool.lines.len().saturating_sub(1);
            let wording = format!(
                "apparmor_parser: Invalid profile name '{attachment}' - bad regular expression"
            );
            tool.lines.insert(at, wording);
        }
    }

    fn text(&mut self, text: Option<&Text>) -> bool {
        text.is_some_and(|text| self.pattern(&text.value, text.span))
    }

    fn file(&mut self, rule: &EffectiveRule) {
        let (first, second) = match &rule.kind {
            RuleKind::File(file) => (file.path.as_ref(), file.link_target()),
            RuleKind::Link(link) => (Some(&link.link), Some(&link.target)),
            RuleKind::ChangeProfile(change) => (change.target.as_ref(), change.exec.as_ref()),
            _ => return,
        };
        if !self.text(first) {
            self.text(second);
        }
    }

    /// True where the rule is wrong: the real parser stops at the first.
    fn other(&mut self, rule: &EffectiveRule, features: &Features) -> bool {
        match &rule.kind {
            RuleKind::Signal(signal) if features.has_class("signal") => {
                self.text(signal.peer.as_ref())
            }
            RuleKind::Ptrace(ptrace) if features.has_class("ptrace") => {
                self.text(ptrace.peer.as_ref())
            }
            RuleKind::Dbus(dbus) if features.has_class("dbus") => {
                self.conditions(&dbus.local, &[]) || self.conditions(&dbus.peer, &[])
            }
            RuleKind::Unix(unix) if features.has_unix_sockets() => {
                let left = ["type", "protocol"];
                self.conditions(&unix.local, &left) || self.conditions(&unix.peer, &left)
            }
            RuleKind::Mount(mount) if features.has_class("mount") => {
                let kinds = mount
                    .conditions
                    .iter()
                    .filter(|condition| condition.name.value.ends_with("fstype"));
                let mut wrong =
                    self.text(mount.mountpoint.as_ref()) || self.text(mount.source.as_ref());
                for value in kinds.flat_map(|condition| &condition.values) {
                    wrong = wrong || self.text(Some(value));
                }
                if !wrong && !can_match(mount) {
                    let sentence = "No mount call can match this rule: its options, source and type exclude each other.";
                    let diagnostic =
                        Diagnostic::error(codes::EMPTY_MOUNT_RULE, rule.origin.span, sentence)
                            .tool(None, "Encoding of mount rule failed")
                            .tool(None, self.closing.clone());
                    self.findings.push(diagnostic);
                    return true;
                }
                wrong
            }
            RuleKind::PivotRoot(pivot) if features.has_class("mount") => {
                self.text(pivot.new_root.as_ref()) || self.text(pivot.old_root.as_ref())
            }
            RuleKind::Mqueue(mqueue) if features.has_class("ipc/posix_mqueue") => {
                self.text(mqueue.name.as_ref()) || self.text(mqueue.label.as_ref())
            }
            RuleKind::IoUring(io_uring) if features.has_class("io_uring") => {
                self.text(io_uring.label.as_ref())
            }
            _ => false,
        }
    }

    fn conditions(&mut self, side: &AddressConditions, left_out: &[&str]) -> bool {
        side.conditions
            .iter()
            .filter(|condition| !left_out.contains(&condition.name.as_str()))
            .any(|condition| self.text(condition.values.first()))
    }
}
