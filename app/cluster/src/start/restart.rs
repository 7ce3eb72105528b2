//! A pod after its start: containers that end, are started again, or wait for it.

use super::{
    Confinement, Outcome, Start,
    admission::{failed, oci, started},
    chain::Chain,
    container::{self, Admitted},
    declared::declared,
    outcome::settle,
};
use crate::{
    kubelet::restart,
    node::Node,
    object::ContainerRole,
    status::{ContainerState, ContainerStatus, Phase},
};

impl Start {
    /// Tells what becomes of a container whose first process has ended with an
    /// exit code (128 and the number for a signal): the pod's restart policy has
    /// it started again at once, or after a wait, or not.
    pub fn ended(&mut self, container: &str, exit_code: i32, node: &Node) {
        let reason = if exit_code == 0 { "Completed" } else { "Error" };
        let end = ContainerState::Terminated {
            reason: reason.to_owned(),
            exit_code,
            message: String::new(),
        };
        self.after_end(container, end, node);
    }

    /// Tells what is to be seen of containers that the OCI runtime could not
    /// start once the kubelet has tried again: it waits longer each time.
    /// Containers that the CRI runtime could not create go on saying so.
    pub fn tried_again(&mut self, node: &Node) {
        for index in 0..self.status.containers.len() {
            let Some(status) = self.status.containers.get_mut(index) else {
                break;
            };
            let ContainerState::Waiting { reason, message } = &status.state else {
                continue;
            };
            if reason != "RunContainerError" {
                continue;
            }
            let end = ContainerState::Terminated {
                reason: "StartError".to_owned(),
                exit_code: 128,
                message: message.clone(),
            };
            status.restarts = status.restarts.max(1);
            let name = status.name.clone();
            self.after_end(&name, end, node);
        }
    }

    /// Starts a container again whose wait is over.
    pub fn waited(&mut self, container: &str, node: &Node) {
        let image = self.stored_pod().and_then(|pod| {
            let mut all = pod.spec.all_containers();
            let (_, _, found) = all.find(|(_, _, one)| one.name == container)?;
            Some(found.image.clone())
        });
        let status = self.status.containers.iter_mut().find(|status| {
            let waits = matches!(&status.state, ContainerState::Waiting { reason, .. } if reason == "CrashLoopBackOff");
            status.name == container && waits
        });
        let (Some(status), Some(image)) = (status, image) else {
            return;
        };
        status.state = ContainerState::Running;
        status.restarts += 1;
        started(&mut self.events, container, &image, node);
    }

    /// Tries to start a container once more, on the node as it is now: the kubelet
    /// does not ask again whether the host has AppArmor. What confines the container,
    /// or nothing where it is not started.
    pub fn try_container(&mut self, name: &str, node: &Node) -> Option<Confinement> {
        let stored = self.placed.clone()?;
        let pod = self.stored_pod()?;
        let mut all = pod.spec.all_containers();
        let (_, _, spec) = all.find(|(_, _, container)| container.name == name)?;
        let mut chain = Chain {
            node,
            steps: Vec::new(),
        };
        let admitted = Admitted {
            pod: &pod,
            oci: oci(&stored, node),
        };
        let tried = container::start(&mut chain, admitted, spec);
        let told = self.events.len();
        self.containers.retain(|one| one.container != name);
        self.outcome = Outcome::Enforced;
        let (state, confinement) = match tried {
            Ok(confinement) => {
                started(&mut self.events, name, &spec.image, node);
                self.containers.push(confinement.clone());
                self.status.phase = Phase::Running;
                (ContainerState::Running, Some(confinement))
            }
            Err(failure) => (failed(self, &pod, spec, failure, node), None),
        };
        // What was told before is counted in a cluster, and not told again.
        let new = self.events.split_off(told);
        for event in new {
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
        let of_node = chain.of_node();
        self.chain.retain(|step| {
            step.container.as_deref() != Some(name) || !of_node.contains(&step.component)
        });
        self.chain.extend(chain.steps);
        if let Some(status) = self
            .status
            .containers
            .iter_mut()
            .find(|one| one.name == name)
        {
            let ran = status.state == ContainerState::Running;
            match (&confinement, ran) {
                (Some(_), false) => status.restarts += u32::from(status.last.is_some()),
                (None, true) => status.restarts = status.restarts.saturating_sub(1),
                _ => {}
            }
            status.state = state;
        }
        let declared = self.pod_object().map(declared).unwrap_or_default();
        settle(self, &declared, &node.name);
        confinement
    }

    fn after_end(&mut self, container: &str, end: ContainerState, node: &Node) {
        let Some(pod) = self.stored_pod() else {
            return;
        };
        let version = node.stack.kubelet.version;
        let mut all = self.status.containers.iter_mut();
        let Some(status) = all.find(|status| status.name == container) else {
            return;
        };
        let (after, event) = restart::after_end(&pod, status, end, version);
        *status = after;
        let event = event.filter(|event| !self.events.contains(event));
        self.events.extend(event);
        self.status.phase = phase(&self.status.containers, self.status.phase);
    }
}

/// The phase of a pod whose containers are in these states (`getPhase` of
/// `pkg/kubelet/kubelet_pods.go`): it has ended when all have for good.
fn phase(containers: &[ContainerStatus], before: Phase) -> Phase {
    let failed_init = containers.iter().any(|status| {
        status.role == ContainerRole::Init
            && matches!(status.state, ContainerState::Terminated { exit_code, .. } if exit_code != 0)
    });
    if failed_init {
        return Phase::Failed;
    }
    let mut codes = containers
        .iter()
        .filter(|status| status.role == ContainerRole::Regular)
        .map(|status| match status.state {
            ContainerState::Terminated { exit_code, .. } => Some(exit_code),
            _ => None,
        });
    if codes.clone().all(|code| code == Some(0)) {
        Phase::Succeeded
    } else if codes.all(|code| code.is_some()) {
        Phase::Failed
    } else {
        before
    }
}
