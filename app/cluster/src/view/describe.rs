//! `kubectl describe pod` (`kubectl/pkg/describe/describe.go`).
//!
//! It prints seccomp profiles from fields; of an `appArmorProfile` field it
//! says nothing, only annotations are shown.

use std::fmt::Write as _;

use crate::{
    object::{Container, ContainerRole, Pod, Profile},
    start::Start,
    status::{ContainerState, ContainerStatus},
};

/// The description of a pod; nothing if no pod is stored.
pub fn describe_pod(start: &Start, age: &str) -> Option<String> {
    let pod = start.stored_pod()?;
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, start, &pod, age);
    Some(out)
}

fn write(out: &mut String, start: &Start, pod: &Pod, age: &str) -> std::fmt::Result {
    let scheduled = start.is_scheduled();
    let mut head: Vec<(&str, String)> = vec![
        ("Name", start.pod.clone()),
        ("Namespace", pod.namespace.clone()),
        ("Priority", "0".to_owned()),
        ("Service Account", "default".to_owned()),
        (
            "Node",
            if scheduled {
                start.node.clone()
            } else {
                pod.spec
                    .node_name
                    .clone()
                    .unwrap_or_else(|| "<none>".to_owned())
            },
        ),
        ("Labels", pairs(pod.labels.iter(), "=")),
        ("Annotations", pairs(pod.annotations.iter(), ": ")),
    ];
    match &start.deleted {
        Some(deletion) if start.is_terminating() => {
            let grace = format!("{}s", deletion.grace_seconds);
            head.push(("Status", format!("Terminating (lasts {age})")));
            head.push(("Termination Grace Period", grace));
        }
        _ => head.push(("Status", start.status.phase.name().to_owned())),
    }
    for (key, text) in [
        ("Reason", &start.status.reason),
        ("Message", &start.status.message),
    ] {
        if !text.is_empty() {
            head.push((key, text.clone()));
        }
    }
    profile_lines(&mut head, pod.spec.security.seccomp.as_ref());
    lines(out, "", &head)?;
    for (title, containers, role) in [
        (
            "Init Containers",
            &pod.spec.init_containers,
            ContainerRole::Init,
        ),
        ("Containers", &pod.spec.containers, ContainerRole::Regular),
        (
            "Ephemeral Containers",
            &pod.spec.ephemeral_containers,
            ContainerRole::Ephemeral,
        ),
    ] {
        if containers.is_empty() {
            continue;
        }
        writeln!(out, "{title}:")?;
        for container in containers {
            let mut statuses = start.status.of(role);
            let status = statuses.find(|status| status.name == container.name);
            container_lines(out, container, status)?;
        }
    }
    if pod.spec.volumes.is_empty() {
        writeln!(out, "Volumes:           <none>")?;
    } else {
        writeln!(out, "Volumes:")?;
        for volume in &pod.spec.volumes {
            writeln!(out, "  {}:", volume.name)?;
            let mut source = vec![("Type", volume_type(&volume.source).to_owned())];
            if let Some(path) = &volume.host_path {
                source.push(("Path", path.clone()));
            }
            if let Some(object) = &volume.object {
                source.push(("Name", object.clone()));
            }
            lines(out, "    ", &source)?;
        }
    }
    writeln!(
        out,
        "Node-Selectors:    {}",
        pairs(pod.spec.node_selector.iter(), "=")
    )?;
    if start.events.is_empty() {
        return writeln!(out, "Events:            <none>");
    }
    writeln!(out, "Events:")?;
    let from = start
        .events
        .iter()
        .map(|event| event.from.len())
        .max()
        .unwrap_or(0)
        .max(4)
        + 2;
    let reason = start
        .events
        .iter()
        .map(|event| event.reason.len())
        .max()
        .unwrap_or(0)
        .max(6)
        + 2;
    let ages = age.len().max(4) + 2;
    writeln!(
        out,
        "  {:<9}{:<reason$}{:<ages$}{:<from$}Message",
        "Type", "Reason", "Age", "From"
    )?;
    writeln!(
        out,
        "  {:<9}{:<reason$}{:<ages$}{:<from$}-------",
        "----", "------", "----", "----"
    )?;
    for event in &start.events {
        let kind = event.kind();
        writeln!(
            out,
            "  {kind:<9}{:<reason$}{age:<ages$}{:<from$}{}",
            event.reason, event.from, event.message
        )?;
    }
    Ok(())
}

fn container_lines(
    out: &mut String,
    container: &Container,
    status: Option<&ContainerStatus>,
) -> std::fmt::Result {
    writeln!(out, "  {}:", container.name)?;
    let mut rows = vec![("Image", container.image.clone())];
    profile_lines(&mut rows, container.security.seccomp.as_ref());
    let ready = status.is_some_and(ContainerStatus::is_ready);
    match status {
        None => rows.push(("State", "Waiting".to_owned())),
        Some(status) => {
            state_rows(&mut rows, "State", &status.state);
            if let Some(last) = &status.last {
                state_rows(&mut rows, "Last State", last);
            }
        }
    }
    rows.push(("Ready", if ready { "True" } else { "False" }.to_owned()));
    rows.push((
        "Restart Count",
        status.map_or(0, |status| status.restarts).to_string(),
    ));
    rows.retain(|(key, value)| !(key.starts_with("  ") && value.is_empty()));
    let mounts: Vec<String> = container
        .mounts
        .iter()
        .map(|mount| {
            format!(
                "{} from {} ({})",
                mount.path,
                mount.volume,
                if mount.read_only { "ro" } else { "rw" }
            )
        })
        .collect();
    if mounts.is_empty() {
        rows.push(("Mounts", "<none>".to_owned()));
        return lines(out, "    ", &rows);
    }
    lines(out, "    ", &rows)?;
    writeln!(out, "    Mounts:")?;
    for mount in mounts {
        writeln!(out, "      {mount}")?;
    }
    Ok(())
}

/// A state as `describeStatus` prints it.
fn state_rows(rows: &mut Vec<(&'static str, String)>, title: &'static str, state: &ContainerState) {
    match state {
        ContainerState::Running => rows.push((title, "Running".to_owned())),
        ContainerState::Waiting { reason, message } => {
            rows.push((title, "Waiting".to_owned()));
            rows.push(("  Reason", reason.clone()));
            rows.push(("  Message", message.clone()));
        }
        ContainerState::Terminated {
            reason,
            exit_code,
            message,
        } => {
            rows.push((title, "Terminated".to_owned()));
            rows.push(("  Reason", reason.clone()));
            rows.push(("  Message", message.clone()));
            rows.push(("  Exit Code", exit_code.to_string()));
        }
    }
}

fn profile_lines(rows: &mut Vec<(&'static str, String)>, profile: Option<&Profile>) {
    if let Some(profile) = profile {
        rows.push(("SeccompProfile", profile.kind.clone()));
        if let Some(name) = &profile.localhost {
            rows.push(("LocalhostProfile", name.clone()));
        }
    }
}

/// Keys and values, the values in one column.
fn lines(out: &mut String, indent: &str, rows: &[(&str, String)]) -> std::fmt::Result {
    let width = rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0) + 3;
    for (key, value) in rows {
        let mut values = value.split('\n');
        let key = format!("{key}:");
        writeln!(
            out,
            "{indent}{key:<width$}{}",
            values.next().unwrap_or_default()
        )?;
        for value in values {
            writeln!(out, "{indent}{:<width$}{value}", "")?;
        }
    }
    Ok(())
}

fn pairs<'p>(pairs: impl Iterator<Item = (&'p String, &'p String)>, between: &str) -> String {
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{key}{between}{value}"))
        .collect();
    if pairs.is_empty() {
        "<none>".to_owned()
    } else {
        pairs.join("\n")
    }
}

fn volume_type(source: &str) -> &str {
    match source {
        "hostPath" => "HostPath (bare host directory volume)",
        "emptyDir" => "EmptyDir (a temporary directory that shares a pod's lifetime)",
        "configMap" => "ConfigMap (a volume populated by a ConfigMap)",
        "secret" => "Secret (a volume populated by a Secret)",
        other => other,
    }
}
