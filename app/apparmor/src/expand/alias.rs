//! Aliases: each rule that names the old place is repeated for the new one.

use crate::{
    effective::EffectiveProfile,
    source::Span,
    tree::{Item, RuleKind, Text, Tree},
};

/// An alias, ready to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    from: String,
    to: String,
    span: Span,
}

impl Replacement {
    fn of(&self, text: &str) -> Option<String> {
        text.strip_prefix(&self.from)
            .map(|rest| format!("{}{rest}", self.to))
    }
}

/// The aliases of a policy in the order in which they apply; one written twice counts once.
pub(crate) fn aliases(tree: &Tree) -> Vec<Replacement> {
    let mut aliases: Vec<Replacement> = tree
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Alias(alias) => Some(Replacement {
                from: alias.from.value.clone(),
                to: alias.to.value.clone(),
                span: alias.span,
            }),
            _ => None,
        })
        .collect();
    sorted::sort_by(&mut aliases, |a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    aliases.dedup_by(|a, b| a.from == b.from && a.to == b.to);
    aliases
}

/// Adds the attachments and rules that aliases make. Source: `replace_profile_aliases`.
pub(crate) fn apply(aliases: &[Replacement], profile: &mut EffectiveProfile) {
    let written = profile.rules.len();
    for alias in aliases {
        let name = profile.attachment.as_deref().unwrap_or(&profile.name.local);
        profile.aliased_attachments.extend(alias.of(name));
        let mut added = Vec::new();
        for rule in profile.rules.iter().take(written) {
            if !touches(alias, &rule.kind) {
                continue;
            }
            let mut copy = rule.clone();
            match &mut copy.kind {
                RuleKind::File(file) => {
                    let link = file.link_target().is_some();
                    replace(alias, file.path.as_mut());
                    replace(alias, file.target.as_mut().filter(|_| link));
                }
                RuleKind::Link(link) => {
                    replace(alias, Some(&mut link.link));
                    replace(alias, Some(&mut link.target));
                }
                _ => {}
            }
            copy.origin.alias = Some(alias.span);
            added.push(copy);
        }
        profile.rules.extend(added);
    }
}

/// Whether a rule names a place that the alias renames.
fn touches(alias: &Replacement, kind: &RuleKind) -> bool {
    let starts = |text: &Text| text.value.starts_with(&alias.from);
    match kind {
        RuleKind::File(file) => {
            file.path.as_ref().is_some_and(starts) || file.link_target().is_some_and(starts)
        }
        RuleKind::Link(link) => starts(&link.link) || starts(&link.target),
        _ => false,
    }
}

fn replace(alias: &Replacement, text: Option<&mut Text>) {
    let Some(text) = text else { return };
    if let Some(replaced) = alias.of(&text.value) {
        text.value = crate::glob::filter_slashes(&replaced);
    }
}
