//! Which profile an executable gets.

use std::sync::Arc;

use crate::{
    compile::AttachmentAutomaton,
    profile::{Attachment, Profile},
};

/// The best match of `path` among the top-level profiles of `loaded`, as `find_attach`: the
/// longest run before the automaton first loops wins, then the larger number of conditions on
/// `xattrs`, all of which must hold; a profile that is named like the path wins at once. Equal best
/// matches are a conflict.
pub fn best_attachment(
    loaded: &[Arc<Profile>],
    path: &[u8],
    xattrs: &[(&str, &[u8])],
) -> Attachment {
    let candidates = loaded.iter().filter(|profile| profile.is_top());
    best_among(candidates, path, xattrs)
}

/// The best match among given profiles.
pub(super) fn best_among<'a>(
    candidates: impl Iterator<Item = &'a Arc<Profile>>,
    path: &[u8],
    xattrs: &[(&str, &[u8])],
) -> Attachment {
    let mut best: Vec<Arc<Profile>> = Vec::new();
    let (mut longest, mut most) = (0, 0);
    for profile in candidates {
        match &profile.attachment {
            AttachmentAutomaton::None => {}
            AttachmentAutomaton::Name => {
                if profile.name.local.as_bytes() == path {
                    return Attachment::Profile(profile.clone());
                }
            }
            AttachmentAutomaton::Pattern(pattern) => {
                let Some(run) = pattern.run(path).filter(|run| *run >= longest) else {
                    continue;
                };
                let Some(conditions) = pattern.conditions(xattrs) else {
                    continue;
                };
                if best.is_empty() || run > longest || conditions > most {
                    longest = pattern.length(run);
                    most = conditions;
                    best = vec![profile.clone()];
                } else if conditions == most {
                    best.push(profile.clone());
                }
            }
        }
    }
    match best.len() {
        0 => Attachment::None,
        1 => best.pop().map_or(Attachment::None, Attachment::Profile),
        _ => Attachment::Conflict(best),
    }
}
