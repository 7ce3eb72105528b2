//! One node's computer: its kernel, what is printed, and what was called.

use crate::{console::Console, document::ImageFile, node::Pod, programs, workspace::Toolchain};
use cluster::{api::ApiServer, start::SeccompInForce};
use kernel::{Arg, Call, Errno, Event, Fate, Pid, World, abi, id::FileId, settings::Presence};
use sorted::SortedSet;
use std::sync::Arc;

/// Most system calls that one command line may make.
pub const MAX_CALLS: usize = 20_000;

/// A computer.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its kernel.
    pub world: World,
    /// What its programs print.
    pub console: Console,
    /// What its programs called, in order.
    pub journal: Vec<Recorded>,
    /// Its name in the network.
    pub host: String,
    /// What its AppArmor parser goes by.
    pub apparmor: Toolchain,
    /// Its part of the cluster.
    pub node: cluster::node::Node,
    /// The API server that the node belongs to, with what configures it.
    pub api: ApiServer,
    /// The pods on it, by their start.
    pub pods: Vec<Pod>,
    /// What the images hold besides busybox.
    pub image: Vec<ImageFile>,
    /// Who watches whose calls now, the latest last.
    pub tracers: Vec<Tracer>,
    /// The program that waits for its next answer at the terminal.
    pub dialog: Option<programs::Dialog>,
    /// The command line that is being run.
    command: Arc<str>,
    /// Calls made for it so far.
    calls: usize,
    recording: bool,
}

/// A process that is told of another's system calls.
#[derive(Debug, Clone)]
pub struct Tracer {
    /// The one that is told.
    pub pid: Pid,
    /// The descriptor that it writes them to.
    pub fd: i32,
    /// The one that is watched.
    pub tracee: Pid,
    /// Whether the descendants of the tracee are watched too.
    pub follow: bool,
    /// The names of the calls that it is told of; all when there are none.
    pub only: Option<Vec<String>>,
}

/// A system call in the journal.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The command line that it was made for.
    pub command: Arc<str>,
    /// The kernel just before; clones share what did not change.
    pub before: World,
    /// What came of it.
    pub event: Event,
    /// Where the file lies on the node of which the caller's filter was made.
    filter: Option<String>,
}

impl Recorded {
    /// Whether the call is an open that makes a new file: asked of the kernel
    /// as it was before.
    pub fn creates(&self) -> bool {
        let call = &self.event.call;
        let (directory, path, flags) = match call.name.as_ref() {
            "open" => (Arg::Int(abi::AT_FDCWD), 0, call.args.word(1)),
            "creat" => (Arg::Int(abi::AT_FDCWD), 0, abi::O_CREAT),
            "openat" => (Arg::Int(i64::from(call.args.int(0))), 1, call.args.word(2)),
            "openat2" => {
                let flags = call.args.field(2, 0, 8).unwrap_or(0);
                (Arg::Int(i64::from(call.args.int(0))), 1, flags)
            }
            _ => return false,
        };
        let Some(path) = call.args.0.get(path).filter(|_| flags & abi::O_CREAT != 0) else {
            return false;
        };
        let look = Call::new(
            "newfstatat",
            [directory, path.clone(), Arg::Room(144), Arg::NULL],
        );
        let looked = self.before.clone().syscall(self.event.task, look);
        looked.result == Err(Errno::ENOENT)
    }

    /// Where the file lies on the node of which the caller's filter was made.
    pub fn filter_path(&self) -> Option<&str> {
        self.filter.as_deref()
    }
}

impl Machine {
    /// A computer with this kernel, and an empty journal.
    pub fn new(world: World, node: cluster::node::Node, apparmor: Toolchain) -> Self {
        Self {
            world,
            console: Console::default(),
            journal: Vec::new(),
            host: node.name.clone(),
            apparmor,
            api: ApiServer::new(node.stack.kubelet.version),
            node,
            pods: Vec::new(),
            image: Vec::new(),
            tracers: Vec::new(),
            dialog: None,
            command: Arc::from(""),
            calls: 0,
            recording: true,
        }
    }

    /// Whether its kernel runs AppArmor.
    pub fn has_apparmor(&self) -> bool {
        self.world.settings().apparmor == Presence::On
    }

    /// `uname -r`.
    pub fn release(&self) -> String {
        self.node.stack.host.kernel_release.to_string()
    }

    /// The kernel's log as `dmesg` prints it, with the time since boot.
    pub fn kernel_log(&self) -> Vec<String> {
        self.world
            .log()
            .map(|record| {
                let since_boot = record.time - crate::clock::BOOT;
                let (seconds, millis) = (since_boot / 1000, since_boot % 1000);
                format!("[{seconds:5}.{millis:03}000] {record}")
            })
            .collect()
    }

    /// What follows belongs to this command line.
    pub fn begin(&mut self, command: &str) {
        self.command = Arc::from(command);
        self.calls = 0;
    }

    /// Makes a system call. Over [`MAX_CALLS`] the task is told that it does
    /// not exist, so that a program that runs wild comes to its end.
    pub fn call(&mut self, pid: Pid, call: Call) -> Event {
        self.calls += 1;
        if self.calls > MAX_CALLS {
            if self.calls == MAX_CALLS + 1 {
                self.console.notice(&format!(
                    "stopped: the command made more than {MAX_CALLS} system calls"
                ));
            }
            return self.world.clone().syscall(NOBODY, call);
        }
        let before = self.recording.then(|| self.world.clone());
        let event = self.world.syscall(pid, call);
        if CLOSING.contains(&event.call.name.as_ref()) || event.fate != Fate::Lives {
            let descriptors = self
                .world
                .tasks()
                .flat_map(|task| task.descriptors.values());
            let open: SortedSet<FileId> = descriptors.map(|descriptor| descriptor.file).collect();
            self.console.forget(|file| open.contains(&file));
        }
        if let Some(before) = before {
            self.journal.push(Recorded {
                command: Arc::clone(&self.command),
                before,
                event: event.clone(),
                filter: self.filter_file(pid),
            });
            if !self.tracers.is_empty() {
                programs::trace(self, &event);
            }
        }
        event
    }

    /// The file of which a task's filter was made, when it is a container's.
    fn filter_file(&self, pid: Pid) -> Option<String> {
        let task = self.world.task(pid)?;
        if task.filters.is_empty() {
            return None;
        }
        let mut containers = self.pods.iter().flat_map(|pod| &pod.containers);
        containers.find_map(|container| match &container.confinement.seccomp {
            SeccompInForce::Localhost(path) => {
                let filter = container.filter.as_ref()?;
                let same =
                    |installed: &kernel::task::Filter| Arc::ptr_eq(&installed.program, filter);
                task.filters.iter().any(same).then(|| path.clone())
            }
            _ => None,
        })
    }

    /// Does something without writing its system calls into the journal: what
    /// a shell does around a program.
    pub fn quietly<T>(&mut self, what: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.recording, false);
        let result = what(self);
        self.recording = outer;
        result
    }

    /// The open file behind a task's descriptor.
    pub fn file(&self, pid: Pid, fd: i32) -> Option<FileId> {
        let task = self.world.task(pid)?;
        task.descriptors.get(&fd).map(|descriptor| descriptor.file)
    }
}

/// Calls that may be the end of an open file, besides those that end a task.
const CLOSING: [&str; 8] = [
    "close", "dup2", "dup3", "execve", "execveat", "kill", "tgkill", "tkill",
];

/// A process id that no task has.
const NOBODY: Pid = Pid(0);
