//! Tasks: processes of one thread each.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use sorted::SharedMap;

use crate::{
    credentials::Credentials,
    fingerprint::Fingerprint,
    id::{FileId, Pid},
    lsm::label::Label,
    namespace::Namespaces,
    table::Table,
    vfs::Location,
};

/// `struct task_struct`, of a process with one thread.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its id in the initial pid namespace.
    pub pid: Pid,
    /// Its id in its own pid namespace.
    pub local_pid: u32,
    /// Its parent.
    pub parent: Pid,
    /// The name the kernel gives it: at most 15 bytes (`TASK_COMM_LEN`).
    pub comm: Arc<[u8]>,
    /// The program it runs.
    pub exe: Option<Location>,
    /// The arguments it was started with.
    pub argv: Arc<[Arc<[u8]>]>,
    /// Who it is.
    pub credentials: Arc<Credentials>,
    /// `/`, as this task sees it.
    pub root: Location,
    /// Its working directory.
    pub cwd: Location,
    /// `umask(2)`.
    pub umask: u32,
    /// Descriptors.
    pub descriptors: Table<i32, Descriptor>,
    /// Namespaces, other than the user namespace (that is in the credentials).
    pub namespaces: Namespaces,
    /// `no_new_privs` (`prctl(2)`).
    pub no_new_privs: bool,
    /// May be traced by others of the same user (`PR_SET_DUMPABLE`).
    pub dumpable: bool,
    /// Installed seccomp filters, in the order of installation.
    pub filters: Vec<Filter>,
    /// What AppArmor keeps besides the label.
    pub confinement: Confinement,
    /// Signals that are ignored or handled, a bit each.
    pub caught_signals: u64,
    /// `RLIMIT_NOFILE` and its companions: soft and hard.
    pub limits: SharedMap<u32, (u64, u64)>,
    /// Whether it lives.
    pub state: State,
}

/// One entry of the descriptor table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Descriptor {
    /// The open file it refers to.
    pub file: FileId,
    /// `FD_CLOEXEC`.
    pub close_on_exec: bool,
}

/// A seccomp filter as installed.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The program and the rules it came from.
    pub program: Arc<seccomp::Filter>,
    /// `SECCOMP_FILTER_FLAG_LOG`.
    pub log: bool,
    /// What the program does.
    meaning: Fingerprint,
}

impl Filter {
    /// A filter as it is installed.
    pub fn new(program: Arc<seccomp::Filter>, log: bool) -> Self {
        let meaning = Fingerprint::of(&program.program);
        Self {
            program,
            log,
            meaning,
        }
    }
}

impl Hash for Filter {
    /// What it does; not which rules it came from.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.meaning, self.log).hash(state);
    }
}

/// `struct aa_task_ctx`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Confinement {
    /// The label the next exec is to enter (`attr/exec`).
    pub on_exec: Option<OnExec>,
    /// The label to return to from a hat (`attr/prev`).
    pub previous: Option<Label>,
    /// The label in force when `no_new_privs` was first seen.
    pub no_new_privs: Option<Label>,
    /// What `change_hat` must be given to leave the hat.
    pub token: u64,
}

/// What `attr/exec` was set to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnExec {
    /// The label.
    pub label: Label,
    /// To be added to the label in force, not put in its place.
    pub stack: bool,
}

/// Whether a task lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It does.
    Running,
    /// It was ended by a signal and its parent has not asked yet.
    Killed(u32),
    /// It exited with a status.
    Exited(i32),
}
