//! What a learner made of a lab, kept on this device.

use sorted::SortedMap;

use lab::message::NodeSpec;
use serde::{Deserialize, Serialize};

use crate::store;

/// Only what differs from the lab's first state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Texts by path.
    pub files: SortedMap<String, String>,
    /// The fleet, when another one was chosen.
    #[serde(default)]
    pub nodes: Option<Vec<NodeSpec>>,
    /// The prediction that was made.
    #[serde(default)]
    pub predicted: Option<usize>,
    /// Whether the files came by a link.
    #[serde(default)]
    pub shared: bool,
}

/// How it stands with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing was typed yet.
    Fresh,
    /// All of it is kept.
    Saved,
    /// It was taken up from an earlier visit.
    Resumed,
    /// Another tab changed it, and this one followed.
    FromOtherTab,
    /// The browser does not keep it, for this reason.
    Refused(String),
    /// Something was kept but cannot be read, for this reason.
    Unreadable(String),
}

pub(super) fn key(lab: &str) -> String {
    format!("lab.{lab}")
}

pub(super) fn read(lab: &str) -> Result<Option<Draft>, String> {
    store::read(&key(lab))
}

pub(super) fn write(lab: &str, draft: &Draft) -> Result<(), String> {
    if *draft == Draft::default() {
        store::forget(&key(lab));
        return Ok(());
    }
    store::write(&key(lab), draft)
}

pub(super) fn forget(lab: &str) {
    store::forget(&key(lab));
}
