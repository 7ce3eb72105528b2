//! The pod that a controller makes of its template
//! (`pkg/controller/controller_utils.go`).

use crate::{
    client::{Client, Validate},
    object::{Kind, pod_template},
    yaml::{Data, Value},
};

/// The suffix of generated names, where a random one stands in a real cluster.
const SUFFIX: &str = "x2k9q";
/// The hash of a pod template in the names of a Deployment's pods.
const TEMPLATE_HASH: &str = "6d4cf56db6";

/// The pod as the controller sends it; nothing for kinds that make none.
pub(super) fn pod_of_template(object: &Value) -> Option<Value> {
    let kind = Kind::of(object)?;
    if matches!(kind, Kind::Pod | Kind::PodTemplate) {
        return None;
    }
    let template = pod_template(object)?;
    let owner = object.get("metadata")?;
    let name = owner
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let name = match kind {
        Kind::Deployment => format!("{name}-{TEMPLATE_HASH}-{SUFFIX}"),
        Kind::StatefulSet => format!("{name}-0"),
        Kind::CronJob => format!("{name}-29400000-{SUFFIX}"),
        _ => format!("{name}-{SUFFIX}"),
    };
    let mut pod = template.clone();
    if !matches!(pod.data, Data::Map(_)) {
        return None;
    }
    pod.set("apiVersion", Value::text("v1"));
    pod.set("kind", Value::text("Pod"));
    let metadata = pod.map_under("metadata");
    metadata.set("name", Value::text(&name));
    if kind == Kind::Deployment {
        let labels = metadata.map_under("labels");
        labels.set("pod-template-hash", Value::text(TEMPLATE_HASH));
    }
    if let Some(namespace) = owner.get("namespace") {
        metadata.set("namespace", namespace.clone());
    }
    Some(pod)
}

/// The `ReplicaSet` that a Deployment has its pods made by.
pub(crate) fn replica_set(object: &Value) -> Option<Value> {
    if Kind::of(object)? != Kind::Deployment {
        return None;
    }
    let mut set = object.clone();
    set.set("kind", Value::text(Kind::ReplicaSet.name()));
    let labels = object.at(&["spec", "template", "metadata", "labels"]);
    let mut labels = labels.cloned().unwrap_or_else(Value::map);
    labels.set("pod-template-hash", Value::text(TEMPLATE_HASH));
    let metadata = set.map_under("metadata");
    let name = metadata.get("name").and_then(Value::as_str);
    let name = format!("{}-{TEMPLATE_HASH}", name.unwrap_or_default());
    metadata.set("name", Value::text(&name));
    metadata.set("labels", labels);
    Some(set)
}

/// The controller that makes the pods of an object (`cmd/kube-controller-manager/names`).
pub(crate) fn name(object: &Value) -> &'static str {
    match Kind::of(object) {
        Some(Kind::DaemonSet) => "daemonset-controller",
        Some(Kind::StatefulSet) => "statefulset-controller",
        Some(Kind::Job | Kind::CronJob) => "job-controller",
        Some(Kind::ReplicationController) => "replication-controller",
        _ => "replicaset-controller",
    }
}

/// The controller as a client: it asks for no strict decoding, and nobody
/// reads the warnings that it gets.
pub(super) fn client(object: &Value, namespace: &str) -> Client {
    Client {
        file: String::new(),
        validate: Validate::Warn,
        user: format!("system:serviceaccount:kube-system:{}", name(object)),
        namespace: namespace.to_owned(),
        namespace_given: false,
    }
}
