//! `kubectl label`.

use super::{fail, send::DryRun};
use crate::{process::Process, programs::options::Given};
use cluster::yaml::Value;
use sorted::SortedMap;

/// `kubectl label (node|pod|namespace) NAME KEY=VALUE… KEY-…`.
pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut words = given.operands.clone();
    // NODE/NAME is the same as NODE NAME.
    if let Some((kind, name)) = words.first().and_then(|word| word.split_once('/')) {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        words.splice(0..1, [kind, name]);
    }
    let dry_run = match DryRun::of(process, given) {
        Ok(dry_run) => dry_run,
        Err(exit) => return exit,
    };
    let [kind, name, changes @ ..] = words.as_slice() else {
        return fail(
            process,
            "error: one or more resources must be specified as <resource> <name> or <resource>/<name>",
        );
    };
    let (kind, labels) = match kind.as_str() {
        "node" | "nodes" | "no" if *name == process.machine.node.name => {
            ("node", process.machine.node.labels.clone())
        }
        "node" | "nodes" | "no" => {
            return fail(
                process,
                &format!("Error from server (NotFound): nodes \"{name}\" not found"),
            );
        }
        "pod" | "pods" | "po" => {
            let pods = &process.machine.pods;
            let asked = given.value("n").unwrap_or("default");
            match pods.iter().find(|pod| pod.is_named(name, Some(asked))) {
                Some(pod) => ("pod", pod.spec.labels.clone()),
                None => {
                    return fail(
                        process,
                        &format!("Error from server (NotFound): pods \"{name}\" not found"),
                    );
                }
            }
        }
        "namespace" | "namespaces" | "ns" => match process.machine.api.namespaces.get(name) {
            Some(labels) => ("namespace", labels.clone()),
            None => {
                return fail(
                    process,
                    &format!("Error from server (NotFound): namespaces \"{name}\" not found"),
                );
            }
        },
        other => {
            return fail(
                process,
                &format!("error: the server doesn't have a resource type \"{other}\""),
            );
        }
    };
    if given.has("list") {
        let shown = match kind {
            "namespace" => process.machine.api.namespace_labels(name),
            "node" => process.machine.node.all_labels(),
            _ => labels,
        };
        for (key, value) in &shown {
            process.print(&format!("{key}={value}"));
        }
        return 0;
    }
    if changes.is_empty() {
        return fail(process, "error: at least one label update is required");
    }
    let mut new = labels.clone();
    let mut removed = false;
    for change in changes {
        if let Some((key, value)) = change.split_once('=') {
            if let Some(old) = new.get(key)
                && old != value
                && !given.has("overwrite")
            {
                return fail(
                    process,
                    &format!(
                        "error: '{key}' already has a value ({old}), and --overwrite is false"
                    ),
                );
            }
            new.insert(key.to_owned(), value.to_owned());
        } else if let Some(key) = change.strip_suffix('-') {
            removed |= new.remove(key).is_some();
            if !labels.contains_key(key) {
                process.print(&format!("label \"{key}\" not found."));
            }
        } else {
            return fail(process, &format!("error: unknown label spec: {change}"));
        }
    }
    let done = if new == labels {
        "not labeled"
    } else if removed {
        "unlabeled"
    } else {
        "labeled"
    };
    match (kind, dry_run) {
        (_, DryRun::Client) => {}
        // The server checks the labels of a namespace in a dry run as well.
        ("namespace", _) => {
            let before = process.machine.api.clone();
            let answer = process.machine.label_namespace(name, new);
            if dry_run == DryRun::Server {
                process.machine.api = before;
            }
            match answer {
                Ok(warnings) => warnings.iter().for_each(|warning| process.warn(warning)),
                Err(words) => return fail(process, &words),
            }
        }
        (_, DryRun::Server) => {}
        ("node", DryRun::None) => process.machine.node.labels = new,
        (_, DryRun::None) => {
            let asked = given.value("n").unwrap_or("default");
            store(process, (name, asked), new);
        }
    }
    process.print(&format!("{kind}/{name} {done}{}", dry_run.mark()));
    0
}

fn store(
    process: &mut Process<'_>,
    (name, namespace): (&str, &str),
    labels: SortedMap<String, String>,
) {
    let mut pods = process.machine.pods.iter_mut();
    let Some(pod) = pods.find(|pod| pod.is_named(name, Some(namespace))) else {
        return;
    };
    if let Some(object) = pod.start.pod_object_mut() {
        let mut map = Value::map();
        for (key, value) in &labels {
            map.set(key, Value::text(value));
        }
        object.map_under("metadata").set("labels", map);
    }
    pod.spec.labels = labels;
}
