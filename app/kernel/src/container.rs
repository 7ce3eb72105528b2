//! What a container runtime leaves behind when it has made a task a
//! container's: its own root, its filter. No gate is asked, since the runtime
//! is not confined and the calls it makes are not what a lesson is about.

use std::sync::Arc;

use crate::{
    abi,
    errno::Errno,
    id::{MountId, NamespaceId, Pid},
    namespace::{IdMaps, Namespace, NamespaceKind},
    task::Filter,
    vfs::{Content, FilesystemKind, Location, Mount, MountFlags},
    world::World,
};

impl World {
    /// Gives a task a mount namespace of its own whose root is a directory of
    /// the node, with `/proc`, `/sys` and `/dev` in it: what `unshare`, `mount`
    /// and `pivot_root` come to in runc's `prepareRootfs`.
    pub fn enter_rootfs(&mut self, pid: Pid, directory: &str) -> Result<(), Errno> {
        let at = self.locate(directory).ok_or(Errno::ENOENT)?;
        let filesystem = self.inode_at(at.dentry)?.1.filesystem;
        let owner = self.running(pid)?.credentials.user_namespace;
        let namespace = self.add_namespace(Namespace {
            kind: NamespaceKind::Mount,
            owner: Some(owner),
            creator: 0,
            root: None,
            maps: IdMaps::default(),
            host_name: Arc::from([]),
        });
        let mount = self.insert_mount(Mount {
            filesystem,
            root: at.dentry,
            on: None,
            namespace: Some(namespace),
            flags: MountFlags::default(),
            shared: None,
            master: None,
            unbindable: false,
            locked: false,
        });
        let root = self.root_of_mount(mount);
        if let Some(entry) = self.namespaces.get_mut(&namespace) {
            Arc::make_mut(entry).root = Some(root);
        }
        for name in ["proc", "sys"] {
            if let Some(source) = self.locate(&format!("/{name}")) {
                self.show_again(source, root, name, namespace)?;
            }
        }
        let devices = self.add_mount(FilesystemKind::Tmpfs, None, b"tmpfs", 0o755);
        let top = self.root_of_mount(devices).dentry;
        for (name, minor) in [("null", 3), ("zero", 5)] {
            let filesystem = self.inode_at(top)?.1.filesystem;
            let inode = self.add_inode(filesystem, Content::CharacterDevice(1, minor), 0o666, 0, 0);
            self.link_name(top, Arc::from(name.as_bytes()), inode)?;
        }
        self.attach(devices, root, "dev", namespace)?;
        let task = self.task_mut(pid)?;
        task.namespaces.mount = namespace;
        task.root = root;
        task.cwd = root;
        Ok(())
    }

    /// Shows a directory or file of the node inside a task's root as well: a
    /// volume. The place is made when it is missing.
    pub fn mount_volume(
        &mut self,
        pid: Pid,
        source: &str,
        target: &str,
        read_only: bool,
    ) -> Result<(), Errno> {
        let source = self.locate(source).ok_or(Errno::ENOENT)?;
        let task = self.running(pid)?;
        let (root, namespace) = (task.root, task.namespaces.mount);
        let mount = self.show_again(source, root, target, namespace)?;
        if read_only && let Some(entry) = self.mounts.get_mut(&mount) {
            Arc::make_mut(entry).flags.0 |= abi::MS_RDONLY;
        }
        Ok(())
    }

    /// Puts a task into another one's namespaces and root (`setns` with each
    /// of them, then the root of the mount namespace).
    pub fn join_namespaces(&mut self, pid: Pid, other: Pid) -> Result<(), Errno> {
        let target = self.running(other)?;
        let (root, mut namespaces) = (target.root, target.namespaces);
        let task = self.task_mut(pid)?;
        // A task keeps its own process ids; its children get those of the target's.
        namespaces.pid = task.namespaces.pid;
        task.namespaces = namespaces;
        task.root = root;
        task.cwd = root;
        Ok(())
    }

    /// Makes the root of a task's mount namespace read-only.
    pub fn make_root_read_only(&mut self, pid: Pid) -> Result<(), Errno> {
        let mount = self.running(pid)?.root.mount;
        let entry = self.mounts.get_mut(&mount).ok_or(Errno::EINVAL)?;
        Arc::make_mut(entry).flags.0 |= abi::MS_RDONLY;
        Ok(())
    }

    /// Installs a filter as `seccomp(SECCOMP_SET_MODE_FILTER)` does once it may.
    pub fn install_filter(
        &mut self,
        pid: Pid,
        program: Arc<seccomp::Filter>,
        log: bool,
    ) -> Result<(), Errno> {
        let filter = Filter::new(program, log);
        self.task_mut(pid)?.filters.push(filter);
        Ok(())
    }

    /// The bytes of the program that a task runs.
    pub fn executable(&self, pid: Pid) -> Option<&[u8]> {
        let at = self.task(pid)?.exe?;
        match &self.inode_at(at.dentry).ok()?.1.content {
            Content::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Mounts what is already mounted elsewhere at a path below a root.
    fn show_again(
        &mut self,
        source: Location,
        root: Location,
        path: &str,
        namespace: NamespaceId,
    ) -> Result<MountId, Errno> {
        let filesystem = self.inode_at(source.dentry)?.1.filesystem;
        let mount = self.insert_mount(Mount {
            filesystem,
            root: source.dentry,
            on: None,
            namespace: Some(namespace),
            flags: MountFlags::default(),
            shared: None,
            master: None,
            unbindable: false,
            locked: false,
        });
        self.attach(mount, root, path, namespace)?;
        Ok(mount)
    }

    fn attach(
        &mut self,
        mount: MountId,
        root: Location,
        path: &str,
        namespace: NamespaceId,
    ) -> Result<(), Errno> {
        let mut at = root;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let entries = self
                .inode_at(at.dentry)?
                .1
                .entries()
                .ok_or(Errno::ENOTDIR)?;
            at.dentry = match entries.get(part.as_bytes()).copied() {
                Some(dentry) => dentry,
                None => self.make_directory(at.dentry, part, 0o755)?,
            };
            while let Some(&above) = self.mounted.get(&at) {
                at = self.root_of_mount(above);
            }
        }
        let entry = self.mounts.get_mut(&mount).ok_or(Errno::EINVAL)?;
        let entry = Arc::make_mut(entry);
        entry.on = Some(at);
        entry.namespace = Some(namespace);
        self.mounted.insert(at, mount);
        Ok(())
    }
}

/// The namespaces that a container has of its own besides the mounts.
pub const OWN_NAMESPACES: u64 = abi::CLONE_NEWIPC
    | abi::CLONE_NEWUTS
    | abi::CLONE_NEWNET
    | abi::CLONE_NEWPID
    | abi::CLONE_NEWCGROUP;
