//! `kubectl get pod -o yaml`: the object as stored, with what server and
//! kubelet filled in.

use crate::{
    object::{ContainerRole, Kind},
    start::Start,
    status::ContainerState,
    yaml::{Data, Value, emit},
};

/// The stored object as YAML; nothing if there is none. For a controller it
/// is the controller.
pub fn stored_object(start: &Start) -> Option<String> {
    let mut value = start.object.clone()?;
    let metadata = value.map_under("metadata");
    if metadata.get("namespace").is_none() {
        metadata.set("namespace", Value::text("default"));
    }
    if Kind::of(&value) == Some(Kind::Pod) {
        let spec = value.map_under("spec");
        spec_defaults(spec);
        if !start.node.is_empty() && start.events.iter().any(|event| event.reason == "Scheduled") {
            spec.set("nodeName", Value::text(&start.node));
        }
        value.set("status", status(start));
    }
    Some(emit(&value))
}

/// What the server fills in (`pkg/apis/core/v1/defaults.go`).
fn spec_defaults(spec: &mut Value) {
    for (key, text) in [
        ("dnsPolicy", "ClusterFirst"),
        ("restartPolicy", "Always"),
        ("schedulerName", "default-scheduler"),
        ("serviceAccount", "default"),
        ("serviceAccountName", "default"),
    ] {
        fill(spec, key, Value::text(text));
    }
    fill(spec, "enableServiceLinks", Value::added(Data::Bool(true)));
    fill(
        spec,
        "preemptionPolicy",
        Value::text("PreemptLowerPriority"),
    );
    fill(spec, "priority", Value::added(Data::Int(0)));
    fill(
        spec,
        "terminationGracePeriodSeconds",
        Value::added(Data::Int(30)),
    );
    fill(spec, "securityContext", Value::map());
    for key in ["initContainers", "containers", "ephemeralContainers"] {
        let Some(list) = spec.get_mut(key) else {
            continue;
        };
        for container in list.items_mut() {
            let latest = container
                .get("image")
                .and_then(Value::as_str)
                .is_some_and(|image| {
                    image.ends_with(":latest")
                        || !image
                            .rsplit('/')
                            .next()
                            .unwrap_or(image)
                            .contains([':', '@'])
                });
            fill(
                container,
                "imagePullPolicy",
                Value::text(if latest { "Always" } else { "IfNotPresent" }),
            );
            fill(container, "resources", Value::map());
            fill(
                container,
                "terminationMessagePath",
                Value::text("/dev/termination-log"),
            );
            fill(container, "terminationMessagePolicy", Value::text("File"));
        }
    }
}

fn fill(value: &mut Value, key: &str, default: Value) {
    if value.get(key).is_none_or(Value::is_null) {
        value.set(key, default);
    }
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
