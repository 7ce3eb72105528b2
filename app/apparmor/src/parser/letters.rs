//! The permission letters of a file rule.

use super::Parser;
use crate::{
    diagnostic::{Diagnostic, codes},
    source::Span,
    tree::{ExecMode, ExecTarget, FilePermissions, Prefix, RuleKind},
};

/// What the letters of a file rule come to.
#[derive(Clone, Copy, Default)]
pub(super) struct Letters {
    pub(super) permissions: FilePermissions,
    pub(super) exec: Option<ExecMode>,
}

/// The letters of a bare `file,`: all, and executables stay in the profile.
pub(super) const EVERYTHING: Letters = Letters {
    permissions: FilePermissions {
        read: true,
        write: true,
        append: false,
        link: true,
        lock: true,
        mmap_exec: true,
        exec: true,
    },
    exec: Some(ExecMode {
        target: ExecTarget::Inherit,
        inherit_fallback: false,
        unconfined_fallback: false,
        dangerous: false,
    }),
};

impl Parser<'_> {
    /// Reads permission letters. Source: `parse_sub_perms`.
    pub(super) fn letters(&mut self, span: Span) -> Letters {
        let text = self.written(span).to_owned();
        let mut letters = Letters::default();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let length = if let 'p' | 'c' | 'u' | 'i' = first.to_ascii_lowercase() {
                rest.find(['x', 'X']).map_or(rest.len(), |x| x + 1)
            } else {
                1
            };
            let (letter, more) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let permissions = &mut letters.permissions;
            match first.to_ascii_lowercase() {
                'r' => permissions.read = true,
                'w' | 'a' => {
                    let write = first.eq_ignore_ascii_case(&'w');
                    if (write && permissions.append) || (!write && permissions.write) {
                        let sentence = "`w` contains `a`; a rule has one or the other.";
                        let wording = "Conflict 'a' and 'w' perms are mutually exclusive.";
                        self.error(codes::APPEND_AND_WRITE, span, sentence, wording);
                    }
                    let permissions = &mut letters.permissions;
                    permissions.write |= write;
                    permissions.append |= !write;
                }
                'l' => permissions.link = true,
                'k' => permissions.lock = true,
                'm' => permissions.mmap_exec = true,
                'x' => permissions.exec = true,
                _ => self.exec_letters(letter, span, &mut letters),
            }
            rest = more;
        }
        letters
    }

    fn exec_letters(&mut self, letter: &str, span: Span, letters: &mut Letters) {
        let mode = exec_mode(letter);
        // `i` goes with anything but `p` and `c` and `u`; the others with nothing else.
        let conflicts = match mode.target {
            ExecTarget::Inherit => letters
                .exec
                .is_some_and(|exec| exec.target != ExecTarget::Inherit),
            _ => letters.permissions.exec && letters.exec != Some(mode),
        };
        if conflicts {
            let qualifier = letter
                .get(..letter.len().saturating_sub(1))
                .unwrap_or_default();
            let sentence = format!("A rule has one way to execute; `{letter}` is a second one.");
            let wording = format!(
                "Exec qualifier '{qualifier}' invalid, conflicting qualifier already specified"
            );
            self.error(codes::TWO_EXEC_MODES, span, sentence, wording);
            return;
        }
        letters.permissions.exec = true;
        letters.exec = Some(mode);
    }

    /// `x` needs a mode, but not in a deny rule. Source: `check_x_qualifier`.
    pub(crate) fn check_exec(&mut self, prefix: Prefix, kind: &RuleKind, span: Span) {
        let RuleKind::File(file) = kind else { return };
        if !file.permissions.exec {
            return;
        }
        let place = if file.path.is_some() {
            file.permissions_span
        } else {
            span
        };
        let line = self.last.line;
        if prefix.is_deny() && file.exec.is_some() {
            let sentence = if file.path.is_some() {
                "A deny rule refuses every exec, so `x` stands alone in it."
            } else {
                "`file` means all file permissions with `ix`; a deny rule cannot have an exec mode."
            };
            let wording = "Invalid perms, in deny rules 'x' must not be preceded by exec qualifier 'i', 'p', or 'u'";
            let mut diagnostic = Diagnostic::error(codes::EXEC_MODE_IN_DENY, place, sentence)
                .tool(Some(line), wording);
            if file.path.is_some() {
                diagnostic = diagnostic.fix(
                    "Deny every exec",
                    place,
                    without_exec_mode(self.written(place)),
                );
            }
            self.report(diagnostic);
        } else if !prefix.is_deny() && file.exec.is_none() {
            let sentence =
                "`x` needs a letter before it that says under which profile the program runs.";
            let wording = "Invalid perms, 'x' must be preceded by exec qualifier 'i', 'p', or 'u'";
            let letters = self.written(place).replacen(['x', 'X'], "ix", 1);
            let diagnostic = Diagnostic::error(codes::EXEC_WITHOUT_MODE, place, sentence)
                .fix("Run it under this profile", place, letters)
                .tool(Some(line), wording);
            self.report(diagnostic);
        }
    }
}

fn without_exec_mode(letters: &str) -> String {
    letters
        .chars()
        .filter(|letter| !"pPcCuUiI".contains(*letter))
        .collect()
}

/// The mode that `ix`, `Px`, `cux` … stand for. The first letter tells whether the environment is scrubbed.
fn exec_mode(letter: &str) -> ExecMode {
    let first = letter.chars().next().unwrap_or('i');
    let second = letter
        .chars()
        .nth(1)
        .map(|second| second.to_ascii_lowercase());
    ExecMode {
        target: match first.to_ascii_lowercase() {
            'p' => ExecTarget::Profile,
            'c' => ExecTarget::Child,
            'u' => ExecTarget::Unconfined,
            _ => ExecTarget::Inherit,
        },
        inherit_fallback: second == Some('i'),
        unconfined_fallback: second == Some('u'),
        dangerous: first.is_ascii_lowercase() && first != 'i',
    }
}
