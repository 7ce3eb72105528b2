//! Settings of the kernel that its gates go by, as files below `/proc/sys`.

use crate::{errno::Errno, release::Release, settings::Settings};

/// A setting that is a small number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sysctl {
    /// `fs.protected_hardlinks` (`fs/namei.c`).
    ProtectedHardlinks,
    /// `fs.protected_symlinks` (`fs/namei.c`).
    ProtectedSymlinks,
    /// `fs.protected_regular` (`fs/namei.c`).
    ProtectedRegular,
    /// `fs.protected_fifos` (`fs/namei.c`).
    ProtectedFifos,
    /// `kernel.yama.ptrace_scope` (`security/yama/yama_lsm.c`).
    PtraceScope,
    /// `kernel.unprivileged_userns_clone`, which Debian and Ubuntu add.
    UnprivilegedUsernsClone,
    /// `kernel.io_uring_disabled` (`io_uring/io_uring.c`, since 6.6).
    IoUringDisabled,
}

/// What is known of each: its place in procfs, its permission bits, its highest value.
const TABLE: &[(Sysctl, &str, u32, u8)] = &[
    (
        Sysctl::ProtectedHardlinks,
        "sys/fs/protected_hardlinks",
        0o600,
        1,
    ),
    (
        Sysctl::ProtectedSymlinks,
        "sys/fs/protected_symlinks",
        0o600,
        1,
    ),
    (
        Sysctl::ProtectedRegular,
        "sys/fs/protected_regular",
        0o600,
        2,
    ),
    (Sysctl::ProtectedFifos, "sys/fs/protected_fifos", 0o600, 2),
    (
        Sysctl::PtraceScope,
        "sys/kernel/yama/ptrace_scope",
        0o644,
        3,
    ),
    (
        Sysctl::UnprivilegedUsernsClone,
        "sys/kernel/unprivileged_userns_clone",
        0o644,
        1,
    ),
    (
        Sysctl::IoUringDisabled,
        "sys/kernel/io_uring_disabled",
        0o644,
        2,
    ),
];

/// The first release with `kernel.io_uring_disabled`.
const IO_URING_DISABLED_SINCE: (u16, u16) = (6, 6);

impl Sysctl {
    /// Those that a release has, each with its place in procfs and its permission bits.
    pub fn of(release: &Release) -> impl Iterator<Item = (Self, &'static str, u32)> {
        let version = release.version;
        TABLE
            .iter()
            .filter(move |(sysctl, ..)| {
                *sysctl != Self::IoUringDisabled || version >= IO_URING_DISABLED_SINCE
            })
            .map(|(sysctl, path, mode, _)| (*sysctl, *path, *mode))
    }

    /// Its value.
    pub fn value(self, settings: &Settings) -> u8 {
        match self {
            Self::ProtectedHardlinks => settings.protected_hardlinks.into(),
            Self::ProtectedSymlinks => settings.protected_symlinks.into(),
            Self::ProtectedRegular => settings.protected_regular,
            Self::ProtectedFifos => settings.protected_fifos,
            Self::PtraceScope => settings.ptrace_scope,
            Self::UnprivilegedUsernsClone => settings.unprivileged_userns_clone.into(),
            Self::IoUringDisabled => settings.io_uring_disabled,
        }
    }

    /// Takes what was written to its file (`proc_dointvec_minmax`): `EINVAL` for what is no number
    /// or out of its range. `ptrace_scope` at its highest value cannot be lowered
    /// (`yama_dointvec_minmax`).
    pub(crate) fn write(self, settings: &mut Settings, text: &str) -> Result<(), Errno> {
        let value: u8 = text.trim().parse().map_err(|_| Errno::EINVAL)?;
        let (_, _, _, highest) = TABLE
            .iter()
            .find(|(sysctl, ..)| *sysctl == self)
            .ok_or(Errno::EINVAL)?;
        let held = self == Self::PtraceScope && settings.ptrace_scope == *highest;
        if value > *highest || held && value != *highest {
            return Err(Errno::EINVAL);
        }
        match self {
            Self::ProtectedHardlinks => settings.protected_hardlinks = value != 0,
            Self::ProtectedSymlinks => settings.protected_symlinks = value != 0,
            Self::ProtectedRegular => settings.protected_regular = value,
            Self::ProtectedFifos => settings.protected_fifos = value,
            Self::PtraceScope => settings.ptrace_scope = value,
            Self::UnprivilegedUsernsClone => settings.unprivileged_userns_clone = value != 0,
            Self::IoUringDisabled => settings.io_uring_disabled = value,
        }
        Ok(())
    }
}
