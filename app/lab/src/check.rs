//! Checks: whether operations get the answers that they have to get.

use crate::{
    document::{Check, Expectation, ImageFile, Operation, Seat},
    message::{CheckView, GateVerdict, Outcome, RowOutcome, TraceRow},
    node::Node,
    view,
    workspace::Workspace,
};

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What is asked for.
    pub title: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What happened: the operation, the node and the answer, in one sentence.
    pub sentence: String,
}

/// Whether a check holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every operation got its answer on every node.
    Holds,
    /// One of them got another.
    Fails,
    /// One of them could not be tried: no such node, pod or program.
    Undecided,
}

impl Decided {
    /// The check as the pages show it.
    pub fn view(&self) -> CheckView {
        CheckView {
            title: self.title.clone(),
            passed: self.verdict == Verdict::Holds,
            sentence: self.sentence.clone(),
        }
    }
}

/// Decides a check on each of its nodes, each time in a fresh world.
pub fn decide(
    check: &Check,
    nodes: &[Node],
    workspace: &Workspace,
    image: &[ImageFile],
) -> Decided {
    let mut verdict = Verdict::Holds;
    let mut sentences = Vec::new();
    if check.nodes.is_empty() {
        verdict = Verdict::Undecided;
        sentences.push("the check names no node".to_owned());
    }
    for id in &check.nodes {
        let (answer, sentence) = match nodes.iter().find(|node| node.spec.id == *id) {
            Some(node) => on_node(check, node, workspace, image),
            None => (Verdict::Undecided, format!("the fleet has no node {id}")),
        };
        verdict = verdict.max(answer);
        sentences.push(format!("{id}: {sentence}"));
    }
    Decided {
        title: check.title.clone(),
        verdict,
        sentence: sentences.join("; "),
    }
}

/// The operations one after the other, up to the first that fails.
fn on_node(
    check: &Check,
    node: &Node,
    workspace: &Workspace,
    image: &[ImageFile],
) -> (Verdict, String) {
    let mut node = node.fresh();
    node.start(workspace, image);
    let mut last = (Verdict::Undecided, "nothing was done".to_owned());
    for operation in &check.operations {
        last = one(operation, &mut node, workspace);
        if last.0 != Verdict::Holds {
            break;
        }
    }
    last
}

fn one(operation: &Operation, node: &mut Node, workspace: &Workspace) -> (Verdict, String) {
    let is = |outcome: Outcome, wanted: Outcome| {
        if outcome == wanted {
            Verdict::Holds
        } else {
            Verdict::Fails
        }
    };
    let wanted = match operation.expect {
        Expectation::RefusedToStart => Some(Outcome::RefusedToStart),
        Expectation::Enforced => Some(Outcome::Enforced),
        Expectation::Unconfined => Some(Outcome::Unconfined),
        Expectation::SilentlyUnprotected => Some(Outcome::SilentlyUnprotected),
        Expectation::Allowed | Expectation::Blocked | Expectation::Failed => None,
    };
    if let Some(wanted) = wanted {
        return (is(node.outcome(), wanted), node.sentence());
    }
    let run = &operation.run;
    let before = node.machine.journal.len();
    let exit = match operation.on {
        Seat::Node => node.run(run).1,
        Seat::Pod => match node.run_in(&operation.pod, &operation.container, run) {
            Ok(exit) => exit,
            Err(sentence) => return (Verdict::Undecided, sentence),
        },
    };
    let mut rows = view::rows(&node.machine, workspace);
    rows.retain(|row| usize::try_from(row.id).is_ok_and(|id| id >= before));
    let blocked = rows.iter().find(|row| row.outcome == RowOutcome::Blocked);
    if exit == NOT_FOUND && blocked.is_none() && !is_left_out(operation) {
        return (
            Verdict::Undecided,
            format!("{run}: there is no such program"),
        );
    }
    let (holds, sentence) = match (operation.expect, blocked, exit) {
        (Expectation::Allowed, _, 0) => (true, format!("{run} went through")),
        (Expectation::Blocked, Some(row), _) if exit != 0 => {
            (true, format!("{}: {}", row.sentence, row.answer))
        }
        (Expectation::Failed, None, 1..) => (true, format!("{run} failed")),
        (_, Some(row), 1..) => (false, format!("{}: {}", row.sentence, row.answer)),
        (_, _, 0) => (false, format!("{run} went through")),
        (_, _, exit) => (false, format!("{run} failed with exit code {exit}")),
    };
    if !holds {
        return (Verdict::Fails, sentence);
    }
    if let Some(gate) = operation.gate
        && !blocked.is_some_and(|row| denied_by(row, gate))
    {
        return (
            Verdict::Fails,
            format!("{sentence}, but it was not {gate:?} that decided"),
        );
    }
    if let Some(logged) = operation.logged
        && rows.iter().any(|row| row.evidence.audit.is_some()) != logged
    {
        let what = if logged { "no line" } else { "a line" };
        return (
            Verdict::Fails,
            format!("{sentence}, but there is {what} in the log"),
        );
    }
    (Verdict::Holds, sentence)
}

fn denied_by(row: &TraceRow, gate: crate::message::Gate) -> bool {
    row.gates
        .iter()
        .any(|asked| asked.gate == gate && asked.verdict == GateVerdict::Denied)
}

/// What a shell exits with for a program that is not there.
const NOT_FOUND: u8 = 127;

/// Whether an operation asks for a program that the simulator knows and the node lacks, and expects
/// that it fails.
fn is_left_out(operation: &Operation) -> bool {
    let words = crate::shell::plain_words(&operation.run);
    operation.expect == Expectation::Failed
        && words
            .first()
            .is_some_and(|name| crate::programs::find(name).is_some())
}
