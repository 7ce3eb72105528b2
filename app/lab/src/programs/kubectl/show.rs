//! `kubectl get`, `describe`, `logs` and `version`.

use super::fail;
use crate::{node::Pod, process::Process, programs::options::Given};
use cluster::{status::ContainerState, view};

/// The age of everything: no time passes between commands.
const AGE: &str = "1s";
/// The time of heartbeats: the date of every simulated log.
const TIME: &str = "Thu, 01 Jan 2026 00:00:00 +0000";

/// The namespace that is asked about; none for all of them.
fn namespace(given: &Given) -> Option<&str> {
    (!given.has("all-namespaces")).then(|| given.value("n").unwrap_or("default"))
}

/// The pods that the words name in the namespace that is asked about; all when they name none. What the
/// server refused is not there.
fn wanted(process: &mut Process<'_>, given: &Given, words: &[String]) -> Result<Vec<Pod>, u8> {
    let is_there = |pod: &&Pod| {
        let stored = pod.start.object.is_some();
        stored
            && namespace(given).is_none_or(|asked| {
                let own = pod.spec.namespace.as_str();
                asked == if own.is_empty() { "default" } else { own }
            })
    };
    let mut pods = process.machine.pods.iter().filter(is_there);
    let Some(name) = words.first() else {
        return Ok(pods.cloned().collect());
    };
    match pods.find(|pod| pod.start.pod == *name) {
        Some(pod) => Ok(vec![pod.clone()]),
        None => Err(fail(
            process,
            &format!("Error from server (NotFound): pods \"{name}\" not found"),
        )),
    }
}

/// The kind of object and the names after it.
fn kind(process: &mut Process<'_>, given: &Given) -> Result<(&'static str, Vec<String>), u8> {
    let Some((first, rest)) = given.operands.split_first() else {
        return Err(fail(process, "error: Required resource not specified."));
    };
    let (kind, mut names) = match first.split_once('/') {
        Some((kind, name)) => (kind, vec![name.to_owned()]),
        None => (first.as_str(), Vec::new()),
    };
    names.extend_from_slice(rest);
    match kind {
        "pod" | "pods" | "po" => Ok(("pod", names)),
        "node" | "nodes" | "no" => Ok(("node", names)),
        "event" | "events" | "ev" => Ok(("event", names)),
        "namespace" | "namespaces" | "ns" => Ok(("namespace", names)),
        other => Err(fail(
            process,
            &format!("error: the server doesn't have a resource type \"{other}\""),
        )),
    }
}

pub(super) fn get(process: &mut Process<'_>, given: &Given) -> u8 {
    let (kind, names) = match kind(process, given) {
        Ok(found) => found,
        Err(status) => return status,
    };
    match kind {
        "node" if given.has("show-labels") => {
            let node = process.machine.node.clone();
            let mut labels: Vec<String> = [
                "kubernetes.io/arch",
                "kubernetes.io/hostname",
                "kubernetes.io/os",
            ]
            .iter()
            .filter_map(|key| Some(format!("{key}={}", node.label(key)?)))
            .collect();
            labels.extend(
                node.labels
                    .iter()
                    .map(|(key, value)| format!("{key}={value}")),
            );
            labels.sort();
            let mut table =
                view::Table::new(&["NAME", "STATUS", "ROLES", "AGE", "VERSION", "LABELS"]);
            table.row(vec![
                node.name.clone(),
                "Ready".to_owned(),
                "<none>".to_owned(),
                AGE.to_owned(),
                format!("v{}", node.stack.kubelet.version),
                labels.join(","),
            ]);
            lines(process, &table.print());
            0
        }
        "node" => {
            let nodes = std::slice::from_ref(&process.machine.node);
            let text = view::nodes(nodes, AGE);
            lines(process, &text);
            0
        }
        "event" => {
            let mut table = view::Table::new(&["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
            let Ok(pods) = wanted(process, given, &[]) else {
                return 1;
            };
            for pod in &pods {
                for event in &pod.start.events {
                    table.row(vec![
                        AGE.to_owned(),
                        if event.warning { "Warning" } else { "Normal" }.to_owned(),
                        event.reason.to_owned(),
                        format!("pod/{}", pod.start.pod),
                        event.message.clone(),
                    ]);
                }
            }
            lines(process, &table.print());
            0
        }
        "namespace" => namespaces(process, given, &names),
        _ => pods(process, given, &names),
    }
}

fn namespaces(process: &mut Process<'_>, given: &Given, names: &[String]) -> u8 {
    let known = process.machine.api.namespaces.clone();
    if let Some(name) = names.iter().find(|name| !known.contains_key(*name)) {
        return fail(
            process,
            &format!("Error from server (NotFound): namespaces \"{name}\" not found"),
        );
    }
    let with_labels = given.has("show-labels");
    let mut headings = vec!["NAME", "STATUS", "AGE"];
    headings.extend(with_labels.then_some("LABELS"));
    let mut table = view::Table::new(&headings);
    for (name, labels) in known {
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        let mut cells = vec![name.clone(), "Active".to_owned(), AGE.to_owned()];
        if with_labels {
            // The server gives each namespace its name as a label.
            let mut labels: Vec<String> = labels
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .chain([format!("kubernetes.io/metadata.name={name}")])
                .collect();
            labels.sort();
            labels.dedup();
            cells.push(labels.join(","));
        }
        table.row(cells);
    }
    lines(process, &table.print());
    0
}

fn pods(process: &mut Process<'_>, given: &Given, names: &[String]) -> u8 {
    let pods = match wanted(process, given, names) {
        Ok(pods) => pods,
        Err(status) => return status,
    };
    let format = given.value("o").map(str::to_owned);
    match format.as_deref() {
        None | Some("wide") => {}
        Some("yaml") => {
            for pod in pods {
                if let Some(text) = view::stored_object(&pod.start) {
                    lines(process, &text);
                }
            }
            return 0;
        }
        Some("name") => {
            for pod in pods {
                process.print(&format!("pod/{}", pod.start.pod));
            }
            return 0;
        }
        Some("json") => {
            for pod in pods {
                if let Some(object) = json(&pod) {
                    let text = serde_json::to_string_pretty(&object).unwrap_or_default();
                    lines(process, &text);
                }
            }
            return 0;
        }
        Some(other) => {
            if let Some(template) = other.strip_prefix("jsonpath=") {
                return jsonpath(process, template, &pods, !names.is_empty());
            }
            return fail(
                process,
                &format!(
                    "error: unable to match a printer suitable for the output format \"{other}\", allowed formats are: json,jsonpath,name,wide,yaml"
                ),
            );
        }
    }
    if pods.is_empty() {
        let words = match namespace(given) {
            Some(asked) => format!("No resources found in {asked} namespace.\n"),
            None => "No resources found\n".to_owned(),
        };
        let _ = process.write(2, words.as_bytes());
        return 0;
    }
    let starts: Vec<_> = pods.into_iter().map(|pod| pod.start).collect();
    lines(process, &view::pods(&starts, AGE));
    0
}

/// Prints a text line by line.
fn lines(process: &mut Process<'_>, text: &str) {
    for line in text.lines() {
        process.print(line);
    }
}

pub(super) fn describe(process: &mut Process<'_>, given: &Given) -> u8 {
    let names = match kind(process, given) {
        Ok(("pod", names)) => names,
        Ok(("node", names)) => {
            let node = process.machine.node.clone();
            if let Some(other) = names.iter().find(|name| **name != node.name) {
                return fail(
                    process,
                    &format!("Error from server (NotFound): nodes \"{other}\" not found"),
                );
            }
            lines(process, &view::describe_node(&node, TIME));
            return 0;
        }
        Ok((other, _)) => {
            return fail(
                process,
                &format!("error: describe {other} is not simulated"),
            );
        }
        Err(status) => return status,
    };
    let pods = match wanted(process, given, &names) {
        Ok(pods) => pods,
        Err(status) => return status,
    };
    for pod in pods {
        if let Some(text) = view::describe_pod(&pod.start, AGE) {
            lines(process, &text);
        }
    }
    0
}

/// The stored object of a pod as JSON.
fn json(pod: &Pod) -> Option<serde_json::Value> {
    let text = view::stored_object(&pod.start)?;
    let parsed = cluster::yaml::parse(&text);
    parsed.documents.first().map(crate::document::json)
}

/// `-o jsonpath=…`: fields, indices and `[*]`.
fn jsonpath(process: &mut Process<'_>, template: &str, pods: &[Pod], single: bool) -> u8 {
    let objects: Vec<serde_json::Value> = pods.iter().filter_map(json).collect();
    let root = match (single, objects.as_slice()) {
        (true, [only]) => only.clone(),
        _ => serde_json::json!({ "items": objects }),
    };
    let mut output = String::new();
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('{') {
        output.push_str(plain);
        let Some((expression, after)) = after.split_once('}') else {
            return fail(process, "error: error parsing jsonpath: unclosed action");
        };
        let found = select(&root, expression.trim_start_matches('.'));
        let texts: Vec<String> = found
            .iter()
            .map(|value| match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        output.push_str(&texts.join(" "));
        rest = after;
    }
    output.push_str(rest);
    process.print(&output);
    0
}

fn select<'v>(root: &'v serde_json::Value, path: &str) -> Vec<&'v serde_json::Value> {
    let mut found = vec![root];
    let plain = path.replace("['", ".").replace("']", "").replace('[', ".[");
    for part in plain.split('.').filter(|part| !part.is_empty()) {
        found = found
            .into_iter()
            .flat_map(|value| -> Vec<&'v serde_json::Value> {
                match part
                    .strip_prefix('[')
                    .and_then(|part| part.strip_suffix(']'))
                {
                    Some("*") => value.as_array().map(|list| list.iter().collect()),
                    Some(index) => index
                        .parse::<usize>()
                        .ok()
                        .and_then(|index| value.get(index))
                        .map(|value| vec![value]),
                    None => value.get(part).map(|value| vec![value]),
                }
                .unwrap_or_default()
            })
            .collect();
    }
    found
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
    let pods = match wanted(process, given, std::slice::from_ref(&name)) {
        Ok(pods) => pods,
        Err(status) => return status,
    };
    for pod in pods {
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
    0
}

pub(super) fn version(process: &mut Process<'_>, _: &Given) -> u8 {
    let version = process.machine.node.stack.kubelet.version;
    process.print(&format!("Client Version: v{version}"));
    process.print(&format!("Server Version: v{version}"));
    0
}
