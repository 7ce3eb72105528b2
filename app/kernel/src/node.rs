//! A world's beginning, and changes made to it from outside: by the node's
//! administrator, a container runtime, or a lesson's set-up.

use std::sync::Arc;

use sorted::SharedMap;

use crate::{
    contents::root_place,
    credentials::Credentials,
    errno::Errno,
    fingerprint::Fingerprint,
    gate::capability::INITIAL_USER,
    id::{DentryId, FilesystemId, MountId, NamespaceId, Pid},
    lsm::policy::Policy,
    namespace::{IdMaps, Namespace, NamespaceKind, Namespaces},
    release::Release,
    settings::{Presence, Settings},
    sysctl::Sysctl,
    table::Table,
    task::{Confinement, State, Task},
    vfs::{
        Content, Filesystem, FilesystemKind, Location, Mount, MountFlags, Mounted, Name,
        pseudo::{Fixed, Pseudo},
    },
    world::{Counters, World},
};

/// The first process.
pub const INIT: Pid = Pid(1);

impl World {
    /// A freshly booted node: an empty root with `/proc`, `/sys`, `/dev` and
    /// the usual directories, and one unconfined root process, [`INIT`].
    pub fn boot(release: &'static Release, settings: Settings) -> Self {
        let mut world = Self {
            release,
            settings: Arc::new(settings),
            policy: Policy::default(),
            inodes: Table::new(),
            dentries: Table::new(),
            filesystems: Table::new(),
            mounts: Table::new(),
            mounted: Mounted::default(),
            namespaces: Table::new(),
            files: Table::new(),
            sockets: Table::new(),
            tasks: Table::new(),
            overlays: Table::new(),
            made_up: SharedMap::new(),
            uncounted: Vec::new(),
            log: Table::new(),
            counters: Counters::default(),
        };
        let namespaces = world.first_namespaces();
        world.add_mount(FilesystemKind::Internal, None, b"none", 0);
        let root = world.add_mount(FilesystemKind::Tmpfs, None, b"tmpfs", 0o755);
        world.attach_root(root, namespaces.mount);
        let at = world.root_of_mount(root);
        let names = ["bin", "proc", "sys", "dev", "tmp", "etc", "usr", "run"];
        for name in names {
            let mode = if name == "tmp" { 0o1777 } else { 0o755 };
            // The root is empty, so no name can be taken.
            let _ = world.make_directory(at.dentry, name, mode);
        }
        world.add_init(namespaces, at);
        world.mount_system();
        world
    }

    fn first_namespaces(&mut self) -> Namespaces {
        let mut add = |kind, owner| {
            self.add_namespace(Namespace {
                kind,
                owner,
                creator: 0,
                root: None,
                maps: if kind == NamespaceKind::User {
                    IdMaps {
                        uid: vec![(0, 0, u32::MAX)],
                        gid: vec![(0, 0, u32::MAX)],
                    }
                } else {
                    IdMaps::default()
                },
                host_name: Arc::from(&b"node"[..]),
            })
        };
        let user = add(NamespaceKind::User, None);
        debug_assert_eq!(user, INITIAL_USER);
        let pid = add(NamespaceKind::Pid, Some(user));
        Namespaces {
            mount: add(NamespaceKind::Mount, Some(user)),
            pid,
            pid_for_children: pid,
            network: add(NamespaceKind::Network, Some(user)),
            uts: add(NamespaceKind::Uts, Some(user)),
            ipc: add(NamespaceKind::Ipc, Some(user)),
            cgroup: add(NamespaceKind::Cgroup, Some(user)),
            time: add(NamespaceKind::Time, Some(user)),
        }
    }

    fn add_init(&mut self, namespaces: Namespaces, root: Location) {
        self.counters.pid = INIT.0;
        let task = Task {
            pid: INIT,
            local_pid: INIT.0,
            parent: INIT,
            comm: Arc::from(&b"init"[..]),
            exe: None,
            argv: Arc::from([]),
            credentials: Arc::new(Credentials::root(INITIAL_USER)),
            root,
            cwd: root,
            umask: 0,
            descriptors: Table::new(),
            namespaces,
            no_new_privs: false,
            dumpable: true,
            filters: Vec::new(),
            confinement: Confinement::default(),
            caught_signals: 0,
            limits: SharedMap::new(),
            state: State::Running,
        };
        self.tasks.insert(INIT, Arc::new(task));
    }

    /// `/proc`, `/sys` with securityfs, `/dev`.
    fn mount_system(&mut self) {
        let proc = self.new_mount_at("/proc", FilesystemKind::Proc, b"proc", 0o555);
        let sys = self.new_mount_at("/sys", FilesystemKind::Sysfs, b"sysfs", 0o555);
        let dev = self.new_mount_at("/dev", FilesystemKind::Tmpfs, b"devtmpfs", 0o755);
        for (path, fixed, mode) in PROC_FILES {
            self.put_fixed(proc, path, *fixed, *mode);
        }
        for (sysctl, path, mode) in Sysctl::of(self.release) {
            self.put_fixed(proc, path, Fixed::Sysctl(sysctl), mode);
        }
        for (path, fixed, mode) in SYS_FILES {
            self.put_fixed(sys, path, *fixed, *mode);
        }
        if self.settings.apparmor != Presence::Absent {
            for (path, fixed, mode) in MODULE_FILES {
                self.put_fixed(sys, path, *fixed, *mode);
            }
        }
        for path in ["kernel/security", "firmware"] {
            self.ensure_directory(sys, path);
        }
        for path in ["acpi", "bus", "driver", "fs", "tty"] {
            self.ensure_directory(proc, path);
        }
        let security = self.new_mount_at(
            "/sys/kernel/security",
            FilesystemKind::Securityfs,
            b"securityfs",
            0o755,
        );
        self.put_fixed(security, "lsm", Fixed::Lsm, 0o444);
        self.ensure_directory(security, "integrity");
        if self.apparmor_runs() {
            for (path, fixed, mode) in SECURITY_FILES {
                self.put_fixed(security, path, *fixed, *mode);
            }
            if let Some(directory) = self.ensure_directory(security, "apparmor") {
                let null = Content::CharacterDevice(1, 3);
                let _ = self.put(directory, NULL_DEVICE, null, 0o666);
            }
        }
        for (name, minor) in [("null", 3), ("zero", 5)] {
            let _ = self.put(dev, name, Content::CharacterDevice(1, minor), 0o666);
        }
    }

    fn new_mount_at(
        &mut self,
        path: &str,
        kind: FilesystemKind,
        source: &[u8],
        mode: u32,
    ) -> DentryId {
        let Some(on) = self.locate(path) else {
            return DentryId(0);
        };
        let mount = self.add_mount(kind, Some(on), source, mode);
        if let Some(entry) = self.mounts.get_mut(&mount) {
            Arc::make_mut(entry).namespace =
                self.tasks.get(&INIT).map(|task| task.namespaces.mount);
        }
        self.mounted.insert(on, mount);
        self.root_of_mount(mount).dentry
    }

    fn put_fixed(&mut self, root: DentryId, path: &str, fixed: Fixed, mode: u32) {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some(directory) = self.ensure_directory(root, above) {
            let _ = self.put(directory, name, Content::Pseudo(Pseudo::Fixed(fixed)), mode);
        }
    }

    fn ensure_directory(&mut self, root: DentryId, path: &str) -> Option<DentryId> {
        let mut place = root;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let known = self
                .inode_at(place)
                .ok()?
                .1
                .entries()?
                .get(part.as_bytes())
                .copied();
            place = match known {
                Some(dentry) => dentry,
                None => self.make_directory(place, part, 0o755).ok()?,
            };
        }
        Some(place)
    }

    pub(crate) fn make_directory(
        &mut self,
        parent: DentryId,
        name: &str,
        mode: u32,
    ) -> Result<DentryId, Errno> {
        self.put(parent, name, Content::Directory(SharedMap::new()), mode)
    }

    fn put(
        &mut self,
        parent: DentryId,
        name: &str,
        content: Content,
        mode: u32,
    ) -> Result<DentryId, Errno> {
        let filesystem = self.inode_at(parent)?.1.filesystem;
        let inode = self.add_inode(filesystem, content, mode, 0, 0);
        self.link_name(parent, Arc::from(name.as_bytes()), inode)
    }

    /// A new filesystem with an empty root directory, mounted nowhere yet.
    pub(crate) fn add_mount(
        &mut self,
        kind: FilesystemKind,
        on: Option<Location>,
        source: &[u8],
        mode: u32,
    ) -> MountId {
        self.counters.filesystem += 1;
        let filesystem = FilesystemId(self.counters.filesystem);
        let inode = self.add_inode(filesystem, Content::Directory(SharedMap::new()), mode, 0, 0);
        let root = self.add_dentry(None, Arc::from([]), inode);
        self.filesystems.insert(
            filesystem,
            Arc::new(Filesystem {
                kind,
                root,
                read_only: false,
                user_namespace: INITIAL_USER,
                source: Arc::from(source),
                overlay: None,
                contents: Fingerprint::NONE,
            }),
        );
        if let Ok(inode) = self.inode_mut(inode) {
            inode.count.places = root_place();
        }
        self.insert_mount(Mount {
            filesystem,
            root,
            on,
            namespace: None,
            flags: MountFlags::default(),
            shared: None,
            master: None,
            unbindable: false,
            locked: false,
        })
    }

    pub(crate) fn insert_mount(&mut self, mount: Mount) -> MountId {
        self.counters.mount += 1;
        let id = MountId(self.counters.mount);
        self.mounts.insert(id, Arc::new(mount));
        id
    }

    /// The root of the message queues' filesystem, which is mounted nowhere.
    pub(crate) fn queues(&mut self) -> Location {
        let known = self.mounts.iter().find(|(_, mount)| {
            mount.namespace.is_none()
                && mount.on.is_none()
                && self
                    .filesystems
                    .get(&mount.filesystem)
                    .is_some_and(|filesystem| filesystem.kind == FilesystemKind::Mqueue)
        });
        let mount = match known.map(|(id, _)| *id) {
            Some(id) => id,
            None => self.add_mount(FilesystemKind::Mqueue, None, b"mqueue", 0o1777),
        };
        self.root_of_mount(mount)
    }

    /// A new mount of a filesystem that shows the same in every mount; its
    /// options are its own, as those of the instances that namespaces have.
    pub(crate) fn mount_again(&mut self, kind: FilesystemKind, source: &[u8]) -> MountId {
        let known = self
            .filesystems
            .iter()
            .find(|(_, filesystem)| filesystem.kind == kind);
        let Some(known) = known.map(|(_, filesystem)| (**filesystem).clone()) else {
            return self.add_mount(kind, None, source, 0o555);
        };
        let root = known.root;
        self.counters.filesystem += 1;
        let filesystem = FilesystemId(self.counters.filesystem);
        self.filesystems.insert(
            filesystem,
            Arc::new(Filesystem {
                read_only: false,
                source: Arc::from(source),
                ..known
            }),
        );
        self.insert_mount(Mount {
            filesystem,
            root,
            on: None,
            namespace: None,
            flags: MountFlags::default(),
            shared: None,
            master: None,
            unbindable: false,
            locked: false,
        })
    }

    fn attach_root(&mut self, mount: MountId, namespace: NamespaceId) {
        let root = self.root_of_mount(mount);
        if let Some(entry) = self.mounts.get_mut(&mount) {
            Arc::make_mut(entry).namespace = Some(namespace);
        }
        if let Some(entry) = self.namespaces.get_mut(&namespace) {
            Arc::make_mut(entry).root = Some(root);
        }
    }

    pub(crate) fn root_of_mount(&self, mount: MountId) -> Location {
        let dentry = self
            .mounts
            .get(&mount)
            .map_or(DentryId(0), |mount| mount.root);
        Location { mount, dentry }
    }

    pub(crate) fn add_namespace(&mut self, namespace: Namespace) -> NamespaceId {
        self.counters.namespace += 1;
        let id = NamespaceId(self.counters.namespace);
        self.namespaces.insert(id, Arc::new(namespace));
        id
    }

    /// Finds a path from [`INIT`]'s root, following no links and asking
    /// nobody.
    pub fn locate(&self, path: &str) -> Option<Location> {
        let mut at = self.tasks.get(&INIT)?.root;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let dentry = *self
                .inode_at(at.dentry)
                .ok()?
                .1
                .entries()?
                .get(part.as_bytes())?;
            at.dentry = dentry;
            while let Some(&mount) = self.mounted.get(&at) {
                at = self.root_of_mount(mount);
            }
        }
        Some(at)
    }

    /// Puts a file there, with the directories above it; a set-up's own hand,
    /// which no gate is asked about.
    pub fn place_file(
        &mut self,
        path: &str,
        data: &[u8],
        mode: u32,
        uid: u32,
        gid: u32,
    ) -> Result<(), Errno> {
        self.place(path, Content::File(Arc::from(data)), mode, uid, gid)
    }

    /// Puts a directory there, with those above it.
    pub fn place_directory(
        &mut self,
        path: &str,
        mode: u32,
        uid: u32,
        gid: u32,
    ) -> Result<(), Errno> {
        self.place(path, Content::Directory(SharedMap::new()), mode, uid, gid)
    }

    /// Puts a symbolic link there, with the directories above it.
    pub fn place_symlink(&mut self, path: &str, target: &[u8]) -> Result<(), Errno> {
        self.place(path, Content::Symlink(Arc::from(target)), 0o777, 0, 0)
    }

    /// Puts root's files into a directory, which is made with those above it where it is missing.
    pub fn place_files(
        &mut self,
        directory: &str,
        files: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
        mode: u32,
    ) -> Result<(), Errno> {
        let at = self.placed_directory(directory)?;
        for (name, data) in files {
            self.place_in(at, name, Content::File(data.into()), mode, 0, 0)?;
        }
        Ok(())
    }

    fn place(
        &mut self,
        path: &str,
        content: Content,
        mode: u32,
        uid: u32,
        gid: u32,
    ) -> Result<(), Errno> {
        let (above, name) = path
            .trim_end_matches('/')
            .rsplit_once('/')
            .ok_or(Errno::EINVAL)?;
        let at = self.placed_directory(above)?;
        self.place_in(at, name, content, mode, uid, gid)
    }

    /// The directory of a path, made with those above it where it is missing.
    fn placed_directory(&mut self, path: &str) -> Result<Location, Errno> {
        let mut at = self.locate("/").ok_or(Errno::ENOENT)?;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let known = self
                .inode_at(at.dentry)?
                .1
                .entries()
                .ok_or(Errno::ENOTDIR)?
                .get(part.as_bytes())
                .copied();
            at.dentry = match known {
                Some(dentry) => dentry,
                None => self.make_directory(at.dentry, part, 0o755)?,
            };
            while let Some(&mount) = self.mounted.get(&at) {
                at = self.root_of_mount(mount);
            }
        }
        Ok(at)
    }

    fn place_in(
        &mut self,
        at: Location,
        name: &str,
        content: Content,
        mode: u32,
        uid: u32,
        gid: u32,
    ) -> Result<(), Errno> {
        let entries = self
            .inode_at(at.dentry)?
            .1
            .entries()
            .ok_or(Errno::ENOTDIR)?;
        if let Some(&old) = entries.get(name.as_bytes()) {
            if let (Content::Directory(_), true) = (&content, self.inode_at(old)?.1.is_directory())
            {
                let id = self.dentry(old)?.inode;
                let inode = self.inode_mut(id)?;
                (inode.mode, inode.uid, inode.gid) = (mode, uid, gid);
                return Ok(());
            }
            self.unlink_name(old)?;
        }
        let filesystem = self.inode_at(at.dentry)?.1.filesystem;
        let inode = self.add_inode(filesystem, content, mode, uid, gid);
        self.link_name(at.dentry, Arc::from(name.as_bytes()), inode)?;
        Ok(())
    }

    /// The bytes of a file, read by no task.
    pub fn file_bytes(&self, path: &str) -> Option<&[u8]> {
        let at = self.locate(path)?;
        match &self.inode_at(at.dentry).ok()?.1.content {
            Content::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A location for a file that has no path (`anon_inode`, pipes, sockets).
    pub(crate) fn internal_file(&mut self, name: &str) -> Result<Location, Errno> {
        let (mount, filesystem, root) = self
            .mounts
            .iter()
            .find_map(|(id, mount)| {
                let filesystem = self.filesystems.get(&mount.filesystem)?;
                (filesystem.kind == FilesystemKind::Internal).then_some((
                    *id,
                    mount.filesystem,
                    filesystem.root,
                ))
            })
            .ok_or(Errno::EIO)?;
        let content = if name.starts_with("memfd:") {
            Content::File(Arc::from([]))
        } else if name == "socket:" {
            Content::Socket(None)
        } else {
            Content::Fifo
        };
        let inode = self.add_inode(filesystem, content, 0o600, 0, 0);
        let name: Name = Arc::from(name.as_bytes());
        let dentry = self.add_dentry(Some(root), name, inode);
        self.dentry_mut(dentry)?.linked = false;
        Ok(Location { mount, dentry })
    }

    /// AppArmor's null device, through a mount of securityfs that is nowhere.
    pub(crate) fn null_device(&mut self) -> Result<Location, Errno> {
        let mount = self.mount_again(FilesystemKind::Securityfs, b"securityfs");
        let mut dentry = self.mount(mount)?.root;
        for part in ["apparmor", NULL_DEVICE] {
            let (_, inode) = self.inode_at(dentry)?;
            let entries = inode.entries().ok_or(Errno::ENOTDIR)?;
            dentry = *entries.get(part.as_bytes()).ok_or(Errno::ENOENT)?;
        }
        Ok(Location { mount, dentry })
    }
}

/// The name of AppArmor's null device in securityfs (`aa_mk_null_file`).
const NULL_DEVICE: &str = ".null";

/// Files of procfs with one meaning: path, meaning, permission bits.
const PROC_FILES: &[(&str, Fixed, u32)] = &[
    ("version", Fixed::Version, 0o444),
    ("modules", Fixed::Text, 0o444),
    ("meminfo", Fixed::Text, 0o444),
    ("cpuinfo", Fixed::Text, 0o444),
    ("kallsyms", Fixed::Text, 0o444),
    ("kcore", Fixed::Text, 0o400),
    ("keys", Fixed::Text, 0o444),
    ("timer_list", Fixed::Text, 0o400),
    ("sysrq-trigger", Fixed::Trigger, 0o200),
    ("irq/default_smp_affinity", Fixed::Setting, 0o644),
    ("sys/kernel/hostname", Fixed::Hostname, 0o644),
    ("sys/kernel/core_pattern", Fixed::Setting, 0o644),
    ("sys/kernel/shmmax", Fixed::Setting, 0o644),
    ("sys/kernel/random/uuid", Fixed::Text, 0o444),
    (
        "sys/kernel/seccomp/actions_logged",
        Fixed::ActionsLogged,
        0o644,
    ),
    ("sys/net/ipv4/ip_forward", Fixed::Setting, 0o644),
    ("sys/vm/drop_caches", Fixed::Setting, 0o200),
    ("sys/fs/file-max", Fixed::Setting, 0o644),
];

/// Files of sysfs.
const SYS_FILES: &[(&str, Fixed, u32)] = &[
    ("kernel/uevent_seqnum", Fixed::Text, 0o444),
    ("kernel/profiling", Fixed::Setting, 0o644),
    (
        "kernel/mm/transparent_hugepage/enabled",
        Fixed::Setting,
        0o644,
    ),
];

/// Parameters of the AppArmor module.
const MODULE_FILES: &[(&str, Fixed, u32)] = &[
    ("module/apparmor/parameters/enabled", Fixed::Enabled, 0o444),
    ("module/apparmor/parameters/mode", Fixed::Mode, 0o600),
    ("module/apparmor/parameters/audit", Fixed::Audit, 0o600),
];

/// AppArmor's part of securityfs.
const SECURITY_FILES: &[(&str, Fixed, u32)] = &[
    ("apparmor/profiles", Fixed::Profiles, 0o444),
    ("apparmor/.load", Fixed::Load, 0o666),
    ("apparmor/.replace", Fixed::Replace, 0o666),
    ("apparmor/.remove", Fixed::Remove, 0o666),
    ("apparmor/features/file/mask", Fixed::Feature, 0o444),
    ("apparmor/features/domain/change_hat", Fixed::Feature, 0o444),
];
