//! The texts of a profile and its rules, with their variables expanded.

use std::sync::Arc;

use super::{Expansion, ExpansionFailure, path};
use crate::{
    diagnostic::codes,
    effective::{EffectiveProfile, EffectiveRule, VariableUse},
    level::Syntax,
    source::Span,
    tree::{AddressConditions, RuleKind, Text},
};

impl Expansion<'_> {
    /// Expands a profile's name, attachment and rules. Source: `process_profile_variables`.
    pub(super) fn texts(
        &mut self,
        profile: &mut EffectiveProfile,
        parent: Option<&str>,
    ) -> Result<(), ExpansionFailure> {
        self.variables.set_automatic([]);
        let head = profile.head;
        let local = self.text(&profile.name.local, head)?;
        profile.name.full = match parent {
            Some(parent) => format!("{parent}//{local}"),
            None => local.clone(),
        };
        profile.name.local = local;
        profile.attachment = match &profile.attachment {
            Some(attachment) => Some(path(&self.text(attachment, head)?)),
            None if profile.name.local.starts_with('/') => {
                let name = &profile.name.local;
                let last = name
                    .rfind("//")
                    .map_or(name.as_str(), |at| name.get(at + 2..).unwrap_or_default());
                Some(path(last))
            }
            None => None,
        };
        let disconnected = profile.flags.attach_disconnected_path.take();
        profile.flags.attach_disconnected_path = self.disconnected(disconnected, head)?;
        let disconnected = profile.flags.attach_disconnected_ipc_path.take();
        profile.flags.attach_disconnected_ipc_path = self.disconnected(disconnected, head)?;

        let attachment = profile
            .attachment
            .clone()
            .filter(|_| self.options.level.has(Syntax::AttachPath));
        let automatic = attachment.map(|path| [("attach_path", path.clone()), ("exec_path", path)]);
        let name = ("profile_name", escaped(&profile.name.full));
        self.variables
            .set_automatic(automatic.into_iter().flatten().chain([name]));
        profile
            .rules
            .iter_mut()
            .try_for_each(|rule| self.rule(rule))
    }

    fn text(&mut self, text: &str, span: Span) -> Result<String, ExpansionFailure> {
        let mut used = Vec::new();
        self.variables
            .expand_text(text, &mut used)
            .map_err(|error| ExpansionFailure { error, span })
    }

    /// The place that a disconnected path is put under: absolute, without slashes at its end.
    fn disconnected(
        &mut self,
        text: Option<String>,
        span: Span,
    ) -> Result<Option<String>, ExpansionFailure> {
        let Some(text) = text else { return Ok(None) };
        let expanded = path(&self.text(&text, span)?);
        if !expanded.starts_with('/') {
            let sentence = "The path that disconnected files are put under starts with `/`.";
            self.error_at_end(
                codes::FLAG_VALUE,
                span,
                sentence,
                "attach_disconnected path must begin with a /",
            );
        }
        Ok(Some(expanded.trim_end_matches('/').to_owned()))
    }

    fn rule(&mut self, rule: &mut EffectiveRule) -> Result<(), ExpansionFailure> {
        let mut used = Vec::new();
        let mut texts = Texts {
            expansion: self,
            used: &mut used,
        };
        match &mut rule.kind {
            RuleKind::File(file) => {
                let link = file.link_target().is_some();
                texts.path(file.path.as_mut())?;
                if link {
                    texts.path(file.target.as_mut())?;
                }
            }
            RuleKind::Link(link) => {
                texts.path(Some(&mut link.link))?;
                texts.path(Some(&mut link.target))?;
            }
            RuleKind::ChangeProfile(change) => {
                texts.plain(change.target.as_mut())?;
                texts.plain(change.exec.as_mut())?;
            }
            RuleKind::Mount(mount) => {
                texts.path(mount.mountpoint.as_mut())?;
                texts.path(mount.source.as_mut())?;
                let kinds = mount
                    .conditions
                    .iter_mut()
                    .filter(|condition| condition.name.value.ends_with("fstype"));
                for value in kinds.flat_map(|condition| &mut condition.values) {
                    texts.plain(Some(value))?;
                }
            }
            RuleKind::PivotRoot(pivot) => {
                texts.path(pivot.new_root.as_mut())?;
                texts.path(pivot.old_root.as_mut())?;
                texts.plain(pivot.target.as_mut())?;
            }
            RuleKind::Signal(signal) => texts.plain(signal.peer.as_mut())?,
            RuleKind::Ptrace(ptrace) => texts.plain(ptrace.peer.as_mut())?,
            RuleKind::Mqueue(mqueue) => {
                texts.plain(mqueue.name.as_mut())?;
                texts.plain(mqueue.label.as_mut())?;
            }
            RuleKind::Network(network) => {
                texts.conditions(&mut network.local, &["label", "interface"])?;
                texts.conditions(&mut network.peer, &["label"])?;
            }
            RuleKind::Unix(unix) => {
                texts.conditions(&mut unix.local, &["label", "addr"])?;
                texts.conditions(&mut unix.peer, &["label", "addr"])?;
            }
            RuleKind::Dbus(dbus) => {
                let all = ["bus", "name", "label", "path", "interface", "member"];
                texts.conditions(&mut dbus.local, &all)?;
                texts.conditions(&mut dbus.peer, &all)?;
            }
            RuleKind::Capability(_)
            | RuleKind::Userns(_)
            | RuleKind::IoUring(_)
            | RuleKind::Rlimit(_)
            | RuleKind::All => {}
        }
        rule.origin.variables = used;
        Ok(())
    }
}

/// Expands the texts of one rule and notes the variables they use.
struct Texts<'a, 'b> {
    expansion: &'a mut Expansion<'b>,
    used: &'a mut Vec<Arc<VariableUse>>,
}

impl Texts<'_, '_> {
    fn plain(&mut self, text: Option<&mut Text>) -> Result<(), ExpansionFailure> {
        let Some(text) = text else { return Ok(()) };
        if !text.value.contains('@') {
            return Ok(());
        }
        let span = text.span;
        let variables = &mut self.expansion.variables;
        text.value = variables
            .expand_text(&text.value, self.used)
            .map_err(|error| ExpansionFailure { error, span })?;
        Ok(())
    }

    fn path(&mut self, text: Option<&mut Text>) -> Result<(), ExpansionFailure> {
        let Some(text) = text else { return Ok(()) };
        self.plain(Some(text))?;
        if text.value.contains("//") {
            text.value = path(&text.value);
        }
        Ok(())
    }

    fn conditions(
        &mut self,
        side: &mut AddressConditions,
        names: &[&str],
    ) -> Result<(), ExpansionFailure> {
        for condition in &mut side.conditions {
            let name = condition.name.value.as_str();
            if !names.contains(&name) {
                continue;
            }
            let slashes = matches!(name, "path" | "addr");
            for value in &mut condition.values {
                if slashes {
                    self.path(Some(value))?;
                } else {
                    self.plain(Some(value))?;
                }
            }
        }
        Ok(())
    }
}

/// A profile's name where patterns are read: its glob characters are literal.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                out.push('\\');
                out.extend(characters.next());
            }
            '{' | '}' | '[' | ']' | '*' | '?' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}
