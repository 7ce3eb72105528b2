//! What the files of procfs, sysfs and securityfs stand for.

use crate::{
    abi,
    id::{NamespaceId, Pid},
    namespace::NamespaceKind,
    sysctl::Sysctl,
};

/// The meaning of a made-up file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pseudo {
    /// `/proc/self` and `/proc/thread-self`.
    SelfLink {
        /// `thread-self`.
        thread: bool,
    },
    /// `/proc/PID` or `/proc/PID/task/TID`.
    TaskDirectory(Pid),
    /// `/proc/PID/task`.
    Threads(Pid),
    /// `/proc/PID/attr`, or the directory of a module below it.
    Attributes(Pid, bool),
    /// `/proc/PID/fd`.
    Descriptors(Pid),
    /// `/proc/PID/ns`.
    NamespaceDirectory(Pid),
    /// `/proc/PID/exe`.
    Exe(Pid),
    /// `/proc/PID/cwd`.
    Cwd(Pid),
    /// `/proc/PID/root`.
    Root(Pid),
    /// `/proc/PID/fd/N`.
    Descriptor(Pid, i32),
    /// `/proc/PID/ns/KIND`.
    Namespace(Pid, NamespaceKind),
    /// `/proc/PID/attr/NAME`.
    Attribute(Pid, Attribute),
    /// Another file of `/proc/PID`.
    TaskFile(Pid, TaskFile),
    /// A namespace's own file.
    NamespaceFile(NamespaceId),
    /// A file with one meaning in the whole system.
    Fixed(Fixed),
}

/// Files of `/proc/PID/attr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// The label.
    Current,
    /// The label that the next exec is to enter.
    Exec,
    /// The label before the hat.
    Previous,
    /// Of other security modules: `fscreate`, `keycreate`, `sockcreate`.
    Foreign,
}

/// Files of `/proc/PID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "named as in proc(5)")]
pub enum TaskFile {
    Status,
    Stat,
    Comm,
    Cmdline,
    Environ,
    Maps,
    Mem,
    Mounts,
    Mountinfo,
    UidMap,
    GidMap,
    Setgroups,
    OomScoreAdj,
    Loginuid,
    CoredumpFilter,
    Limits,
}

impl TaskFile {
    /// Name, permission bits.
    pub const ALL: &'static [(&'static str, Self, u32)] = &[
        ("status", Self::Status, 0o444),
        ("stat", Self::Stat, 0o444),
        ("comm", Self::Comm, 0o644),
        ("cmdline", Self::Cmdline, 0o444),
        ("environ", Self::Environ, 0o400),
        ("maps", Self::Maps, 0o444),
        ("mem", Self::Mem, 0o600),
        ("mounts", Self::Mounts, 0o444),
        ("mountinfo", Self::Mountinfo, 0o444),
        ("uid_map", Self::UidMap, 0o644),
        ("gid_map", Self::GidMap, 0o644),
        ("setgroups", Self::Setgroups, 0o644),
        ("oom_score_adj", Self::OomScoreAdj, 0o644),
        ("loginuid", Self::Loginuid, 0o644),
        ("coredump_filter", Self::CoredumpFilter, 0o644),
        ("limits", Self::Limits, 0o444),
    ];
}

/// Files with one meaning in the whole system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fixed {
    /// `/sys/kernel/security/apparmor/profiles`.
    Profiles,
    /// `/sys/kernel/security/apparmor/.load`.
    Load,
    /// `/sys/kernel/security/apparmor/.replace`.
    Replace,
    /// `/sys/kernel/security/apparmor/.remove`.
    Remove,
    /// `/sys/kernel/security/apparmor/features/…`: nothing to read but a yes.
    Feature,
    /// `/sys/module/apparmor/parameters/enabled`.
    Enabled,
    /// `/sys/module/apparmor/parameters/mode`.
    Mode,
    /// `/sys/module/apparmor/parameters/audit`.
    Audit,
    /// `/sys/kernel/security/lsm`.
    Lsm,
    /// `/proc/sys/kernel/hostname`.
    Hostname,
    /// `/proc/sys/kernel/seccomp/actions_logged`.
    ActionsLogged,
    /// `/proc/version`.
    Version,
    /// A setting that the gates go by.
    Sysctl(Sysctl),
    /// A setting that is kept as written: which, is its place in the tree.
    Setting,
    /// Readable text that says nothing a profile could depend on.
    Text,
    /// Writing to it acts on the machine; the model does nothing.
    Trigger,
}

impl Pseudo {
    /// The file type bits of its mode.
    pub fn kind(self) -> u32 {
        match self {
            Self::SelfLink { .. }
            | Self::Exe(_)
            | Self::Cwd(_)
            | Self::Root(_)
            | Self::Descriptor(..)
            | Self::Namespace(..) => abi::S_IFLNK,
            Self::TaskDirectory(_)
            | Self::Threads(_)
            | Self::Attributes(..)
            | Self::Descriptors(_)
            | Self::NamespaceDirectory(_) => abi::S_IFDIR,
            Self::Attribute(..) | Self::TaskFile(..) | Self::NamespaceFile(_) | Self::Fixed(_) => {
                abi::S_IFREG
            }
        }
    }

    /// A directory whose names are made up when asked for.
    pub fn is_directory(self) -> bool {
        self.kind() == abi::S_IFDIR
    }

    /// A symbolic link, magic or not.
    pub fn is_link(self) -> bool {
        self.kind() == abi::S_IFLNK
    }

    /// The task that it tells of.
    pub fn task(self) -> Option<Pid> {
        match self {
            Self::TaskDirectory(pid)
            | Self::Threads(pid)
            | Self::Attributes(pid, _)
            | Self::Descriptors(pid)
            | Self::NamespaceDirectory(pid)
            | Self::Exe(pid)
            | Self::Cwd(pid)
            | Self::Root(pid)
            | Self::Descriptor(pid, _)
            | Self::Namespace(pid, _)
            | Self::Attribute(pid, _)
            | Self::TaskFile(pid, _) => Some(pid),
            Self::SelfLink { .. } | Self::NamespaceFile(_) | Self::Fixed(_) => None,
        }
    }
}
