//! The names of an inode: what `find -inum` finds.

use crate::{
    id::{DentryId, Pid},
    world::World,
};

/// How many names are looked at before the search gives up.
const MAX_NAMES: usize = 20_000;

impl World {
    /// The paths in a task's root filesystem that lead to an inode, sorted.
    /// Mounts are not entered, as with `find -xdev`.
    pub fn names_of(&self, pid: Pid, inode: u64) -> Vec<String> {
        let Some(task) = self.task(pid) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut waiting: Vec<(DentryId, String)> = vec![(task.root.dentry, String::new())];
        let mut looked_at = 0;
        while let Some((directory, path)) = waiting.pop() {
            let Ok((_, content)) = self.inode_at(directory) else {
                continue;
            };
            for (name, dentry) in content.entries().into_iter().flatten() {
                looked_at += 1;
                if looked_at > MAX_NAMES {
                    break;
                }
                let Ok((id, child)) = self.inode_at(*dentry) else {
                    continue;
                };
                let path = format!("{path}/{}", String::from_utf8_lossy(name));
                if id.0 == inode {
                    found.push(path.clone());
                }
                if child.is_directory() {
                    waiting.push((*dentry, path));
                }
            }
        }
        found.sort();
        found
    }
}
