//! What kubelets do from which release on.

use crate::version::{Era, Version, era};

/// Which conditions of the host a kubelet checks, once at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostCheck {
    /// None: it knows nothing of AppArmor.
    None,
    /// The runtime's name, the file system, the variable `container`, the
    /// parser and the kernel's parameter.
    Full,
    /// The file system and the kernel's parameter.
    Kernel,
}

/// When a pod needs AppArmor on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// With any annotation.
    AnyAnnotation,
    /// When the first annotation that Go's map yields is not `unconfined`.
    FirstAnnotation,
    /// When a field of the pod or of a container is not Unconfined, or else as
    /// with [`Required::FirstAnnotation`].
    Fields,
}

/// What a refusal does to the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The pod fails at once, with the words of 1.4.
    HardAtFirst,
    /// The pod stays Pending and is tried again; its containers are Blocked.
    Soft,
    /// The pod fails at once.
    Hard,
}

/// How kubelets of an era treat AppArmor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KubeletEra {
    /// What they check of the host.
    pub host: HostCheck,
    /// When they check it.
    pub required: Required,
    /// What a refusal does.
    pub refusal: Refusal,
    /// Whether they refuse a profile that is not loaded.
    pub loaded_check: bool,
    /// Whether they know the `appArmorProfile` field.
    pub field: bool,
    /// Whether their Ready condition says that AppArmor is enabled.
    pub ready_message: bool,
    /// Whether the feature gate can be turned off.
    pub gate: bool,
}

const SINCE_1_4: KubeletEra = KubeletEra {
    host: HostCheck::Full,
    required: Required::AnyAnnotation,
    refusal: Refusal::HardAtFirst,
    loaded_check: true,
    field: false,
    ready_message: true,
    gate: true,
};
const SINCE_1_5: KubeletEra = KubeletEra {
    refusal: Refusal::Soft,
    ..SINCE_1_4
};
const SINCE_1_9: KubeletEra = KubeletEra {
    required: Required::FirstAnnotation,
    ..SINCE_1_5
};
const SINCE_1_22: KubeletEra = KubeletEra {
    host: HostCheck::Kernel,
    ..SINCE_1_9
};
const SINCE_1_24: KubeletEra = KubeletEra {
    loaded_check: false,
    ..SINCE_1_22
};
const SINCE_1_30: KubeletEra = KubeletEra {
    required: Required::Fields,
    field: true,
    ready_message: false,
    ..SINCE_1_24
};
const SINCE_1_31: KubeletEra = KubeletEra {
    refusal: Refusal::Hard,
    gate: false,
    ..SINCE_1_30
};

const TABLE: &[Era<KubeletEra>] = &[
    Era {
        from: Version::new(1, 0),
        rule: KubeletEra {
            host: HostCheck::None,
            loaded_check: false,
            ready_message: false,
            ..SINCE_1_4
        },
        source: "AppArmor tutorial: Kubernetes 1.4 or later",
    },
    Era {
        from: Version::new(1, 4),
        rule: SINCE_1_4,
        source: "rancher/rancher issue 6317 (1.4.0 fails the pod at once)",
    },
    Era {
        from: Version::new(1, 5),
        rule: SINCE_1_5,
        source: "pkg/kubelet/kubelet.go softAdmitHandlers, k8s 1.8",
    },
    Era {
        from: Version::new(1, 9),
        rule: SINCE_1_9,
        source: "pkg/security/apparmor/helpers.go isRequired, k8s 1.9",
    },
    Era {
        from: Version::new(1, 22),
        rule: SINCE_1_22,
        source: "pkg/security/apparmor/validate.go, k8s 1.22.0: the check is runc's",
    },
    Era {
        from: Version::new(1, 24),
        rule: SINCE_1_24,
        source: "pkg/security/apparmor/validate.go, k8s 1.24.16: no check for a loaded profile",
    },
    Era {
        from: Version::new(1, 30),
        rule: SINCE_1_30,
        source: "pkg/security/apparmor/helpers.go, k8s 1.30.14: the field, and Blocked as before",
    },
    Era {
        from: Version::new(1, 31),
        rule: SINCE_1_31,
        source: "pkg/kubelet/kubelet.go, k8s 1.31.14: the handler is a hard one",
    },
];

/// Every change in how kubelets treat AppArmor, oldest first.
pub fn kubelets() -> &'static [Era<KubeletEra>] {
    TABLE
}

/// How a kubelet of this version treats AppArmor.
pub fn kubelet(version: Version) -> &'static Era<KubeletEra> {
    era(TABLE, version)
}

/// The words of kubelets in events about containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventWords {
    /// What stands before the name in `Created container app`.
    pub created: &'static str,
    /// Whether the event about a wait before a restart names container and pod.
    pub names_container: bool,
}

const EVENT_WORDS: &[Era<EventWords>] = &[
    Era {
        from: Version::new(1, 0),
        rule: EventWords {
            created: "Created container ",
            names_container: false,
        },
        source: "pkg/kubelet/kuberuntime, events of clusters up to 1.25",
    },
    Era {
        from: Version::new(1, 26),
        rule: EventWords {
            created: "Created container ",
            names_container: true,
        },
        source: "pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff; which release brought the names was not read",
    },
    Era {
        from: Version::new(1, 32),
        rule: EventWords {
            created: "Created container: ",
            names_container: true,
        },
        source: "pkg/kubelet/kuberuntime/kuberuntime_container.go, events of clusters from 1.32 on",
    },
];

/// The words of a kubelet of this version in events about containers.
pub fn event_words(version: Version) -> &'static Era<EventWords> {
    era(EVENT_WORDS, version)
}

/// How kubelets check that a container is not root's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootCheck {
    /// Whether they refuse an image whose user is a name. Before they did, such
    /// a container was started unchecked, with a line in the kubelet's log.
    pub refuses_names: bool,
    /// Whether the message names pod and container.
    pub names_pod: bool,
}

const ROOT_CHECK: &[Era<RootCheck>] = &[
    Era {
        from: Version::new(1, 0),
        rule: RootCheck {
            refuses_names: false,
            names_pod: false,
        },
        source: "pkg/kubelet/kuberuntime/security_context.go of the time of CRI v1alpha1, up to 1.9",
    },
    Era {
        from: Version::new(1, 10),
        rule: RootCheck {
            refuses_names: true,
            names_pod: false,
        },
        source: "pkg/kubelet/kuberuntime/security_context.go of the time of CRI v1alpha2, from 1.10 on",
    },
    Era {
        from: Version::new(1, 20),
        rule: RootCheck {
            refuses_names: true,
            names_pod: true,
        },
        source: "pkg/kubelet/kuberuntime/security_context.go; which release brought the names was not read",
    },
];

/// How a kubelet of this version checks that a container is not root's.
pub fn root_check(version: Version) -> &'static Era<RootCheck> {
    era(ROOT_CHECK, version)
}

const READS_SECCOMP_ANNOTATIONS: &[Era<bool>] = &[
    Era {
        from: Version::new(1, 0),
        rule: true,
        source: "pkg/kubelet/kuberuntime/helpers.go, k8s 1.26",
    },
    Era {
        from: Version::new(1, 27),
        rule: false,
        source: "pkg/kubelet/kuberuntime/helpers.go, k8s 1.27",
    },
];

/// Whether a kubelet of this version reads seccomp annotations.
pub fn seccomp_annotations(version: Version) -> &'static Era<bool> {
    era(READS_SECCOMP_ANNOTATIONS, version)
}

const SECCOMP_DEFAULT: &[Era<bool>] = &[
    Era {
        from: Version::new(1, 0),
        rule: false,
        source: "pkg/features SeccompDefault: absent or alpha, off",
    },
    Era {
        from: Version::new(1, 25),
        rule: true,
        source: "pkg/features SeccompDefault: beta in 1.25, GA in 1.27",
    },
];

/// Whether the kubelet setting `seccompDefault` can be used.
pub fn seccomp_default(version: Version) -> &'static Era<bool> {
    era(SECCOMP_DEFAULT, version)
}
