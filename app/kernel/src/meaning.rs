//! What a world is, apart from its clock, its log and the numbers it gives
//! out: for telling states apart, and for checking that they are sound.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fmt::Write as _,
    hash::{Hash, Hasher},
};

use crate::{
    id::{DentryId, InodeId},
    task::State,
    vfs::{Content, Location},
    world::World,
};

impl World {
    /// A text that is equal for worlds that mean the same: names, contents,
    /// owners, mounts, tasks, descriptors and policy, with inode numbers
    /// replaced by the order in which a walk comes to them.
    pub fn fingerprint(&self) -> String {
        let mut text = Walk {
            world: self,
            seen: BTreeMap::new(),
            text: String::new(),
        };
        for (id, mount) in &self.mounts {
            text.line(format_args!(
                "mount {} on {:?} ns {:?} flags {:?} shared {:?} {:?}",
                id.0,
                mount.on.map(|on| on.mount),
                mount.namespace,
                mount.flags,
                mount.shared,
                mount.unbindable
            ));
            text.tree(mount.root);
        }
        for task in self.tasks.values() {
            text.line(format_args!(
                "task {:?} {:?} {:?} cred {:?} {:?} {:?} {} {}",
                task.pid,
                task.parent,
                task.comm,
                task.credentials,
                task.namespaces,
                task.confinement,
                task.no_new_privs,
                task.filters.len()
            ));
            text.place(task.root);
            text.place(task.cwd);
            for (number, entry) in &task.descriptors {
                let file = self.files.get(&entry.file);
                text.line(format_args!(
                    "fd {number} {} {:?}",
                    entry.close_on_exec,
                    file.map(|file| (file.flags, file.position, &file.label))
                ));
            }
        }
        for profile in self.policy.profiles() {
            text.line(format_args!(
                "profile {} {:?}",
                profile.name,
                profile.mode()
            ));
        }
        text.text
    }

    /// The first broken rule of a sound world: link counts, the tree of mounts,
    /// the subset rules of capabilities, descriptors that lead to files.
    pub fn broken_invariant(&self) -> Option<String> {
        self.broken_link_count()
            .or_else(|| self.broken_mount())
            .or_else(|| self.broken_task())
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
}

impl PartialEq for World {
    /// Equal when they mean the same.
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
}

impl Eq for World {}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut own = DefaultHasher::new();
        self.fingerprint().hash(&mut own);
        own.finish().hash(state);
    }
}

/// One walk over a world.
struct Walk<'w> {
    world: &'w World,
    seen: BTreeMap<InodeId, usize>,
    text: String,
}

impl Walk<'_> {
    fn line(&mut self, words: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(words);
        self.text.push('\n');
    }

    fn place(&mut self, at: Location) {
        let (path, reach) = self.world.path_up(at, None);
        self.line(format_args!("at {:?} {path:?} {reach:?}", at.mount));
    }

    /// A directory with all below it, each inode once.
    fn tree(&mut self, root: DentryId) {
        let mut pending = vec![root];
        while let Some(dentry) = pending.pop() {
            let Ok(entry) = self.world.dentry(dentry) else {
                continue;
            };
            let (id, name) = (entry.inode, entry.name.clone());
            let order = self.seen.len();
            if let Some(known) = self.seen.get(&id).copied() {
                self.line(format_args!("{name:?} again {known}"));
                continue;
            }
            self.seen.insert(id, order);
            let Ok(inode) = self.world.inode(id) else {
                continue;
            };
            let (mode, uid, gid, links) = (inode.mode, inode.uid, inode.gid, inode.links);
            match &inode.content {
                Content::Directory(entries) => {
                    pending.extend(entries.values().copied());
                    self.line(format_args!("{name:?} d {mode:o} {uid} {gid}"));
                }
                content => {
                    let words = format!("{content:?}");
                    self.line(format_args!(
                        "{name:?} {mode:o} {uid} {gid} {links} {words}"
                    ));
                }
            }
        }
    }
}
