//! The name by which AppArmor knows an object (`security/apparmor/path.c`).

use std::sync::Arc;

use crate::{
    errno::Errno,
    id::{DentryId, MountId, NamespaceId, Pid},
    vfs::{Content, FilesystemKind, Location, Mount, Name, pseudo::Pseudo},
    world::World,
};

/// How a profile wants names looked up: its flags.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathFlags {
    /// `attach_disconnected`.
    pub attach_disconnected: bool,
    /// `attach_disconnected.path=`.
    pub attach_to: Option<Arc<[u8]>>,
    /// `chroot_relative`.
    pub chroot_relative: bool,
    /// `mediate_deleted`, or an operation that takes deleted names anyway
    /// (`PATH_DELEGATE_DELETED`).
    pub deleted: bool,
}

/// A name that could not be built in full: why, and what there is of it.
#[derive(Clone, Debug)]
pub(crate) struct NameFailure {
    pub errno: Errno,
    pub info: &'static str,
    pub name: Arc<[u8]>,
}

/// How far a walk upwards came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The root it was looking for, or that of a mount namespace when it was
    /// looking for none.
    Root,
    /// The root of a mount namespace, past the one it was looking for.
    Namespace,
    /// A mount that is nowhere.
    Detached,
}

/// `aa_g_path_max`: names longer than this cannot be checked.
const PATH_MAX: usize = 8192;

impl World {
    /// Collects the names from `at` up to `root`, or to the root of its mount
    /// namespace (`prepend_path`, `fs/d_path.c`).
    pub(crate) fn path_up(&self, at: Location, root: Option<Location>) -> (Vec<u8>, Reach) {
        // From its end to its beginning, as the names are found.
        let mut path: Vec<u8> = Vec::with_capacity(96);
        let mut place = at;
        let mut reach = Reach::Root;
        let mut in_mount: Option<(MountId, &Arc<Mount>)> = None;
        for _ in 0..=PATH_MAX {
            if root == Some(place) {
                break;
            }
            if in_mount.is_none_or(|(id, _)| id != place.mount) {
                in_mount = self
                    .mounts
                    .get(&place.mount)
                    .map(|mount| (place.mount, mount));
            }
            let Some((_, mount)) = in_mount else {
                reach = Reach::Detached;
                break;
            };
            if place.dentry == mount.root {
                if let Some(on) = mount.on {
                    place = on;
                } else {
                    if mount.namespace.is_none() {
                        reach = Reach::Detached;
                    } else if root.is_some() {
                        reach = Reach::Namespace;
                    }
                    break;
                }
                continue;
            }
            let Some(dentry) = self.dentries.get(&place.dentry) else {
                break;
            };
            if dentry.parent == place.dentry {
                break;
            }
            path.extend(dentry.name.iter().rev());
            path.push(b'/');
            place.dentry = dentry.parent;
        }
        path.reverse();
        (path, reach)
    }

    /// The names from a dentry up to its filesystem's root (`dentry_path_raw`).
    fn path_in_filesystem(&self, dentry: DentryId) -> Vec<u8> {
        let mut parts: Vec<&Name> = Vec::new();
        let mut place = dentry;
        while let Some(dentry) = self.dentries.get(&place) {
            if dentry.parent == place || parts.len() > PATH_MAX {
                break;
            }
            parts.push(&dentry.name);
            place = dentry.parent;
        }
        let mut path = Vec::new();
        for part in parts.iter().rev() {
            path.push(b'/');
            path.extend_from_slice(part);
        }
        if path.is_empty() {
            path.push(b'/');
        }
        path
    }

    /// A path for people: as the task sees it, `/` for the root.
    pub(crate) fn display_path(&self, pid: Pid, at: Location) -> Arc<[u8]> {
        let root = self.tasks.get(&pid).map(|task| task.root);
        let (mut path, _) = self.path_up(at, root);
        if path.is_empty() {
            path.push(b'/');
        }
        Arc::from(path)
    }

    /// The name of an object, or of a new entry of the directory `at`
    /// (`aa_path_name`, `d_namespace_path`).
    pub(crate) fn object_name(
        &self,
        pid: Pid,
        at: Location,
        entry: Option<&Name>,
        directory: bool,
        flags: &PathFlags,
    ) -> Result<Arc<[u8]>, NameFailure> {
        let failure = |errno, info, name: &[u8]| NameFailure {
            errno,
            info,
            name: Arc::from(name),
        };
        let task = self.tasks.get(&pid);
        let own = task.map(|task| task.namespaces.mount);
        let root = task.map(|task| task.root).filter(|_| flags.chroot_relative);
        let (mut path, reach) = self.path_up(at, root);
        let ours = self
            .mounts
            .get(&at.mount)
            .is_some_and(|mount| mount.namespace.is_some() && mount.namespace == own);
        let internal = self
            .mounts
            .get(&at.mount)
            .and_then(|mount| self.filesystems.get(&mount.filesystem))
            .is_none_or(|filesystem| filesystem.kind == FilesystemKind::Internal);
        let connected = ours && reach == Reach::Root && !internal;
        if !connected && (reach == Reach::Detached || internal) {
            path = self.path_in_filesystem(at.dentry);
        }
        if self.is_namespace_file(at) {
            path = b"/".to_vec();
        }
        if let Some(entry) = entry {
            if path == b"/" {
                path.clear();
            }
            path.push(b'/');
            path.extend_from_slice(entry);
        }
        if path.is_empty() {
            path.push(b'/');
        }
        if path.len() > PATH_MAX {
            return Err(failure(
                Errno::ENAMETOOLONG,
                "Failed name lookup - name too long",
                &path,
            ));
        }
        if !connected {
            if !flags.attach_disconnected {
                let name = path.strip_prefix(b"/").unwrap_or(&path);
                return Err(failure(
                    Errno::EACCES,
                    "Failed name lookup - disconnected path",
                    name,
                ));
            }
            if let Some(prefix) = &flags.attach_to {
                path = [prefix, path.as_slice()].concat();
            }
        }
        if entry.is_none() && !flags.deleted && !self.is_namespace_file(at) {
            let gone = self
                .dentries
                .get(&at.dentry)
                .is_some_and(|dentry| !dentry.linked && !dentry.name.starts_with(b"#"));
            if gone {
                return Err(failure(
                    Errno::ENOENT,
                    "Failed name lookup - deleted entry",
                    &path,
                ));
            }
        }
        if directory && path.last() != Some(&b'/') {
            path.push(b'/');
        }
        Ok(Arc::from(path))
    }

    /// A file of nsfs: it has no name at all.
    fn is_namespace_file(&self, at: Location) -> bool {
        matches!(
            self.inode_at(at.dentry),
            Ok((_, inode)) if matches!(inode.content, Content::Pseudo(Pseudo::NamespaceFile(_)))
        )
    }

    /// The namespace whose mounts a task sees.
    pub(crate) fn mount_namespace(&self, pid: Pid) -> Option<NamespaceId> {
        self.tasks.get(&pid).map(|task| task.namespaces.mount)
    }
}
