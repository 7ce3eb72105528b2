//! A pod that is deleted, and what the kubelet says while its processes do not end.

use super::Start;
use crate::{
    api::go,
    node::{Node, RuntimeKind},
    object::{Pod, number},
    status::{ContainerState, Phase, PodEvent},
};

/// That a pod was deleted: it is there until its containers have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `metadata.deletionTimestamp`.
    pub time: String,
    /// `metadata.deletionGracePeriodSeconds`.
    pub grace_seconds: i64,
}

/// What became of a pod's containers that were to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stopping {
    /// Those whose first process has ended.
    pub ended: Vec<String>,
    /// Those whose first process runs on, because no signal reaches it.
    pub running: Vec<String>,
}

/// `terminationGracePeriodSeconds` where the pod says none.
const GRACE_SECONDS: i64 = 30;

impl Start {
    /// Tells that the pod was deleted at a time, and what became of its containers.
    /// The kubelet goes on trying; its events are told once.
    pub fn stopping(&mut self, stopping: &Stopping, node: &Node, time: &str) {
        let Some(pod) = self.stored_pod() else {
            return;
        };
        let spec = self.pod_object().and_then(|object| object.get("spec"));
        let grace = spec.and_then(|spec| number(spec, "terminationGracePeriodSeconds"));
        self.deleted.get_or_insert_with(|| Deletion {
            time: time.to_owned(),
            grace_seconds: grace.unwrap_or(GRACE_SECONDS),
        });
        for name in stopping.ended.iter().chain(&stopping.running) {
            let message = format!("Stopping container {name}");
            self.tell_once(false, "Killing", message);
        }
        for status in &mut self.status.containers {
            if stopping.ended.contains(&status.name) {
                status.state = ContainerState::Terminated {
                    reason: "Error".to_owned(),
                    exit_code: 137,
                    message: String::new(),
                };
            }
        }
        if !stopping.running.is_empty() {
            let message = not_killed(&pod, &stopping.running, node.stack.runtime.kind);
            self.tell_once(true, "FailedKillPod", message);
        }
    }

    /// The column STATUS of `kubectl get pods`.
    pub fn shown_status(&self) -> String {
        if self.is_terminating() {
            "Terminating".to_owned()
        } else {
            self.status.display()
        }
    }

    /// Whether the pod was deleted and has not come to an end by itself.
    pub fn is_terminating(&self) -> bool {
        let ended = matches!(self.status.phase, Phase::Failed | Phase::Succeeded);
        self.deleted.is_some() && !ended
    }

    fn tell_once(&mut self, warning: bool, reason: &'static str, message: String) {
        let event = PodEvent {
            warning,
            reason,
            from: "kubelet",
            message,
        };
        if !self.events.contains(&event) {
            self.events.push(event);
        }
    }
}

/// The kubelet's words when the kernel does not let the runtime's signals through
/// (`killPod` in `pkg/kubelet/kubelet_pods.go`; for containerd with runc the message
/// of opencontainers/runc issue 4281, for CRI-O the time that the kubelet waits, for
/// Docker the daemon's own words).
fn not_killed(pod: &Pod, containers: &[String], kind: RuntimeKind) -> String {
    const RUNC: &str = "unknown error after kill: runc did not terminate successfully: exit status 1: unable to signal init: permission denied\n: unknown";
    const TIME_OUT: &str = "rpc error: code = DeadlineExceeded desc = context deadline exceeded";
    let mut errors = Vec::new();
    for name in containers {
        let id = pod.container_id(name);
        let error = match kind {
            RuntimeKind::Containerd => {
                format!(
                    "rpc error: code = Unknown desc = failed to kill container \"{id}\": {RUNC}"
                )
            }
            RuntimeKind::CriO => TIME_OUT.to_owned(),
            RuntimeKind::Docker => format!(
                "rpc error: code = Unknown desc = Error response from daemon: cannot stop container: {id}: permission denied"
            ),
        };
        errors.push(format!(
            "failed to \"KillContainer\" for \"{name}\" with KillContainerError: {}",
            go::quote(&error)
        ));
    }
    let first = containers.first().map(|name| pod.container_id(name));
    let id = first.unwrap_or_default();
    // dockershim stops the sandbox without its containers.
    let sandbox = match kind {
        RuntimeKind::Containerd => Some(format!(
            "rpc error: code = Unknown desc = failed to stop container \"{id}\": failed to kill container \"{id}\": {RUNC}"
        )),
        RuntimeKind::CriO => Some(TIME_OUT.to_owned()),
        RuntimeKind::Docker => None,
    };
    errors.extend(sandbox.map(|error| {
        format!(
            "failed to \"KillPodSandbox\" for \"{}\" with KillPodSandboxError: {}",
            pod.uid(),
            go::quote(&error)
        )
    }));
    match errors.as_slice() {
        [one] => format!("error killing pod: {one}"),
        many => format!("error killing pod: [{}]", many.join(", ")),
    }
}
