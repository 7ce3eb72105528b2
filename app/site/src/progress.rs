//! Which lessons were done, kept on this device.

use serde::{Deserialize, Serialize};

use crate::store;

const NAME: &str = "progress";

#[derive(Default, Serialize, Deserialize)]
struct Progress {
    done: Vec<String>,
}

/// Slugs of the lessons that were done. What cannot be read counts as nothing:
/// the store has set it aside.
pub fn done() -> Vec<String> {
    store::read::<Progress>(NAME)
        .ok()
        .flatten()
        .unwrap_or_default()
        .done
}

/// Marks a lesson as done or not done; says why the browser does not keep it.
pub fn set_done(slug: &str, is_done: bool) -> Result<(), String> {
    let mut done = done();
    done.retain(|known| known != slug);
    if is_done {
        done.push(slug.to_owned());
    }
    store::write(NAME, &Progress { done })
}
