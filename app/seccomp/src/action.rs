//! What a filter can answer, and the 32-bit value that says it.

use std::fmt;

/// Largest errno that the kernel lets a filter return (`MAX_ERRNO`).
pub const MAX_ERRNO: u16 = 4095;

/// Data of ERRNO and TRACE where a profile gives none: `EPERM`.
pub const DEFAULT_ERRNO: u32 = 1;

/// An action with its data, as in the return value of a filter.
///
/// Values: `SECCOMP_RET_*` of `<linux/seccomp.h>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Every thread of the process dies with SIGSYS.
    KillProcess,
    /// The calling thread dies with SIGSYS.
    KillThread,
    /// The thread gets SIGSYS and may handle it; the data becomes `si_errno`.
    Trap(u16),
    /// The call is skipped and returns this errno; 0 reports success.
    Errno(u16),
    /// A supervisor behind a notification descriptor decides.
    Notify,
    /// A ptrace tracer decides; it gets the data as its message.
    Trace(u16),
    /// The call runs and is logged.
    Log,
    /// The call runs.
    Allow,
}

impl Action {
    /// The action and data in a filter's return value. Values that the kernel
    /// does not know act as `KillProcess`, as in `__seccomp_filter`.
    pub const fn from_return(value: u32) -> Self {
        let data = (value & 0xffff) as u16;
        match value & 0xffff_0000 {
            0x0000_0000 => Self::KillThread,
            0x0003_0000 => Self::Trap(data),
            0x0005_0000 => Self::Errno(data),
            0x7fc0_0000 => Self::Notify,
            0x7ff0_0000 => Self::Trace(data),
            0x7ffc_0000 => Self::Log,
            0x7fff_0000 => Self::Allow,
            _ => Self::KillProcess,
        }
    }

    /// The value that a filter returns for this action.
    pub const fn to_return(self) -> u32 {
        match self {
            Self::Trap(data) | Self::Errno(data) | Self::Trace(data) => self.code() | data as u32,
            _ => self.code(),
        }
    }

    /// The action without data: what `code=` shows in an audit record.
    pub const fn code(self) -> u32 {
        match self {
            Self::KillProcess => 0x8000_0000,
            Self::KillThread => 0x0000_0000,
            Self::Trap(_) => 0x0003_0000,
            Self::Errno(_) => 0x0005_0000,
            Self::Notify => 0x7fc0_0000,
            Self::Trace(_) => 0x7ff0_0000,
            Self::Log => 0x7ffc_0000,
            Self::Allow => 0x7fff_0000,
        }
    }

    /// The word for it in `/proc/sys/kernel/seccomp/actions_avail`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KillProcess => "kill_process",
            Self::KillThread => "kill_thread",
            Self::Trap(_) => "trap",
            Self::Errno(_) => "errno",
            Self::Notify => "user_notif",
            Self::Trace(_) => "trace",
            Self::Log => "log",
            Self::Allow => "allow",
        }
    }

    /// The name in an OCI profile.
    pub const fn oci_name(self) -> &'static str {
        match self {
            Self::KillProcess => "SCMP_ACT_KILL_PROCESS",
            Self::KillThread => "SCMP_ACT_KILL_THREAD",
            Self::Trap(_) => "SCMP_ACT_TRAP",
            Self::Errno(_) => "SCMP_ACT_ERRNO",
            Self::Notify => "SCMP_ACT_NOTIFY",
            Self::Trace(_) => "SCMP_ACT_TRACE",
            Self::Log => "SCMP_ACT_LOG",
            Self::Allow => "SCMP_ACT_ALLOW",
        }
    }

    /// The action that runc builds from a profile's `action` and `errnoRet`
    /// (`getAction` of `libcontainer/seccomp/seccomp_linux.go`): the errno
    /// counts only for ERRNO and TRACE, and only its low 16 bits.
    ///
    /// `None` where runc does not know the name.
    pub fn from_oci(name: &str, errno: Option<u64>) -> Option<Self> {
        let data = (errno.unwrap_or(u64::from(DEFAULT_ERRNO)) & 0xffff) as u16;
        Some(match name {
            "SCMP_ACT_KILL" | "SCMP_ACT_KILL_THREAD" => Self::KillThread,
            "SCMP_ACT_KILL_PROCESS" => Self::KillProcess,
            "SCMP_ACT_TRAP" => Self::Trap(0),
            "SCMP_ACT_ERRNO" => Self::Errno(data),
            "SCMP_ACT_TRACE" => Self::Trace(data),
            "SCMP_ACT_LOG" => Self::Log,
            "SCMP_ACT_ALLOW" => Self::Allow,
            "SCMP_ACT_NOTIFY" => Self::Notify,
            _ => return None,
        })
    }

    /// Rank among stacked filters: the smallest wins, compared as the kernel
    /// does, signed and without data (`seccomp_run_filters`).
    pub const fn rank(self) -> i32 {
        self.code().cast_signed()
    }

    /// Whether the call goes ahead without anyone else being asked.
    pub const fn runs_the_call(self) -> bool {
        matches!(self, Self::Allow | Self::Log)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self
            .oci_name()
            .strip_prefix("SCMP_ACT_")
            .unwrap_or_default();
        match self {
            Self::Trap(0) => out.write_str(name),
            Self::Trap(data) | Self::Errno(data) | Self::Trace(data) => {
                write!(out, "{name}({data})")
            }
            _ => out.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_survives_the_way_through_a_return_value() {
        for action in [
            Action::KillProcess,
            Action::KillThread,
            Action::Trap(7),
            Action::Errno(13),
            Action::Notify,
            Action::Trace(0xffff),
            Action::Log,
            Action::Allow,
        ] {
            assert_eq!(Action::from_return(action.to_return()), action);
        }
    }

    #[test]
    fn an_unknown_return_value_kills_the_process() {
        assert_eq!(Action::from_return(0x1234_0000), Action::KillProcess);
    }

    #[test]
    fn killing_the_process_outranks_everything_and_allow_outranks_nothing() {
        assert!(Action::KillProcess.rank() < Action::KillThread.rank());
        assert!(Action::KillThread.rank() < Action::Trap(0).rank());
        assert!(Action::Log.rank() < Action::Allow.rank());
    }

    #[test]
    fn only_the_low_sixteen_bits_of_an_errno_count() {
        assert_eq!(
            Action::from_oci("SCMP_ACT_ERRNO", Some(65549)),
            Some(Action::Errno(13))
        );
    }
}
