//! `kubectl describe pod`.

use super::{line, printed};
use crate::{
    message::{ComparedLine, LineVerdict},
    node::Node,
};

/// Keys whose values differ on any two clusters.
const OWN: [&str; 16] = [
    "Container ID",
    "Host Port",
    "IP",
    "IPs",
    "Image ID",
    "Node",
    "Port",
    "Priority",
    "QoS Class",
    "Service Account",
    "Start Time",
    "Started",
    "Tolerations",
    "UID",
    "Node-Selectors",
    "Finished",
];

/// A line as a key and its value, with blanks in the value made one.
fn pair(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once(':')?;
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((key.trim().to_owned(), value))
}

pub(super) fn compare(node: &Node, pasted: &str) -> Vec<ComparedLine> {
    let name = pasted
        .lines()
        .filter_map(pair)
        .find(|(key, _)| key == "Name")
        .map(|(_, name)| name);
    let Some(name) = name.filter(|name| node.machine.pods.iter().any(|pod| pod.start.pod == *name))
    else {
        return pasted
            .lines()
            .map(|text| {
                line(
                    text,
                    LineVerdict::Unrelated,
                    "The simulated node has no such pod.",
                )
            })
            .collect();
    };
    let mut predicted: Vec<(String, bool)> = printed(node, &format!("kubectl describe pod {name}"))
        .into_iter()
        .map(|text| (text, false))
        .collect();
    let mut lines = Vec::new();
    let mut events = false;
    for text in pasted.lines() {
        events |= text.starts_with("Events:");
        lines.push(if events {
            event(text, &mut predicted)
        } else {
            field(text, &mut predicted)
        });
    }
    // A warning that was predicted and did not come is worth knowing.
    for (text, found) in &predicted {
        if !found && text.trim_start().starts_with("Warning ") {
            lines.push(line(
                text,
                LineVerdict::Missing,
                "Predicted, and not there.",
            ));
        }
    }
    lines
}

fn field(text: &str, predicted: &mut [(String, bool)]) -> ComparedLine {
    let Some((key, value)) =
        pair(text).filter(|(key, value)| !value.is_empty() && !OWN.contains(&key.as_str()))
    else {
        return line(text, LineVerdict::Unrelated, "");
    };
    let mut other = None;
    for (known, found) in predicted.iter_mut().filter(|(_, found)| !*found) {
        let Some((known_key, known_value)) = pair(known) else {
            continue;
        };
        if known_key != key {
            continue;
        }
        *found = true;
        if known_value == value {
            return line(text, LineVerdict::Same, "");
        }
        other = Some(known_value);
        break;
    }
    match other {
        Some(expected) => line(
            text,
            LineVerdict::Different,
            format!("Predicted {expected}."),
        ),
        None => line(text, LineVerdict::Unrelated, ""),
    }
}

/// `Warning  Failed  2s  kubelet  Error: …`: compared without its age.
fn event(text: &str, predicted: &mut [(String, bool)]) -> ComparedLine {
    let Some(real) = said(text) else {
        return line(text, LineVerdict::Unrelated, "");
    };
    let same = predicted
        .iter_mut()
        .find(|(known, _)| said(known).is_some_and(|known| known == real));
    if let Some((_, found)) = same {
        *found = true;
        return line(text, LineVerdict::Same, "");
    }
    if real.0 == "Normal" {
        // Pulling, scheduling: the simulation leaves some of them out.
        return line(text, LineVerdict::Unrelated, "");
    }
    let near = predicted.iter_mut().find(|(known, found)| {
        !found && said(known).is_some_and(|known| (&known.0, &known.1) == (&real.0, &real.1))
    });
    match near {
        Some((known, found)) => {
            *found = true;
            let message = said(known).map(|known| known.2).unwrap_or_default();
            line(
                text,
                LineVerdict::Different,
                format!("Predicted: {message}"),
            )
        }
        None => line(
            text,
            LineVerdict::Unexpected,
            "The simulator predicts no such event.",
        ),
    }
}

/// Type, reason and message of an event's line.
fn said(text: &str) -> Option<(String, String, String)> {
    let mut words = text.split_whitespace();
    let kind = words.next()?;
    if !matches!(kind, "Normal" | "Warning") {
        return None;
    }
    let reason = words.next()?.to_owned();
    // The age may be followed by `(x3 over 10s)`.
    let rest: Vec<&str> = words.collect();
    let from = rest
        .iter()
        .position(|word| word.starts_with("kubelet") || word.starts_with("default-scheduler"))?;
    let message = rest.get(from + 1..)?.join(" ");
    Some((kind.to_owned(), reason, message))
}
