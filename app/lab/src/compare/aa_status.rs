//! `aa-status`: which profiles are loaded, in which mode.

use super::line;
use crate::{
    message::{ComparedLine, LineVerdict},
    node::Node,
};
use sorted::SortedMap;

pub(super) fn compare(node: &Node, pasted: &str) -> Vec<ComparedLine> {
    let predicted: SortedMap<String, &'static str> = node
        .machine
        .world
        .policy()
        .profiles()
        .map(|profile| (profile.name.to_string(), profile.mode().name()))
        .collect();
    let mut missing = predicted.clone();
    let mut lines = Vec::new();
    // The mode that the lines below belong to; none below the processes.
    let mut mode: Option<String> = None;
    for text in pasted.lines() {
        if !text.starts_with(' ') {
            mode = section(text);
            lines.push(head(node, text));
            continue;
        }
        let (Some(mode), name) = (&mode, text.trim()) else {
            lines.push(line(text, LineVerdict::Unrelated, ""));
            continue;
        };
        lines.push(match predicted.get(name) {
            Some(expected) => {
                missing.remove(name);
                if expected == mode {
                    line(text, LineVerdict::Same, "")
                } else {
                    line(
                        text,
                        LineVerdict::Different,
                        format!("Predicted in {expected} mode."),
                    )
                }
            }
            None => line(text, LineVerdict::Unrelated, "The lab has no such profile."),
        });
    }
    for (name, mode) in missing {
        lines.push(line(
            &format!("   {name}"),
            LineVerdict::Missing,
            format!("Predicted in {mode} mode, and not loaded."),
        ));
    }
    lines
}

/// The mode in `N profiles are in MODE mode.`
fn section(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(" profiles are in ")?;
    rest.strip_suffix(" mode.").map(str::to_owned)
}

/// A line that is no name: only whether the module is there can be compared,
/// since a real machine has profiles of its own.
fn head(node: &Node, text: &str) -> ComparedLine {
    let there = node.machine.has_apparmor();
    let says = if text.contains("module is loaded") {
        true
    } else if text.contains("not present") || text.contains("module is not loaded") {
        false
    } else {
        return line(text, LineVerdict::Unrelated, "");
    };
    if says == there {
        line(text, LineVerdict::Same, "")
    } else if there {
        line(
            text,
            LineVerdict::Different,
            "The simulated node has AppArmor.",
        )
    } else {
        line(
            text,
            LineVerdict::Different,
            "The simulated node has no AppArmor.",
        )
    }
}
