//! `kubectl debug`: an ephemeral container in a pod that runs.

use super::{
    Outcome, Start,
    admission::{failed, not_pending, oci, started},
    chain::Chain,
    container::{self, Admitted},
    declared::declared,
    outcome, refusal,
};
use crate::{
    api::{ApiServer, Refusal},
    client::Client,
    node::Node,
    object::{ContainerRole, Kind},
    status::{ContainerState, ContainerStatus},
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

/// Adds an ephemeral container to a pod that runs on a node.
///
/// The answer is the pod with the new container in status, events, object and
/// confinements; its chain, outcome and sentence are about the new container
/// alone. The container has the profile of the whole pod, not those of the
/// containers beside it, and the kubelet's check of the host is passed over.
pub fn debug(
    running: &Start,
    container: &Value,
    client: &Client,
    api: &ApiServer,
    node: &Node,
) -> Start {
    let mut start = running.clone();
    start.chain.clear();
    start.warnings.clear();
    start.diagnostics.clear();
    let Some(stored) = &running.placed else {
        let message = format!("pods \"{}\" not found", running.pod);
        start.client_output = format!("Error from server (NotFound): {message}");
        start.outcome = Outcome::Invalid;
        start.sentence = format!("There is no pod {} to add a container to.", running.pod);
        return start;
    };
    let creation = api.add_ephemeral(stored, container, client);
    start.chain.push(Step {
        component: Component::Kubectl,
        version: "".into(),
        control: Control::Pod,
        container: None,
        asked: format!("debug {}", running.pod).into(),
        verdict: Verdict::Honoured,
        message: "The container is sent as a patch of the pod.".into(),
        source: "kubectl/pkg/cmd/debug/debug.go",
    });
    start.chain.extend(creation.steps);
    start.warnings = creation.warnings;
    let stored = match creation.stored {
        Ok(stored) => stored,
        Err(refused) => return not_added(start, &refused, client, node),
    };
    if running.object.as_ref().and_then(Kind::of) == Some(Kind::Pod) {
        start.object = Some(stored.value.clone());
    }
    start.client_output = warned(&start.warnings, "");
    let pod = stored.pod.clone().unwrap_or_default();
    let mut chain = Chain {
        node,
        steps: std::mem::take(&mut start.chain),
    };
    let Some(spec) = pod.spec.ephemeral_containers.last() else {
        start.chain = chain.steps;
        return start;
    };
    if !start.is_scheduled() {
        let waits = ContainerStatus::waiting(&spec.name, ContainerRole::Ephemeral, "");
        start.status.containers.push(waits);
        start.outcome = Outcome::RefusedToStart;
        start.sentence = format!("{} waits for a node, and the container with it.", pod.name);
        start.chain = chain.steps;
        start.placed = Some(stored);
        return start;
    }
    not_pending(&mut chain);
    let admitted = Admitted {
        pod: &pod,
        oci: oci(&stored, node),
    };
    let state = match container::start(&mut chain, admitted, spec) {
        Ok(confinement) => {
            started(&mut start.events, &spec.name, &spec.image, node);
            let declared = declared(&stored.value);
            let alone = std::slice::from_ref(&confinement);
            (start.outcome, start.sentence) = outcome::of_running(&declared, alone, &node.name);
            start.containers.push(confinement);
            ContainerState::Running
        }
        Err(failure) => failed(&mut start, &pod, spec, failure, node),
    };
    let status = ContainerStatus::first(&spec.name, ContainerRole::Ephemeral, state);
    start.status.containers.push(status);
    start.chain = chain.steps;
    start.placed = Some(stored);
    start
}

/// The pod as it was, with the server's refusal.
fn not_added(mut start: Start, refused: &Refusal, client: &Client, node: &Node) -> Start {
    let mut chain = Chain {
        node,
        steps: std::mem::take(&mut start.chain),
    };
    chain.not_reached(&chain.of_node());
    start.chain = chain.steps;
    let words = refusal::message(refused);
    start.outcome = Outcome::RefusedToStart;
    start.sentence = format!("The container is not added: {words}.");
    let printed = match refused {
        Refusal::NotFound { .. } => format!(
            "error: ephemeral containers are disabled for this cluster (error from server: \"{words}\")."
        ),
        _ => {
            let empty = Value::map();
            let document = start.object.as_ref().unwrap_or(&empty);
            refusal::client_output(refused, document, client)
        }
    };
    start.client_output = warned(&start.warnings, &printed);
    start
}

/// What kubectl prints, after the server's warnings.
fn warned(warnings: &[String], printed: &str) -> String {
    let lines: String = warnings.iter().fold(String::new(), |all, warning| {
        all + "Warning: " + warning + "\n"
    });
    (lines + printed).trim_end().to_owned()
}
