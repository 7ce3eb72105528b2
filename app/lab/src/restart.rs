//! What the cluster's components do again by themselves: pods are placed once they
//! fit, and containers started that have ended or could not be started.

use crate::{machine::Machine, node::Pod};
use cluster::{
    api::Creation,
    client::Client,
    object::Kind,
    start::{Occasion, place},
    status::ContainerState,
};
use kernel::{Pid, task::State};

/// Why containers wait that the kubelet tries to start once more.
const RETRIED: [&str; 4] = [
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];
/// The exit code of a process that a signal has ended, without its number.
const KILLED: i32 = 128;

impl Machine {
    /// Scheduler, controllers and kubelet look again: they place what fits now, start
    /// those containers again that have ended, and try those that could not be
    /// started. One look comes after every wait.
    pub(crate) fn start_again(&mut self) {
        for index in 0..self.pods.len() {
            if self.pods[index].start.deleted.is_some() {
                continue;
            }
            let mut pod = self.pods[index].clone();
            self.reconcile(&mut pod);
            self.pods[index] = pod;
        }
    }

    fn reconcile(&mut self, pod: &mut Pod) {
        if !self.is_placed(pod) {
            return;
        }
        // Those that could not be started, and those whose wait is over by now.
        let mut again: Vec<String> = pod
            .start
            .status
            .containers
            .iter()
            .filter(|status| {
                matches!(&status.state, ContainerState::Waiting { reason, .. } if RETRIED.contains(&reason.as_str()))
            })
            .map(|status| status.name.clone())
            .collect();
        let (run, ended): (Vec<_>, Vec<_>) = std::mem::take(&mut pod.containers)
            .into_iter()
            .partition(|container| self.exit_code(container.init).is_none());
        pod.containers = run;
        for container in ended {
            let code = self.exit_code(container.init).unwrap_or(KILLED);
            pod.start.ended(&container.name, code, &self.node);
            let statuses = &pod.start.status.containers;
            let runs = statuses.iter().any(|status| {
                status.name == container.name && status.state == ContainerState::Running
            });
            if runs {
                again.push(container.name);
            }
        }
        if again.is_empty() {
            return;
        }
        self.tell_node();
        for name in again {
            if let Some(confinement) = pod.start.try_container(&name, &self.node) {
                self.quietly(|machine| machine.run_one(pod, &confinement));
            }
        }
    }

    /// Whether a pod is on the node, be it that it fits only now.
    fn is_placed(&mut self, pod: &mut Pod) -> bool {
        let Some(object) = pod.start.object.clone() else {
            return false;
        };
        if pod.start.is_scheduled() {
            return true;
        }
        self.tell_node();
        let again = match (&pod.start.placed, Kind::of(&object)) {
            (Some(stored), _) => {
                let creation = Creation {
                    version: self.api.version,
                    steps: Vec::new(),
                    warnings: Vec::new(),
                    stored: Ok(stored.clone()),
                    from_template: None,
                };
                let client = Client::kubectl("");
                place(&object, &creation, &client, &self.node, Occasion::New)
            }
            // A controller goes on trying to make its pod.
            (None, Some(kind)) if kind != Kind::Pod && kind.pod_place().is_some() => {
                let client = Client::kubectl("");
                cluster::start::start(&object, &client, &self.api, &self.node)
            }
            _ => return false,
        };
        if !again.is_scheduled() {
            return false;
        }
        let mut events = std::mem::take(&mut pod.start.events);
        let owner = object;
        pod.start = again;
        events.append(&mut pod.start.events);
        pod.start.events = events;
        pod.start.object = Some(owner);
        pod.spec = pod.start.stored_pod().unwrap_or_default();
        self.quietly(|machine| machine.run_containers(pod));
        false
    }

    /// The exit code of a process that has ended.
    fn exit_code(&self, pid: Pid) -> Option<i32> {
        match self.world.task(pid).map(|task| task.state) {
            Some(State::Running) => None,
            Some(State::Exited(code)) => Some(code),
            Some(State::Killed(signal)) => Some(KILLED + i32::try_from(signal).unwrap_or_default()),
            None => Some(KILLED),
        }
    }
}
