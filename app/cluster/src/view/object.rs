//! `kubectl get pod -o yaml`: the object as stored, with what server and
//! kubelet filled in.

use crate::{
    api::spec_defaults,
    object::ContainerRole,
    start::Start,
    status::ContainerState,
    yaml::{Data, Value, emit},
};

/// The stored pod as YAML; nothing if there is none.
pub fn stored_object(start: &Start) -> Option<String> {
    pod_object(start).as_ref().map(emit)
}

/// The stored pod with what server and kubelet filled in; nothing if there is none.
pub fn pod_object(start: &Start) -> Option<Value> {
    let mut value = start.pod_object()?.clone();
    let metadata = value.map_under("metadata");
    if metadata.get("namespace").is_none() {
        metadata.set("namespace", Value::text("default"));
    }
    if let Some(deletion) = &start.deleted {
        let grace = Value::added(Data::Int(deletion.grace_seconds));
        metadata.set("deletionGracePeriodSeconds", grace);
        metadata.set("deletionTimestamp", Value::text(&deletion.time));
    }
    let spec = value.map_under("spec");
    spec_defaults(spec);
    if !start.node.is_empty() && start.is_scheduled() {
        spec.set("nodeName", Value::text(&start.node));
    }
    value.set("status", status(start));
    Some(value)
}

fn status(start: &Start) -> Value {
    let mut status = Value::map();
    for (key, text) in [
        ("message", start.status.message.as_str()),
        ("phase", start.status.phase.name()),
        ("reason", start.status.reason.as_str()),
    ] {
        if !text.is_empty() {
            status.set(key, Value::text(text));
        }
    }
    for (key, role) in [
        ("initContainerStatuses", ContainerRole::Init),
        ("containerStatuses", ContainerRole::Regular),
        ("ephemeralContainerStatuses", ContainerRole::Ephemeral),
    ] {
        let containers: Vec<Value> = start
            .status
            .of(role)
            .map(|container| {
                let running = container.state == ContainerState::Running;
                let mut value = Value::map();
                if let Some(last) = &container.last {
                    value.set("lastState", state(last));
                }
                value.set("name", Value::text(&container.name));
                value.set("ready", Value::added(Data::Bool(container.is_ready())));
                value.set(
                    "restartCount",
                    Value::added(Data::Int(i64::from(container.restarts))),
                );
                value.set("started", Value::added(Data::Bool(running)));
                value.set("state", state(&container.state));
                value
            })
            .collect();
        if !containers.is_empty() {
            status.set(key, Value::added(Data::List(containers)));
        }
    }
    status
}

fn state(state: &ContainerState) -> Value {
    let mut outer = Value::map();
    let (key, fields): (&str, Vec<(&str, Value)>) = match state {
        ContainerState::Running => ("running", Vec::new()),
        ContainerState::Waiting { reason, message } => (
            "waiting",
            vec![
                ("message", Value::text(message)),
                ("reason", Value::text(reason)),
            ],
        ),
        ContainerState::Terminated {
            reason,
            exit_code,
            message,
        } => (
            "terminated",
            vec![
                ("exitCode", Value::added(Data::Int(i64::from(*exit_code)))),
                ("message", Value::text(message)),
                ("reason", Value::text(reason)),
            ],
        ),
    };
    let inner = outer.set(key, Value::map());
    for (name, value) in fields {
        if value.as_str() != Some("") {
            inner.set(name, value);
        }
    }
    outer
}
