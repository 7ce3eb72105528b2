//! `crictl`: containers as the runtime sees them.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::{container::Container, node::Pod, process::Process};
use cluster::{node::RuntimeKind, object::ImageName, start::SeccompInForce};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "crictl",
    options: Options::Anywhere(&[
        flag('a', "all"),
        flag('q', "quiet"),
        value('o', "output"),
        value('\0', "name"),
        value('r', "runtime-endpoint"),
    ]),
    run,
    place: Place::Node,
}];

const COMMANDS: &str = "ps, pods, images, inspect, version";
/// The narrowest column, and what stays free after a wide one (`tabwriter`).
const COLUMN: usize = 20;
const GAP: usize = 3;

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((command, rest)) = given.operands.split_first() else {
        process
            .machine
            .console
            .notice(&format!("simulated commands of crictl: {COMMANDS}"));
        return 0;
    };
    match command.as_str() {
        "ps" => containers(process, given),
        "pods" => pods(process, given),
        "images" | "image" | "img" => images(process),
        "inspect" => inspect(process, rest),
        "version" => version(process),
        other => {
            process.warn(&format!("No help topic for '{other}'"));
            process
                .machine
                .console
                .notice(&format!("simulated commands of crictl: {COMMANDS}"));
            3
        }
    }
}

/// An id that stays the same for the same name (FNV-1a).
fn id(kind: &str, name: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in kind.bytes().chain(name.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")[..13].to_owned()
}

fn container_id(pod: &Pod, container: &Container) -> String {
    pod.spec.container_id(&container.name)[..13].to_owned()
}

fn table(process: &mut Process<'_>, rows: &[Vec<String>]) {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let longest = cells.map(String::len).max().unwrap_or(0);
            (longest + GAP).max(COLUMN)
        })
        .collect();
    for row in rows {
        let line: String = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(index, (cell, width))| {
                if index + 1 == columns {
                    cell.clone()
                } else {
                    format!("{cell:<width$}")
                }
            })
            .collect();
        process.print(&line);
    }
}

fn row(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn containers(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut rows = vec![row(&[
        "CONTAINER",
        "IMAGE",
        "CREATED",
        "STATE",
        "NAME",
        "ATTEMPT",
        "POD ID",
        "POD",
    ])];
    let mut ids = Vec::new();
    for pod in &process.machine.pods {
        for container in &pod.containers {
            if given
                .value("name")
                .is_some_and(|name| !container.name.contains(name))
            {
                continue;
            }
            let spec = pod.spec.spec.containers.iter();
            let image = spec
                .clone()
                .find(|one| one.name == container.name)
                .map_or("busybox", |one| one.image.as_str());
            let own = container_id(pod, container);
            ids.push(own.clone());
            rows.push(vec![
                own,
                id("image", image),
                "1 second ago".to_owned(),
                "Running".to_owned(),
                container.name.clone(),
                "0".to_owned(),
                id("pod", &pod.start.pod),
                pod.start.pod.clone(),
            ]);
        }
    }
    if given.has("q") {
        for id in ids {
            process.print(&id);
        }
    } else {
        table(process, &rows);
    }
    0
}

fn pods(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut rows = vec![row(&[
        "POD ID",
        "CREATED",
        "STATE",
        "NAME",
        "NAMESPACE",
        "ATTEMPT",
        "RUNTIME",
    ])];
    for pod in &process.machine.pods {
        // A pod that the kubelet turned away never gets to the runtime.
        if pod.containers.is_empty() {
            continue;
        }
        rows.push(vec![
            id("pod", &pod.start.pod),
            "1 second ago".to_owned(),
            "Ready".to_owned(),
            pod.start.pod.clone(),
            pod.spec.namespace.clone(),
            "0".to_owned(),
            "(default)".to_owned(),
        ]);
    }
    if given.has("q") {
        for row in rows.iter().skip(1) {
            process.print(&row[0]);
        }
    } else {
        table(process, &rows);
    }
    0
}

fn images(process: &mut Process<'_>) -> u8 {
    let mut rows = vec![row(&["IMAGE", "TAG", "IMAGE ID", "SIZE"])];
    let mut seen = Vec::new();
    for pod in &process.machine.pods {
        for container in &pod.spec.spec.containers {
            if !seen.contains(&container.image) {
                seen.push(container.image.clone());
            }
        }
    }
    for image in seen {
        let read = ImageName::read(&image);
        rows.push(vec![
            read.full_name(),
            if read.tag.is_empty() {
                "<none>"
            } else {
                read.tag
            }
            .to_owned(),
            id("image", &image),
            "2.2MB".to_owned(),
        ]);
    }
    table(process, &rows);
    0
}

fn inspect(process: &mut Process<'_>, wanted: &[String]) -> u8 {
    let Some(wanted) = wanted.first() else {
        process.warn("ID cannot be empty");
        return 1;
    };
    let found = process.machine.pods.iter().find_map(|pod| {
        let container = pod
            .containers
            .iter()
            .find(|container| container_id(pod, container).starts_with(wanted.as_str()))?;
        Some((pod.clone(), container.clone()))
    });
    let Some((pod, container)) = found else {
        process.warn(&format!(
            "FATA[0000] getting the status of the container \"{wanted}\": rpc error: code = NotFound desc = an error occurred when try to find container \"{wanted}\": not found"
        ));
        return 1;
    };
    let confinement = &container.confinement;
    let capabilities: Vec<String> = confinement
        .capabilities
        .iter()
        .map(|name| format!("CAP_{name}"))
        .collect();
    let mut spec_process = serde_json::json!({
        "capabilities": { "bounding": capabilities },
        "noNewPrivileges": confinement.no_new_privs,
    });
    if let Some(profile) = &confinement.apparmor {
        spec_process["apparmorProfile"] = profile.as_str().into();
    }
    let seccomp = match &confinement.seccomp {
        SeccompInForce::Unconfined => serde_json::Value::Null,
        SeccompInForce::RuntimeDefault => "RuntimeDefault".into(),
        SeccompInForce::Localhost(path) => format!("localhost/{path}").into(),
    };
    let shown = serde_json::json!({
        "status": {
            "id": container_id(&pod, &container),
            "metadata": { "attempt": 0, "name": container.name },
            "state": "CONTAINER_RUNNING",
        },
        "info": {
            "pid": container.init.0,
            "sandboxID": id("pod", &pod.start.pod),
            "privileged": confinement.privileged,
            "runtimeSpec": { "process": spec_process },
            "seccompProfile": seccomp,
        },
    });
    let text = serde_json::to_string_pretty(&shown).unwrap_or_default();
    for line in text.lines() {
        process.print(line);
    }
    0
}

fn version(process: &mut Process<'_>) -> u8 {
    let runtime = &process.machine.node.stack.runtime;
    let name = match runtime.kind {
        RuntimeKind::Containerd => "containerd",
        RuntimeKind::CriO => "cri-o",
        RuntimeKind::Docker => "docker",
    };
    let number = runtime.version.to_string();
    for line in [
        "Version:  0.1.0".to_owned(),
        format!("RuntimeName:  {name}"),
        format!("RuntimeVersion:  {number}"),
        "RuntimeApiVersion:  v1".to_owned(),
    ] {
        process.print(&line);
    }
    0
}
