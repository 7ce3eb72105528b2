//! The flags of a profile.

use super::{Parser, Read};
use crate::{
    diagnostic::codes,
    level::Syntax,
    lexer::Kind,
    source::Span,
    tree::{Flag, Flags, ModeFlag},
    vocabulary::{ERROR_NAMES, signal_number},
};

const MODES: &[(&str, ModeFlag)] = &[
    ("enforce", ModeFlag::Enforce),
    ("complain", ModeFlag::Complain),
    ("kill", ModeFlag::Kill),
    ("unconfined", ModeFlag::Unconfined),
    ("prompt", ModeFlag::Prompt),
    ("default_allow", ModeFlag::DefaultAllow),
];

impl ModeFlag {
    /// The word that asks for the mode.
    pub fn name(self) -> &'static str {
        MODES
            .iter()
            .find(|(_, mode)| *mode == self)
            .map_or("", |(name, _)| name)
    }
}

impl Parser<'_> {
    /// `flags=(…)`, or the brackets alone, or nothing.
    pub(crate) fn flags(&mut self) -> Read<Flags> {
        let mut flags = Flags::default();
        let start = self.peek().span;
        if self.eat(Kind::Flags).is_some() {
            self.expect(Kind::Equals)?;
            self.expect(Kind::OpenParen)?;
        } else if self.eat(Kind::OpenParen).is_none() {
            return Ok(flags);
        }
        let first = self.expect(Kind::Value)?;
        self.flag(first.span, &mut flags);
        loop {
            match self.peek().kind {
                Kind::Value => {
                    let value = self.next();
                    self.flag(value.span, &mut flags);
                }
                Kind::CloseParen => {
                    let close = self.next();
                    flags.span = Some(start.to(close.span));
                    return Ok(flags);
                }
                _ => return Err(self.unexpected(&[Kind::Value, Kind::CloseParen])),
            }
        }
    }

    fn flag(&mut self, span: Span, flags: &mut Flags) {
        let text = crate::tree::Text::new(crate::lexer::unquote(self.written(span)), span);
        let word = text.value.clone();
        flags.words.push(Flag { text });
        if !self.knows_flag(&word) {
            return self.unknown_flag(&word, span);
        }
        if let Some((name, mode)) = MODES.iter().find(|(name, _)| *name == word) {
            match flags.mode {
                Some(before) if before != *mode => {
                    self.flag_conflict(
                        span,
                        before.name(),
                        &format!("Profile flag '{}' conflicts with '{name}'", before.name()),
                    );
                }
                _ => flags.mode = Some(*mode),
            }
            return;
        }
        match word.as_str() {
            "debug" => flags.debug = true,
            "audit" => flags.audit = true,
            "chroot_relative" => flags.chroot_relative = true,
            "namespace_relative" => flags.namespace_relative = true,
            "mediate_deleted" => flags.mediate_deleted = true,
            "delegate_deleted" => flags.delegate_deleted = true,
            "attach_disconnected" => flags.attach_disconnected = true,
            "no_attach_disconnected" => flags.no_attach_disconnected = true,
            "chroot_attach" => flags.chroot_attach = true,
            "chroot_no_attach" => flags.chroot_no_attach = true,
            "interruptible" => flags.interruptible = true,
            _ => self.flag_with_value(&word, span, flags),
        }
        self.check_flags(span, flags);
    }

    /// Whether the chosen release has a flag that later ones have.
    fn knows_flag(&self, word: &str) -> bool {
        let name = word.split('=').next().unwrap_or(word);
        let needs = match name {
            "prompt" => Syntax::Prompt,
            "default_allow"
            | "interruptible"
            | "debug"
            | "error"
            | "kill.signal"
            | "attach_disconnected.path" => Syntax::NewerFlags,
            _ => return true,
        };
        self.options.level.has(needs)
    }

    fn unknown_flag(&mut self, word: &str, span: Span) {
        let sentence = format!("There is no profile flag `{word}`.");
        let wording = if word == "debug" {
            "Profile flag 'debug' is no longer valid.".to_owned()
        } else {
            format!("Invalid profile flag: {word}.")
        };
        self.error(codes::UNKNOWN_FLAG, span, sentence, wording);
    }

    fn flag_with_value(&mut self, word: &str, span: Span, flags: &mut Flags) {
        let ipc = self.options.level.has(Syntax::IpcAttachment);
        if let Some(path) = word.strip_prefix("attach_disconnected.path=") {
            flags.attach_disconnected = true;
            self.same(
                &mut flags.attach_disconnected_path,
                path,
                "attach_disconnected",
                span,
            );
        } else if let Some(path) = word
            .strip_prefix("attach_disconnected.ipc=")
            .filter(|_| ipc)
        {
            flags.attach_disconnected_ipc = true;
            self.same(
                &mut flags.attach_disconnected_ipc_path,
                path,
                "attach_disconnected",
                span,
            );
        } else if word == "attach_disconnected.ipc" && ipc {
            flags.attach_disconnected_ipc = true;
        } else if let Some(signal) = word.strip_prefix("kill.signal=") {
            if signal_number(signal).is_none() {
                let wording = format!("unknown signal specified for kill.signal='{signal}'");
                return self.error(
                    codes::FLAG_VALUE,
                    span,
                    format!("There is no signal `{signal}`."),
                    wording,
                );
            }
            self.same(&mut flags.kill_signal, signal, "kill.signal", span);
        } else if let Some(error) = word.strip_prefix("error=") {
            if !ERROR_NAMES
                .iter()
                .any(|name| name.eq_ignore_ascii_case(error))
            {
                let wording = format!("unknown error code specified for error='{error}'");
                return self.error(
                    codes::FLAG_VALUE,
                    span,
                    format!("There is no error number `{error}`."),
                    wording,
                );
            }
            self.same(&mut flags.error, &error.to_uppercase(), "error", span);
        } else {
            self.unknown_flag(word, span);
        }
    }

    /// A flag that may be given twice only with the same value.
    fn same(&mut self, place: &mut Option<String>, value: &str, name: &str, span: Span) {
        match place {
            Some(before) if before != value => {
                let wording = format!(
                    "Profile flag {name} set to conflicting values: '{before}' and '{value}'"
                );
                let sentence = format!("`{name}` is given two different values.");
                self.error(codes::FLAG_CONFLICT, span, sentence, wording);
            }
            _ => *place = Some(value.to_owned()),
        }
    }

    fn check_flags(&mut self, span: Span, flags: &mut Flags) {
        let pairs = [
            (
                &mut flags.chroot_relative,
                &mut flags.namespace_relative,
                "chroot_relative",
                "namespace_relative",
            ),
            (
                &mut flags.mediate_deleted,
                &mut flags.delegate_deleted,
                "mediate_deleted",
                "delegate_deleted",
            ),
            (
                &mut flags.chroot_attach,
                &mut flags.chroot_no_attach,
                "chroot_attach",
                "chroot_no_attach",
            ),
        ];
        let mut conflicts = Vec::new();
        for (first, second, first_name, second_name) in pairs {
            if *first && *second {
                conflicts.push((first_name, second_name));
                *second = false;
            }
        }
        if flags.no_attach_disconnected && flags.attach_disconnected {
            conflicts.push(("attach_disconnected", "no_attach_disconnected"));
        } else if flags.no_attach_disconnected && flags.attach_disconnected_ipc {
            conflicts.push(("attach_disconnected.ipc", "no_attach_disconnected"));
        }
        for (first, second) in conflicts {
            flags.no_attach_disconnected = false;
            self.flag_conflict(
                span,
                first,
                &format!("Profile flag {first} conflicts with {second}"),
            );
        }
    }

    fn flag_conflict(&mut self, span: Span, before: &str, wording: &str) {
        let word = self.written(span).to_owned();
        let sentence = format!("`{word}` and `{before}` exclude each other.");
        self.error(codes::FLAG_CONFLICT, span, sentence, wording);
    }
}
