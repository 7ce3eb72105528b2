//! One node's kernel as a value.

use std::sync::Arc;

use sorted::SharedMap;

use crate::{
    audit::AuditRecord,
    call::Call,
    contents::{Count, place_in, root_place},
    context::Context,
    errno::Errno,
    event::{Event, Fate, Gate},
    id::{DentryId, FileId, FilesystemId, InodeId, MountId, NamespaceId, Pid, SocketId},
    lsm::policy::Policy,
    namespace::Namespace,
    net::Socket,
    overlay::Layers,
    release::Release,
    settings::Settings,
    table::Table,
    task::{State, Task},
    vfs::{Content, Dentry, FileKind, Filesystem, Inode, Mount, Mounted, Name, OpenFile},
};

/// One node's Linux: everything that a system call can see or change.
///
/// A clone shares its structure with the original and costs the same
/// whatever the size; so stepping back or asking "what if" is a clone.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) release: &'static Release,
    pub(crate) settings: Arc<Settings>,
    pub(crate) policy: Policy,
    pub(crate) inodes: Table<InodeId, Arc<Inode>>,
    pub(crate) dentries: Table<DentryId, Arc<Dentry>>,
    pub(crate) filesystems: Table<FilesystemId, Arc<Filesystem>>,
    pub(crate) mounts: Table<MountId, Arc<Mount>>,
    /// What is mounted where: the topmost mount of each place.
    pub(crate) mounted: Mounted,
    pub(crate) namespaces: Table<NamespaceId, Arc<Namespace>>,
    pub(crate) files: Table<FileId, Arc<OpenFile>>,
    pub(crate) sockets: Table<SocketId, Arc<Socket>>,
    pub(crate) tasks: Table<Pid, Arc<Task>>,
    /// Where the names of overlays come from.
    pub(crate) overlays: Table<DentryId, Arc<Layers>>,
    /// Names of made-up directories that have been asked for.
    pub(crate) made_up: SharedMap<(DentryId, Name), DentryId>,
    /// Inodes that may have changed since they were counted.
    pub(crate) uncounted: Vec<InodeId>,
    pub(crate) log: Table<u64, Arc<AuditRecord>>,
    pub(crate) counters: Counters,
}

/// The world's own sources of numbers and time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    pub inode: u64,
    pub dentry: u64,
    pub filesystem: u32,
    pub mount: u32,
    pub namespace: u32,
    pub file: u32,
    pub socket: u32,
    pub pid: u32,
    pub peer_group: u32,
    /// Nanoseconds.
    pub time: i64,
    pub serial: u64,
}

impl World {
    /// Makes `pid` call `call`; the world is changed as the call changes it.
    ///
    /// A task that does not exist or has ended cannot call: the event then
    /// says `ESRCH` and no gate is asked.
    pub fn syscall(&mut self, pid: Pid, call: Call) -> Event {
        let Some(task) = self
            .tasks
            .get(&pid)
            .filter(|task| task.state == State::Running)
        else {
            return Event {
                task: pid,
                comm: Arc::from([]),
                call,
                result: Err(Errno::ESRCH),
                fate: Fate::Lives,
                answer: crate::event::Answer::Nothing,
                gates: Vec::new(),
                records: Vec::new(),
            };
        };
        let comm = Arc::clone(&task.comm);
        let credentials = Arc::clone(&task.credentials);
        self.counters.time += CALL_TIME;
        let mut context = Context::new(self, pid, credentials);
        let result = context.enter(&call);
        let (gates, records, answer) = context.finish();
        self.recount();
        let fate = match self.tasks.get(&pid).map(|task| task.state) {
            Some(State::Killed(signal)) => Fate::Killed(signal),
            Some(State::Exited(status)) => Fate::Exited(status),
            Some(State::Running) | None => Fate::Lives,
        };
        Event {
            task: pid,
            comm,
            call,
            result,
            fate,
            answer,
            gates,
            records,
        }
    }

    /// The kernel that this world simulates.
    pub fn release(&self) -> &'static Release {
        self.release
    }

    /// Sysctls and module parameters.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes sysctls and module parameters, as the node's administrator.
    pub fn settings_mut(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }

    /// A task, dead or alive, until it has been waited for.
    pub fn task(&self, pid: Pid) -> Option<&Task> {
        self.tasks.get(&pid).map(Arc::as_ref)
    }

    /// All tasks, by their ids.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().map(Arc::as_ref)
    }

    /// The profiles that are loaded.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The kernel log from the beginning, as `dmesg` reads it.
    pub fn log(&self) -> impl Iterator<Item = &AuditRecord> {
        self.log.values().map(Arc::as_ref)
    }

    pub(crate) fn inode(&self, id: InodeId) -> Result<&Inode, Errno> {
        self.inodes.get(&id).map(Arc::as_ref).ok_or(Errno::EIO)
    }

    pub(crate) fn dentry(&self, id: DentryId) -> Result<&Dentry, Errno> {
        self.dentries.get(&id).map(Arc::as_ref).ok_or(Errno::EIO)
    }

    pub(crate) fn dentry_mut(&mut self, id: DentryId) -> Result<&mut Dentry, Errno> {
        self.dentries
            .get_mut(&id)
            .map(Arc::make_mut)
            .ok_or(Errno::EIO)
    }

    pub(crate) fn mount(&self, id: MountId) -> Result<&Mount, Errno> {
        self.mounts.get(&id).map(Arc::as_ref).ok_or(Errno::EIO)
    }

    pub(crate) fn filesystem(&self, id: FilesystemId) -> Result<&Filesystem, Errno> {
        self.filesystems.get(&id).map(Arc::as_ref).ok_or(Errno::EIO)
    }

    pub(crate) fn task_mut(&mut self, pid: Pid) -> Result<&mut Task, Errno> {
        self.tasks
            .get_mut(&pid)
            .map(Arc::make_mut)
            .ok_or(Errno::ESRCH)
    }

    pub(crate) fn running(&self, pid: Pid) -> Result<&Task, Errno> {
        self.task(pid).ok_or(Errno::ESRCH)
    }

    /// The inode behind a name.
    pub(crate) fn inode_at(&self, dentry: DentryId) -> Result<(InodeId, &Inode), Errno> {
        let id = self.dentry(dentry)?.inode;
        Ok((id, self.inode(id)?))
    }

    /// Adds an inode with the next number; it has no name yet.
    pub(crate) fn add_inode(
        &mut self,
        filesystem: FilesystemId,
        content: Content,
        mode: u32,
        uid: u32,
        gid: u32,
    ) -> InodeId {
        self.counters.inode += 1;
        let id = InodeId(self.counters.inode);
        let links = u32::from(matches!(content, Content::Directory(_))) * 2;
        let inode = Inode {
            filesystem,
            number: self.counters.inode,
            content,
            mode,
            uid,
            gid,
            immutable: false,
            links,
            xattrs: SharedMap::new(),
            times: [self.counters.time; 3],
            count: Count::default(),
        };
        self.inodes.insert(id, Arc::new(inode));
        id
    }

    /// Adds a name without putting it into its directory.
    pub(crate) fn add_dentry(
        &mut self,
        parent: Option<DentryId>,
        name: Name,
        inode: InodeId,
    ) -> DentryId {
        self.counters.dentry += 1;
        let id = DentryId(self.counters.dentry);
        let place = match parent.and_then(|parent| self.dentries.get(&parent)) {
            Some(directory) => place_in(directory.place, &name),
            None => root_place(),
        };
        let parent = parent.unwrap_or(id);
        self.dentries.insert(
            id,
            Arc::new(Dentry {
                parent,
                name,
                inode,
                linked: true,
                place,
            }),
        );
        id
    }

    /// Gives `inode` a name in a directory; counts links.
    pub(crate) fn link_name(
        &mut self,
        parent: DentryId,
        name: Name,
        inode: InodeId,
    ) -> Result<DentryId, Errno> {
        let directory = self.inode(inode)?.is_directory();
        let dentry = self.add_dentry(Some(parent), Arc::clone(&name), inode);
        let time = self.counters.time;
        let parent_inode = self.dentry(parent)?.inode;
        let above = self.inode_mut(parent_inode)?;
        if let Content::Directory(entries) = &mut above.content {
            entries.insert(name, dentry);
        }
        above.times[1] = time;
        above.times[2] = time;
        if directory {
            above.links += 1;
        } else {
            let target = self.inode_mut(inode)?;
            target.links += 1;
            target.times[2] = time;
        }
        self.count_name(dentry)?;
        Ok(dentry)
    }

    /// Takes a name out of its directory; the inode stays while a file is open.
    pub(crate) fn unlink_name(&mut self, dentry: DentryId) -> Result<(), Errno> {
        let Dentry {
            parent,
            name,
            inode,
            ..
        } = self.dentry(dentry)?.clone();
        let directory = self.inode(inode)?.is_directory();
        self.discount_name(dentry)?;
        self.dentry_mut(dentry)?.linked = false;
        let time = self.counters.time;
        let parent_inode = self.dentry(parent)?.inode;
        let above = self.inode_mut(parent_inode)?;
        if let Content::Directory(entries) = &mut above.content {
            entries.remove(&name);
        }
        above.times[1] = time;
        above.times[2] = time;
        let gone = if directory {
            above.links = above.links.saturating_sub(1);
            self.inode_mut(inode)?.links = 0;
            true
        } else {
            let target = self.inode_mut(inode)?;
            target.links = target.links.saturating_sub(1);
            target.times[2] = time;
            target.links == 0
        };
        if !self.is_in_use(dentry) {
            self.dentries.remove(&dentry);
            if gone && !self.is_inode_in_use(inode) {
                self.remove_inode(inode);
            }
        }
        Ok(())
    }

    /// True when a task or open file still points at a name.
    pub(crate) fn is_in_use(&self, dentry: DentryId) -> bool {
        self.files.values().any(|file| file.at.dentry == dentry)
            || self.mounts.values().any(|mount| mount.root == dentry)
            || self
                .sockets
                .values()
                .any(|socket| socket.bound.is_some_and(|at| at.dentry == dentry))
            || self.tasks.values().any(|task| {
                task.cwd.dentry == dentry
                    || task.root.dentry == dentry
                    || task.exe.is_some_and(|exe| exe.dentry == dentry)
            })
    }

    fn is_inode_in_use(&self, inode: InodeId) -> bool {
        self.files.values().any(|file| {
            self.dentries
                .get(&file.at.dentry)
                .is_some_and(|dentry| dentry.inode == inode)
        })
    }

    pub(crate) fn next_file(&mut self, file: OpenFile) -> FileId {
        self.counters.file += 1;
        let id = FileId(self.counters.file);
        self.files.insert(id, Arc::new(file));
        id
    }

    /// Gives up one descriptor's share of an open file.
    pub(crate) fn release_file(&mut self, id: FileId) {
        let Some(file) = self.files.get_mut(&id).map(Arc::make_mut) else {
            return;
        };
        file.references = file.references.saturating_sub(1);
        if file.references > 0 {
            return;
        }
        let at = file.at;
        if let FileKind::Socket(socket) = file.kind {
            self.sockets.remove(&socket);
        }
        self.files.remove(&id);
        if id.0 == self.counters.file {
            // Nobody sees the number, and a table of low numbers is a quick one.
            self.counters.file -= 1;
        }
        let Some((inode, linked)) = self
            .dentries
            .get(&at.dentry)
            .map(|dentry| (dentry.inode, dentry.linked))
        else {
            return;
        };
        if !linked && !self.is_in_use(at.dentry) {
            self.dentries.remove(&at.dentry);
            let unnamed = self
                .inodes
                .get(&inode)
                .is_some_and(|inode| inode.links == 0);
            if unnamed && !self.is_inode_in_use(inode) {
                self.remove_inode(inode);
            }
        }
    }

    /// Appends a record to the log.
    pub(crate) fn append(&mut self, kind: u16, text: String) -> AuditRecord {
        if kind != 0 {
            self.counters.serial += 1;
        }
        let record = AuditRecord {
            kind,
            time: EPOCH + self.counters.time / 1_000_000,
            serial: self.counters.serial,
            text,
        };
        let place = self.log.len() as u64;
        self.log.insert(place, Arc::new(record.clone()));
        record
    }
}

/// World time that one call takes, in nanoseconds: only order matters.
const CALL_TIME: i64 = 1_000_000;
/// The wall clock at the world's beginning: 2026-01-01, in milliseconds.
const EPOCH: i64 = 1_767_225_600_000;

/// Gates, records and answer of a call.
pub(crate) type Outcome = (Vec<Gate>, Vec<AuditRecord>, crate::event::Answer);
