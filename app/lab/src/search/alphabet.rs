//! What a search tries: the operations, the calls that can do each, and what
//! each is tried on. The search has no other moves, and tries all of these in
//! every state, so this table is what "none" means.

use crate::message::{Goal, Letter};

/// The kinds of goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// [`Goal::BytesChange`].
    Bytes,
    /// [`Goal::FileAppears`].
    Names,
    /// [`Goal::Executed`].
    Program,
    /// [`Goal::Unconfined`].
    Label,
}

impl Aim {
    /// The kind of a goal.
    pub fn of(goal: &Goal) -> Self {
        match goal {
            Goal::BytesChange { .. } => Self::Bytes,
            Goal::FileAppears { .. } => Self::Names,
            Goal::Executed { .. } => Self::Program,
            Goal::Unconfined => Self::Label,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Bytes => "the bytes of a file change",
            Self::Names => "a file appears in a directory",
            Self::Program => "a program is executed",
            Self::Label => "the process runs unconfined",
        }
    }
}

/// Something that an attacker may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    OpenToWrite,
    OpenToAppend,
    OpenToEmpty,
    OpenPlace,
    Create,
    MakeNode,
    MakeDirectory,
    MakeSymlink,
    Link,
    LinkDescriptor,
    Rename,
    Exchange,
    Truncate,
    Write,
    TruncateDescriptor,
    OpenBelow,
    OpenAgain,
    Close,
    BindMount,
    CopyTree,
    AttachTree,
    Remount,
    Unmount,
    ChangeRoot,
    ChangeMode,
    ChangeOwner,
    BecomeUser,
    OwnMounts,
    OwnUsers,
    OpenNamespace,
    EnterNamespace,
    OpenLabel,
    ChangeLabel,
    OpenPolicy,
    RemoveProfile,
    MemoryFile,
    Execute,
    ExecuteDescriptor,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What.
    pub operation: Operation,
    does: &'static str,
    /// The calls that do it, in the order in which they are looked at.
    pub calls: &'static [&'static str],
    on: &'static str,
    /// For which goals it is tried.
    pub aims: &'static [Aim],
    /// Which goals it can bring about, not only prepare.
    pub ends: &'static [Aim],
}

use Aim::{Bytes, Label, Names, Program};
use Operation as Do;

const FILES: &[Aim] = &[Bytes, Names, Program];
const ALL: &[Aim] = &[Bytes, Names, Program, Label];

const fn row(
    operation: Operation,
    does: &'static str,
    calls: &'static [&'static str],
    on: &'static str,
    aims: &'static [Aim],
    ends: &'static [Aim],
) -> Row {
    Row {
        operation,
        does,
        calls,
        on,
        aims,
        ends,
    }
}

const OPEN: &[&str] = &["openat", "open", "openat2"];
const TARGET: &str = "every name that leads to the target, or would once something has been moved, linked or mounted";
const ABOVE: &str = "the target and the directories above it";
const ABOVE_TO_FRESH: &str =
    "from the target and the directories above it to a new name where the attacker may write";
const DESCRIPTOR: &str =
    "every descriptor that leads to the target, or to a file that the attacker made";
const DIRECTORY: &str = "every descriptor of a directory above the target";

/// The table.
pub const TABLE: &[Row] = &[
    row(
        Do::OpenToWrite,
        "open a file to write",
        OPEN,
        TARGET,
        &[Bytes, Program],
        &[],
    ),
    row(
        Do::OpenToAppend,
        "open a file to append",
        OPEN,
        TARGET,
        &[Bytes],
        &[],
    ),
    row(
        Do::OpenToEmpty,
        "open a file and empty it",
        &["openat", "open", "openat2", "creat"],
        TARGET,
        &[Bytes],
        &[Bytes],
    ),
    row(
        Do::OpenPlace,
        "open a place (O_PATH)",
        OPEN,
        ABOVE,
        FILES,
        &[],
    ),
    row(
        Do::Create,
        "create a file by opening it",
        &["openat", "open", "openat2", "creat"],
        "a new name where the attacker may write; with the goal of a new file, every name that it could have",
        FILES,
        &[Names],
    ),
    row(
        Do::MakeNode,
        "create a file without opening it",
        &["mknodat", "mknod"],
        "a new name where the attacker may write; with the goal of a new file, every name that it could have",
        FILES,
        &[Names],
    ),
    row(
        Do::MakeDirectory,
        "make a directory",
        &["mkdirat", "mkdir"],
        "a new name where the attacker may write; with the goal of a new file, every name that it could have",
        FILES,
        &[Names],
    ),
    row(
        Do::MakeSymlink,
        "make a symbolic link",
        &["symlinkat", "symlink"],
        "to the target and the directory that it is in, under a new name; with the goal of a new file, under every name that it could have",
        FILES,
        &[Names],
    ),
    row(
        Do::Link,
        "make a hard link",
        &["linkat", "link"],
        "from the target to a new name; with the goal of a new file, from a file that the attacker may read to every name that it could have",
        FILES,
        &[Names],
    ),
    row(
        Do::LinkDescriptor,
        "make a hard link to an open file",
        &["linkat"],
        DESCRIPTOR,
        FILES,
        &[Names],
    ),
    row(
        Do::Rename,
        "rename",
        &["renameat2", "renameat", "rename"],
        ABOVE_TO_FRESH,
        FILES,
        &[Names],
    ),
    row(
        Do::Exchange,
        "exchange two names",
        &["renameat2"],
        ABOVE_TO_FRESH,
        FILES,
        &[Names],
    ),
    row(
        Do::Truncate,
        "cut a file by its name",
        &["truncate"],
        TARGET,
        &[Bytes],
        &[Bytes],
    ),
    row(
        Do::Write,
        "write through a descriptor",
        &["write", "pwrite64"],
        DESCRIPTOR,
        &[Bytes, Program],
        &[Bytes],
    ),
    row(
        Do::TruncateDescriptor,
        "cut a file through a descriptor",
        &["ftruncate"],
        DESCRIPTOR,
        &[Bytes],
        &[Bytes],
    ),
    row(
        Do::OpenBelow,
        "open or create the target from a directory that is open",
        &["openat", "openat2"],
        DIRECTORY,
        FILES,
        &[Bytes, Names],
    ),
    row(
        Do::OpenAgain,
        "open a descriptor anew through /proc/self/fd",
        OPEN,
        DESCRIPTOR,
        &[Bytes],
        &[],
    ),
    row(
        Do::Close,
        "close a descriptor",
        &["close"],
        "every descriptor that can be written through",
        &[Program],
        &[],
    ),
    row(
        Do::BindMount,
        "show a place at another one",
        &["mount"],
        "the target and the directories above it, and what a descriptor leads to, at a new name and at a directory where the attacker may write",
        FILES,
        &[],
    ),
    row(
        Do::CopyTree,
        "take a copy of a mount",
        &["open_tree"],
        ABOVE,
        FILES,
        &[],
    ),
    row(
        Do::AttachTree,
        "put a copy of a mount into the tree",
        &["move_mount"],
        "every descriptor of such a copy, at a new name and at a directory where the attacker may write",
        FILES,
        &[],
    ),
    row(
        Do::Remount,
        "make a mount writable",
        &["mount"],
        "every mount point on the way to the target",
        FILES,
        &[],
    ),
    row(
        Do::Unmount,
        "unmount",
        &["umount2"],
        "every mount point on the way to the target",
        FILES,
        &[],
    ),
    row(
        Do::ChangeRoot,
        "take another root",
        &["chroot"],
        "the directories above the target",
        FILES,
        &[],
    ),
    row(
        Do::ChangeMode,
        "change the mode to 0777",
        &["fchmodat", "chmod", "fchmodat2"],
        ABOVE,
        FILES,
        &[],
    ),
    row(
        Do::ChangeOwner,
        "take ownership",
        &["fchownat", "chown", "lchown"],
        ABOVE,
        FILES,
        &[],
    ),
    row(
        Do::BecomeUser,
        "become another user",
        &["setuid", "setresuid", "setreuid"],
        "root and the owner of the target",
        FILES,
        &[],
    ),
    row(
        Do::OwnMounts,
        "leave the mount namespace for a copy",
        &["unshare"],
        "CLONE_NEWNS",
        FILES,
        &[],
    ),
    row(
        Do::OwnUsers,
        "leave the user and mount namespaces for own ones",
        &["unshare"],
        "CLONE_NEWUSER|CLONE_NEWNS",
        FILES,
        &[],
    ),
    row(
        Do::OpenNamespace,
        "open the mount namespace of another process",
        OPEN,
        "every process in /proc whose mounts are others",
        FILES,
        &[],
    ),
    row(
        Do::EnterNamespace,
        "enter a namespace that is open",
        &["setns"],
        "every descriptor of a namespace",
        FILES,
        &[],
    ),
    row(
        Do::OpenLabel,
        "open the file that changes the own label",
        OPEN,
        "/proc/self/attr/current and /proc/self/attr/exec",
        ALL,
        &[],
    ),
    row(
        Do::ChangeLabel,
        "ask for another label, now or at the next execution",
        &["write", "pwrite64"],
        "unconfined and every loaded profile",
        ALL,
        &[Label],
    ),
    row(
        Do::OpenPolicy,
        "open the file that removes profiles",
        OPEN,
        "/sys/kernel/security/apparmor/.remove",
        ALL,
        &[],
    ),
    row(
        Do::RemoveProfile,
        "remove a profile",
        &["write", "pwrite64"],
        "the profiles that confine the attacker",
        ALL,
        &[Label],
    ),
    row(
        Do::MemoryFile,
        "make a file in memory",
        &["memfd_create"],
        "one",
        &[Program],
        &[],
    ),
    row(
        Do::Execute,
        "execute by name",
        &["execve", "execveat"],
        "one program for each label that executing one leads to; with the goal of execution, every name that the target has or could have",
        ALL,
        &[Program, Label],
    ),
    row(
        Do::ExecuteDescriptor,
        "execute an open file",
        &["execveat"],
        DESCRIPTOR,
        &[Program],
        &[Program],
    ),
];

/// What no search tries, so that "none" does not speak of it.
pub const LEFT_OUT: [&str; 9] = [
    "helping processes: the attacker is one process and has no partner",
    "io_uring, shared memory mappings and asynchronous input and output, which write without a call of their own",
    "the entries of other ABIs (i386, x32), and calls that a filter decides by memory that it cannot see",
    "tracing other processes or writing to their memory",
    "loading other profiles in the place of the attacker's",
    "device nodes and the raw bytes of disks",
    "sockets, message queues and descriptors that come over them",
    "races: each call is over before the next one begins",
    "faults in the kernel itself",
];

/// The row of an operation.
pub fn row_of(operation: Operation) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.operation == operation)
}

/// The table for the reference page.
pub fn letters() -> Vec<Letter> {
    let words = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    TABLE
        .iter()
        .map(|row| Letter {
            does: row.does.to_owned(),
            calls: words(row.calls),
            on: row.on.to_owned(),
            goals: row.aims.iter().map(|aim| aim.words().to_owned()).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_can_bring_a_goal_about_is_tried_for_it() {
        for row in TABLE {
            for end in row.ends {
                assert!(row.aims.contains(end), "{}", row.does);
            }
        }
    }

    #[test]
    fn every_operation_has_one_row() {
        for (index, row) in TABLE.iter().enumerate() {
            let first = TABLE.iter().position(|one| one.operation == row.operation);
            assert_eq!(first, Some(index), "{}", row.does);
        }
    }
}
