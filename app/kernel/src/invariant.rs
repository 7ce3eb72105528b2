//! The rules of a sound world, which no sequence of calls may break.

use std::collections::BTreeMap;

use crate::{
    contents::{place_in, root_place},
    fingerprint::Fingerprint,
    id::{FileId, FilesystemId, InodeId},
    task::State,
    vfs::Content,
    world::World,
};

impl World {
    /// The first broken rule of a sound world: link counts, the tree of mounts,
    /// the subset rules of capabilities, descriptors that lead to files, the
    /// running count of what filesystems contain.
    pub fn broken_invariant(&self) -> Option<String> {
        self.broken_link_count()
            .or_else(|| self.broken_mount())
            .or_else(|| self.broken_task())
            .or_else(|| self.broken_file())
            .or_else(|| self.broken_place())
            .or_else(|| self.broken_contents())
    }

    fn broken_link_count(&self) -> Option<String> {
        let mut names: BTreeMap<InodeId, u32> = BTreeMap::new();
        for inode in self.inodes.values() {
            let Some(entries) = inode.entries() else {
                continue;
            };
            for (name, dentry) in entries {
                let Some(entry) = self.dentries.get(dentry) else {
                    return Some(format!("the name {name:?} leads to no dentry"));
                };
                if entry.name != *name || !entry.linked {
                    return Some(format!("the dentry of {name:?} does not know its name"));
                }
                *names.entry(entry.inode).or_default() += 1;
            }
        }
        self.inodes
            .iter()
            .filter(|(_, inode)| matches!(inode.content, Content::File(_) | Content::Symlink(_)))
            .find(|(id, inode)| inode.links < names.get(id).copied().unwrap_or(0))
            .map(|(id, inode)| {
                format!(
                    "inode {} has more names than its {} links",
                    id.0, inode.links
                )
            })
    }

    fn broken_mount(&self) -> Option<String> {
        for (id, mount) in &self.mounts {
            let mut above = mount.on;
            let mut steps = 0;
            while let Some(on) = above {
                steps += 1;
                if steps > self.mounts.len() {
                    return Some(format!("mount {} is below itself", id.0));
                }
                above = self.mounts.get(&on.mount).and_then(|mount| mount.on);
            }
        }
        self.mounted
            .iter()
            .find(|(on, id)| {
                self.mounts
                    .get(*id)
                    .is_none_or(|mount| mount.on != Some(**on))
            })
            .map(|(_, id)| format!("mount {} is not where the table has it", id.0))
    }

    fn broken_task(&self) -> Option<String> {
        for task in self
            .tasks
            .values()
            .filter(|task| task.state == State::Running)
        {
            let own = &task.credentials;
            if !own.effective.is_subset(own.permitted) {
                return Some(format!("task {} uses what it is not permitted", task.pid.0));
            }
            if !own.ambient.is_subset(own.permitted.and(own.inheritable)) {
                return Some(format!(
                    "task {} has ambient capabilities beyond its sets",
                    task.pid.0
                ));
            }
            if task
                .descriptors
                .values()
                .any(|entry| !self.files.contains_key(&entry.file))
            {
                return Some(format!(
                    "task {} has a descriptor without a file",
                    task.pid.0
                ));
            }
        }
        None
    }

    /// Open files know how many descriptors they have.
    fn broken_file(&self) -> Option<String> {
        let mut shares: BTreeMap<FileId, u32> = BTreeMap::new();
        let descriptors = self
            .tasks
            .values()
            .flat_map(|task| task.descriptors.values());
        for entry in descriptors {
            *shares.entry(entry.file).or_default() += 1;
        }
        let letters = self.sockets.values().flat_map(|socket| &socket.inbox);
        for file in letters.flat_map(|letter| &letter.files) {
            *shares.entry(*file).or_default() += 1;
        }
        self.files
            .iter()
            .find(|(id, file)| shares.get(id).copied().unwrap_or(0) != file.references)
            .map(|(id, file)| {
                format!(
                    "file {} counts {} descriptors that are not its",
                    id.0, file.references
                )
            })
    }

    /// Every name is at the place where its parents have it.
    fn broken_place(&self) -> Option<String> {
        self.dentries
            .iter()
            .find(|(id, dentry)| {
                let place = if dentry.parent == **id {
                    Some(root_place())
                } else {
                    self.dentries
                        .get(&dentry.parent)
                        .map(|parent| place_in(parent.place, &dentry.name))
                };
                place.is_some_and(|place| place != dentry.place)
            })
            .map(|(_, dentry)| format!("the name {:?} is not at its place", dentry.name))
    }

    /// The running count of each filesystem's contents is what a fresh count
    /// comes to.
    fn broken_contents(&self) -> Option<String> {
        let mut world = self.clone();
        world.recount();
        let mut contents: BTreeMap<FilesystemId, Fingerprint> = BTreeMap::new();
        for inode in world.inodes.values() {
            *contents.entry(inode.filesystem).or_default() += inode.meaning();
        }
        world
            .filesystems
            .iter()
            .find(|(id, filesystem)| {
                contents.get(id).copied().unwrap_or_default() != filesystem.contents
            })
            .map(|(id, _)| format!("filesystem {} has miscounted its contents", id.0))
    }
}
