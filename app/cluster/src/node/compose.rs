//! A node of the learner's own, put together from the same parts as the
//! ready-made ones.

use super::{
    Host, Kubelet, NodeKind, Oci, OciKind, Runtime, RuntimeKind, RuntimeSettings, Stack, kinds,
};
use crate::version::Version;

/// Why parts do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The dockershim was taken out of the kubelet.
    #[error("Kubernetes {0} has no dockershim any more: Docker works up to 1.23")]
    NoDockershim(Version),
    /// Kubelets talk to containerd and CRI-O over CRI, which came with 1.5.
    #[error("Kubernetes {0} knows no CRI yet: it only works with Docker")]
    NoCri(Version),
    /// Docker's containers are made by runc here.
    #[error("behind Docker the lab has runc only")]
    DockerNeedsRunc,
}

/// The releases between which kubelets have both the dockershim and CRI.
const FIRST_WITH_CRI: Version = Version::new(1, 5);
const FIRST_WITHOUT_DOCKERSHIM: Version = Version::new(1, 24);

/// The machines to choose from: of the ready-made kinds, those with a host that
/// no kind before them has.
pub fn hosts() -> impl Iterator<Item = &'static NodeKind> {
    let all = kinds();
    all.iter().enumerate().filter_map(|(index, kind)| {
        let known = all[..index]
            .iter()
            .any(|one| one.stack.host == kind.stack.host);
        (!known).then_some(kind)
    })
}

impl Stack {
    /// A node of these parts, with the settings as shipped. Every field can be
    /// changed afterwards: that is how `seccompDefault`, a gate or
    /// `disable_apparmor` come in.
    pub fn compose(
        host: Host,
        kubelet: Version,
        (runtime, runtime_version): (RuntimeKind, Version),
        (oci, oci_version): (OciKind, Version),
    ) -> Result<Self, ComposeError> {
        let docker = runtime == RuntimeKind::Docker;
        if docker && kubelet >= FIRST_WITHOUT_DOCKERSHIM {
            return Err(ComposeError::NoDockershim(kubelet));
        }
        if !docker && kubelet < FIRST_WITH_CRI {
            return Err(ComposeError::NoCri(kubelet));
        }
        if docker && oci != OciKind::Runc {
            return Err(ComposeError::DockerNeedsRunc);
        }
        Ok(Self {
            host,
            kubelet: Kubelet {
                version: kubelet,
                apparmor_gate: true,
                seccomp_default: false,
            },
            runtime: Runtime {
                kind: runtime,
                version: runtime_version,
                settings: RuntimeSettings::SHIPPED,
            },
            oci: Oci {
                kind: oci,
                version: oci_version,
            },
        })
    }
}
