//! The kubelet: whether it lets a pod in, and what it asks of the runtime.

mod admission;
mod effective;
pub mod eras;
mod host;
pub mod restart;
mod seccomp;
mod user;

pub use admission::{Rejection, admit};
pub use effective::{apparmor_profile, apparmor_to_cri};
pub use host::host_check;
pub use seccomp::{seccomp_patched, seccomp_profile, seccomp_to_cri};
pub use user::{must_not_be_root, root_problem};

/// A profile as the CRI message carries it (`SecurityProfile` in `cri-api`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriProfile {
    /// `profile_type`.
    pub kind: crate::object::ProfileType,
    /// `localhost_ref`, empty for none.
    pub localhost_ref: String,
}

/// The folder below the kubelet's root that holds seccomp profiles.
pub const SECCOMP_ROOT: &str = "/var/lib/kubelet/seccomp";
