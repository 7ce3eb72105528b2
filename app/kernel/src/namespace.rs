//! Namespaces (`namespaces(7)`).

use crate::{id::NamespaceId, vfs::Location};

/// What a namespace isolates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NamespaceKind {
    /// Mounts.
    Mount,
    /// Process ids.
    Pid,
    /// User ids and capabilities.
    User,
    /// Network devices, addresses, abstract sockets.
    Network,
    /// Host name.
    Uts,
    /// System V IPC and message queues.
    Ipc,
    /// The view of control groups.
    Cgroup,
    /// Clocks.
    Time,
}

impl NamespaceKind {
    /// The name below `/proc/PID/ns`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mount => "mnt",
            Self::Pid => "pid",
            Self::User => "user",
            Self::Network => "net",
            Self::Uts => "uts",
            Self::Ipc => "ipc",
            Self::Cgroup => "cgroup",
            Self::Time => "time",
        }
    }
}

/// One namespace.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// What it isolates.
    pub kind: NamespaceKind,
    /// The user namespace that owns it; for a user namespace, its parent.
    pub owner: Option<NamespaceId>,
    /// For a user namespace: the user that made it.
    pub creator: u32,
    /// For a mount namespace: its root.
    pub root: Option<Location>,
    /// For a user namespace: whether ids are mapped, and how.
    pub maps: IdMaps,
    /// For a UTS namespace.
    pub host_name: std::sync::Arc<[u8]>,
}

/// `uid_map` and `gid_map` of a user namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IdMaps {
    /// User ids: first inside, first outside, how many.
    pub uid: Vec<(u32, u32, u32)>,
    /// Group ids.
    pub gid: Vec<(u32, u32, u32)>,
}

/// What an unmapped id shows as (`/proc/sys/kernel/overflowuid`).
pub const OVERFLOW_ID: u32 = 65534;

/// The namespaces a task is in (`struct nsproxy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Namespaces {
    /// Mounts.
    pub mount: NamespaceId,
    /// Process ids of the task itself.
    pub pid: NamespaceId,
    /// Process ids of its children to come.
    pub pid_for_children: NamespaceId,
    /// Network.
    pub network: NamespaceId,
    /// Host name.
    pub uts: NamespaceId,
    /// IPC.
    pub ipc: NamespaceId,
    /// Control groups.
    pub cgroup: NamespaceId,
    /// Clocks.
    pub time: NamespaceId,
}
