//! `kubectl describe node` (`kubectl/pkg/describe/describe.go` `describeNode`),
//! but for what the lab does not count: addresses, capacity, pods.

use std::fmt::Write as _;

use super::nodes::{ready_message, runtime_version, three_numbers};
use crate::node::Node;

/// A condition of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `type`.
    pub kind: &'static str,
    /// `status`: `True` or `False`.
    pub status: &'static str,
    /// `reason`.
    pub reason: &'static str,
    /// `message`.
    pub message: String,
}

/// The conditions of a node that has room. None of them tells of seccomp, and
/// from 1.30 on none of AppArmor.
pub fn conditions(node: &Node) -> [Condition; 4] {
    let enough = |kind, reason, message: &str| Condition {
        kind,
        status: "False",
        reason,
        message: message.to_owned(),
    };
    [
        enough(
            "MemoryPressure",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
        ),
        enough(
            "DiskPressure",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure",
        ),
        enough(
            "PIDPressure",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
        ),
        Condition {
            kind: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: ready_message(node),
        },
    ]
}

/// The description of a node. `time` stands where heartbeats are.
pub fn describe_node(node: &Node, time: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, node, time);
    out
}

fn write(out: &mut String, node: &Node, time: &str) -> std::fmt::Result {
    let labels: Vec<String> = node
        .all_labels()
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let taints: Vec<String> = node
        .taints
        .iter()
        .map(|taint| {
            let value = if taint.value.is_empty() {
                String::new()
            } else {
                format!("={}", taint.value)
            };
            format!("{}{value}:{}", taint.key, taint.effect)
        })
        .collect();
    let listed = |lines: Vec<String>| {
        if lines.is_empty() {
            "<none>".to_owned()
        } else {
            lines.join("\n                    ")
        }
    };
    writeln!(out, "Name:               {}", node.name)?;
    writeln!(out, "Roles:              <none>")?;
    writeln!(out, "Labels:             {}", listed(labels))?;
    writeln!(out, "Annotations:        <none>")?;
    writeln!(out, "Taints:             {}", listed(taints))?;
    writeln!(out, "Unschedulable:      false")?;
    writeln!(out, "Conditions:")?;
    // kubectl ends each cell but the last with a space.
    let rows = conditions(node).map(|one| {
        [
            format!("{} ", one.kind),
            format!("{} ", one.status),
            format!("{time} "),
            format!("{time} "),
            format!("{} ", one.reason),
            one.message,
        ]
    });
    let titles = [
        "Type",
        "Status",
        "LastHeartbeatTime",
        "LastTransitionTime",
        "Reason",
        "Message",
    ];
    let ruler = titles.map(|title| "-".repeat(title.len()));
    let titles = titles.map(str::to_owned);
    let all: Vec<&[String; 6]> = [&titles, &ruler].into_iter().chain(&rows).collect();
    for row in &all {
        out.push_str("  ");
        for (column, cell) in row.iter().enumerate() {
            let widest = all.iter().map(|row| row[column].len()).max().unwrap_or(0);
            let width = if column + 1 < row.len() {
                widest + 2
            } else {
                0
            };
            write!(out, "{cell:<width$}")?;
        }
        out.push('\n');
    }
    writeln!(out, "System Info:")?;
    let stack = &node.stack;
    for (key, value) in [
        ("Kernel Version", stack.host.kernel_release.to_string()),
        ("OS Image", stack.host.os_image.to_string()),
        ("Operating System", "linux".to_owned()),
        ("Architecture", "amd64".to_owned()),
        ("Container Runtime Version", runtime_version(node)),
        ("Kubelet Version", three_numbers("v", stack.kubelet.version)),
    ] {
        writeln!(out, "  {:<28}{value}", format!("{key}:"))?;
    }
    Ok(())
}
