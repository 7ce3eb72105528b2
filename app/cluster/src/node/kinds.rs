//! The kinds of node that come ready-made.

use std::borrow::Cow;

use super::{
    AppArmorHost, Host, Kubelet, Lsm, Oci, OciKind, ParserPlace, Runtime, RuntimeKind,
    RuntimeSettings, Stack,
};
use crate::version::Version;

/// A ready-made kind of node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeKind {
    /// A stable name, as lab documents write it.
    pub id: &'static str,
    /// The title of its card.
    pub title: &'static str,
    /// What is special about it, in a sentence.
    pub sentence: &'static str,
    /// What it is made of.
    pub stack: Stack,
}

/// The kind with this name.
pub fn kind(id: &str) -> Option<&'static NodeKind> {
    kinds().iter().find(|kind| kind.id == id)
}

/// Every kind, the common ones first.
pub fn kinds() -> &'static [NodeKind] {
    KINDS
}

/// AppArmor at work, with its tools.
const APPARMOR: AppArmorHost = AppArmorHost {
    filesystem: true,
    enabled: Some(true),
    parser: ParserPlace::Sbin,
};
/// AppArmor at work, without the parser.
const APPARMOR_WITHOUT_PARSER: AppArmorHost = AppArmorHost {
    filesystem: true,
    enabled: Some(true),
    parser: ParserPlace::Absent,
};
/// AppArmor in the kernel, turned off on its command line.
const APPARMOR_OFF: AppArmorHost = AppArmorHost {
    filesystem: false,
    enabled: Some(false),
    parser: ParserPlace::Sbin,
};
/// A kernel without AppArmor.
const NO_APPARMOR: AppArmorHost = AppArmorHost {
    filesystem: false,
    enabled: None,
    parser: ParserPlace::Absent,
};

const fn host(
    os_image: &'static str,
    kernel_release: &'static str,
    lsm: Lsm,
    apparmor: AppArmorHost,
    container_variable: bool,
) -> Host {
    Host {
        os_image: Cow::Borrowed(os_image),
        kernel_release: Cow::Borrowed(kernel_release),
        lsm,
        apparmor,
        seccomp: true,
        container_variable,
    }
}

const fn stack(
    host: Host,
    kubelet: Version,
    runtime: RuntimeKind,
    version: Version,
    oci: OciKind,
    oci_version: Version,
) -> Stack {
    Stack {
        host,
        kubelet: Kubelet {
            version: kubelet,
            apparmor_gate: true,
            seccomp_default: false,
        },
        runtime: Runtime {
            kind: runtime,
            version,
            settings: RuntimeSettings::SHIPPED,
        },
        oci: Oci {
            kind: oci,
            version: oci_version,
        },
    }
}

const fn containerd(host: Host, kubelet: Version, version: Version, runc: Version) -> Stack {
    stack(
        host,
        kubelet,
        RuntimeKind::Containerd,
        version,
        OciKind::Runc,
        runc,
    )
}

const UBUNTU_24: Host = host(
    "Ubuntu 24.04.3 LTS",
    "6.8.0-79-generic",
    Lsm::AppArmor,
    APPARMOR,
    false,
);
const UBUNTU_22: Host = host(
    "Ubuntu 22.04.5 LTS",
    "5.15.0-153-generic",
    Lsm::AppArmor,
    APPARMOR,
    false,
);
const UBUNTU_20: Host = host(
    "Ubuntu 20.04.6 LTS",
    "5.4.0-216-generic",
    Lsm::AppArmor,
    APPARMOR,
    false,
);
const RUNC_1_1: Version = Version::with_patch(1, 1, 12);
const RUNC_1_2: Version = Version::with_patch(1, 2, 5);
const RUNC_1_3: Version = Version::with_patch(1, 3, 0);
const V1_36: Version = Version::with_patch(1, 36, 3);
const V1_34: Version = Version::with_patch(1, 34, 9);

const KINDS: &[NodeKind] = &[
    NodeKind {
        id: "ubuntu-24.04",
        title: "Ubuntu 24.04",
        sentence: "A cloud machine with AppArmor at work, Kubernetes 1.34, containerd and runc.",
        stack: containerd(UBUNTU_24, V1_34, Version::with_patch(2, 1, 4), RUNC_1_3),
    },
    NodeKind {
        id: "kind-docker-desktop",
        title: "kind on Docker Desktop",
        sentence: "A kind node in Docker Desktop's virtual machine, whose kernel has no AppArmor.",
        stack: containerd(
            host(
                "Debian GNU/Linux 12 (bookworm)",
                "6.10.14-linuxkit",
                Lsm::None,
                NO_APPARMOR,
                true,
            ),
            V1_34,
            Version::with_patch(2, 1, 3),
            RUNC_1_3,
        ),
    },
    NodeKind {
        id: "kind-ubuntu",
        title: "kind on Ubuntu",
        sentence: "A kind node on an Ubuntu host: the kernel has AppArmor, but containerd sees the variable `container` and stays away from it.",
        stack: containerd(
            host(
                "Debian GNU/Linux 12 (bookworm)",
                "6.8.0-79-generic",
                Lsm::AppArmor,
                APPARMOR_WITHOUT_PARSER,
                true,
            ),
            V1_34,
            Version::with_patch(2, 1, 3),
            RUNC_1_3,
        ),
    },
    NodeKind {
        id: "debian-12",
        title: "Debian 12",
        sentence: "Debian with AppArmor, Kubernetes 1.33, containerd and runc.",
        stack: containerd(
            host(
                "Debian GNU/Linux 12 (bookworm)",
                "6.1.0-38-amd64",
                Lsm::AppArmor,
                APPARMOR,
                false,
            ),
            Version::with_patch(1, 33, 13),
            Version::with_patch(1, 7, 27),
            RUNC_1_2,
        ),
    },
    NodeKind {
        id: "cos",
        title: "Container-Optimized OS",
        sentence: "A managed node like GKE's: AppArmor at work, a read-only system.",
        stack: containerd(
            host(
                "Container-Optimized OS from Google",
                "6.6.97+",
                Lsm::AppArmor,
                APPARMOR,
                false,
            ),
            Version::with_patch(1, 33, 13),
            Version::with_patch(2, 0, 6),
            RUNC_1_2,
        ),
    },
    NodeKind {
        id: "rhel-9",
        title: "RHEL 9 with CRI-O",
        sentence: "SELinux instead of AppArmor, CRI-O and crun.",
        stack: stack(
            host(
                "Red Hat Enterprise Linux CoreOS 9.6",
                "5.14.0-570.el9.x86_64",
                Lsm::SeLinux,
                NO_APPARMOR,
                false,
            ),
            Version::with_patch(1, 33, 13),
            RuntimeKind::CriO,
            Version::with_patch(1, 33, 0),
            OciKind::Crun,
            Version::with_patch(1, 23, 0),
        ),
    },
    NodeKind {
        id: "talos",
        title: "Talos or Bottlerocket",
        sentence: "A minimal system for Kubernetes with SELinux and without AppArmor.",
        stack: containerd(
            host(
                "Talos (v1.11.0)",
                "6.12.43-talos",
                Lsm::SeLinux,
                NO_APPARMOR,
                false,
            ),
            V1_34,
            Version::with_patch(2, 1, 4),
            RUNC_1_3,
        ),
    },
    NodeKind {
        id: "ubuntu-apparmor-off",
        title: "Ubuntu, AppArmor off at boot",
        sentence: "Ubuntu started with `apparmor=0` on the kernel command line.",
        stack: containerd(
            host(
                "Ubuntu 24.04.3 LTS",
                "6.8.0-79-generic",
                Lsm::None,
                APPARMOR_OFF,
                false,
            ),
            V1_34,
            Version::with_patch(2, 1, 4),
            RUNC_1_3,
        ),
    },
    NodeKind {
        id: "ubuntu-crio",
        title: "Ubuntu with CRI-O",
        sentence: "AppArmor at work, CRI-O and crun in the place of containerd and runc.",
        stack: stack(
            UBUNTU_24,
            V1_34,
            RuntimeKind::CriO,
            Version::with_patch(1, 33, 0),
            OciKind::Crun,
            Version::with_patch(1, 23, 0),
        ),
    },
    NodeKind {
        id: "gvisor",
        title: "Ubuntu with gVisor",
        sentence: "AppArmor at work on the host, and runsc as the runtime, which ignores profiles.",
        stack: stack(
            UBUNTU_24,
            V1_34,
            RuntimeKind::Containerd,
            Version::with_patch(2, 1, 4),
            OciKind::Runsc,
            Version::new(1, 0),
        ),
    },
    NodeKind {
        id: "current",
        title: "Kubernetes 1.36",
        sentence: "The newest versions on Ubuntu 24.04.",
        stack: containerd(UBUNTU_24, V1_36, Version::with_patch(2, 3, 4), RUNC_1_3),
    },
    NodeKind {
        id: "kubernetes-1.31",
        title: "Kubernetes 1.31",
        sentence: "The first release that rejects a pod for good when AppArmor is missing.",
        stack: containerd(
            UBUNTU_22,
            Version::with_patch(1, 31, 14),
            Version::with_patch(1, 7, 27),
            RUNC_1_2,
        ),
    },
    NodeKind {
        id: "kubernetes-1.30",
        title: "Kubernetes 1.30",
        sentence: "The first release with the appArmorProfile field.",
        stack: containerd(
            UBUNTU_22,
            Version::with_patch(1, 30, 14),
            Version::with_patch(1, 7, 27),
            RUNC_1_1,
        ),
    },
    NodeKind {
        id: "kubernetes-1.29",
        title: "Kubernetes 1.29",
        sentence: "The last release that knows only the annotation.",
        stack: containerd(
            UBUNTU_22,
            Version::with_patch(1, 29, 14),
            Version::with_patch(1, 7, 27),
            RUNC_1_1,
        ),
    },
    NodeKind {
        id: "kubernetes-1.22",
        title: "Kubernetes 1.22 with Docker",
        sentence: "Dockershim, and a kubelet that still checks whether the profile is loaded.",
        stack: stack(
            UBUNTU_20,
            Version::with_patch(1, 22, 0),
            RuntimeKind::Docker,
            Version::with_patch(20, 10, 27),
            OciKind::Runc,
            RUNC_1_1,
        ),
    },
    NodeKind {
        id: "kubernetes-1.3",
        title: "Kubernetes 1.3 with Docker",
        sentence: "Older than every AppArmor support: the annotation means nothing.",
        stack: stack(
            host(
                "Ubuntu 16.04.7 LTS",
                "4.4.0-210-generic",
                Lsm::AppArmor,
                APPARMOR,
                false,
            ),
            Version::with_patch(1, 3, 10),
            RuntimeKind::Docker,
            Version::with_patch(17, 3, 2),
            OciKind::Runc,
            Version::new(1, 0),
        ),
    },
];
