//! `kubectl get -o yaml` of what is no pod: nodes, namespaces, events.

use sorted::SortedMap;

use super::{
    describe_node::conditions,
    nodes::{runtime_version, three_numbers},
};
use crate::{
    api::controller,
    node::Node,
    start::Start,
    status::PodEvent,
    yaml::{Data, Value},
};

/// A node's object, but for what the lab does not count: addresses, capacity.
pub fn node_object(node: &Node) -> Value {
    let mut object = object("v1", "Node");
    let metadata = object.map_under("metadata");
    metadata.set("labels", strings(&node.all_labels()));
    metadata.set("name", Value::text(&node.name));
    let spec = object.map_under("spec");
    let taints: Vec<Value> = node
        .taints
        .iter()
        .map(|taint| {
            let mut item = Value::map();
            item.set("effect", Value::text(&taint.effect));
            item.set("key", Value::text(&taint.key));
            if !taint.value.is_empty() {
                item.set("value", Value::text(&taint.value));
            }
            item
        })
        .collect();
    if !taints.is_empty() {
        spec.set("taints", Value::added(Data::List(taints)));
    }
    let conditions = conditions(node)
        .into_iter()
        .map(|condition| {
            let mut item = Value::map();
            item.set("message", Value::text(&condition.message));
            item.set("reason", Value::text(condition.reason));
            item.set("status", Value::text(condition.status));
            item.set("type", Value::text(condition.kind));
            item
        })
        .collect();
    let status = object.map_under("status");
    status.set("conditions", Value::added(Data::List(conditions)));
    let info = status.map_under("nodeInfo");
    let stack = &node.stack;
    for (key, text) in [
        ("architecture", "amd64"),
        ("containerRuntimeVersion", &runtime_version(node)),
        ("kernelVersion", &stack.host.kernel_release),
        ("kubeletVersion", &three_numbers("v", stack.kubelet.version)),
        ("operatingSystem", "linux"),
        ("osImage", &stack.host.os_image),
    ] {
        info.set(key, Value::text(text));
    }
    object
}

/// The object of a namespace that has these labels.
pub fn namespace_object(name: &str, labels: &SortedMap<String, String>) -> Value {
    let mut object = object("v1", "Namespace");
    let metadata = object.map_under("metadata");
    if !labels.is_empty() {
        metadata.set("labels", strings(labels));
    }
    metadata.set("name", Value::text(name));
    let finalizers = Value::added(Data::List(vec![Value::text("kubernetes")]));
    object.map_under("spec").set("finalizers", finalizers);
    let status = object.map_under("status");
    status.set("phase", Value::text("Active"));
    object
}

/// The object of an event about a pod, or about the controller that could not
/// make one; nothing where nothing is stored.
pub fn event_object(start: &Start, event: &PodEvent) -> Option<Value> {
    let stored = start.object.as_ref()?;
    let set = controller::replica_set(stored);
    let by_controller = event.from.ends_with("-controller");
    let involved = match start.pod_object() {
        Some(pod) if !by_controller => pod,
        _ => set.as_ref().unwrap_or(stored),
    };
    let text = |keys: &[&str]| Value::text(involved.text_at(keys));
    let namespace = text(&["metadata", "namespace"]);
    let mut object = object("v1", "Event");
    let about = object.map_under("involvedObject");
    about.set("kind", text(&["kind"]));
    about.set("name", text(&["metadata", "name"]));
    about.set("namespace", namespace.clone());
    object.set("message", Value::text(&event.message));
    object.map_under("metadata").set("namespace", namespace);
    object.set("reason", Value::text(event.reason));
    object.set("reportingComponent", Value::text(event.from));
    object.set("type", Value::text(event.kind()));
    Some(object)
}

fn object(version: &str, kind: &str) -> Value {
    let mut object = Value::map();
    object.set("apiVersion", Value::text(version));
    object.set("kind", Value::text(kind));
    object
}

fn strings(map: &SortedMap<String, String>) -> Value {
    let mut value = Value::map();
    for (key, text) in map {
        value.set(key, Value::text(text));
    }
    value
}
