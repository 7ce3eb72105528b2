//! A running count of what filesystems contain, so that telling two worlds
//! apart does not need a walk over all their files.
//!
//! Each inode adds the [`Fingerprint`] of its attributes, its content and the
//! places where it has names to its filesystem's. What does not count: inode
//! numbers and times, which tell only of the order in which things came about,
//! and names that are made up when they are asked for.

use std::sync::Arc;

use crate::{
    errno::Errno,
    fingerprint::{Fingerprint, Text},
    id::{DentryId, InodeId},
    vfs::{Content, Dentry, FilesystemKind, Inode},
    world::World,
};

/// How an inode stands in its filesystem's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// The sum of the places of its names.
    pub(crate) places: Fingerprint,
    /// What it has added to the count.
    pub(crate) counted: Fingerprint,
    /// It may have changed since; its number is in [`World::uncounted`].
    pub(crate) stale: bool,
}

/// The place of a filesystem's root.
pub(crate) fn root_place() -> Fingerprint {
    Fingerprint::of(&())
}

/// The place of a name in a directory: the names from the root of the
/// filesystem down to it.
pub(crate) fn place_in(directory: Fingerprint, name: &[u8]) -> Fingerprint {
    Fingerprint::of(&(directory, name))
}

impl Inode {
    /// What it adds to its filesystem's count; nothing without a name.
    pub(crate) fn meaning(&self) -> Fingerprint {
        if self.count.places == Fingerprint::NONE {
            return Fingerprint::NONE;
        }
        let mut text = Text::with_capacity(160);
        text.put(self.count.places);
        self.describe(&mut text);
        text.fingerprint()
    }

    /// Writes its attributes and content.
    pub(crate) fn describe(&self, text: &mut Text) {
        text.put((self.kind(), self.mode, self.uid, self.gid, self.links));
        text.put(self.immutable);
        text.put(self.xattrs.len());
        for (name, value) in &self.xattrs {
            text.put((name, value));
        }
        match &self.content {
            Content::File(bytes) | Content::Symlink(bytes) => text.put(bytes),
            Content::CharacterDevice(major, minor) | Content::BlockDevice(major, minor) => {
                text.put((major, minor));
            }
            Content::Pseudo(pseudo) => text.put(pseudo),
            // A directory's names count by themselves; which socket a name
            // stands for is told of that socket.
            Content::Directory(_) | Content::Fifo | Content::Socket(_) => {}
        }
    }
}

impl World {
    /// Notes that an inode is about to change.
    pub(crate) fn inode_mut(&mut self, id: InodeId) -> Result<&mut Inode, Errno> {
        let inode = self
            .inodes
            .get_mut(&id)
            .map(Arc::make_mut)
            .ok_or(Errno::EIO)?;
        if !inode.count.stale {
            inode.count.stale = true;
            self.uncounted.push(id);
        }
        Ok(inode)
    }

    /// Lets go of an inode.
    pub(crate) fn remove_inode(&mut self, id: InodeId) {
        if let Some(inode) = self.inodes.remove(&id)
            && inode.count.counted != Fingerprint::NONE
            && let Some(filesystem) = self.filesystems.get_mut(&inode.filesystem)
        {
            Arc::make_mut(filesystem).contents -= inode.count.counted;
        }
    }

    /// Brings the counts up to date.
    pub(crate) fn recount(&mut self) {
        let mut uncounted = std::mem::take(&mut self.uncounted);
        for id in uncounted.drain(..) {
            let Some(inode) = self.inodes.get_mut(&id).map(Arc::make_mut) else {
                continue;
            };
            let (before, now) = (inode.count.counted, inode.meaning());
            inode.count.stale = false;
            inode.count.counted = now;
            if before != now
                && let Some(filesystem) = self.filesystems.get_mut(&inode.filesystem)
            {
                let filesystem = Arc::make_mut(filesystem);
                filesystem.contents -= before;
                filesystem.contents += now;
            }
        }
        self.uncounted = uncounted;
    }

    /// Whether the names in a directory count. Those of an overlay do not: they
    /// are those of its layers.
    fn counts(&self, directory: DentryId) -> bool {
        self.inode_at(directory)
            .and_then(|(_, inode)| self.filesystem(inode.filesystem))
            .is_ok_and(|filesystem| filesystem.kind != FilesystemKind::Overlay)
    }

    /// Counts a name that an inode has been given.
    pub(crate) fn count_name(&mut self, dentry: DentryId) -> Result<(), Errno> {
        let &Dentry {
            parent,
            inode,
            place,
            ..
        } = self.dentry(dentry)?;
        if self.counts(parent) {
            self.inode_mut(inode)?.count.places += place;
        }
        Ok(())
    }

    /// Takes a name out of the count again.
    pub(crate) fn discount_name(&mut self, dentry: DentryId) -> Result<(), Errno> {
        let &Dentry {
            parent,
            inode,
            place,
            ..
        } = self.dentry(dentry)?;
        if self.counts(parent) {
            self.inode_mut(inode)?.count.places -= place;
        }
        Ok(())
    }

    /// Moves a name, and with a directory all below it, to the place where it
    /// is now. The name itself is not counted at this moment.
    pub(crate) fn move_place(&mut self, moved: DentryId) -> Result<(), Errno> {
        let mut pending = vec![moved];
        while let Some(dentry) = pending.pop() {
            if dentry != moved {
                self.discount_name(dentry)?;
            }
            let entry = self.dentry(dentry)?;
            let place = place_in(self.dentry(entry.parent)?.place, &entry.name);
            let inode = entry.inode;
            self.dentry_mut(dentry)?.place = place;
            if dentry != moved {
                self.count_name(dentry)?;
            }
            if let Some(entries) = self.inode(inode)?.entries() {
                pending.extend(entries.values());
            }
        }
        Ok(())
    }
}
