//! What an author tries a lab with, and what a learner would export of it.

use lab::{
    document::{self, Origin},
    message::{
        ChainStep, ChainVerdict, GateVerdict, Outcome, Response, RowOutcome, Stream, TraceRow,
    },
    session::Session,
};
use std::{fs, io, path::Path};

/// What an author sees of the lab in a folder: what became of the pod on each
/// node, every call of the workload, and what each node's terminal prints for
/// `command`, unless that is empty.
///
/// # Errors
/// When the lab cannot be read, in one sentence.
pub fn tried(folder: &Path, from: Origin, command: &str) -> Result<String, String> {
    let mut session = session(folder, from)?;
    let mut out = String::new();
    for node in session.view().nodes {
        let became = outcome(node.outcome);
        out += &format!("== {}: {became}. {}\n", node.id, node.sentence);
        for step in &node.chain {
            out += &format!("   {}\n", link(step));
        }
        out += &rows(&node.trace, "");
        if command.is_empty() {
            continue;
        }
        let ran = session.run(&node.id, command, 1);
        let Ok(Response::Ran {
            output,
            exit,
            changed,
            ..
        }) = ran
        else {
            continue;
        };
        out += &format!("{} {command}\n", node.prompt.trim_end());
        for line in output {
            out += &match line.stream {
                Stream::Output | Stream::Error => format!("{}\n", line.text),
                Stream::Notice => format!("(the simulator: {})\n", line.text),
            };
        }
        out += &format!("exit code {exit}\n");
        for change in changed.nodes.iter().filter(|other| other.id == node.id) {
            let is_new = |row: &&TraceRow| row.step as usize > node.trace.len();
            let new: Vec<TraceRow> = change.rows.iter().filter(is_new).cloned().collect();
            out += &rows(&new, "new ");
        }
    }
    Ok(out)
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Enforced => "enforced",
        Outcome::Unconfined => "unconfined, as asked",
        Outcome::RefusedToStart => "refused to start",
        Outcome::SilentlyUnprotected => "silently unprotected",
        Outcome::Invalid => "cannot be told",
    }
}

/// A component on the pod's way: what it was asked for, and what it did.
fn link(step: &ChainStep) -> String {
    let ChainStep {
        component,
        version,
        asked,
        words,
        source,
        ..
    } = step;
    let verdict = match step.verdict {
        ChainVerdict::Honoured => "honoured",
        ChainVerdict::Refused => "refused",
        ChainVerdict::Dropped => "dropped",
        ChainVerdict::DoesNotLook => "does not look",
        ChainVerdict::NothingAsked => "nothing was asked",
        ChainVerdict::NotReached => "not reached",
    };
    let decides = if step.decided { " This decides." } else { "" };
    let space = if version.is_empty() { "" } else { " " };
    format!(
        "{component}{space}{version}, asked for {asked}: {verdict}. {words}{decides} ({source})"
    )
}

fn verdict(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Allowed => "lets it pass",
        GateVerdict::Denied => "refuses",
        GateVerdict::Failed => "fails",
        GateVerdict::NotAsked => "not asked",
        GateVerdict::NoProfile => "nothing to ask",
    }
}

fn rows(trace: &[TraceRow], mark: &str) -> String {
    let mut out = String::new();
    for row in trace {
        let logged = if row.evidence.audit.is_some() {
            ", logged"
        } else {
            ""
        };
        let came = match row.outcome {
            RowOutcome::Allowed => "allowed",
            RowOutcome::Blocked => "blocked",
            RowOutcome::Failed => "failed",
        };
        out += &format!(
            "   {mark}{} | {} | {} | {came}{logged}\n",
            row.command, row.call, row.answer
        );
        for asked in &row.gates {
            let why = match asked.verdict {
                GateVerdict::NotAsked => String::new(),
                _ => format!("; {}", asked.sentence),
            };
            let (gate, verdict) = (asked.gate.title(), verdict(asked.verdict));
            out += &format!("      {gate}: {verdict}{why}\n");
        }
    }
    out
}

fn session(folder: &Path, from: Origin) -> Result<Session, String> {
    let lab = folder.join("lab.yaml");
    let text = fs::read_to_string(&lab).map_err(|error| said(&lab, error))?;
    let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let document = document::read(&text, read).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
    Session::open(document.beginning_with(from), &[], None).map_err(|error| error.to_string())
}

fn said(path: &Path, error: io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// Writes the lab of the lesson in a folder, as its solution leaves it, below
/// `into` as a learner would export it.
///
/// # Errors
/// When the lab cannot be read or a file not be written, in one sentence.
pub fn export(folder: &Path, into: &Path) -> Result<(), String> {
    let session = session(folder, Origin::Solution)?;
    let target = into.join(session.folder());
    for file in session.export().map_err(|error| error.to_string())? {
        let path = target.join(&file.path);
        let parent = path.parent().unwrap_or(&target);
        fs::create_dir_all(parent).map_err(|error| said(parent, error))?;
        fs::write(&path, &file.text).map_err(|error| said(&path, error))?;
    }
    Ok(())
}
