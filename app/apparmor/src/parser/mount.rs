//! Mount rules.

use super::{Parser, Read};
use crate::{
    diagnostic::{Diagnostic, codes},
    lexer::Kind,
    source::Span,
    tree::{Mount, MountKind, NamedCondition, Operator, PivotRoot, RuleKind, Text},
    vocabulary::{MS_ALL, MS_BIND, MS_MOVE, MS_PROPAGATION, MS_REMOUNT, mount_option},
};

impl Parser<'_> {
    /// `mount`, `remount` and `umount`
    pub(crate) fn mount(&mut self) -> Read<RuleKind> {
        let word = self.next();
        let kind = match word.kind {
            Kind::Remount => MountKind::Remount,
            Kind::Umount => MountKind::Umount,
            _ => MountKind::Mount,
        };
        let conditions = self.conditions()?;
        let first = self.eat(Kind::Id).map(|path| self.text(path));
        let mut target_conditions = Vec::new();
        let (source, mountpoint) = if kind != MountKind::Mount {
            (None, first)
        } else if self.eat(Kind::Arrow).is_some() {
            target_conditions = self.conditions()?;
            if !self.at(Kind::Id) {
                return Err(self.unexpected(&[Kind::Id, Kind::CondId]));
            }
            let target = self.next();
            (first, Some(self.text(target)))
        } else {
            if !self.at(Kind::EndOfRule) {
                return Err(self.unexpected(&[Kind::EndOfRule, Kind::Arrow]));
            }
            (first, None)
        };
        self.expect(Kind::EndOfRule)?;
        let span = word.span.to(self.last.span);
        self.check_mount_conditions(&conditions, &target_conditions);
        let mount = Mount {
            kind,
            conditions,
            source,
            mountpoint,
        };
        self.check_mount_options(&mount, span);
        Ok(RuleKind::Mount(mount))
    }

    /// `pivot_root [oldroot=…] [path] [-> profile],`
    pub(crate) fn pivot_root(&mut self) -> Read<RuleKind> {
        self.expect(Kind::PivotRoot)?;
        let conditions = self.conditions()?;
        let new_root = self.eat(Kind::Id).map(|path| self.text(path));
        let target = self.target()?;
        self.expect(Kind::EndOfRule)?;
        // The real parser looks at the last one alone.
        let mut old_root = None;
        if let Some(condition) = conditions.last() {
            if condition.name.as_str() == "oldroot" {
                old_root = condition.values.first().cloned();
            } else {
                let wording = format!(
                    "invalid pivotroot conditional '{}'",
                    condition.name.as_str()
                );
                self.bad_condition(codes::BAD_CONDITION, condition, wording);
            }
        }
        Ok(RuleKind::PivotRoot(PivotRoot {
            old_root,
            new_root,
            target,
        }))
    }

    fn check_mount_conditions(&mut self, conditions: &[NamedCondition], target: &[NamedCondition]) {
        for condition in conditions.iter().rev() {
            let name = condition.name.as_str();
            if !matches!(name, "options" | "option" | "fstype" | "vfstype") {
                let line = self.last.line;
                let sentence = format!(
                    "Mount rules have no condition `{name}`: they are `fstype` and `options`."
                );
                let diagnostic =
                    Diagnostic::error(codes::BAD_CONDITION, condition.name.span, sentence)
                        .tool(Some(line), format!("invalid mount conditional {name}"))
                        .tool(Some(line), "bad mount rule");
                self.report(diagnostic);
            }
        }
        if let Some(condition) = target.first() {
            let wording = "mount point conditions not currently supported";
            self.bad_condition(codes::BAD_CONDITION, condition, wording);
        }
    }

    fn check_mount_options(&mut self, mount: &Mount, span: Span) {
        let forced = if mount.kind == MountKind::Remount {
            MS_REMOUNT
        } else {
            0
        };
        for condition in mount
            .conditions
            .iter()
            .filter(|condition| is_options(condition))
        {
            let (mut set, mut clear) = (forced, 0);
            for value in &condition.values {
                if let Some(option) = mount_option(&value.value) {
                    set |= option.set;
                    clear |= option.clear;
                } else {
                    let sentence = format!("There is no mount option `{}`.", value.value);
                    let wording = format!("unsupported mount option value '{}'", value.value);
                    let diagnostic =
                        Diagnostic::error(codes::UNKNOWN_MOUNT_OPTION, value.span, sentence);
                    self.report(diagnostic.tool(None, wording));
                }
            }
            if condition.operator == Operator::Equals && set & clear != 0 {
                let sentence = "These options ask for a flag to be set and to be clear; `options in (…)` allows both.";
                let diagnostic = Diagnostic::error(codes::MOUNT_OPTION_CONFLICT, span, sentence)
                    .tool(None, format!("conflicting flag values = {set}, {clear}"))
                    .tool(None, "conflicting flags in the rule");
                self.report(diagnostic);
            }
        }
    }
}

fn is_options(condition: &NamedCondition) -> bool {
    matches!(condition.name.as_str(), "options" | "option")
}

/// Whether a mount rule comes to anything that the kernel can ask for.
///
/// Source: `mnt_rule::gen_flag_rules`; where it comes to nothing the real parser
/// says "Encoding of mount rule failed".
pub(crate) fn can_match(mount: &Mount) -> bool {
    if mount.kind == MountKind::Umount {
        return true;
    }
    let flags = |operator: Operator| -> Vec<u32> {
        let conditions = mount
            .conditions
            .iter()
            .filter(|condition| is_options(condition));
        conditions
            .filter(|condition| {
                (condition.operator == Operator::Equals) == (operator == Operator::Equals)
            })
            .map(|condition| {
                let options = condition
                    .values
                    .iter()
                    .filter_map(|value| mount_option(&value.value));
                options.fold(0, |bits, option| {
                    bits | option.set
                        | if operator == Operator::Equals {
                            0
                        } else {
                            option.clear
                        }
                })
            })
            .collect()
    };
    let (mut exact, mut optional) = (flags(Operator::Equals), flags(Operator::In));
    let remount = mount.kind == MountKind::Remount;
    match (exact.is_empty(), optional.is_empty()) {
        (true, true) => {
            exact.push(if remount { MS_REMOUNT } else { MS_ALL });
            optional.push(if remount { 0 } else { MS_ALL });
        }
        (true, false) => exact.push(if remount { MS_REMOUNT } else { 0 }),
        (false, true) => optional.push(0),
        (false, false) => {}
    }
    let fstype = mount
        .conditions
        .iter()
        .any(|condition| condition.name.as_str().ends_with("fstype"));
    let source = mount.source.as_ref().map(Text::as_str);
    let both = source.is_some() && mount.mountpoint.is_some();
    let commands = MS_MOVE | MS_REMOUNT | MS_BIND | MS_PROPAGATION;
    exact.iter().any(|exact| {
        let exact = if remount { exact | MS_REMOUNT } else { *exact };
        optional.iter().any(|optional| {
            exact == 0
                || exact == MS_ALL
                || exact & MS_REMOUNT != 0 && source.is_none() && !fstype
                || exact & (MS_BIND | MS_MOVE) != 0 && !fstype
                || exact & MS_PROPAGATION != 0 && !both && !fstype
                || (exact | optional) & !commands != 0
        })
    })
}
