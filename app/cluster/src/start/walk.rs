//! The way of a pod from the client to the node.

use super::{
    Outcome, Start,
    chain::Chain,
    container::{self, Admitted, Failure},
    declared::{Declared, declared},
    outcome, refusal,
};
use crate::{
    api::{ApiServer, Creation, Refusal, Stored},
    client::{Client, Validate},
    kubelet,
    node::{Node, OciKind},
    object::{ContainerRole, Kind, Pod},
    scheduler,
    schema::decode,
    status::{ContainerState, ContainerStatus, Phase, PodEvent, PodStatus},
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

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

/// Starts a static pod, which the kubelet reads from a file of the node: no
/// API server checks it, and fields that the kubelet does not know are dropped
/// without a word (`pkg/kubelet/config/common.go` `tryDecodeSinglePod`).
pub fn start_static(document: &Value, node: &Node) -> Start {
    let mut start = empty(document, node);
    let decoded = decode(document, node.stack.kubelet.version);
    let mut chain = Chain {
        node,
        steps: Vec::new(),
    };
    for unknown in &decoded.unknown {
        let control = if unknown.path.contains("appArmorProfile") {
            Control::AppArmor
        } else {
            Control::Pod
        };
        let words = "This kubelet does not know the field and drops it; nothing is said.";
        chain.add(
            Component::Kubelet,
            (control, None),
            unknown.path.clone(),
            (Verdict::Dropped, words),
            STATIC,
        );
    }
    start.chain = chain.steps;
    let mut pod = Pod::read(&decoded.value);
    pod.name = format!("{}-{}", pod.name, node.name);
    start.pod.clone_from(&pod.name);
    start.object = Some(decoded.value.clone());
    let stored = Stored {
        value: decoded.value,
        pod: None,
        handler: None,
    };
    admit(
        start,
        &stored,
        &pod,
        &declared(document),
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
                from: "replicaset-controller",
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
        start.outcome = Outcome::Invalid;
        start.sentence = format!("The pod does not fit {}: {misfit}.", node.name);
        start.status = PodStatus {
            containers: waiting(pod, ""),
            ..PodStatus::default()
        };
        start.events.push(PodEvent {
            warning: true,
            reason: "FailedScheduling",
            from: "default-scheduler",
            message,
        });
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

/// The kubelet's admission, and every container.
fn admit(
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
            let words = "The pod is not Pending any more: the kubelet does not ask whether the host has AppArmor.";
            let answer = (Verdict::DoesNotLook, words);
            chain.add(
                Component::Kubelet,
                (Control::AppArmor, None),
                "enforce AppArmor",
                answer,
                HANDLER,
            );
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
    if start.outcome != Outcome::RefusedToStart {
        let (outcome, sentence) = outcome::of_running(declared, &start.containers, &node.name);
        start.outcome = outcome;
        start.sentence = sentence;
    }
    start
}

/// Starts the containers one after the other; the first failure of an init
/// container holds up the rest.
fn containers(start: &mut Start, chain: &mut Chain<'_>, stored: &Stored, pod: &Pod) {
    let oci = match stored.handler.as_deref() {
        Some("runsc" | "gvisor") => OciKind::Runsc,
        Some("crun") => OciKind::Crun,
        _ => chain.node.stack.oci.kind,
    };
    let admitted = Admitted { pod, oci };
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
                    if init {
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
                    failed(start, pod, &container.name, failure)
                }
            }
        };
        start.status.containers.push(ContainerStatus {
            name: container.name.clone(),
            init,
            state,
            restarts: 0,
        });
    }
}

/// The state of a container that did not start, with event and outcome.
fn failed(start: &mut Start, pod: &Pod, container: &str, failure: Failure) -> ContainerState {
    start.outcome = Outcome::RefusedToStart;
    start.sentence = format!("{container} is not started: {}.", failure.message);
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

fn started(events: &mut Vec<PodEvent>, name: &str, image: &str, node: &Node) {
    let colon = if node.stack.kubelet.version.minor >= 32 {
        ":"
    } else {
        ""
    };
    for (reason, message) in [
        (
            "Pulled",
            format!("Container image \"{image}\" already present on machine"),
        ),
        ("Created", format!("Created container{colon} {name}")),
        ("Started", format!("Started container {name}")),
    ] {
        events.push(PodEvent {
            warning: false,
            reason,
            from: "kubelet",
            message,
        });
    }
}

/// A start in which nothing has happened yet.
fn empty(document: &Value, node: &Node) -> Start {
    let name = document
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or_default();
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
    }
}

const STATIC: &str = "pkg/kubelet/config/common.go tryDecodeSinglePod, every version read";
const HANDLER: &str = "pkg/kubelet/lifecycle/handlers.go appArmorAdmitHandler.Admit";
const SCHEDULER: &str = "kube-scheduler plugins NodeName, NodeAffinity, TaintToleration; KEP-24";

fn kubectl(client: &Client, verdict: Verdict, message: String) -> Step {
    let validate = match client.validate {
        Validate::Strict => "strict",
        Validate::Warn => "warn",
        Validate::Ignore => "ignore",
    };
    Step {
        component: Component::Kubectl,
        version: "".into(),
        control: Control::Pod,
        container: None,
        asked: format!("apply -f {} --validate={validate}", client.file).into(),
        verdict,
        message: message.into(),
        source: "kubectl apply",
    }
}

/// The API server's own steps about declared profiles: stored, or not read.
fn storing(declared: &[Declared], pod: &Pod, version: &str) -> Vec<Step> {
    use super::declared::DeclaredIn;
    let step = |control,
                container: Option<String>,
                asked: String,
                verdict,
                message: &'static str| Step {
        component: Component::ApiServer,
        version: version.to_owned().into(),
        control,
        container,
        asked: asked.into(),
        verdict,
        message: message.into(),
        source: "pkg/apis/core/validation looks only at exact keys; pkg/registry/core/pod stores the rest as it is",
    };
    let mut steps = Vec::new();
    for control in [Control::AppArmor, Control::Seccomp] {
        let mine = || declared.iter().filter(move |item| item.control == control);
        for item in mine().filter(|item| {
            matches!(
                item.place,
                DeclaredIn::Lookalike | DeclaredIn::ControllerAnnotation
            )
        }) {
            let message = if item.place == DeclaredIn::Lookalike {
                "The key is stored like any other annotation; no component reads it."
            } else {
                "The annotation is on the controller, not on the pod template: no component reads it."
            };
            steps.push(step(
                control,
                None,
                item.words.clone(),
                Verdict::DoesNotLook,
                message,
            ));
        }
        let stored = mine().find(|item| item.container.is_some() && still_there(item, pod));
        match stored {
            Some(item) => {
                let message = "The profile is stored with the pod.";
                steps.push(step(
                    control,
                    None,
                    item.words.clone(),
                    Verdict::Honoured,
                    message,
                ));
            }
            None if mine().next().is_none() => {
                let message = "The manifest asks for no profile.";
                steps.push(step(
                    control,
                    None,
                    "nothing".to_owned(),
                    Verdict::NothingAsked,
                    message,
                ));
            }
            None => {}
        }
    }
    steps
}

/// Whether what was declared is in the stored pod.
fn still_there(item: &Declared, pod: &Pod) -> bool {
    use super::declared::DeclaredIn;
    let container = || {
        pod.spec
            .all_containers()
            .find(|(_, _, c)| Some(c.name.as_str()) == item.container.as_deref())
    };
    let seccomp = item.control == Control::Seccomp;
    match item.place {
        DeclaredIn::ContainerField => container().is_some_and(|(_, _, container)| {
            let field = if seccomp {
                &container.security.seccomp
            } else {
                &container.security.app_armor
            };
            *field == item.profile
        }),
        DeclaredIn::PodField => {
            let field = if seccomp {
                &pod.spec.security.seccomp
            } else {
                &pod.spec.security.app_armor
            };
            *field == item.profile
        }
        DeclaredIn::Annotation | DeclaredIn::PodAnnotation => item
            .words
            .split_once(": ")
            .is_some_and(|(key, _)| pod.annotations.contains_key(key)),
        DeclaredIn::ControllerAnnotation | DeclaredIn::Lookalike => false,
    }
}

fn waiting(pod: &Pod, reason: &str) -> Vec<ContainerStatus> {
    pod.spec
        .all_containers()
        .map(|(role, _, container)| ContainerStatus {
            name: container.name.clone(),
            init: role == ContainerRole::Init,
            state: ContainerState::Waiting {
                reason: reason.to_owned(),
                message: String::new(),
            },
            restarts: 0,
        })
        .collect()
}

/// What kubectl prints when the object is stored.
fn accepted(document: &Value, creation: &Creation) -> String {
    let kind = Kind::of(document);
    let name = document
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or_default();
    let group = document
        .get("apiVersion")
        .and_then(Value::as_str)
        .and_then(|version| version.split_once('/'));
    let kind = kind.map_or_else(|| "object".to_owned(), |kind| kind.name().to_lowercase());
    let group = group.map_or_else(String::new, |(group, _)| format!(".{group}"));
    let warnings: String = creation
        .warnings
        .iter()
        .fold(String::new(), |all, warning| {
            all + "Warning: " + warning + "\n"
        });
    format!("{warnings}{kind}{group}/{name} created")
}

/// The start of an object that the server refuses.
fn refused_by_server(
    mut start: Start,
    refused: &Refusal,
    document: &Value,
    creation: &Creation,
    client: &Client,
    node: &Node,
) -> Start {
    let by_kubectl = creation
        .steps
        .last()
        .is_some_and(|step| step.component == Component::Kubectl);
    if !by_kubectl {
        start.chain.push(kubectl(
            client,
            Verdict::Honoured,
            "The object is sent.".to_owned(),
        ));
    }
    start.chain.extend(creation.steps.iter().cloned());
    let mut chain = Chain {
        node,
        steps: std::mem::take(&mut start.chain),
    };
    chain.not_reached(&[Component::Scheduler]);
    chain.not_reached(&chain.of_node());
    start.chain = chain.steps;
    start.warnings.clone_from(&creation.warnings);
    start.client_output = refusal::client_output(refused, document, client);
    start.diagnostics = refusal::diagnostics(refused, document);
    start.outcome = match refused {
        Refusal::Forbidden { .. } | Refusal::Policy { .. } => Outcome::RefusedToStart,
        Refusal::BadRequest { .. } | Refusal::Invalid(_) => Outcome::Invalid,
    };
    start.sentence = match start.diagnostics.first() {
        Some(diagnostic) => diagnostic.sentence.clone(),
        None => "The API server refuses the object.".to_owned(),
    };
    start
}
