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
        let found = self.found(pid, &|status| status.inode == inode);
        found.into_iter().map(|(path, _)| path).collect()
    }

    /// Every path in a task's root filesystem with what it leads to, sorted.
    /// Mounts are not entered, as with `find -xdev`.
    pub fn tree(&self, pid: Pid) -> Vec<(String, FileStatus)> {
        self.found(pid, &|_| true)
    }

    /// The paths that lead to what is wanted.
    fn found(&self, pid: Pid, wanted: &dyn Fn(&FileStatus) -> bool) -> Vec<(String, FileStatus)> {
        let Some(task) = self.task(pid) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut names = 0;
        let mut waiting: Vec<(DentryId, String)> = vec![(task.root.dentry, String::new())];
        while let Some((directory, path)) = waiting.pop() {
            let Ok((_, inode)) = self.inode_at(directory) else {
                continue;
            };
            for (name, dentry) in inode.entries().into_iter().flatten() {
                let Ok((_, child)) = self.inode_at(*dentry) else {
                    continue;
                };
                if names >= MAX_NAMES {
                    break;
                }
                names += 1;
                let (status, directory) = (child.status(), child.is_directory());
                let is_wanted = wanted(&status);
                if !is_wanted && !directory {
                    continue;
                }
                let path = format!("{path}/{}", String::from_utf8_lossy(name));
                if directory {
                    waiting.push((*dentry, path.clone()));
                }
                if is_wanted {
                    found.push((path, status));
                }
            }
        }
        sorted::sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
        found
    }
}
