//! The names of a filesystem: what `find` finds, asked by nobody.

use crate::{
    event::FileStatus,
    id::{DentryId, Pid},
    world::World,
};

/// How many names are looked at before a search gives up.
const MAX_NAMES: usize = 20_000;

impl World {
    /// The paths in a task's root filesystem that lead to an inode, sorted.
    /// Mounts are not entered, as with `find -xdev`.
    pub fn names_of(&self, pid: Pid, inode: u64) -> Vec<String> {
        self.tree(pid)
            .into_iter()
            .filter(|(_, status)| status.inode == inode)
            .map(|(path, _)| path)
            .collect()
    }

    /// Every path in a task's root filesystem with what it leads to, sorted.
    /// Mounts are not entered, as with `find -xdev`.
    pub fn tree(&self, pid: Pid) -> Vec<(String, FileStatus)> {
        let Some(task) = self.task(pid) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut waiting: Vec<(DentryId, String)> = vec![(task.root.dentry, String::new())];
        while let Some((directory, path)) = waiting.pop() {
            let Ok((_, inode)) = self.inode_at(directory) else {
                continue;
            };
            for (name, dentry) in inode.entries().into_iter().flatten() {
                let Ok((_, child)) = self.inode_at(*dentry) else {
                    continue;
                };
                if found.len() >= MAX_NAMES {
                    break;
                }
                let path = format!("{path}/{}", String::from_utf8_lossy(name));
                found.push((path.clone(), child.status()));
                if child.is_directory() {
                    waiting.push((*dentry, path));
                }
            }
        }
        sorted::sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
        found
    }
}
