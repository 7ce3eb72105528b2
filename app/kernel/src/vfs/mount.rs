//! Filesystem instances and where they are mounted.

use std::sync::Arc;

use crate::{
    abi,
    fingerprint::Fingerprint,
    id::{DentryId, FilesystemId, MountId, NamespaceId},
};

/// `struct super_block`.
#[derive(Clone, Debug)]
pub struct Filesystem {
    /// The type's name, as `mount -t` takes it.
    pub kind: FilesystemKind,
    /// Its top directory.
    pub root: DentryId,
    /// Read-only as a whole (`SB_RDONLY`).
    pub read_only: bool,
    /// The user namespace it belongs to.
    pub user_namespace: NamespaceId,
    /// What `/proc/PID/mountinfo` shows as its source.
    pub source: Arc<[u8]>,
    /// For an overlay: its layers.
    pub overlay: Option<Arc<Overlay>>,
    /// The running count of its contents.
    pub contents: Fingerprint,
}

/// The kinds of filesystem that the kernel has registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FilesystemKind {
    /// On a disk.
    Ext4,
    /// In memory.
    Tmpfs,
    /// Two trees shown as one.
    Overlay,
    /// Processes.
    Proc,
    /// Devices and modules.
    Sysfs,
    /// Control files of the security modules.
    Securityfs,
    /// Device nodes.
    Devtmpfs,
    /// Pseudo-terminals.
    Devpts,
    /// POSIX message queues.
    Mqueue,
    /// Control groups.
    Cgroup2,
    /// Pinned BPF objects.
    Bpf,
    /// The kernel's own, never mounted by user space: pipes, sockets,
    /// anonymous inodes, memfds' backing store, namespaces.
    Internal,
}

impl FilesystemKind {
    /// The name in `/proc/filesystems`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Tmpfs => "tmpfs",
            Self::Overlay => "overlay",
            Self::Proc => "proc",
            Self::Sysfs => "sysfs",
            Self::Securityfs => "securityfs",
            Self::Devtmpfs => "devtmpfs",
            Self::Devpts => "devpts",
            Self::Mqueue => "mqueue",
            Self::Cgroup2 => "cgroup2",
            Self::Bpf => "bpf",
            Self::Internal => "none",
        }
    }

    /// The kind of this name, among those user space may mount.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [
            Self::Ext4,
            Self::Tmpfs,
            Self::Overlay,
            Self::Proc,
            Self::Sysfs,
            Self::Securityfs,
            Self::Devtmpfs,
            Self::Devpts,
            Self::Mqueue,
            Self::Cgroup2,
            Self::Bpf,
        ]
        .into_iter()
        .find(|kind| kind.name().as_bytes() == name)
    }

    /// `FS_USERNS_MOUNT`: root of a user namespace may mount it.
    pub fn allows_user_namespaces(self) -> bool {
        matches!(
            self,
            Self::Tmpfs
                | Self::Overlay
                | Self::Proc
                | Self::Sysfs
                | Self::Devpts
                | Self::Mqueue
                | Self::Cgroup2
                | Self::Bpf
        )
    }
}

/// The layers of an overlay mount.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// Read-only trees, topmost first.
    pub lower: Vec<Location>,
    /// Where changes go; none for a read-only overlay.
    pub upper: Option<Location>,
}

/// `struct path`: a place in the tree of mounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The mount.
    pub mount: MountId,
    /// The name in it.
    pub dentry: DentryId,
}

/// `struct mount`.
#[derive(Clone, Debug)]
pub struct Mount {
    /// What is mounted.
    pub filesystem: FilesystemId,
    /// The part of it that shows: its root, or any directory or file for a
    /// bind mount.
    pub root: DentryId,
    /// Where it is mounted; none for a namespace's root and for detached ones.
    pub on: Option<Location>,
    /// The mount namespace it belongs to; none when detached.
    pub namespace: Option<NamespaceId>,
    /// Options of this mount.
    pub flags: MountFlags,
    /// The peer group it sends events to and receives them from.
    pub shared: Option<u32>,
    /// The peer group it only receives events from.
    pub master: Option<u32>,
    /// May not be bind mounted.
    pub unbindable: bool,
    /// Came as a unit from a more privileged namespace (`MNT_LOCKED`).
    pub locked: bool,
}

/// `MNT_*` flags of one mount (`mount(8)`, filesystem-independent options).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MountFlags(pub u64);

impl MountFlags {
    /// The bits that belong to a mount, not to its filesystem.
    pub const MASK: u64 = abi::MS_RDONLY
        | abi::MS_NOSUID
        | abi::MS_NODEV
        | abi::MS_NOEXEC
        | abi::MS_NOATIME
        | abi::MS_NODIRATIME
        | abi::MS_RELATIME
        | abi::MS_NOSYMFOLLOW;

    /// The flags that a `mount(2)` flag word asks for.
    pub fn from_mount_flags(word: u64) -> Self {
        Self(word & Self::MASK)
    }

    /// `MNT_READONLY`.
    pub fn read_only(self) -> bool {
        self.0 & abi::MS_RDONLY != 0
    }

    /// `MNT_NOEXEC`.
    pub fn no_exec(self) -> bool {
        self.0 & abi::MS_NOEXEC != 0
    }

    /// `MNT_NOSUID`.
    pub fn no_suid(self) -> bool {
        self.0 & abi::MS_NOSUID != 0
    }

    /// `MNT_NODEV`.
    pub fn no_dev(self) -> bool {
        self.0 & abi::MS_NODEV != 0
    }

    /// `MNT_NOSYMFOLLOW`.
    pub fn no_symlinks(self) -> bool {
        self.0 & abi::MS_NOSYMFOLLOW != 0
    }

    /// The options as `/proc/PID/mounts` shows them.
    pub fn options(self) -> String {
        let mut text = if self.read_only() { "ro" } else { "rw" }.to_owned();
        let words = [
            (self.no_suid(), ",nosuid"),
            (self.no_dev(), ",nodev"),
            (self.no_exec(), ",noexec"),
            (self.no_symlinks(), ",nosymfollow"),
            (self.0 & abi::MS_NOATIME != 0, ",noatime"),
            (self.0 & abi::MS_RELATIME != 0, ",relatime"),
        ];
        for (on, word) in words {
            if on {
                text.push_str(word);
            }
        }
        text
    }
}
