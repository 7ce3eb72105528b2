//! One component's answer to what it was asked: the link of a start chain.

use std::borrow::Cow;

use serde::Serialize;

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Component {
    /// The command-line client.
    Kubectl,
    /// Decoding, defaulting, sync and validation in the API server.
    ApiServer,
    /// The Pod Security admission plugin of the API server.
    PodSecurity,
    /// A `ValidatingAdmissionPolicy` in the API server.
    AdmissionPolicy,
    /// The controller that makes pods from a template.
    Controller,
    /// The scheduler.
    Scheduler,
    /// The kubelet.
    Kubelet,
    /// containerd's CRI plugin.
    Containerd,
    /// CRI-O.
    CriO,
    /// The kubelet's Docker adapter and the Docker daemon behind it.
    Dockershim,
    /// runc.
    Runc,
    /// crun.
    Crun,
    /// gVisor's runsc.
    Runsc,
    /// The node's Linux kernel.
    Kernel,
}

impl Component {
    /// The name as its documentation writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubectl => "kubectl",
            Self::ApiServer => "kube-apiserver",
            Self::PodSecurity => "Pod Security admission",
            Self::AdmissionPolicy => "ValidatingAdmissionPolicy",
            Self::Controller => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kubelet => "kubelet",
            Self::Containerd => "containerd",
            Self::CriO => "CRI-O",
            Self::Dockershim => "dockershim and dockerd",
            Self::Runc => "runc",
            Self::Crun => "crun",
            Self::Runsc => "gVisor runsc",
            Self::Kernel => "Linux",
        }
    }
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Control {
    /// The object as a whole: whether it is stored, placed, started.
    Pod,
    /// The AppArmor profile.
    AppArmor,
    /// The seccomp profile.
    Seccomp,
}

/// What a component did with what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It did what it was asked, or passed it on unchanged.
    Honoured,
    /// It answered no: the pod does not run (or is not stored).
    Refused,
    /// It took the request and went on without it.
    Dropped,
    /// It never reads this part of the request.
    DoesNotLook,
    /// Nothing was asked of it.
    NothingAsked,
    /// An earlier component had ended the matter.
    NotReached,
}

/// One link of a start chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Who answered.
    pub component: Component,
    /// In which version: `1.34`, `2.1 with runc 1.3`; empty where it has none.
    pub version: Cow<'static, str>,
    /// What the step is about.
    pub control: Control,
    /// The container it is about, or nothing for the pod as a whole.
    pub container: Option<String>,
    /// What the component was asked, in its own terms.
    pub asked: Cow<'static, str>,
    /// What it did.
    pub verdict: Verdict,
    /// What it said, word for word where it says anything; else a sentence.
    pub message: Cow<'static, str>,
    /// Where this behaviour was read.
    pub source: &'static str,
}
