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
    aliases.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
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
            let mut copy = rule.clone();
            let changed = match &mut copy.kind {
                RuleKind::File(file) => {
                    let link = file.link_target().is_some();
                    let path = replace(alias, file.path.as_mut());
                    let target = link && replace(alias, file.target.as_mut());
                    path || target
                }
                RuleKind::Link(link) => {
                    let path = replace(alias, Some(&mut link.link));
                    let target = replace(alias, Some(&mut link.target));
                    path || target
                }
                _ => false,
            };
            if changed {
                copy.origin.alias = Some(alias.span);
                added.push(copy);
            }
        }
        profile.rules.extend(added);
    }
}

fn replace(alias: &Replacement, text: Option<&mut Text>) -> bool {
    let Some(text) = text else { return false };
    match alias.of(&text.value) {
        Some(replaced) => {
            text.value = crate::glob::filter_slashes(&replaced);
            true
        }
        None => false,
    }
}
