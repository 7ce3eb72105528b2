//! Why a container is not started, in the words that the user sees: those of the
//! runtime, with what the components around it put before them.

use super::{Confinement, SeccompInForce};
use crate::{
    node::{Node, OciKind, RuntimeKind},
    object::Container,
    runtime::{FilterError, effective_capabilities, seccomp_filter},
};

/// Why a container was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The waiting reason: `CreateContainerError`.
    pub reason: &'static str,
    /// The message of the state and of the event.
    pub message: String,
}

/// A runtime's error, with what the kubelet puts around it.
pub(super) fn runtime_failure(kind: RuntimeKind, control: &str, error: &str) -> Failure {
    let message = match (kind, control) {
        (RuntimeKind::Containerd, "apparmor") => {
            format!(
                "failed to get container spec opts: failed to generate apparmor spec opts: {error}"
            )
        }
        (RuntimeKind::Containerd, _)
            if error.starts_with("seccomp is not") || error.starts_with("seccomp config") =>
        {
            format!(
                "failed to get container spec opts: failed to generate seccomp spec opts: {error}"
            )
        }
        (RuntimeKind::Containerd, _) => format!("failed to create containerd container: {error}"),
        _ => error.to_owned(),
    };
    Failure {
        reason: "CreateContainerError",
        message,
    }
}

/// An OCI runtime's error, with what containerd, CRI-O or Docker put around it.
pub(super) fn oci_failure(node: &Node, oci: OciKind, error: &str) -> Failure {
    let name = if oci == OciKind::Crun { "crun" } else { "runc" };
    let inner = if oci == OciKind::Crun {
        error.to_owned()
    } else {
        format!(
            "{name} create failed: unable to start container process: error during container init: {error}"
        )
    };
    match node.stack.runtime.kind {
        RuntimeKind::Containerd => Failure {
            reason: "RunContainerError",
            message: format!(
                "failed to create containerd task: failed to create shim task: OCI runtime create failed: {inner}: unknown"
            ),
        },
        RuntimeKind::CriO => Failure {
            reason: "CreateContainerError",
            message: format!("container create failed: {inner}"),
        },
        RuntimeKind::Docker => Failure {
            reason: "RunContainerError",
            message: format!(
                "Error response from daemon: OCI runtime create failed: {inner}: unknown"
            ),
        },
    }
}

/// What is wrong with a seccomp profile of the node.
pub(super) enum Content {
    /// The CRI runtime cannot read it.
    Unreadable(String),
    /// The OCI runtime makes no program of it.
    NotBuilt(String),
}

/// Whether a seccomp profile of the node can be read and built.
pub(super) fn content(node: &Node, path: &str, container: &Container) -> Result<(), Content> {
    let kind = node.stack.runtime.kind;
    let confinement = Confinement {
        container: container.name.clone(),
        apparmor: None,
        complain: false,
        seccomp: SeccompInForce::Localhost(path.to_owned()),
        capabilities: effective_capabilities(&container.security, kind),
        privileged: false,
        no_new_privs: false,
    };
    let read = |path: &str| node.files.get(path).cloned();
    let Err(error) = seccomp_filter(&confinement, &node.stack, read) else {
        return Ok(());
    };
    Err(match (error, kind) {
        (FilterError::NotBuilt(error), _) => Content::NotBuilt(error.message),
        (FilterError::Missing(_), RuntimeKind::CriO) => Content::Unreadable(format!(
            "unable to load local profile \"{path}\": open {path}: no such file or directory"
        )),
        (FilterError::Missing(_), _) => Content::Unreadable(format!(
            "cannot load seccomp profile \"{path}\": open {path}: no such file or directory"
        )),
        (FilterError::Unreadable { error, .. }, RuntimeKind::Containerd) => {
            Content::Unreadable(format!(
                "decoding seccomp profile failed \"{path}\": {}",
                error.message
            ))
        }
        (FilterError::Unreadable { error, .. }, RuntimeKind::CriO) => Content::Unreadable(format!(
            "apply profile from bytes: load local profile: decoding seccomp profile failed: {}",
            error.message
        )),
        (FilterError::Unreadable { error, .. }, RuntimeKind::Docker) => Content::Unreadable(
            format!("Decoding seccomp profile failed: {}", error.message),
        ),
    })
}
