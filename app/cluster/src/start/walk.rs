//! The way of a pod from the client to the node.

use super::{
    Outcome, Start,
    admission::admit,
    chain::Chain,
    declared::{Declared, declared},
    refusal,
    reply::{accepted, kubectl, refused_by_server},
    storing::storing,
};
use crate::{
    api::{ApiServer, Creation, Stored, controller},
    client::Client,
    node::Node,
    object::{Kind, Pod},
    scheduler,
    status::{ContainerStatus, PodEvent, PodStatus},
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

const SCHEDULER: &str = "kube-scheduler plugins NodeName, NodeAffinity, TaintToleration; KEP-24";

/// When the kubelet meets the pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// It is new: its phase is Pending.
    #[default]
    New,
    /// It is Running: a container is started again after the node came back,
    /// or an ephemeral container is added. The kubelet's AppArmor admission
    /// looks only at Pending pods (`appArmorAdmitHandler.Admit`).
    Running,
}

/// Sends a document to an API server and starts its pod on a node.
///
/// Of a controller, one pod of its template is started.
pub fn start(document: &Value, client: &Client, api: &ApiServer, node: &Node) -> Start {
    if let Some((message, diagnostic)) = refusal::before_sending(document, client) {
        let mut start = empty(document, node);
        start
            .chain
            .push(kubectl(client, Verdict::Refused, message.clone()));
        start.sentence.clone_from(&diagnostic.sentence);
        start.client_output = message;
        start.diagnostics.push(diagnostic);
        return start;
    }
    place(
        document,
        &api.create(document, client),
        client,
        node,
        Occasion::New,
    )
}

/// Starts the pod of a created object on a node.
pub fn place(
    document: &Value,
    creation: &Creation,
    client: &Client,
    node: &Node,
    occasion: Occasion,
) -> Start {
    let mut start = empty(document, node);
    let stored = match &creation.stored {
        Ok(stored) => stored,
        Err(refused) => return refused_by_server(start, refused, document, creation, client, node),
    };
    start.chain.push(kubectl(
        client,
        Verdict::Honoured,
        "The object is sent.".to_owned(),
    ));
    start.chain.extend(creation.steps.iter().cloned());
    start.warnings.clone_from(&creation.warnings);
    start.client_output = accepted(document, creation);
    start.object = Some(stored.value.clone());
    let Some(pod) = &stored.pod else {
        start.outcome = Outcome::Enforced;
        start
            .sentence
            .push_str("The object is stored; no pod comes of it.");
        return start;
    };
    let declared = declared(document);
    let version = creation.version.to_string();
    start.chain.extend(storing(&declared, pod, &version));
    let Some(made) = &creation.from_template else {
        return run(start, stored, pod, &declared, node, occasion);
    };
    start.chain.push(Step {
        component: Component::Controller,
        version: version.into(),
        control: Control::Pod,
        container: None,
        asked: "make a pod of the template".into(),
        verdict: Verdict::Honoured,
        message:
            "The pod is sent to the API server as the template has it; nobody reads the warnings."
                .into(),
        source: "pkg/controller/controller_utils.go GetPodFromTemplate",
    });
    start.chain.extend(made.steps.iter().cloned());
    match &made.stored {
        Ok(stored) => {
            let pod = stored.pod.as_ref().unwrap_or(pod);
            start.pod.clone_from(&pod.name);
            run(start, stored, pod, &declared, node, occasion)
        }
        Err(refused) => {
            let message = refusal::message(refused);
            start.events.push(PodEvent {
                warning: true,
                reason: "FailedCreate",
                from: controller::name(document),
                message: format!("Error creating: {message}"),
            });
            let mut chain = Chain {
                node,
                steps: std::mem::take(&mut start.chain),
            };
            chain.not_reached(&[Component::Scheduler]);
            chain.not_reached(&chain.of_node());
            start.chain = chain.steps;
            start.outcome = Outcome::RefusedToStart;
            start.sentence =
                format!("The controller is stored, but its pods are refused: {message}.");
            start
        }
    }
}

/// Scheduler, kubelet, and every container.
fn run(
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
    start.placed = Some(stored.clone());
    if let Some(misfit) = scheduler::misfit(&pod.spec, node) {
        let message = format!(
            "0/1 nodes are available: 1 {misfit}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
        );
        let answer = (Verdict::Refused, message.clone());
        chain.add(
            Component::Scheduler,
            (Control::Pod, None),
            node.name.clone(),
            answer,
            SCHEDULER,
        );
        chain.not_reached(&chain.of_node());
        start.chain = chain.steps;
        // It waits in the queue, and the scheduler says why.
        start.outcome = Outcome::RefusedToStart;
        start.sentence = format!("The pod does not fit {}: {misfit}.", node.name);
        start.status = PodStatus {
            containers: waiting(pod, ""),
            ..PodStatus::default()
        };
        if start.object.as_ref().and_then(Kind::of) != Some(Kind::DaemonSet) {
            start.events.push(PodEvent {
                warning: true,
                reason: "FailedScheduling",
                from: "default-scheduler",
                message,
            });
        }
        return start;
    }
    let words =
        "The node fits. The scheduler does not know which nodes have AppArmor, or which profiles.";
    chain.add(
        Component::Scheduler,
        (Control::AppArmor, None),
        node.name.clone(),
        (Verdict::DoesNotLook, words),
        SCHEDULER,
    );
    start.events.push(PodEvent {
        warning: false,
        reason: "Scheduled",
        from: "default-scheduler",
        message: format!(
            "Successfully assigned {}/{} to {}",
            pod.namespace, pod.name, node.name
        ),
    });
    start.chain = chain.steps;
    admit(start, stored, pod, declared, node, occasion)
}

/// A start in which nothing has happened yet.
pub(super) fn empty(document: &Value, node: &Node) -> Start {
    let name = document.text_at(&["metadata", "name"]);
    Start {
        pod: name.to_owned(),
        node: node.name.clone(),
        chain: Vec::new(),
        outcome: Outcome::Invalid,
        sentence: String::new(),
        status: PodStatus::default(),
        events: Vec::new(),
        containers: Vec::new(),
        warnings: Vec::new(),
        diagnostics: Vec::new(),
        client_output: String::new(),
        object: None,
        placed: None,
        deleted: None,
    }
}

fn waiting(pod: &Pod, reason: &str) -> Vec<ContainerStatus> {
    pod.spec
        .all_containers()
        .map(|(role, _, container)| ContainerStatus::waiting(&container.name, role, reason))
        .collect()
}
