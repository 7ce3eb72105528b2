//! The gates of a call, one file each; the AppArmor gate is [`crate::lsm`].

pub(crate) mod capability;
pub(crate) mod dac;
pub(crate) mod mount_flags;
pub(crate) mod seccomp;

pub use seccomp::SeccompEvidence;
