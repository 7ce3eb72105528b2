//! Inodes and the names that lead to them.

use std::sync::Arc;

use sorted::SharedMap;

use super::pseudo::Pseudo;
use crate::{
    abi,
    contents::Count,
    event::FileStatus,
    fingerprint::Fingerprint,
    id::{DentryId, FilesystemId, InodeId, SocketId},
};

/// A single name in a directory: any bytes but `/` and NUL.
pub type Name = Arc<[u8]>;

/// `struct inode`.
#[derive(Clone, Debug)]
pub struct Inode {
    /// The filesystem it is on.
    pub filesystem: FilesystemId,
    /// Its number there, as `stat` shows it.
    pub number: u64,
    /// What it is, and its content.
    pub content: Content,
    /// Permission bits with setuid, setgid and sticky: `mode & 07777`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Nobody may change it (`chattr +i`).
    pub immutable: bool,
    /// Names it has (for a directory: 2 and one for each subdirectory).
    pub links: u32,
    /// Extended attributes by full name.
    pub xattrs: SharedMap<Name, Arc<[u8]>>,
    /// Last access, change of content, change of the inode: world time in
    /// nanoseconds.
    pub times: [i64; 3],
    /// How it stands in its filesystem's count.
    pub count: Count,
}

/// What an inode is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A regular file.
    File(Arc<[u8]>),
    /// A directory: its names.
    Directory(SharedMap<Name, DentryId>),
    /// A symbolic link: its target.
    Symlink(Arc<[u8]>),
    /// A named pipe.
    Fifo,
    /// A socket's name.
    Socket(Option<SocketId>),
    /// A character device: major and minor.
    CharacterDevice(u32, u32),
    /// A block device: major and minor.
    BlockDevice(u32, u32),
    /// A file of procfs, sysfs or securityfs, made up when it is read.
    Pseudo(Pseudo),
}

impl Inode {
    /// What `stat` says of it, ids as the initial user namespace has them.
    pub fn status(&self) -> FileStatus {
        FileStatus {
            inode: self.number,
            mode: self.kind() | self.mode,
            links: self.links,
            uid: self.uid,
            gid: self.gid,
            size: self.size(),
            times: self.times,
        }
    }

    /// `S_ISDIR`.
    pub fn is_directory(&self) -> bool {
        match &self.content {
            Content::Directory(_) => true,
            Content::Pseudo(pseudo) => pseudo.is_directory(),
            _ => false,
        }
    }

    /// `S_ISREG`.
    pub fn is_regular(&self) -> bool {
        self.kind() == abi::S_IFREG
    }

    /// `S_ISLNK`.
    pub fn is_symlink(&self) -> bool {
        match &self.content {
            Content::Symlink(_) => true,
            Content::Pseudo(pseudo) => pseudo.is_link(),
            _ => false,
        }
    }

    /// The file type, as in the upper bits of `st_mode`.
    pub fn kind(&self) -> u32 {
        match &self.content {
            Content::File(_) => abi::S_IFREG,
            Content::Directory(_) => abi::S_IFDIR,
            Content::Symlink(_) => abi::S_IFLNK,
            Content::Fifo => abi::S_IFIFO,
            Content::Socket(_) => abi::S_IFSOCK,
            Content::CharacterDevice(..) => abi::S_IFCHR,
            Content::BlockDevice(..) => abi::S_IFBLK,
            Content::Pseudo(pseudo) => pseudo.kind(),
        }
    }

    /// `st_size`.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::File(bytes) | Content::Symlink(bytes) => bytes.len() as u64,
            _ => 0,
        }
    }

    /// The names in a directory.
    pub fn entries(&self) -> Option<&SharedMap<Name, DentryId>> {
        match &self.content {
            Content::Directory(entries) => Some(entries),
            _ => None,
        }
    }
}

/// `struct dentry`: one name of one inode.
#[derive(Clone, Debug)]
pub struct Dentry {
    /// The directory it is in; a filesystem's root is its own parent.
    pub parent: DentryId,
    /// The name.
    pub name: Name,
    /// What it names.
    pub inode: InodeId,
    /// False once the name has been removed (`d_unlinked`): an open file still
    /// points here.
    pub linked: bool,
    /// The names from its filesystem's root down to it.
    pub place: Fingerprint,
}
