//! The kubelet's admission of a pod, and the start of its containers one after
//! the other.

use super::{
    Occasion, Outcome, Start,
    chain::Chain,
    container::{self, Admitted},
    declared::Declared,
    failure::Failure,
    outcome,
};
use crate::{
    api::Stored,
    kubelet,
    node::{Node, OciKind},
    object::{Container, ContainerRole, Pod},
    status::{ContainerState, ContainerStatus, Phase, PodEvent},
    step::{Component, Control, Verdict},
};

const HANDLER: &str = "pkg/kubelet/lifecycle/handlers.go appArmorAdmitHandler.Admit";

/// The kubelet's admission, and every container.
pub(super) fn admit(
    mut start: Start,
    stored: &Stored,
    pod: &Pod,
    declared: &[Declared],
    node: &Node,
    occasion: Occasion,
) -> Start {
    let mut chain = Chain {
        node,
        steps: std::mem::take(&mut start.chain),
    };
    let version = node.stack.kubelet.version;
    let admission = match occasion {
        Occasion::New => kubelet::admit(pod, version, node.found.kubelet, &|name| {
            node.is_loaded(name)
        }),
        Occasion::Running => {
            not_pending(&mut chain);
            Ok(())
        }
    };
    if let Err(rejection) = admission {
        let era = kubelet::eras::kubelet(version);
        let answer = (Verdict::Refused, rejection.message.clone());
        chain.add(
            Component::Kubelet,
            (Control::AppArmor, None),
            "enforce AppArmor",
            answer,
            era.source,
        );
        chain.not_reached(&chain.of_node()[1..]);
        start.chain = chain.steps;
        start.outcome = Outcome::RefusedToStart;
        start.sentence = format!(
            "The kubelet of {} does not start the pod: {}.",
            node.name, rejection.validator
        );
        start.status = rejection.status;
        start.events.extend(rejection.event);
        return start;
    }
    containers(&mut start, &mut chain, stored, pod);
    start.chain = chain.steps;
    outcome::settle(&mut start, declared, &node.name);
    start
}

/// Starts the containers one after the other; the first failure of an init
/// container holds up the rest.
fn containers(start: &mut Start, chain: &mut Chain<'_>, stored: &Stored, pod: &Pod) {
    let admitted = Admitted {
        pod,
        oci: oci(stored, chain.node),
    };
    let mut held_up = false;
    start.status.phase = Phase::Pending;
    for (role, _, container) in pod.spec.all_containers() {
        let init = role == ContainerRole::Init;
        let state = if held_up {
            ContainerState::Waiting {
                reason: "PodInitializing".to_owned(),
                message: String::new(),
            }
        } else {
            match container::start(chain, admitted, container) {
                Ok(confinement) => {
                    start.containers.push(confinement);
                    started(
                        &mut start.events,
                        &container.name,
                        &container.image,
                        chain.node,
                    );
                    if init && container.restartable {
                        ContainerState::Running
                    } else if init {
                        ContainerState::Terminated {
                            reason: "Completed".to_owned(),
                            exit_code: 0,
                            message: String::new(),
                        }
                    } else {
                        start.status.phase = Phase::Running;
                        ContainerState::Running
                    }
                }
                Err(failure) => {
                    held_up = init;
                    failed(start, pod, container, failure, chain.node)
                }
            }
        };
        let status = ContainerStatus::first(&container.name, role, state);
        start.status.containers.push(status);
    }
}

/// The OCI runtime that the pod's runtime class names, or the node's own.
pub(super) fn oci(stored: &Stored, node: &Node) -> OciKind {
    match stored.handler.as_deref() {
        Some("runsc" | "gvisor") => OciKind::Runsc,
        Some("crun") => OciKind::Crun,
        _ => node.stack.oci.kind,
    }
}

/// Adds that the kubelet's admission passes over a pod that runs already.
pub(super) fn not_pending(chain: &mut Chain<'_>) {
    let words =
        "The pod is not Pending any more: the kubelet does not ask whether the host has AppArmor.";
    chain.add(
        Component::Kubelet,
        (Control::AppArmor, None),
        "enforce AppArmor",
        (Verdict::DoesNotLook, words),
        HANDLER,
    );
}

/// The state of a container that did not start, with event and outcome.
pub(super) fn failed(
    start: &mut Start,
    pod: &Pod,
    container: &Container,
    failure: Failure,
    node: &Node,
) -> ContainerState {
    start.outcome = Outcome::RefusedToStart;
    start.sentence = format!("{} is not started: {}.", container.name, failure.message);
    // The image was looked for before, and where only the start failed, the
    // container was created.
    let before = if failure.reason == "RunContainerError" {
        2
    } else {
        1
    };
    let events = happened(&container.name, &container.image, node);
    start.events.extend(events.into_iter().take(before));
    start.events.push(PodEvent {
        warning: true,
        reason: "Failed",
        from: "kubelet",
        message: format!("Error: {}", failure.message),
    });
    if failure.reason == "RunContainerError" && pod.spec.restart_policy == "Never" {
        return ContainerState::Terminated {
            reason: "StartError".to_owned(),
            exit_code: 128,
            message: failure.message,
        };
    }
    ContainerState::Waiting {
        reason: failure.reason.to_owned(),
        message: failure.message,
    }
}

/// Adds the events of a container that has started.
pub(super) fn started(events: &mut Vec<PodEvent>, name: &str, image: &str, node: &Node) {
    events.extend(happened(name, image, node));
}

/// The events of a start, in their order: pulled, created, started.
fn happened(name: &str, image: &str, node: &Node) -> [PodEvent; 3] {
    let words = kubelet::eras::event_words(node.stack.kubelet.version).rule;
    [
        (
            "Pulled",
            format!("Container image \"{image}\" already present on machine"),
        ),
        ("Created", format!("{}{name}", words.created)),
        ("Started", format!("Started container {name}")),
    ]
    .map(|(reason, message)| PodEvent {
        warning: false,
        reason,
        from: "kubelet",
        message,
    })
}
