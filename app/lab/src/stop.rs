//! Stopping pods: the signals that a runtime sends to a container's first
//! process, and what becomes of a pod whose processes do not end.

use crate::{container::PR_SET_NAME, machine::Machine, node::Pod, process::end};
use cluster::{client::Client, object::Kind, start::Stopping};
use kernel::{Arg, Pid, abi::SIGKILL, task::State};

/// `SIGTERM`
const SIGTERM: u32 = 15;
/// The date of every simulated log.
const TIME: &str = "2026-01-01T00:00:00Z";

/// What became of a pod that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone.
    Gone,
    /// It is still there: these processes run on, with the labels that
    /// they run under.
    Terminating(Vec<String>),
    /// It may not be deleted, or there is none: what kubectl prints.
    Refused(String),
}

impl Machine {
    /// `kubectl delete` of one object. With `force` the server forgets a pod at once,
    /// whatever becomes of its processes.
    pub fn delete(&mut self, kind: Kind, (name, namespace): (&str, &str), force: bool) -> Deleted {
        if kind == Kind::Namespace {
            return self.delete_namespace(name);
        }
        let not_found = || {
            let resource = kind.qualified();
            Deleted::Refused(format!(
                "Error from server (NotFound): {resource} \"{name}\" not found"
            ))
        };
        if self.api.forget(kind, name) {
            return Deleted::Gone;
        }
        let found = self.pods.iter().position(|pod| {
            pod.object(kind).is_some_and(|object| {
                object.text_at(&["metadata", "name"]) == name
                    && object.text_at(&["metadata", "namespace"]) == namespace
            })
        });
        let Some(index) = found else {
            return not_found();
        };
        let mut pod = self.pods.remove(index);
        self.stop(&mut pod);
        // What made it makes another one.
        let owner = pod.start.object.clone();
        let owner = owner.filter(|owner| Kind::of(owner) != Some(kind));
        if let Some(owner) = owner.filter(|_| pod.containers.is_empty()) {
            self.tell_node();
            let client = Client::kubectl("");
            let again = cluster::start::start(&owner, &client, &self.api, &self.node);
            self.place(&pod.sent, again);
            return Deleted::Gone;
        }
        if pod.containers.is_empty() || force {
            return Deleted::Gone;
        }
        let labels = pod.containers.iter();
        let labels = labels
            .filter_map(|container| self.world.label_text(container.init))
            .collect();
        self.pods.insert(index, pod);
        Deleted::Terminating(labels)
    }

    /// Deletes a namespace with the pods in it.
    fn delete_namespace(&mut self, name: &str) -> Deleted {
        if let Err(words) = self.api.delete_namespace(name) {
            return Deleted::Refused(words);
        }
        let inside = |pod: &Pod| pod.start.object.is_some() && pod.spec.namespace == name;
        let (inside, rest) = std::mem::take(&mut self.pods).into_iter().partition(inside);
        self.pods = rest;
        for mut pod in inside {
            self.stop(&mut pod);
        }
        Deleted::Gone
    }

    /// The kubelet tries again to stop the pods that were deleted and did not
    /// end: those are gone that would end now.
    pub(crate) fn stop_again(&mut self) {
        let waits = |pod: &Pod| pod.start.deleted.is_some();
        for index in (0..self.pods.len()).rev() {
            if !waits(&self.pods[index]) {
                continue;
            }
            // What is still refused is not written into the log once more.
            let mut probe = self.clone();
            let mut pod = self.pods[index].clone();
            probe.stop(&mut pod);
            if pod.containers.is_empty() {
                let mut pod = self.pods.remove(index);
                self.stop(&mut pod);
            }
        }
    }

    /// Has the runtime end a pod's containers: first asked to, then killed. Those
    /// that run on stay with the pod.
    pub(crate) fn stop(&mut self, pod: &mut Pod) {
        let containers = std::mem::take(&mut pod.containers);
        let mut stopping = Stopping::default();
        for container in containers {
            self.quietly(|machine| {
                for signal in [SIGTERM, SIGKILL] {
                    if machine.runs(container.init) {
                        machine.signal(container.init, signal);
                    }
                }
            });
            if self.runs(container.init) {
                stopping.running.push(container.name.clone());
                pod.containers.push(container);
            } else {
                stopping.ended.push(container.name);
            }
        }
        pod.start.stopping(&stopping, &self.node, TIME);
    }

    /// What the OCI runtime does for its `kill`.
    fn signal(&mut self, target: Pid, signal: u32) {
        let named = self.fork_into(|process| {
            let name = process.machine.node.stack.oci.kind.component().name();
            let set = [PR_SET_NAME.into(), Arg::from(name)];
            process.call("prctl", set).map(drop)
        });
        let Ok(runtime) = named else {
            return;
        };
        let mut process = self.runtime(runtime);
        let _ = process.call("kill", [Arg::from(target.0), signal.into()]);
        end(&mut process, 0);
    }

    fn runs(&self, pid: Pid) -> bool {
        self.world
            .task(pid)
            .is_some_and(|task| task.state == State::Running)
    }
}
