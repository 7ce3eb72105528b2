//! One call under way: the world it changes and the trail it leaves.

use std::sync::Arc;

use crate::{
    audit::AuditRecord,
    call::{Call, Entry},
    credentials::Credentials,
    errno::Errno,
    event::{Answer, Evidence, Gate, GateKind, Verdict},
    gate,
    id::{FileId, Pid},
    inquiry::Waived,
    syscalls::compat,
    task::{Descriptor, State, Task},
    vfs::{Location, OpenFile},
    world::{Outcome, World},
};

/// A call under way.
pub(crate) struct Context<'w> {
    pub world: &'w mut World,
    pub pid: Pid,
    pub credentials: Arc<Credentials>,
    pub gates: Vec<Gate>,
    pub records: Vec<AuditRecord>,
    pub answer: Answer,
    /// Gates whose refusals are passed over, to ask those behind them.
    pub waived: Waived,
}

impl<'w> Context<'w> {
    pub fn new(world: &'w mut World, pid: Pid, credentials: Arc<Credentials>) -> Self {
        Self {
            world,
            pid,
            credentials,
            gates: Vec::with_capacity(4),
            records: Vec::new(),
            answer: Answer::Nothing,
            waived: Waived::default(),
        }
    }

    /// Entry from user space: filters first, then the call itself.
    pub fn enter(&mut self, call: &Call) -> Result<i64, Errno> {
        if let Some(result) = gate::seccomp::check(self, call) {
            return result;
        }
        let result = match self.dispatch(call) {
            Ok(result) => result,
            Err(why) => return self.fail(Errno::ENOSYS, why),
        };
        if let Err(errno) = result
            && !self.has_refusal()
        {
            self.gate(
                GateKind::PathWalk,
                Verdict::Failed(errno),
                Evidence::Plain("arguments"),
            );
        }
        result
    }

    /// Carries a call out by the table of its entry; the error says why there is
    /// nothing to carry out.
    fn dispatch(&mut self, call: &Call) -> Result<Result<i64, Errno>, &'static str> {
        const UNKNOWN: &str = "no such call, or one that this simulator lacks";
        let settings = &self.world.settings;
        match call.entry {
            Entry::I386 if !settings.i386 => return Err("32-bit programs are not let in"),
            Entry::X32 if !settings.x32 => return Err("the x32 ABI is not let in"),
            _ => {}
        }
        if call.resolved_number().is_none() {
            return Err("the table of this entry has no such call");
        }
        let run = call.known.map(|syscall| syscall.run);
        if call.entry == Entry::I386 {
            return compat::run(self, &call.name, run, &call.args).ok_or(UNKNOWN);
        }
        run.map(|run| run(self, &call.args)).ok_or(UNKNOWN)
    }

    pub fn finish(self) -> Outcome {
        (self.gates, self.records, self.answer)
    }

    fn has_refusal(&self) -> bool {
        self.gates
            .iter()
            .any(|gate| matches!(gate.verdict, Verdict::Denied(_) | Verdict::Failed(_)))
    }

    /// Notes a gate's answer.
    pub fn gate(&mut self, kind: GateKind, verdict: Verdict, evidence: Evidence) {
        self.gates.push(Gate {
            kind,
            verdict,
            evidence,
        });
    }

    /// A refusal that has been noted: an error, unless the gate's refusals are
    /// passed over.
    pub fn refuse(&self, kind: GateKind, errno: Errno) -> Result<(), Errno> {
        if self.waived.has(kind) {
            Ok(())
        } else {
            Err(errno)
        }
    }

    /// Notes a failure of the object itself, and is that failure.
    pub fn fail<T>(&mut self, errno: Errno, why: &'static str) -> Result<T, Errno> {
        self.gate(
            GateKind::PathWalk,
            Verdict::Failed(errno),
            Evidence::Plain(why),
        );
        Err(errno)
    }

    /// Notes that a path names nothing, and is that failure.
    pub fn missing<T>(&mut self, path: &[u8]) -> Result<T, Errno> {
        self.note_walk(&Err(Errno::ENOENT), path);
        Err(Errno::ENOENT)
    }

    /// Writes a record to the log.
    pub fn record(&mut self, kind: u16, text: String) {
        let record = self.world.append(kind, text);
        self.records.push(record);
    }

    pub fn task(&self) -> Result<&Task, Errno> {
        self.world.running(self.pid)
    }

    pub fn task_mut(&mut self) -> Result<&mut Task, Errno> {
        self.world.task_mut(self.pid)
    }

    /// Replaces the caller's credentials.
    pub fn set_credentials(&mut self, credentials: Credentials) -> Result<(), Errno> {
        let credentials = Arc::new(credentials);
        self.credentials = Arc::clone(&credentials);
        self.task_mut()?.credentials = credentials;
        Ok(())
    }

    /// The open file of a descriptor, of any kind but `O_PATH` (`fdget`).
    pub fn file(&self, descriptor: i32) -> Result<(FileId, &OpenFile), Errno> {
        let (id, file) = self.any_file(descriptor)?;
        if file.is_path() {
            Err(Errno::EBADF)
        } else {
            Ok((id, file))
        }
    }

    /// The open file of a descriptor, `O_PATH` included (`fdget_raw`).
    pub fn any_file(&self, descriptor: i32) -> Result<(FileId, &OpenFile), Errno> {
        let id = self
            .task()?
            .descriptors
            .get(&descriptor)
            .ok_or(Errno::EBADF)?
            .file;
        let file = self.world.files.get(&id).ok_or(Errno::EBADF)?;
        Ok((id, file))
    }

    /// Where a directory descriptor argument points.
    pub fn start(&self, descriptor: i32) -> Result<Location, Errno> {
        if i64::from(descriptor) == crate::abi::AT_FDCWD {
            return Ok(self.task()?.cwd);
        }
        Ok(self.any_file(descriptor)?.1.at)
    }

    /// Whether the caller's root is not that of its mount namespace
    /// (`current_chrooted`).
    pub fn is_chrooted(&self) -> Result<bool, Errno> {
        let task = self.task()?;
        let namespace = self.world.namespaces.get(&task.namespaces.mount);
        let Some(mut root) = namespace.and_then(|namespace| namespace.root) else {
            return Ok(false);
        };
        while let Some(&above) = self.world.mounted.get(&root) {
            root = self.world.root_of_mount(above);
        }
        Ok(root != task.root)
    }

    /// Puts an open file into the lowest free descriptor.
    pub fn install(&mut self, file: OpenFile, close_on_exec: bool) -> Result<i64, Errno> {
        let number = self.free_descriptor(0)?;
        self.install_at(number, file, close_on_exec)
    }

    /// Puts an open file into a descriptor found with
    /// [`Context::free_descriptor`].
    pub fn install_at(
        &mut self,
        number: i32,
        file: OpenFile,
        close_on_exec: bool,
    ) -> Result<i64, Errno> {
        let file = self.world.next_file(OpenFile {
            references: 1,
            ..file
        });
        self.task_mut()?.descriptors.insert(
            number,
            Descriptor {
                file,
                close_on_exec,
            },
        );
        Ok(i64::from(number))
    }

    /// `RLIMIT_NOFILE` of the caller.
    pub fn descriptor_limit(&self) -> Result<u64, Errno> {
        Ok(self
            .task()?
            .limits
            .get(&RLIMIT_NOFILE)
            .map_or(DEFAULT_NOFILE, |limit| limit.0))
    }

    /// Gives an open file one more descriptor, the lowest free from `least`.
    pub fn install_shared(
        &mut self,
        file: FileId,
        close_on_exec: bool,
        least: i32,
    ) -> Result<i64, Errno> {
        let free = self.free_descriptor(least)?;
        self.install_shared_at(file, close_on_exec, free)?;
        Ok(i64::from(free))
    }

    /// Gives an open file one more descriptor, one that is free.
    pub fn install_shared_at(
        &mut self,
        file: FileId,
        close_on_exec: bool,
        number: i32,
    ) -> Result<(), Errno> {
        if let Some(file) = self.world.files.get_mut(&file) {
            Arc::make_mut(file).references += 1;
        }
        self.task_mut()?.descriptors.insert(
            number,
            Descriptor {
                file,
                close_on_exec,
            },
        );
        Ok(())
    }

    /// The lowest free descriptor from `least`.
    pub fn free_descriptor(&self, least: i32) -> Result<i32, Errno> {
        let limit = self.descriptor_limit()?;
        let descriptors = &self.task()?.descriptors;
        let mut free = least;
        while descriptors.contains_key(&free) {
            free += 1;
        }
        if u64::try_from(free).map_err(|_| Errno::EMFILE)? >= limit {
            return Err(Errno::EMFILE);
        }
        Ok(free)
    }

    /// Ends the caller with a signal.
    pub fn kill(&mut self, signal: u32) -> Result<(), Errno> {
        self.task_mut()?.state = State::Killed(signal);
        Ok(())
    }
}

/// `RLIMIT_NOFILE`.
pub(crate) const RLIMIT_NOFILE: u32 = 7;
/// Its usual soft value.
const DEFAULT_NOFILE: u64 = 1024;
