//! Ids and namespaces as different tasks see them; making and ending tasks.

use std::sync::Arc;

use crate::{
    errno::Errno,
    gate::capability::INITIAL_USER,
    id::{InodeId, MountId, NamespaceId, Pid},
    namespace::{NamespaceKind, OVERFLOW_ID},
    task::{State, Task},
    vfs::{Content, FilesystemKind, Location, Mount, Name},
    world::World,
};

/// The most tasks that a world keeps (`pid_max`).
const PID_MAX: u32 = 32768;

impl World {
    /// The id of the initial namespace behind one of `namespace`; `EINVAL`
    /// when it is not mapped (`make_kuid`).
    pub(crate) fn id_from(
        &self,
        namespace: NamespaceId,
        id: u32,
        user: bool,
    ) -> Result<u32, Errno> {
        if namespace == INITIAL_USER {
            return Ok(id);
        }
        let entry = self.namespaces.get(&namespace).ok_or(Errno::EINVAL)?;
        let map = if user {
            &entry.maps.uid
        } else {
            &entry.maps.gid
        };
        map.iter()
            .find(|(inside, _, count)| id >= *inside && id - inside < *count)
            .map(|(inside, outside, _)| outside + (id - inside))
            .ok_or(Errno::EINVAL)
    }

    /// How an id shows in a namespace (`from_kuid_munged`).
    pub(crate) fn id_into(&self, namespace: NamespaceId, id: u32, user: bool) -> u32 {
        if namespace == INITIAL_USER {
            return id;
        }
        let Some(entry) = self.namespaces.get(&namespace) else {
            return OVERFLOW_ID;
        };
        let map = if user {
            &entry.maps.uid
        } else {
            &entry.maps.gid
        };
        map.iter()
            .find(|(_, outside, count)| id >= *outside && id - outside < *count)
            .map_or(OVERFLOW_ID, |(inside, outside, _)| inside + (id - outside))
    }

    /// Whether a user id is mapped in a namespace.
    pub(crate) fn maps_uid(&self, namespace: NamespaceId, uid: u32) -> bool {
        namespace == INITIAL_USER
            || self.namespaces.get(&namespace).is_some_and(|entry| {
                entry
                    .maps
                    .uid
                    .iter()
                    .any(|(_, outside, count)| uid >= *outside && uid - outside < *count)
            })
    }

    /// The user that is root in a namespace; nobody's id when uid 0 is not
    /// mapped.
    pub(crate) fn root_of(&self, namespace: NamespaceId) -> u32 {
        self.id_from(namespace, 0, true).unwrap_or(u32::MAX)
    }

    /// The user namespace that owns another namespace.
    pub(crate) fn owner_of(&self, namespace: NamespaceId) -> NamespaceId {
        self.namespaces
            .get(&namespace)
            .and_then(|entry| entry.owner)
            .unwrap_or(INITIAL_USER)
    }

    /// The namespace of a kind that a task is in.
    pub(crate) fn namespace_of(&self, pid: Pid, kind: NamespaceKind) -> Option<NamespaceId> {
        let task = self.tasks.get(&pid)?;
        let of = &task.namespaces;
        Some(match kind {
            NamespaceKind::Mount => of.mount,
            NamespaceKind::Pid => of.pid,
            NamespaceKind::User => task.credentials.user_namespace,
            NamespaceKind::Network => of.network,
            NamespaceKind::Uts => of.uts,
            NamespaceKind::Ipc => of.ipc,
            NamespaceKind::Cgroup => of.cgroup,
            NamespaceKind::Time => of.time,
        })
    }

    /// Where a namespace's file is (nsfs).
    pub(crate) fn namespace_file(&mut self, id: NamespaceId) -> Result<Location, Errno> {
        let kind = self.namespaces.get(&id).ok_or(Errno::ENOENT)?.kind;
        let at = self.internal_file(&format!("{}:[{}]", kind.name(), id.0))?;
        let inode = self.dentry(at.dentry)?.inode;
        let inode = self.inode_mut(inode)?;
        inode.mode = 0o444;
        inode.content = Content::Pseudo(crate::vfs::pseudo::Pseudo::NamespaceFile(id));
        Ok(at)
    }

    /// The host name that a task sees.
    pub(crate) fn host_name_of(&self, pid: Pid) -> Arc<[u8]> {
        self.namespace_of(pid, NamespaceKind::Uts)
            .and_then(|id| self.namespaces.get(&id))
            .map_or_else(
                || Arc::from([]),
                |namespace| Arc::clone(&namespace.host_name),
            )
    }

    /// Changes the host name that a task sees.
    pub(crate) fn set_host_name(&mut self, pid: Pid, name: &[u8]) -> Result<(), Errno> {
        let id = self
            .namespace_of(pid, NamespaceKind::Uts)
            .ok_or(Errno::ESRCH)?;
        if let Some(namespace) = self.namespaces.get_mut(&id) {
            Arc::make_mut(namespace).host_name = Arc::from(name);
        }
        Ok(())
    }

    /// The task that `pid` sees under a number.
    pub(crate) fn task_seen(&self, pid: Pid, number: i32) -> Option<Pid> {
        let number = u32::try_from(number).ok()?;
        let own = self.tasks.get(&pid)?.namespaces.pid;
        let initial = self.tasks.get(&crate::node::INIT)?.namespaces.pid;
        if own == initial {
            return self.tasks.contains_key(&Pid(number)).then_some(Pid(number));
        }
        self.tasks
            .values()
            .find(|task| task.namespaces.pid == own && task.local_pid == number)
            .map(|task| task.pid)
    }

    /// A copy of a task with the next process id.
    pub fn fork(&mut self, parent: Pid) -> Result<Pid, Errno> {
        let task = self.running(parent)?;
        if self.counters.pid >= PID_MAX {
            return Err(Errno::EAGAIN);
        }
        let mut child: Task = task.clone();
        self.counters.pid += 1;
        let pid = Pid(self.counters.pid);
        child.pid = pid;
        child.parent = parent;
        let into = child.namespaces.pid_for_children;
        child.local_pid = if into == child.namespaces.pid && child.local_pid == parent.0 {
            pid.0
        } else {
            1 + self
                .tasks
                .values()
                .filter(|task| task.namespaces.pid == into)
                .map(|task| task.local_pid)
                .max()
                .unwrap_or(0)
        };
        child.namespaces.pid = into;
        child.state = State::Running;
        for entry in child.descriptors.values() {
            if let Some(file) = self.files.get_mut(&entry.file) {
                Arc::make_mut(file).references += 1;
            }
        }
        self.tasks.insert(pid, Arc::new(child));
        Ok(pid)
    }

    /// Ends a task: its descriptors are closed, its name stays until its
    /// parent asks.
    pub(crate) fn end(&mut self, pid: Pid, state: State) {
        let Ok(task) = self.task_mut(pid) else {
            return;
        };
        task.state = state;
        let descriptors = std::mem::take(&mut task.descriptors);
        for entry in descriptors.values() {
            self.release_file(entry.file);
        }
    }

    /// Takes an ended task out of the table (its parent has asked).
    pub fn reap(&mut self, pid: Pid) {
        self.end(pid, State::Exited(0));
        self.tasks.remove(&pid);
        let gone: Vec<_> = self
            .made_up
            .iter()
            .filter(|(_, dentry)| self.tells_of(**dentry, pid))
            .map(|(key, dentry)| (key.clone(), *dentry))
            .collect();
        for (key, dentry) in gone {
            self.made_up.remove(&key);
            if !self.is_in_use(dentry)
                && let Some(entry) = self.dentries.remove(&dentry)
            {
                self.remove_inode(entry.inode);
            }
        }
    }

    fn tells_of(&self, dentry: crate::id::DentryId, pid: Pid) -> bool {
        matches!(
            self.inode_at(dentry),
            Ok((_, inode)) if matches!(inode.content, Content::Pseudo(pseudo) if pseudo.task() == Some(pid))
        )
    }

    /// True when a task runs the program (`deny_write_access`).
    pub(crate) fn is_running(&self, inode: InodeId) -> bool {
        self.tasks.values().any(|task| {
            task.state == State::Running
                && task
                    .exe
                    .and_then(|exe| self.dentries.get(&exe.dentry))
                    .is_some_and(|dentry| dentry.inode == inode)
        })
    }

    /// `st_size`: directories of tmpfs count 20 bytes a name, `.` and `..`
    /// included (`mm/shmem.c`); attributes of sysfs a page.
    pub(crate) fn size_of(&self, at: Location, inode: &crate::vfs::Inode) -> Result<u64, Errno> {
        const PER_NAME: usize = 20;
        const PAGE: u64 = 4096;
        let kind = self.filesystem(inode.filesystem)?.kind;
        Ok(match (&inode.content, kind) {
            (Content::Directory(_), FilesystemKind::Tmpfs | FilesystemKind::Overlay) => {
                let names = self.names_in(at, crate::node::INIT)?.len();
                ((names + 2) * PER_NAME) as u64
            }
            (Content::Pseudo(_), FilesystemKind::Sysfs) => PAGE,
            _ => inode.size(),
        })
    }

    /// The names in a directory as a task sees them, those made up included.
    pub(crate) fn names_in(&self, at: Location, caller: Pid) -> Result<Vec<Name>, Errno> {
        if let Some(names) = crate::overlay::names(self, at.dentry)? {
            return Ok(names);
        }
        let (_, inode) = self.inode_at(at.dentry)?;
        Ok(match inode.entries() {
            Some(entries) => {
                let mut names: Vec<Name> = entries.keys().cloned().collect();
                if self.filesystem(inode.filesystem)?.root == at.dentry
                    && self.filesystem(inode.filesystem)?.kind == FilesystemKind::Proc
                {
                    names.extend(crate::procfs::processes(self, caller));
                }
                names
            }
            None => crate::procfs::names(self, inode),
        })
    }

    /// Copies a task's mount namespace for it (`copy_mnt_ns`).
    pub(crate) fn copy_mounts(&mut self, pid: Pid, into: NamespaceId) -> Result<(), Errno> {
        let old = self.running(pid)?.namespaces.mount;
        let own = self.owner_of(into);
        let foreign = self.owner_of(old) != own;
        let mounts: Vec<(MountId, Mount)> = self
            .mounts
            .iter()
            .filter(|(_, mount)| mount.namespace == Some(old))
            .map(|(id, mount)| (*id, (**mount).clone()))
            .collect();
        let mut renamed = sorted::SortedMap::new();
        for (id, mount) in &mounts {
            let mut copy = mount.clone();
            copy.namespace = Some(into);
            if foreign {
                copy.locked = true;
                if copy.shared.is_some() {
                    copy.master = copy.shared.take();
                }
            }
            renamed.insert(*id, self.insert_mount(copy));
        }
        for (id, _) in &mounts {
            let new = renamed[id];
            let on = self.mount(new)?.on.map(|on| Location {
                mount: renamed.get(&on.mount).copied().unwrap_or(on.mount),
                dentry: on.dentry,
            });
            if let Some(mount) = self.mounts.get_mut(&new) {
                Arc::make_mut(mount).on = on;
            }
            if let Some(on) = on {
                self.mounted.insert(on, new);
            }
        }
        let moved = |at: Location| Location {
            mount: renamed.get(&at.mount).copied().unwrap_or(at.mount),
            dentry: at.dentry,
        };
        if let Some(root) = self
            .namespaces
            .get(&old)
            .and_then(|namespace| namespace.root)
            && let Some(namespace) = self.namespaces.get_mut(&into)
        {
            Arc::make_mut(namespace).root = Some(moved(root));
        }
        let task = self.task_mut(pid)?;
        task.root = moved(task.root);
        task.cwd = moved(task.cwd);
        task.namespaces.mount = into;
        Ok(())
    }

    /// What `/proc/PID/mounts` says to a task, a line for each mount of its namespace in the order
    /// in which they were made: source, place, filesystem, options and two zeros, blanks between
    /// them. Empty for a task that is not there.
    pub fn mounts_of(&self, pid: Pid) -> String {
        let task = self.task(pid);
        task.map_or_else(String::new, |task| self.mounts_text(task, true))
    }

    /// `/proc/PID/mountinfo` or `/proc/PID/mounts`.
    pub(crate) fn mounts_text(&self, task: &Task, short: bool) -> String {
        let mut text = String::new();
        for (id, mount) in &self.mounts {
            if mount.namespace != Some(task.namespaces.mount) {
                continue;
            }
            let Some(filesystem) = self.filesystems.get(&mount.filesystem) else {
                continue;
            };
            let at = Location {
                mount: *id,
                dentry: mount.root,
            };
            let path = self.display_path(task.pid, at);
            let path = String::from_utf8_lossy(&path);
            let source = String::from_utf8_lossy(&filesystem.source);
            let kind = filesystem.kind.name();
            let options = mount.flags.options();
            if short {
                text.push_str(&format!("{source} {path} {kind} {options} 0 0\n"));
            } else {
                let parent = mount.on.map_or(id.0, |on| on.mount.0);
                text.push_str(&format!(
                    "{} {parent} 0:{} / {path} {options} - {kind} {source} rw\n",
                    id.0, mount.filesystem.0
                ));
            }
        }
        text
    }
}
