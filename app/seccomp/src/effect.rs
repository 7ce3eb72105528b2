//! What becomes of the call and the process once the filters have answered.

use crate::{
    action::{Action, MAX_ERRNO},
    filter::Flags,
};

/// `ENOSYS`: what a call gets when nobody is there to decide.
pub const ENOSYS: u16 = 38;
/// `SIGSYS`.
pub const SIGSYS: u8 = 31;
/// `si_code` of a SIGSYS that TRAP sends: `SYS_SECCOMP`.
pub const SYS_SECCOMP: i32 = 1;

/// What the calling process sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The call goes ahead.
    Runs,
    /// The call is skipped and returns 0, as if it had been done.
    SkippedAsSuccess,
    /// The call is skipped and fails with this errno.
    Fails {
        /// The errno, at most [`MAX_ERRNO`].
        errno: u16,
    },
    /// The thread gets a SIGSYS that it may handle; without a handler the
    /// process dies of it.
    Signal {
        /// `si_errno` of the signal: the action's data.
        si_errno: u16,
    },
    /// The calling thread dies with SIGSYS; in a process of one thread that is the process.
    ThreadDies,
    /// The whole process dies with SIGSYS.
    ProcessDies,
    /// A tracer or a supervisor decides; the simulator has none, so this is
    /// what a task sees that does have one.
    AskedOutside,
}

/// Who is there to be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listeners {
    /// A ptrace tracer with `PTRACE_O_TRACESECCOMP`.
    pub tracer: bool,
    /// A supervisor on the filter's notification descriptor.
    pub supervisor: bool,
}

/// What an action does to the caller (`__seccomp_filter` of `kernel/seccomp.c`).
pub const fn effect(action: Action, listeners: Listeners) -> Effect {
    match action {
        Action::Allow | Action::Log => Effect::Runs,
        Action::Errno(0) => Effect::SkippedAsSuccess,
        Action::Errno(errno) if errno > MAX_ERRNO => Effect::Fails { errno: MAX_ERRNO },
        Action::Errno(errno) => Effect::Fails { errno },
        Action::Trap(si_errno) => Effect::Signal { si_errno },
        Action::KillThread => Effect::ThreadDies,
        Action::KillProcess => Effect::ProcessDies,
        Action::Trace(_) if !listeners.tracer => Effect::Fails { errno: ENOSYS },
        Action::Notify if !listeners.supervisor => Effect::Fails { errno: ENOSYS },
        Action::Trace(_) | Action::Notify => Effect::AskedOutside,
    }
}

/// Whether the kernel writes an audit record (`seccomp_log`), with the default
/// `actions_logged`: the kills and LOG always, ALLOW never, the others only for
/// a filter loaded with `SECCOMP_FILTER_FLAG_LOG`.
pub const fn is_logged(action: Action, flags: Flags) -> bool {
    match action {
        Action::KillProcess | Action::KillThread | Action::Log => true,
        Action::Allow => false,
        Action::Trap(_) | Action::Errno(_) | Action::Trace(_) | Action::Notify => flags.log,
    }
}
