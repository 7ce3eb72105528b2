//! `kubectl get` of the controllers that make pods
//! (`pkg/printers/internalversion/printers.go`).

use super::{Columns, Table};
use crate::{
    api::controller,
    object::{Kind, string_map},
    start::Start,
    yaml::Value,
};

/// The object of a kind that a start holds: the controller that was stored, or the
/// `ReplicaSet` that a stored Deployment has made.
pub fn workload(start: &Start, kind: Kind) -> Option<Value> {
    let stored = start.object.as_ref()?;
    if Kind::of(stored)? == kind {
        return Some(stored.clone());
    }
    controller::replica_set(stored).filter(|_| kind == Kind::ReplicaSet)
}

/// `kubectl get` of controllers of a kind, with the starts of their pods. The one
/// pod that is started stands for all replicas.
pub fn workloads(kind: Kind, starts: &[Start], columns: Columns, age: &str) -> String {
    let headings: &[&str] = match kind {
        Kind::Deployment => &["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
        Kind::DaemonSet => &[
            "NAME",
            "DESIRED",
            "CURRENT",
            "READY",
            "UP-TO-DATE",
            "AVAILABLE",
            "NODE SELECTOR",
            "AGE",
        ],
        Kind::StatefulSet => &["NAME", "READY", "AGE"],
        _ => &["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
    };
    let mut table = Table::with(columns, headings);
    for start in starts {
        let Some(object) = workload(start, kind) else {
            continue;
        };
        let counts = Counts::of(start, &object, kind);
        let number = |count: i64| count.to_string();
        let ready = format!("{}/{}", counts.ready, counts.desired);
        let name = object.text_at(&["metadata", "name"]).to_owned();
        let cells = match kind {
            Kind::Deployment => vec![
                name,
                ready,
                number(counts.current),
                number(counts.ready),
                age.to_owned(),
            ],
            Kind::DaemonSet => vec![
                name,
                number(counts.desired),
                number(counts.current),
                number(counts.ready),
                number(counts.current),
                number(counts.ready),
                selector(&object),
                age.to_owned(),
            ],
            Kind::StatefulSet => vec![name, ready, age.to_owned()],
            _ => vec![
                name,
                number(counts.desired),
                number(counts.current),
                number(counts.ready),
                age.to_owned(),
            ],
        };
        let metadata = object.get("metadata");
        let labels = metadata.map(|metadata| string_map(metadata, "labels"));
        let namespace = object.text_at(&["metadata", "namespace"]);
        table.object(namespace, &labels.unwrap_or_default(), cells);
    }
    table.print()
}

/// How many pods a controller wants, has made, and has ready.
struct Counts {
    desired: i64,
    current: i64,
    ready: i64,
}

impl Counts {
    fn of(start: &Start, object: &Value, kind: Kind) -> Self {
        let replicas = object.at(&["spec", "replicas"]).and_then(Value::as_int);
        let desired = match kind {
            // One for each node that its pods fit: here it is one or none.
            Kind::DaemonSet => i64::from(start.pod_object().is_none() || start.is_scheduled()),
            _ => replicas.unwrap_or(1),
        };
        let (ready, all) = start.status.ready();
        let is_ready = all > 0 && ready == all && !start.is_terminating();
        Self {
            desired,
            current: if start.pod_object().is_some() {
                desired
            } else {
                0
            },
            ready: if is_ready { desired } else { 0 },
        }
    }
}

/// The node selector of a controller's pods.
fn selector(object: &Value) -> String {
    let spec = object.at(&["spec", "template", "spec"]);
    let selector = spec.map(|spec| string_map(spec, "nodeSelector"));
    super::table::labels_text(&selector.unwrap_or_default())
}
