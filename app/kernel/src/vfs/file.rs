//! Open file descriptions (`struct file`).

use std::sync::Arc;

use super::mount::Location;
use crate::{
    abi,
    credentials::Credentials,
    id::{MountId, NamespaceId, Pid, SocketId},
    lsm::label::Label,
    vfs::mount::FilesystemKind,
};

/// One result of an open, shared by duplicated and inherited descriptors.
#[derive(Clone, Debug)]
pub struct OpenFile {
    /// The name through which it was opened.
    pub at: Location,
    /// Flags of `open(2)`, those included that `fcntl(F_SETFL)` may change.
    pub flags: u64,
    /// Where the next read or write happens.
    pub position: u64,
    /// What kind of thing it is.
    pub kind: FileKind,
    /// Who opened it.
    pub opener: Arc<Credentials>,
    /// The label that has been checked for it last.
    pub label: Label,
    /// The AppArmor permissions granted to that label.
    pub granted: u32,
    /// Descriptors that refer to it.
    pub references: u32,
}

/// Kinds of open file.
#[derive(Clone, Debug)]
pub enum FileKind {
    /// A file or directory, opened for use.
    Plain,
    /// Only a place (`O_PATH`).
    Path,
    /// A socket.
    Socket(SocketId),
    /// AppArmor's null device in the place of a descriptor that a profile
    /// refused at exec (before 6.4): it lets nothing through.
    Refused,
    /// An end of a pipe.
    Pipe,
    /// A process.
    Process(Pid),
    /// A namespace.
    Namespace(NamespaceId),
    /// A mount that is nowhere (`fsmount`, `open_tree` with clone).
    DetachedMount(MountId),
    /// A filesystem being configured (`fsopen`): its type, whether it has been
    /// created, its source.
    Context(FilesystemKind, bool),
    /// Anything else with an anonymous inode: its name there.
    Anonymous(&'static str),
}

impl OpenFile {
    /// `FMODE_READ`.
    pub fn readable(&self) -> bool {
        !self.is_path() && matches!(self.flags & abi::O_ACCMODE, abi::O_RDONLY | abi::O_RDWR)
    }

    /// `FMODE_WRITE`.
    pub fn writable(&self) -> bool {
        !self.is_path() && matches!(self.flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR)
    }

    /// `FMODE_PATH`.
    pub fn is_path(&self) -> bool {
        matches!(self.kind, FileKind::Path)
    }
}
