//! What a node is made of: host, kubelet, CRI runtime, OCI runtime.

use std::borrow::Cow;

use crate::{step::Component, version::Version};

/// The parts of a node. A learner composes a node from the same parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stack {
    /// The machine and its kernel.
    pub host: Host,
    /// The kubelet and its settings.
    pub kubelet: Kubelet,
    /// The runtime that the kubelet talks to.
    pub runtime: Runtime,
    /// The runtime that makes the processes.
    pub oci: Oci,
}

/// The security module that the kernel was started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lsm {
    /// AppArmor.
    AppArmor,
    /// SELinux; AppArmor is not compiled in, or not chosen.
    SeLinux,
    /// Neither.
    None,
}

/// What the host shows of AppArmor: the places that components look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AppArmorHost {
    /// Whether `/sys/kernel/security/apparmor` exists.
    pub filesystem: bool,
    /// Whether `/sys/module/apparmor/parameters/enabled` says `Y`; nothing
    /// where the file does not exist.
    pub enabled: Option<bool>,
    /// Where `apparmor_parser` is.
    pub parser: ParserPlace,
}

impl AppArmorHost {
    /// Whether the kernel enforces AppArmor at all.
    pub fn works(self) -> bool {
        self.filesystem && self.enabled == Some(true)
    }
}

/// Where `apparmor_parser` is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParserPlace {
    /// In `/sbin`, where containerd and old kubelets look.
    Sbin,
    /// Elsewhere in `PATH`, which is enough for CRI-O.
    Path,
    /// Nowhere.
    Absent,
}

/// The machine and its kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    /// `status.nodeInfo.osImage`.
    pub os_image: Cow<'static, str>,
    /// `status.nodeInfo.kernelVersion`.
    pub kernel_release: Cow<'static, str>,
    /// The major security module.
    pub lsm: Lsm,
    /// What it shows of AppArmor.
    pub apparmor: AppArmorHost,
    /// Whether the kernel was built with seccomp filters.
    pub seccomp: bool,
    /// Whether services see the environment variable `container`, as they do
    /// where the node is itself a container (kind).
    pub container_variable: bool,
}

/// The kubelet and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kubelet {
    /// Its version.
    pub version: Version,
    /// The feature gate `AppArmor`, which could be turned off up to 1.30.
    pub apparmor_gate: bool,
    /// The setting `seccompDefault`.
    pub seccomp_default: bool,
}

/// Which CRI runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuntimeKind {
    /// containerd with its CRI plugin.
    Containerd,
    /// CRI-O.
    CriO,
    /// Docker behind the kubelet's dockershim, up to Kubernetes 1.23.
    Docker,
}

impl RuntimeKind {
    /// The component that answers in a start chain.
    pub fn component(self) -> Component {
        match self {
            Self::Containerd => Component::Containerd,
            Self::CriO => Component::CriO,
            Self::Docker => Component::Dockershim,
        }
    }

    /// The scheme of `status.nodeInfo.containerRuntimeVersion`.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::CriO => "cri-o",
            Self::Docker => "docker",
        }
    }
}

/// The CRI runtime and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Runtime {
    /// Which one.
    pub kind: RuntimeKind,
    /// Its version.
    pub version: Version,
    /// Its settings.
    pub settings: RuntimeSettings,
}

/// The settings of a CRI runtime that bear on confinement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuntimeSettings {
    /// containerd: `disable_apparmor`.
    pub disable_apparmor: bool,
    /// CRI-O: `apparmor_profile`, the default profile.
    pub apparmor_profile: Cow<'static, str>,
    /// CRI-O: built with the `apparmor` tag.
    pub apparmor_build: bool,
    /// Runs without root.
    pub rootless: bool,
    /// containerd: `unset_seccomp_profile`; empty for none.
    pub unset_seccomp_profile: Cow<'static, str>,
    /// CRI-O: built with seccomp.
    pub seccomp_build: bool,
}

impl RuntimeSettings {
    /// The settings as shipped.
    pub const SHIPPED: Self = Self {
        disable_apparmor: false,
        apparmor_profile: Cow::Borrowed("crio-default"),
        apparmor_build: true,
        rootless: false,
        unset_seccomp_profile: Cow::Borrowed(""),
        seccomp_build: true,
    };
}

/// Which OCI runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OciKind {
    /// runc.
    Runc,
    /// crun.
    Crun,
    /// gVisor's runsc.
    Runsc,
}

impl OciKind {
    /// The component that answers in a start chain.
    pub fn component(self) -> Component {
        match self {
            Self::Runc => Component::Runc,
            Self::Crun => Component::Crun,
            Self::Runsc => Component::Runsc,
        }
    }
}

/// The OCI runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Oci {
    /// Which one.
    pub kind: OciKind,
    /// Its version.
    pub version: Version,
}
