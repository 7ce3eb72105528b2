//! Starting a pod on a node: the chain from the manifest to the processes.

mod admission;
mod chain;
mod container;
mod debug;
mod declared;
mod failure;
mod outcome;
mod refusal;
mod reply;
mod restart;
mod static_pod;
mod stop;
mod storing;
mod walk;

pub use debug::debug;
pub use declared::{Declared, DeclaredIn, declared};
pub(crate) use outcome::in_force;
pub use refusal::{before_sending, invalid};
pub use static_pod::start_static;
pub use stop::{Deletion, Stopping};
pub use walk::{Occasion, place, start};

use serde::Serialize;

use crate::{
    api::Stored,
    diagnostic::Diagnostic,
    object::{Kind, Pod},
    status::{PodEvent, PodStatus},
    step::Step,
    yaml::Value,
};

/// What came of a pod on a node, as a learner sees it at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It runs, and every control that it declares is in force.
    Enforced,
    /// It runs unconfined, and nothing in the manifest asked for more.
    Unconfined,
    /// It does not run, because a control cannot be had: it failed closed.
    RefusedToStart,
    /// It runs, and a control that it declares is not in force: it failed open.
    SilentlyUnprotected,
    /// The object is not accepted, or the container cannot start for another reason.
    Invalid,
}

/// What confines a container that runs, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confinement {
    /// The container's name.
    pub container: String,
    /// The AppArmor profile in force; nothing when unconfined.
    pub apparmor: Option<String>,
    /// Whether that profile only complains.
    pub complain: bool,
    /// The seccomp filter in force.
    pub seccomp: SeccompInForce,
    /// Capabilities of the process, without `CAP_`.
    pub capabilities: Vec<&'static str>,
    /// Whether the container is privileged.
    pub privileged: bool,
    /// Whether no_new_privs is set.
    pub no_new_privs: bool,
}

/// The seccomp filter in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SeccompInForce {
    /// None.
    Unconfined,
    /// The runtime's default profile.
    RuntimeDefault,
    /// The profile in this file of the node.
    Localhost(String),
}

/// What came of a pod on a node, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The pod's name.
    pub pod: String,
    /// The node's name.
    pub node: String,
    /// What each component answered, in order.
    pub chain: Vec<Step>,
    /// What came of it.
    pub outcome: Outcome,
    /// The outcome and its reason in one sentence.
    pub sentence: String,
    /// The pod's status.
    pub status: PodStatus,
    /// The pod's events, oldest first.
    pub events: Vec<PodEvent>,
    /// What confines each container; empty when none was created.
    pub containers: Vec<Confinement>,
    /// Warnings that the client prints.
    pub warnings: Vec<String>,
    /// What the API server found wrong, at its place in the manifest.
    pub diagnostics: Vec<Diagnostic>,
    /// What the client prints, without the final line break.
    pub client_output: String,
    /// The object as stored; nothing if it was refused.
    pub object: Option<Value>,
    /// The pod as the server stored it at its creation: the object's own, or the one
    /// that a controller made; nothing where there is none.
    pub placed: Option<Stored>,
    /// That the pod was deleted and is not gone yet.
    pub deleted: Option<Deletion>,
}

impl Start {
    /// The pod's object in the server: the object itself, or the one that a
    /// controller made of its template; nothing where no pod is stored.
    pub fn pod_object(&self) -> Option<&Value> {
        let object = self.object.as_ref()?;
        match Kind::of(object)? {
            Kind::Pod => Some(object),
            // It makes no pod for a node that its pods do not fit.
            Kind::DaemonSet if !self.is_scheduled() => None,
            _ => Some(&self.placed.as_ref()?.value),
        }
    }

    /// The same, for changing it.
    pub fn pod_object_mut(&mut self) -> Option<&mut Value> {
        let object = self.object.as_mut()?;
        match Kind::of(object)? {
            Kind::Pod => Some(object),
            _ => Some(&mut self.placed.as_mut()?.value),
        }
    }

    /// Whether the scheduler has given the pod a node.
    pub fn is_scheduled(&self) -> bool {
        self.events.iter().any(|event| event.reason == "Scheduled")
    }

    /// The pod that is stored.
    pub fn stored_pod(&self) -> Option<Pod> {
        self.pod_object().map(Pod::read)
    }
}
