//! `kubectl get`, `describe`, `logs` and `version`.

use super::fail;
use crate::{node::Pod, process::Process, programs::options::Given};
use cluster::view;

/// The age of everything: no time passes between commands.
const AGE: &str = "1s";

/// The pods that the words name; all when they name none.
fn wanted(process: &mut Process<'_>, words: &[String]) -> Result<Vec<Pod>, u8> {
    let pods = &process.machine.pods;
    let Some(name) = words.first() else {
        return Ok(pods.clone());
    };
    match pods.iter().find(|pod| pod.start.pod == *name) {
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
        "node" => {
            let nodes = std::slice::from_ref(&process.machine.node);
            let text = view::nodes(nodes, AGE);
            lines(process, &text);
            0
        }
        "event" => {
            let mut table = view::Table::new(&["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
            for pod in &process.machine.pods {
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
        _ => pods(process, given, &names),
    }
}

fn pods(process: &mut Process<'_>, given: &Given, names: &[String]) -> u8 {
    let pods = match wanted(process, names) {
        Ok(pods) => pods,
        Err(status) => return status,
    };
    match given.value("o") {
        Some("yaml") => {
            for pod in pods {
                if let Some(text) = view::stored_object(&pod.start) {
                    lines(process, &text);
                }
            }
            return 0;
        }
        None => {}
        Some(other) => {
            return fail(
                process,
                &format!("error: -o {other} is not simulated; -o yaml is"),
            );
        }
    }
    if pods.is_empty() {
        let _ = process.write(2, b"No resources found in default namespace.\n");
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
        Ok((other, _)) => {
            return fail(
                process,
                &format!("error: describe {other} is not simulated"),
            );
        }
        Err(status) => return status,
    };
    let pods = match wanted(process, &names) {
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

pub(super) fn logs(process: &mut Process<'_>, given: &Given) -> u8 {
    let names = given.operands.clone();
    match wanted(process, &names) {
        Ok(_) => 0,
        Err(status) => status,
    }
}

pub(super) fn version(process: &mut Process<'_>, _: &Given) -> u8 {
    let version = process.machine.node.stack.kubelet.version;
    process.print(&format!("Client Version: v{version}"));
    process.print(&format!("Server Version: v{version}"));
    0
}
