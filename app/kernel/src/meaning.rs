//! What a world is, apart from its clock, its log and the numbers it gives
//! out: for telling states apart, so that a search can merge those that mean
//! the same.

use std::hash::{Hash, Hasher};

use crate::{
    fingerprint::{Fingerprint, Text},
    id::{DentryId, FileId, FilesystemId, InodeId, MountId, NamespaceId, SocketId},
    lsm::label::Label,
    net::{Peer, Socket},
    task::{OnExec, Task},
    vfs::{Content, FileKind, Filesystem, Location, Mount, OpenFile},
    world::World,
};

impl World {
    /// What this world means: equal for worlds in which every task finds the
    /// same names, contents, owners, mounts, descriptors, credentials and
    /// policy.
    ///
    /// Left out are the log, the clock and all times, inode numbers and the
    /// numbers that will be given out next: they tell by which way a world was
    /// reached. Mounts and processes count with the order of their numbers and
    /// with their numbers, since tasks see these.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut description = Description {
            world: self,
            text: Text::with_capacity(4096),
            mounts: self.mounts.keys().copied().collect(),
            files: Order::default(),
            sockets: Order::default(),
            namespaces: Order::default(),
            filesystems: Order::default(),
            nameless: Order::default(),
            groups: Order::default(),
        };
        description.world();
        description.text.fingerprint()
    }
}

impl PartialEq for World {
    /// Equal when they mean the same: see [`World::fingerprint`].
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
}

impl Eq for World {}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fingerprint().hash(state);
    }
}

/// Objects in the order in which a description comes to them, which stands for
/// their numbers.
struct Order<T> {
    /// Sorted, each with its place in the order.
    places: Vec<(T, u32)>,
    /// In order.
    known: Vec<T>,
}

impl<T> Default for Order<T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            known: Vec::new(),
        }
    }
}

impl<T: Copy + Ord> Order<T> {
    /// The place of an object, and whether it has just been given.
    fn place(&mut self, thing: T) -> (u32, bool) {
        match self.places.binary_search_by(|(known, _)| known.cmp(&thing)) {
            Ok(at) => (self.places[at].1, false),
            Err(at) => {
                let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                self.places.insert(at, (thing, place));
                self.known.push(thing);
                (place, true)
            }
        }
    }
}

/// A world's description under way.
struct Description<'w> {
    world: &'w World,
    text: Text,
    /// All mounts; one's place in the list stands for its number.
    mounts: Vec<MountId>,
    files: Order<FileId>,
    sockets: Order<SocketId>,
    namespaces: Order<NamespaceId>,
    filesystems: Order<FilesystemId>,
    /// Inodes without a name that are still open.
    nameless: Order<InodeId>,
    /// Peer groups of mounts.
    groups: Order<u32>,
}

impl Description<'_> {
    /// Everything, from what is always reached to what is reached by it.
    fn world(&mut self) {
        let world = self.world;
        self.text.put(world.release.name);
        self.text.put(&*world.settings);
        self.text.put(world.policy.meaning());
        self.text.put(world.tasks.len());
        for task in world.tasks.values() {
            self.task(task);
        }
        self.text.put(world.mounts.len());
        for mount in world.mounts.values() {
            self.mount(mount);
        }
        let mut done = (0, 0);
        while done != (self.files.known.len(), self.sockets.known.len()) {
            if let Some(file) = self.files.known.get(done.0).copied() {
                done.0 += 1;
                if let Some(file) = world.files.get(&file) {
                    self.file(file);
                }
            } else if let Some(socket) = self.sockets.known.get(done.1).copied() {
                done.1 += 1;
                if let Some(socket) = world.sockets.get(&socket) {
                    self.socket(socket);
                }
            }
        }
        self.overlays();
        let mut at = 0;
        while let Some(id) = self.namespaces.known.get(at).copied() {
            at += 1;
            self.namespace_itself(id);
        }
        let mut at = 0;
        while let Some(id) = self.filesystems.known.get(at).copied() {
            at += 1;
            if let Some(filesystem) = world.filesystems.get(&id) {
                self.filesystem(id, filesystem);
            }
        }
    }

    fn task(&mut self, task: &Task) {
        let Task {
            pid,
            local_pid,
            parent,
            comm,
            exe,
            argv,
            credentials: _,
            root,
            cwd,
            umask,
            descriptors,
            namespaces,
            no_new_privs,
            dumpable,
            filters,
            confinement,
            caught_signals,
            limits,
            state,
        } = task;
        self.text
            .put((pid, local_pid, parent, comm, argv, umask, state));
        self.text
            .put((no_new_privs, dumpable, caught_signals, filters));
        self.credentials(&task.credentials);
        self.text.put(exe.is_some());
        for at in [Some(*root), Some(*cwd), *exe].into_iter().flatten() {
            self.location(at);
        }
        for id in [
            namespaces.mount,
            namespaces.pid,
            namespaces.pid_for_children,
            namespaces.network,
            namespaces.uts,
            namespaces.ipc,
            namespaces.cgroup,
            namespaces.time,
        ] {
            self.namespace(id);
        }
        self.text.put(limits.len());
        for limit in limits {
            self.text.put(limit);
        }
        self.text.put((
            confinement.token,
            confinement.on_exec.as_ref().map(|exec| exec.stack),
        ));
        for label in [
            confinement
                .on_exec
                .as_ref()
                .map(|OnExec { label, .. }| label),
            confinement.previous.as_ref(),
            confinement.no_new_privs.as_ref(),
        ] {
            self.text.put(label.is_some());
            if let Some(label) = label {
                self.label(label);
            }
        }
        self.text.put(descriptors.len());
        for (number, entry) in descriptors {
            let file = self.files.place(entry.file).0;
            self.text.put((number, file, entry.close_on_exec));
        }
    }

    fn credentials(&mut self, credentials: &crate::credentials::Credentials) {
        self.text.put((
            credentials.uid,
            credentials.gid,
            &credentials.groups,
            credentials.effective,
            credentials.permitted,
            credentials.inheritable,
            credentials.bounding,
            credentials.ambient,
            credentials.securebits,
        ));
        self.namespace(credentials.user_namespace);
        self.label(&credentials.label);
    }

    /// A label's profiles by their names: their numbers tell when they were
    /// loaded. One that is no longer loaded is not the one that took its name.
    fn label(&mut self, label: &Label) {
        let policy = &self.world.policy;
        self.text.put(label.profiles().len());
        for id in label.profiles() {
            match policy.get(*id) {
                Some(profile) => {
                    let current = policy
                        .find(&profile.name)
                        .is_some_and(|found| found.id == *id);
                    self.text.put((&profile.name, current));
                }
                None => self.text.put(id),
            }
        }
    }

    fn mount(&mut self, mount: &Mount) {
        self.filesystem_number(mount.filesystem);
        self.name(mount.root);
        self.text.put(mount.on.is_some());
        if let Some(on) = mount.on {
            self.location(on);
        }
        self.text.put(mount.namespace.is_some());
        if let Some(namespace) = mount.namespace {
            self.namespace(namespace);
        }
        let shared = mount.shared.map(|group| self.groups.place(group).0);
        let master = mount.master.map(|group| self.groups.place(group).0);
        self.text
            .put((mount.flags, shared, master, mount.unbindable, mount.locked));
    }

    fn location(&mut self, at: Location) {
        let mount = self.mounts.binary_search(&at.mount).ok();
        self.text.put(mount);
        self.name(at.dentry);
    }

    /// A name: its place, and what it leads to where that is not told by it.
    fn name(&mut self, dentry: DentryId) {
        let Some(entry) = self.world.dentries.get(&dentry) else {
            self.text.put(false);
            return;
        };
        self.text.put((true, entry.place, entry.linked));
        let Some(inode) = self.world.inodes.get(&entry.inode) else {
            return;
        };
        self.filesystem_number(inode.filesystem);
        if let Content::Pseudo(pseudo) = &inode.content {
            self.text.put(pseudo);
        }
        if entry.linked {
            return;
        }
        self.text.put(inode.count.places);
        if inode.count.places == Fingerprint::NONE {
            let (number, new) = self.nameless.place(entry.inode);
            self.text.put(number);
            if new {
                inode.describe(&mut self.text);
            }
        }
    }

    fn filesystem_number(&mut self, id: FilesystemId) {
        let number = self.filesystems.place(id).0;
        self.text.put(number);
    }

    fn filesystem(&mut self, id: FilesystemId, filesystem: &Filesystem) {
        let mut contents = filesystem.contents;
        for id in self
            .world
            .uncounted
            .iter()
            .filter_map(|inode| self.world.inodes.get(inode))
            .filter(|inode| inode.filesystem == id)
        {
            contents -= id.count.counted;
            contents += id.meaning();
        }
        self.text.put((
            filesystem.kind,
            filesystem.read_only,
            &filesystem.source,
            contents,
        ));
        self.namespace(filesystem.user_namespace);
    }

    fn namespace(&mut self, id: NamespaceId) {
        let number = self.namespaces.place(id).0;
        self.text.put(number);
    }

    fn namespace_itself(&mut self, id: NamespaceId) {
        let Some(namespace) = self.world.namespaces.get(&id) else {
            return;
        };
        self.text.put((
            namespace.kind,
            namespace.creator,
            &namespace.maps,
            &namespace.host_name,
        ));
        self.text
            .put((namespace.owner.is_some(), namespace.root.is_some()));
        if let Some(owner) = namespace.owner {
            self.namespace(owner);
        }
        if let Some(root) = namespace.root {
            self.location(root);
        }
    }

    fn file(&mut self, file: &OpenFile) {
        self.location(file.at);
        self.credentials(&file.opener);
        self.label(&file.label);
        self.text.put((file.flags, file.position, file.granted));
        self.text.put(std::mem::discriminant(&file.kind));
        match &file.kind {
            FileKind::Plain | FileKind::Path | FileKind::Pipe | FileKind::Refused => {}
            FileKind::Socket(id) => self.socket_number(*id),
            FileKind::Process(pid) => self.text.put(pid),
            FileKind::Namespace(id) => self.namespace(*id),
            FileKind::DetachedMount(id) => {
                let mount = self.mounts.binary_search(id).ok();
                self.text.put(mount);
            }
            FileKind::Context(kind, created) => self.text.put((kind, created)),
            FileKind::Anonymous(name) => self.text.put(name),
        }
    }

    fn socket_number(&mut self, id: SocketId) {
        let number = self.sockets.place(id).0;
        self.text.put(number);
    }

    fn socket(&mut self, socket: &Socket) {
        let Socket {
            family,
            kind,
            protocol,
            label,
            namespace,
            address,
            bound,
            peer,
            listening,
            waiting,
            inbox,
        } = socket;
        self.text
            .put((family, kind, protocol, listening, address, bound.is_some()));
        self.label(label);
        self.namespace(*namespace);
        if let Some(bound) = bound {
            self.location(*bound);
        }
        match peer {
            None => self.text.put(0),
            Some(Peer::Socket(id)) => {
                self.text.put(1);
                self.socket_number(*id);
            }
            Some(Peer::Address(address)) => self.text.put((2, address)),
        }
        self.text.put(waiting.len());
        for id in waiting {
            self.socket_number(*id);
        }
        self.text.put(inbox.len());
        for letter in inbox {
            self.text.put((&letter.data, letter.files.len()));
            for file in &letter.files {
                let number = self.files.place(*file).0;
                self.text.put(number);
            }
        }
    }

    /// Merged directories whose own attributes are no longer those of their top
    /// layer; all else in an overlay is its layers'.
    fn overlays(&mut self) {
        let mut changed: Vec<Fingerprint> = Vec::new();
        for (dentry, layers) in &self.world.overlays {
            let (Ok(entry), Ok((_, inode))) =
                (self.world.dentry(*dentry), self.world.inode_at(*dentry))
            else {
                continue;
            };
            let top = layers.top().and_then(|top| self.world.inode_at(top).ok());
            let same = top.is_some_and(|(_, top)| {
                (top.mode, top.uid, top.gid) == (inode.mode, inode.uid, inode.gid)
            });
            if !same && inode.is_directory() {
                let mut text = Text::default();
                text.put((entry.place, inode.mode, inode.uid, inode.gid));
                changed.push(text.fingerprint());
            }
        }
        changed.sort_unstable();
        self.text.put(changed);
        let roots: Vec<DentryId> = self
            .world
            .overlays
            .keys()
            .filter(|id| {
                self.world
                    .dentry(**id)
                    .is_ok_and(|entry| entry.parent == **id)
            })
            .copied()
            .collect();
        for root in roots {
            if let Some(layers) = self.world.overlays.get(&root) {
                for layer in layers.all() {
                    self.name(layer);
                }
            }
        }
    }
}
