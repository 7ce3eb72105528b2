//! A node's world as of a step.

use super::LoadedProfile;
use serde::{Deserialize, Serialize};

/// What a container sees, and who runs on its node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldView {
    /// Id of the node.
    pub node: String,
    /// [`super::TraceRow::id`] of the call that comes next.
    pub row: u32,
    /// The names below the caller's root, sorted; mounts are not entered.
    pub tree: Vec<TreeEntry>,
    /// Whether there were more names than are shown.
    pub cut: bool,
    /// The processes of the node, by their ids.
    pub tasks: Vec<TaskView>,
    /// The profiles that the kernel holds.
    pub profiles: Vec<LoadedProfile>,
}

/// A name and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeEntry {
    /// Its path from the root.
    pub path: String,
    /// The number of its inode: names with the same one are the same file.
    pub inode: u64,
    /// How many names the inode has.
    pub links: u32,
    /// Kind and mode as `ls -l` writes them.
    pub mode: String,
    /// Its owner's user id.
    pub uid: u32,
    /// Its size in bytes.
    pub size: u64,
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskView {
    /// Its id.
    pub pid: u32,
    /// Its name.
    pub comm: String,
    /// Its label with the mode, as `/proc/PID/attr/current` shows it.
    pub label: String,
}
