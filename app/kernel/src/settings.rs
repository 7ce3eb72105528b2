//! What an administrator sets: sysctls, module parameters, boot options.

use std::sync::Arc;

/// Contents by path.
pub type Written = sorted::SortedMap<Arc<[u8]>, Arc<[u8]>>;

/// Sysctls, module parameters and the set of security modules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Whether AppArmor is there and running.
    pub apparmor: Presence,
    /// The security module that the kernel was started with in AppArmor's
    /// place, as `/sys/kernel/security/lsm` names it. It decides nothing here.
    pub other_module: Option<&'static str>,
    /// `/sys/module/apparmor/parameters/mode`.
    pub mode: GlobalMode,
    /// `/sys/module/apparmor/parameters/audit`.
    pub audit: GlobalAudit,
    /// `fs.protected_hardlinks`.
    pub protected_hardlinks: bool,
    /// `fs.protected_symlinks`.
    pub protected_symlinks: bool,
    /// `fs.protected_regular`.
    pub protected_regular: u8,
    /// `fs.protected_fifos`.
    pub protected_fifos: u8,
    /// `kernel.yama.ptrace_scope`.
    pub ptrace_scope: u8,
    /// `kernel.unprivileged_userns_clone` (Debian and Ubuntu).
    pub unprivileged_userns_clone: bool,
    /// `kernel.apparmor_restrict_unprivileged_userns` (Ubuntu from 23.10).
    pub restrict_unprivileged_userns: bool,
    /// `kernel.io_uring_disabled` (6.6): 0 for nobody, 1 for the unprivileged, 2
    /// for all.
    pub io_uring_disabled: u8,
    /// `ia32_emulation=` at boot: 32-bit programs are let in.
    pub i386: bool,
    /// `syscall.x32=` at boot: the x32 ABI is let in, which distributions leave
    /// out.
    pub x32: bool,
    /// `kernel.seccomp.actions_logged`, as seccomp's names.
    pub actions_logged: Arc<[&'static str]>,
    /// `user.max_user_namespaces` and what else a write to a setting left:
    /// by path.
    pub written: Arc<Written>,
}

/// Whether a security module is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Built in and on.
    On,
    /// Built in, switched off at boot (`apparmor=0`).
    Off,
    /// Not built in.
    Absent,
}

/// `/sys/module/apparmor/parameters/mode`: overrides profiles' own modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GlobalMode {
    /// Each profile's own.
    Enforce,
    /// All complain.
    Complain,
    /// All kill.
    Kill,
}

/// `/sys/module/apparmor/parameters/audit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GlobalAudit {
    /// What the rules say.
    Normal,
    /// No record of refusals.
    QuietDenied,
    /// No record at all.
    Quiet,
    /// `deny` rules are not quiet.
    NoQuiet,
    /// Everything is recorded.
    All,
}

/// Every action that seccomp can log (`actions_avail` without `allow`).
pub const SECCOMP_ACTIONS: [&str; 7] = [
    "kill_process",
    "kill_thread",
    "trap",
    "errno",
    "user_notif",
    "trace",
    "log",
];

impl Default for Settings {
    /// What the recorded kernels were set to, which is Debian's default but
    /// for `fs.protected_regular`, `fs.protected_fifos` and `ptrace_scope`.
    fn default() -> Self {
        Self {
            apparmor: Presence::On,
            other_module: None,
            mode: GlobalMode::Enforce,
            audit: GlobalAudit::Normal,
            protected_hardlinks: true,
            protected_symlinks: true,
            protected_regular: 0,
            protected_fifos: 0,
            ptrace_scope: 0,
            unprivileged_userns_clone: true,
            restrict_unprivileged_userns: false,
            io_uring_disabled: 0,
            i386: true,
            x32: false,
            actions_logged: Arc::from(SECCOMP_ACTIONS),
            written: Arc::default(),
        }
    }
}

impl GlobalMode {
    /// The word in the parameter's file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Complain => "complain",
            Self::Kill => "kill",
        }
    }

    /// The mode of this word, as a write to the file takes it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Enforce, Self::Complain, Self::Kill]
            .into_iter()
            .find(|mode| mode.name() == name)
    }
}

impl GlobalAudit {
    /// The word in the parameter's file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::QuietDenied => "quiet_denied",
            Self::Quiet => "quiet",
            Self::NoQuiet => "noquiet",
            Self::All => "all",
        }
    }

    /// The audit mode of this word, as a write to the file takes it.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Normal,
            Self::QuietDenied,
            Self::Quiet,
            Self::NoQuiet,
            Self::All,
        ]
        .into_iter()
        .find(|audit| audit.name() == name)
    }
}
