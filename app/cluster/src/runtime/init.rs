//! What the OCI runtime's own process does before it becomes the container's,
//! in which order (runc `libcontainer/standard_init_linux.go`,
//! `setns_init_linux.go`).

/// A step of the runtime's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InitStep {
    /// Root directory and volumes.
    Rootfs,
    /// The AppArmor profile is written to `attr/exec`; it takes effect at the exec.
    AppArmor,
    /// Paths become read-only.
    ReadonlyPaths,
    /// Paths are hidden.
    MaskedPaths,
    /// no_new_privs is set, if the container asks for it.
    NoNewPrivs,
    /// The seccomp filter is loaded.
    Seccomp,
    /// Capabilities are dropped, and the user is changed.
    Capabilities,
}

/// The steps for a new container.
///
/// Without no_new_privs a filter can only be loaded by a process that still has
/// CAP_SYS_ADMIN, so the filter also judges what the runtime does after it; with
/// no_new_privs it is loaded last.
pub fn init_steps(no_new_privs: bool) -> &'static [InitStep] {
    use InitStep::{
        AppArmor, Capabilities, MaskedPaths, NoNewPrivs, ReadonlyPaths, Rootfs, Seccomp,
    };
    if no_new_privs {
        &[
            Rootfs,
            AppArmor,
            ReadonlyPaths,
            MaskedPaths,
            NoNewPrivs,
            Capabilities,
            Seccomp,
        ]
    } else {
        &[
            Rootfs,
            AppArmor,
            ReadonlyPaths,
            MaskedPaths,
            Seccomp,
            Capabilities,
        ]
    }
}

/// The steps for a process that joins a running container (`kubectl exec`): the
/// container's mounts are there already.
pub fn join_steps(no_new_privs: bool) -> impl Iterator<Item = InitStep> {
    let mounts = [
        InitStep::Rootfs,
        InitStep::ReadonlyPaths,
        InitStep::MaskedPaths,
    ];
    init_steps(no_new_privs)
        .iter()
        .copied()
        .filter(move |step| !mounts.contains(step))
}
