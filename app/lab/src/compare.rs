//! What a real machine printed, held against what the simulated node would
//! print: line by line, passing over what differs on any two machines.

mod aa_status;
mod describe;
mod kernel_log;

use crate::{
    message::{ComparedLine, Comparison, LineVerdict, PastedKind},
    node::Node,
};

/// Longest text that is compared, in bytes.
pub const MAX_PASTED: usize = 4 * 1024 * 1024;
/// Most lines that are shown.
pub const MAX_LINES: usize = 5_000;

/// Compares a pasted text with a node.
pub fn compare(node: &Node, pasted: &str) -> Comparison {
    let mut end = pasted.len().min(MAX_PASTED);
    while !pasted.is_char_boundary(end) {
        end -= 1;
    }
    let text = pasted.get(..end).unwrap_or_default();
    let kind = kind(text);
    let mut lines = match kind {
        PastedKind::KernelLog => kernel_log::compare(node, text),
        PastedKind::AaStatus => aa_status::compare(node, text),
        PastedKind::Describe => describe::compare(node, text),
        PastedKind::Unknown => Vec::new(),
    };
    let sentence = sentence(kind, &lines, end < pasted.len() || lines.len() > MAX_LINES);
    lines.truncate(MAX_LINES);
    Comparison {
        kind,
        lines,
        sentence,
    }
}

/// What a text is, by what only such a text has in it.
fn kind(text: &str) -> PastedKind {
    let has = |word: &str| text.contains(word);
    if has("profiles are loaded.") || has("apparmor module is") || has("apparmor not present") {
        PastedKind::AaStatus
    } else if has("Namespace:") && has("Containers:") {
        PastedKind::Describe
    } else if has("apparmor=\"") || has("audit: type=") || has("type=1326") {
        PastedKind::KernelLog
    } else {
        PastedKind::Unknown
    }
}

fn sentence(kind: PastedKind, lines: &[ComparedLine], cut: bool) -> String {
    if kind == PastedKind::Unknown {
        return "This looks like neither dmesg nor aa-status nor kubectl describe pod. Paste the whole output of one of them.".to_owned();
    }
    let count = |verdict| lines.iter().filter(|line| line.verdict == verdict).count();
    let same = count(LineVerdict::Same);
    let off = count(LineVerdict::Different)
        + count(LineVerdict::Unexpected)
        + count(LineVerdict::Missing);
    let mut text = match (same, off) {
        (0, 0) => "Nothing in it is about this lab.".to_owned(),
        (_, 0) => format!("All {same} lines about this lab are as predicted."),
        _ => format!("{same} lines are as predicted and {off} are not."),
    };
    if cut {
        text.push_str(" The text was too long; only its beginning was compared.");
    }
    text
}

/// What a command prints on the node's terminal, without leaving a trace.
fn printed(node: &Node, command: &str) -> Vec<String> {
    let mut node = node.clone();
    let (lines, _) = node.run(command);
    lines
        .into_iter()
        .filter(|line| line.stream != crate::message::Stream::Notice)
        .map(|line| line.text)
        .collect()
}

fn line(text: &str, verdict: LineVerdict, note: impl Into<String>) -> ComparedLine {
    ComparedLine {
        text: text.to_owned(),
        verdict,
        note: note.into(),
    }
}
