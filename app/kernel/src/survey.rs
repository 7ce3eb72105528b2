//! What somebody who looks at a world from outside can tell: where names lead
//! in a task's view, what objects contain, what a task holds. No gate is
//! asked, and nothing changes.

use crate::{
    abi,
    id::{InodeId, MountId, Pid},
    lsm::label::Label,
    task::State,
    vfs::{Content, FileKind, FilesystemKind, Location, pseudo::Pseudo},
    world::World,
};

/// How many names are looked at before a walk gives up.
const MAX_NAMES: usize = 50_000;

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The mount that it is on.
    pub mount: MountId,
    /// The object there.
    pub inode: InodeId,
}

/// A descriptor and what it is good for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Opened {
    /// Its number.
    pub number: i32,
    /// Where it leads.
    pub place: Place,
    /// Flags of `open(2)`.
    pub flags: u64,
    /// The label that it has been checked for last.
    pub label: Label,
    /// What kind of thing it is.
    pub kind: OpenedKind,
}

impl Opened {
    /// Whether it can be written through.
    pub fn is_writable(&self) -> bool {
        self.flags & abi::O_PATH == 0
            && matches!(self.flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR)
    }

    /// Whether another descriptor is good for just the same.
    pub fn is_equivalent(&self, other: &Self) -> bool {
        self.number != other.number
            && Self {
                number: other.number,
                ..self.clone()
            } == *other
    }
}

/// What kind of thing a descriptor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenedKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A file of procfs, sysfs or securityfs.
    Pseudo(Pseudo),
    /// A namespace.
    Namespace,
    /// A mount that is nowhere yet.
    DetachedMount,
    /// A device, a pipe, a socket, …
    Other,
}

impl World {
    /// Where a path leads in a task's view: mounts are entered, symbolic links
    /// are not followed.
    pub fn place_at(&self, pid: Pid, path: &str) -> Option<Place> {
        let mut at = self.task(pid)?.root;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            at.dentry = *self
                .inode_at(at.dentry)
                .ok()?
                .1
                .entries()?
                .get(part.as_bytes())?;
            at = self.top(at);
        }
        self.place_of(at)
    }

    /// Every path of a task's view with the place that it leads to, directories
    /// before what is in them. Mounts are entered, but not the kernel's own
    /// filesystems (procfs, sysfs and their like).
    pub fn view(&self, pid: Pid) -> Vec<(String, Place)> {
        let mut found = Vec::new();
        let Some(task) = self.task(pid) else {
            return found;
        };
        let mut waiting = vec![(self.top(task.root), String::new())];
        while let Some((at, path)) = waiting.pop() {
            let Ok((_, inode)) = self.inode_at(at.dentry) else {
                continue;
            };
            for (name, dentry) in inode.entries().into_iter().flatten() {
                let child = self.top(Location {
                    mount: at.mount,
                    dentry: *dentry,
                });
                let Some(place) = self.place_of(child) else {
                    continue;
                };
                if found.len() >= MAX_NAMES {
                    return found;
                }
                let path = format!("{path}/{}", String::from_utf8_lossy(name));
                found.push((path.clone(), place));
                if self.is_ordinary_directory(place.inode) {
                    waiting.push((child, path));
                }
            }
        }
        found
    }

    /// The names below a directory, relative to it, with the objects behind
    /// them; mounts are not entered.
    pub fn names_below(&self, directory: InodeId) -> Vec<(Vec<u8>, InodeId)> {
        let mut found = Vec::new();
        let mut waiting = vec![(directory, Vec::new())];
        while let Some((id, path)) = waiting.pop() {
            let Ok(inode) = self.inode(id) else {
                continue;
            };
            for (name, dentry) in inode.entries().into_iter().flatten() {
                let Ok((child, _)) = self.inode_at(*dentry) else {
                    continue;
                };
                if found.len() >= MAX_NAMES {
                    return found;
                }
                let path = [path.as_slice(), b"/", name].concat();
                found.push((path.clone(), child));
                waiting.push((child, path));
            }
        }
        found
    }

    /// The bytes of a regular file.
    pub fn content(&self, inode: InodeId) -> Option<&[u8]> {
        match &self.inode(inode).ok()?.content {
            Content::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The owner and the permission bits of an object.
    pub fn owner_and_mode(&self, inode: InodeId) -> Option<(u32, u32)> {
        let inode = self.inode(inode).ok()?;
        Some((inode.uid, inode.mode))
    }

    /// Whether an object is a directory.
    pub fn is_directory(&self, inode: InodeId) -> bool {
        self.inode(inode).is_ok_and(crate::vfs::Inode::is_directory)
    }

    /// The program that a task runs.
    pub fn program(&self, pid: Pid) -> Option<InodeId> {
        let at = self.task(pid)?.exe?;
        Some(self.inode_at(at.dentry).ok()?.0)
    }

    /// Whether nothing confines a task: `unconfined`, a profile of that mode,
    /// or no AppArmor at all.
    pub fn runs_unconfined(&self, pid: Pid) -> bool {
        let Some(task) = self.task(pid) else {
            return false;
        };
        task.credentials
            .label
            .profiles()
            .iter()
            .filter_map(|id| self.policy.get(*id))
            .all(|profile| profile.is_unconfined())
    }

    /// The running tasks that a task finds in its `/proc`, itself included,
    /// each with the number it has there.
    pub fn tasks_seen(&self, pid: Pid) -> Vec<(u32, Pid)> {
        let namespace = |pid| self.task(pid).map(|task| task.namespaces.pid);
        let own = namespace(pid);
        let initial = own == namespace(crate::node::INIT);
        self.tasks()
            .filter(|task| task.state == State::Running)
            .filter(|task| initial || Some(task.namespaces.pid) == own)
            .map(|task| {
                let number = if initial { task.pid.0 } else { task.local_pid };
                (number, task.pid)
            })
            .collect()
    }

    /// A task's descriptors.
    pub fn descriptors(&self, pid: Pid) -> Vec<Opened> {
        let Some(task) = self.task(pid) else {
            return Vec::new();
        };
        task.descriptors
            .iter()
            .filter_map(|(&number, entry)| {
                let file = self.files.get(&entry.file)?;
                let (id, inode) = self.inode_at(file.at.dentry).ok()?;
                let kind = match (&file.kind, &inode.content) {
                    (FileKind::Namespace(_), _) => OpenedKind::Namespace,
                    (FileKind::Path, _) if self.is_detached(file.at) => OpenedKind::DetachedMount,
                    (FileKind::Plain | FileKind::Path, Content::File(_)) => OpenedKind::File,
                    (FileKind::Plain | FileKind::Path, Content::Directory(_)) => {
                        OpenedKind::Directory
                    }
                    (FileKind::Plain | FileKind::Path, Content::Pseudo(pseudo)) => {
                        OpenedKind::Pseudo(*pseudo)
                    }
                    (FileKind::Anonymous(_), Content::File(_)) => OpenedKind::File,
                    _ => OpenedKind::Other,
                };
                Some(Opened {
                    number,
                    place: Place {
                        mount: file.at.mount,
                        inode: id,
                    },
                    flags: file.flags,
                    label: file.label.clone(),
                    kind,
                })
            })
            .collect()
    }

    /// True when both have the very same objects, as two clones have until one
    /// of them changes something. Log, clock and what was made up for a lookup
    /// in procfs may differ. False says nothing: compare what they mean then.
    pub fn shares_objects(&self, other: &Self) -> bool {
        self.inodes.ptr_eq(&other.inodes)
            && self.dentries.ptr_eq(&other.dentries)
            && self.mounts.ptr_eq(&other.mounts)
            && self.tasks.ptr_eq(&other.tasks)
            && self.files.ptr_eq(&other.files)
            && self.namespaces.ptr_eq(&other.namespaces)
            && self.sockets.ptr_eq(&other.sockets)
            && self.filesystems.ptr_eq(&other.filesystems)
            && std::sync::Arc::ptr_eq(&self.settings, &other.settings)
            && self.policy.shares_slots(&other.policy)
    }

    fn place_of(&self, at: Location) -> Option<Place> {
        Some(Place {
            mount: at.mount,
            inode: self.inode_at(at.dentry).ok()?.0,
        })
    }

    /// Whether a place is the root of a mount that is nowhere.
    fn is_detached(&self, at: Location) -> bool {
        self.mounts
            .get(&at.mount)
            .is_some_and(|mount| mount.namespace.is_none() && mount.root == at.dentry)
    }

    /// What shows at a place: the topmost mount there.
    fn top(&self, mut at: Location) -> Location {
        while let Some(&mount) = self.mounted.get(&at) {
            at = self.root_of_mount(mount);
        }
        at
    }

    fn is_ordinary_directory(&self, inode: InodeId) -> bool {
        let Ok(inode) = self.inode(inode) else {
            return false;
        };
        let ordinary = self
            .filesystems
            .get(&inode.filesystem)
            .is_some_and(|filesystem| {
                !matches!(
                    filesystem.kind,
                    FilesystemKind::Proc | FilesystemKind::Sysfs | FilesystemKind::Securityfs
                )
            });
        ordinary && inode.entries().is_some()
    }
}
