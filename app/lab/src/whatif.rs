//! What would turn an answer round: single changes of the learner's files, or
//! another node, each made and run, not guessed.

mod filter;
mod manifest;
mod profile;

pub use manifest::filter_field;
pub use profile::end_of_profile;

use crate::{
    document::Document,
    machine::Recorded,
    message::{Change, Outcome, RowOutcome, TextEdit, TraceRow},
    node::Node,
    view,
    workspace::Workspace,
};
use kernel::Evidence;
use sorted::SortedMap;

/// A change that may turn an answer round.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    label: String,
    file: String,
    edits: Vec<TextEdit>,
}

/// Most changes that are tried for one edit of the learner's.
pub const MAX_TRIES: usize = 8;
/// Most changes that are tried when a learner asks for all of them.
pub const MAX_CHANGES: usize = 32;

/// A node as it comes out under a change.
struct Rerun {
    outcome: Outcome,
    sentence: String,
    rows: Vec<TraceRow>,
}

/// Finds, for refused calls of a node's workload, a change that turns the answer
/// round: by the row's id.
pub fn explain(node: &Node, workspace: &Workspace, document: &Document) -> SortedMap<u32, Change> {
    let mut found = SortedMap::new();
    let mut tried: Vec<(Candidate, Rerun)> = Vec::new();
    let rows = view::rows(&node.machine, workspace);
    let blocked = |row: &&TraceRow| row.outcome == RowOutcome::Blocked;
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| blocked(row)) {
        let Some(recorded) = recorded(row, node) else {
            continue;
        };
        for candidate in of_rules(recorded, workspace) {
            let known = tried.iter().position(|(tried, _)| *tried == candidate);
            let known = match known {
                Some(known) => known,
                None if tried.len() < MAX_TRIES => {
                    let after = rerun(Some(&candidate), &[], node, workspace, document);
                    tried.push((candidate.clone(), after));
                    tried.len() - 1
                }
                None => continue,
            };
            let change = Change {
                label: candidate.label,
                file: candidate.file,
                edits: candidate.edits,
                ..nothing()
            };
            if let Some(change) = turned(change, &rows, index, &tried[known].1) {
                found.insert(row.id, change);
                break;
            }
        }
    }
    found
}

/// What was typed on a node since the last edit, and the other nodes.
pub struct Surroundings<'a> {
    /// The command lines, in order.
    pub typed: &'a [String],
    /// The fleet.
    pub fleet: &'a [Node],
}

/// Every single change that turns a row's answer round: an allowed call would
/// be refused, a refused one would pass. The smallest come first.
pub fn changes(
    row: u32,
    node: &Node,
    around: &Surroundings<'_>,
    workspace: &Workspace,
    document: &Document,
) -> Vec<Change> {
    let before = view::rows(&node.machine, workspace);
    let Some(index) = before.iter().position(|one| one.id == row) else {
        return Vec::new();
    };
    let Some(recorded) = before.get(index).and_then(|row| self::recorded(row, node)) else {
        return Vec::new();
    };
    let allowed = before
        .get(index)
        .is_some_and(|row| row.outcome == RowOutcome::Allowed);
    let mut candidates = if allowed {
        against(recorded, workspace)
    } else {
        of_rules(recorded, workspace)
    };
    candidates.extend(manifest::candidates(recorded, allowed, workspace));
    let mut different: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !different.contains(&candidate) && different.len() < MAX_CHANGES {
            different.push(candidate);
        }
    }
    let edits = different.into_iter().filter_map(|candidate| {
        let after = rerun(Some(&candidate), around.typed, node, workspace, document);
        let change = Change {
            label: candidate.label,
            file: candidate.file,
            edits: candidate.edits,
            ..nothing()
        };
        turned(change, &before, index, &after)
    });
    let mut found: Vec<Change> = edits.collect();
    for other in around
        .fleet
        .iter()
        .filter(|other| other.spec.id != node.spec.id)
    {
        let after = rerun(None, around.typed, other, workspace, document);
        let change = Change {
            label: format!("Run it on {} ({})", other.spec.id, other.kind.title),
            node: other.spec.id.clone(),
            ..nothing()
        };
        found.extend(turned(change, &before, index, &after));
    }
    found
}

/// Every single change after which the pod runs, or runs protected.
pub fn starts(
    node: &Node,
    fleet: &[Node],
    workspace: &Workspace,
    document: &Document,
) -> Vec<Change> {
    let now = node.outcome();
    let better = |outcome: Outcome| {
        outcome != now
            && matches!(outcome, Outcome::Enforced)
                | matches!(
                    (now, outcome),
                    (
                        Outcome::RefusedToStart | Outcome::Invalid,
                        Outcome::Unconfined
                    )
                )
    };
    let edits = manifest::starts(node, workspace).into_iter();
    let edits = edits.take(MAX_CHANGES).map(|candidate| {
        let after = rerun(Some(&candidate), &[], node, workspace, document);
        let change = Change {
            label: candidate.label,
            file: candidate.file,
            edits: candidate.edits,
            ..nothing()
        };
        (change, after)
    });
    let others = fleet.iter().filter(|other| other.spec.id != node.spec.id);
    let others = others.map(|other| {
        let change = Change {
            label: format!("Run it on {} ({})", other.spec.id, other.kind.title),
            node: other.spec.id.clone(),
            ..nothing()
        };
        (change, rerun(None, &[], other, workspace, document))
    });
    edits
        .chain(others)
        .filter(|(_, after)| better(after.outcome))
        .map(|(change, after)| Change {
            answer: after.sentence,
            ..change
        })
        .collect()
}

fn nothing() -> Change {
    Change {
        label: String::new(),
        file: String::new(),
        edits: Vec::new(),
        node: String::new(),
        answer: String::new(),
        also: Vec::new(),
    }
}

fn recorded<'n>(row: &TraceRow, node: &'n Node) -> Option<&'n Recorded> {
    node.machine.journal.get(usize::try_from(row.id).ok()?)
}

/// A node's workload, and what was typed, with a change made.
fn rerun(
    candidate: Option<&Candidate>,
    typed: &[String],
    node: &Node,
    workspace: &Workspace,
    document: &Document,
) -> Rerun {
    let mut workspace = workspace.clone();
    if let Some(candidate) = candidate
        && let Some(file) = workspace.file(&candidate.file)
    {
        let text = applied(&file.text, &candidate.edits);
        workspace.edit(&candidate.file, &text);
    }
    let mut node = node.fresh();
    node.start(&workspace, &document.image);
    for command in &document.workload {
        node.run_in_pod(command);
    }
    for command in typed {
        node.run(command);
    }
    Rerun {
        outcome: node.outcome(),
        sentence: node.sentence(),
        rows: view::rows(&node.machine, &workspace),
    }
}

/// The change, when it turns the answer of a call round.
fn turned(change: Change, before: &[TraceRow], index: usize, after: &Rerun) -> Option<Change> {
    let row = before.get(index)?;
    let was_allowed = row.outcome == RowOutcome::Allowed;
    let Some(counterpart) = counterpart(before, index, &after.rows) else {
        let refused = matches!(after.outcome, Outcome::RefusedToStart | Outcome::Invalid);
        return (was_allowed && refused && after.rows.is_empty()).then(|| Change {
            answer: "the pod does not start".to_owned(),
            also: vec![after.sentence.clone()],
            ..change
        });
    };
    let is_other = if was_allowed {
        counterpart.outcome == RowOutcome::Blocked
    } else {
        counterpart.outcome != row.outcome
    };
    if !is_other {
        return None;
    }
    let also = (0..before.len())
        .filter(|other| *other != index)
        .filter_map(|other| {
            let old = before.get(other)?;
            let new = self::counterpart(before, other, &after.rows)?;
            (old.answer != new.answer)
                .then(|| format!("{}: {} instead of {}", old.sentence, new.answer, old.answer))
        })
        .collect();
    Some(Change {
        answer: counterpart.answer.clone(),
        also,
        ..change
    })
}

/// The same call in another run: the same one of its command's equal calls.
fn counterpart<'a>(
    before: &[TraceRow],
    index: usize,
    after: &'a [TraceRow],
) -> Option<&'a TraceRow> {
    let row = before.get(index)?;
    let same = |other: &&TraceRow| other.command == row.command && other.call == row.call;
    let nth = before.iter().take(index).filter(same).count();
    after.iter().filter(same).nth(nth)
}

/// A text with edits made.
pub fn applied(text: &str, edits: &[TextEdit]) -> String {
    let mut result = String::new();
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.start).unwrap_or_default());
        result.push_str(&edit.text);
        at = edit.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// What of the rules might turn a refusal round, the smallest change first.
fn of_rules(recorded: &Recorded, workspace: &Workspace) -> Vec<Candidate> {
    let Some(gate) = recorded.event.deciding() else {
        return Vec::new();
    };
    match &gate.evidence {
        Evidence::AppArmor(question) => profile::allowing(question, recorded, workspace),
        Evidence::Seccomp(evidence) => filter::allowing(&evidence.combined, recorded, workspace),
        _ => Vec::new(),
    }
}

/// What of the rules might refuse a call that was allowed.
fn against(recorded: &Recorded, workspace: &Workspace) -> Vec<Candidate> {
    let mut found = Vec::new();
    for gate in &recorded.event.gates {
        if let Evidence::AppArmor(question) = &gate.evidence {
            found.extend(profile::refusing(question, workspace));
        }
    }
    found.extend(filter::refusing(recorded, workspace));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_at_their_places() {
        let edit = |start, end, text: &str| TextEdit {
            start,
            end,
            text: text.to_owned(),
        };
        assert_eq!(
            applied("abcdef", &[edit(1, 2, ""), edit(4, 4, "X")]),
            "acdXef"
        );
    }
}
