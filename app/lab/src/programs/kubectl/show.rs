//! `kubectl describe`, `logs` and `version`.

use super::{
    fail,
    get::{self, AGE, Shown},
};
use crate::{process::Process, programs::options::Given};
use cluster::{status::ContainerState, view};

/// The time of heartbeats: the date of every simulated log.
const TIME: &str = "Thu, 01 Jan 2026 00:00:00 +0000";

pub(super) fn describe(process: &mut Process<'_>, given: &Given) -> u8 {
    let (shown, names) = match get::kind(process, given) {
        Ok(found) => found,
        Err(status) => return status,
    };
    let found = match get::found(process, given, shown, &names) {
        Ok(found) => found,
        Err(status) => return status,
    };
    let texts: Vec<String> = match shown {
        Shown::Pods => {
            let pods = found.there.iter().filter_map(|item| item.pod.as_ref());
            pods.filter_map(|pod| view::describe_pod(&pod.start, AGE))
                .collect()
        }
        Shown::Nodes if found.there.is_empty() => Vec::new(),
        Shown::Nodes => vec![view::describe_node(&process.machine.node, TIME)],
        Shown::Namespaces | Shown::Events | Shown::Workloads(_) => {
            let words = format!("error: describe {} is not simulated", shown.singular());
            return fail(process, &words);
        }
    };
    // Two empty lines stand between two descriptions.
    for line in texts.join("\n\n").lines() {
        process.print(line);
    }
    found.exit(process)
}

/// What a container's first process printed: it waits here and prints nothing,
/// so only the refusals are to be seen.
pub(super) fn logs(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some(name) = given.operands.first() else {
        return fail(
            process,
            "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
        );
    };
    let name = name.trim_start_matches("pod/").to_owned();
    let names = std::slice::from_ref(&name);
    let found = match get::found(process, given, Shown::Pods, names) {
        Ok(found) => found,
        Err(status) => return status,
    };
    for pod in found.there.iter().filter_map(|item| item.pod.as_ref()) {
        let chosen = given
            .value("c")
            .map(str::to_owned)
            .or_else(|| pod.spec.spec.containers.first().map(|one| one.name.clone()))
            .unwrap_or_default();
        let status = pod
            .start
            .status
            .containers
            .iter()
            .find(|container| container.name == chosen);
        match status.map(|status| &status.state) {
            Some(ContainerState::Waiting { reason, .. }) => {
                return fail(
                    process,
                    &format!(
                        "Error from server (BadRequest): container \"{chosen}\" in pod \"{name}\" is waiting to start: {reason}"
                    ),
                );
            }
            None => {
                let known = pod.spec.spec.containers.iter();
                let words = if known.clone().any(|one| one.name == chosen) {
                    format!(
                        "Error from server (BadRequest): container \"{chosen}\" in pod \"{name}\" is not available"
                    )
                } else {
                    format!("error: container {chosen} is not valid for pod {name}")
                };
                return fail(process, &words);
            }
            Some(_) => process
                .machine
                .console
                .notice("the container's first process waits and prints nothing here"),
        }
    }
    found.exit(process)
}

pub(super) fn version(process: &mut Process<'_>, _: &Given) -> u8 {
    let version = process.machine.node.stack.kubelet.version;
    process.print(&format!("Client Version: v{version}"));
    process.print(&format!("Server Version: v{version}"));
    0
}
