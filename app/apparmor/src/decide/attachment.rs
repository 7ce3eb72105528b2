//! Which profile an executable gets.

use std::sync::Arc;

use crate::{
    compile::AttachmentAutomaton,
    profile::{Attachment, Profile},
};

/// The best match of `path` among the top-level profiles of `loaded`, as `find_attach`: the
/// longest run before the automaton first loops wins; a profile that is named like the path wins
/// at once. Equal best matches are a conflict. Conditions on extended attributes (`xattrs`) are
/// not evaluated.
pub fn best_attachment(
    loaded: &[Arc<Profile>],
    path: &[u8],
    xattrs: &[(&str, &[u8])],
) -> Attachment {
    let _ = xattrs;
    best_among(loaded.iter().filter(|profile| profile.is_top()), path)
}

/// The best match among given profiles.
pub(super) fn best_among<'a>(
    candidates: impl Iterator<Item = &'a Arc<Profile>>,
    path: &[u8],
) -> Attachment {
    let mut best: Vec<Arc<Profile>> = Vec::new();
    let mut longest = 0;
    for profile in candidates {
        match &profile.attachment {
            AttachmentAutomaton::None => {}
            AttachmentAutomaton::Name => {
                if profile.name.local.as_bytes() == path {
                    return Attachment::Profile(profile.clone());
                }
            }
            AttachmentAutomaton::Pattern(pattern) => {
                let Some(run) = pattern.run(path) else {
                    continue;
                };
                if run > longest || best.is_empty() && run >= longest {
                    longest = pattern.length(run);
                    best = vec![profile.clone()];
                } else if run == longest {
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
