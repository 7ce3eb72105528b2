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
    /// The mounts that the caller sees, in the order in which they were made.
    #[serde(default)]
    pub mounts: Vec<MountView>,
    /// The processes of the node, by their ids.
    pub tasks: Vec<TaskView>,
    /// The profiles that the kernel holds.
    pub profiles: Vec<LoadedProfile>,
    /// What the call that comes next will change, as its caller sees it.
    #[serde(default)]
    pub changes: Vec<WorldChange>,
}

/// Something that a call changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldChange {
    /// What kind of change.
    pub kind: WorldChangeKind,
    /// What it is about: a path, a descriptor's number, a label, a count.
    pub about: String,
}

/// Kinds of [`WorldChange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorldChangeKind {
    /// A path leads to something now.
    Appeared,
    /// A path leads to nothing any more.
    Vanished,
    /// A path leads to another object.
    LeadsElsewhere,
    /// The bytes of the file at a path are others.
    Content,
    /// Its owner or its permission bits are others.
    OwnerOrMode,
    /// The caller has another label.
    Label,
    /// The caller has a new descriptor.
    Opened,
    /// So many lines were written to the kernel's log.
    Logged,
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

/// A mount, as `/proc/PID/mounts` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountView {
    /// Where it is.
    pub at: String,
    /// What is mounted.
    pub source: String,
    /// The kind of filesystem.
    pub kind: String,
    /// Its options: `ro,nosuid`.
    pub options: String,
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
