//! The virtual filesystem: what there is, apart from who may touch it.

pub mod file;
pub mod inode;
pub mod mount;
pub mod mounted;
pub mod pseudo;
pub(crate) mod walk;

pub use file::{FileKind, OpenFile};
pub use inode::{Content, Dentry, Inode, Name};
pub use mount::{Filesystem, FilesystemKind, Location, Mount, MountFlags, Overlay};
pub use mounted::Mounted;
