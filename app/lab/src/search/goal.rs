//! Whether a world is what the attacker wants.

use super::Impossible;
use crate::message::Goal;
use kernel::{Pid, World, id::InodeId};
use sorted::SortedSet;
use std::sync::Arc;

/// A goal, with what it has to be compared with.
#[derive(Debug, Clone)]
pub enum Judge {
    /// The bytes of a file change.
    Bytes {
        /// The file.
        inode: InodeId,
        /// Its bytes at the beginning.
        before: Arc<[u8]>,
    },
    /// A name appears below a directory.
    Names {
        /// The directory.
        directory: InodeId,
        /// The names at the beginning.
        before: SortedSet<Vec<u8>>,
    },
    /// A program is executed.
    Program {
        /// The program's file.
        inode: InodeId,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
    /// Nothing confines the process.
    Label,
}

impl Judge {
    /// Reads a goal in the world at the beginning.
    pub fn new(goal: &Goal, world: &World, pid: Pid) -> Result<Self, Impossible> {
        let find = |path: &str| {
            let place = world.place_at(pid, path);
            place
                .map(|place| place.inode)
                .ok_or_else(|| Impossible::NotThere(path.to_owned()))
        };
        let file = |path: &str| {
            let inode = find(path)?;
            let bytes = world
                .content(inode)
                .ok_or_else(|| Impossible::NotAFile(path.to_owned()))?;
            Ok((inode, Arc::from(bytes)))
        };
        Ok(match goal {
            Goal::BytesChange { path } => {
                let (inode, before) = file(path)?;
                Self::Bytes { inode, before }
            }
            Goal::FileAppears { directory: path } => {
                let directory = find(path)?;
                if !world.is_directory(directory) {
                    return Err(Impossible::NotADirectory(path.clone()));
                }
                Self::Names {
                    directory,
                    before: names(world, directory),
                }
            }
            Goal::Executed { path } => {
                let (inode, bytes) = file(path)?;
                Self::Program { inode, bytes }
            }
            Goal::Unconfined => Self::Label,
        })
    }

    /// Whether the world is so now.
    pub fn is_reached(&self, world: &World, pid: Pid) -> bool {
        match self {
            Self::Bytes { inode, before } => world
                .content(*inode)
                .is_some_and(|bytes| bytes != &**before),
            Self::Names { directory, before } => {
                let now = world.names_below(*directory);
                now.iter().any(|(name, _)| !before.contains(name))
            }
            Self::Program { bytes, .. } => world.executable(pid) == Some(bytes),
            Self::Label => world.runs_unconfined(pid),
        }
    }

    /// The object that the goal is about.
    pub fn object(&self) -> Option<InodeId> {
        match self {
            Self::Bytes { inode, .. } | Self::Program { inode, .. } => Some(*inode),
            Self::Names { directory, .. } => Some(*directory),
            Self::Label => None,
        }
    }
}

fn names(world: &World, directory: InodeId) -> SortedSet<Vec<u8>> {
    let names = world.names_below(directory);
    names.into_iter().map(|(name, _)| name).collect()
}
