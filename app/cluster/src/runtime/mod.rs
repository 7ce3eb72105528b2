//! Runtimes: what containerd, CRI-O and Docker make of the kubelet's request,
//! and what runc, crun and gVisor make of theirs.

mod answer;
mod capabilities;
pub mod containerd;
pub mod crio;
pub mod docker;
mod filter;
mod init;
pub mod oci;
mod paths;
mod profiles;

pub use answer::Answer;
pub use capabilities::{ALL_CAPABILITIES, effective_capabilities};
pub use filter::{FilterError, seccomp_filter};
pub use init::{InitStep, init_steps, join_steps};
pub use paths::{masked_paths, readonly_paths};
pub use profiles::{default_apparmor_name, default_apparmor_text, default_seccomp_text};
