//! What would turn an answer round: single changes of the learner's files,
//! each made and run, not guessed.

use crate::{
    document::Document,
    machine::Recorded,
    message::{Change, Language, TextEdit, TraceRow},
    node::Node,
    view,
    workspace::Workspace,
};
use apparmor::{Class, FilePermissions};
use kernel::{Evidence, event::AppArmorEvidence};

/// A change that may turn an answer round.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    label: String,
    file: String,
    edits: Vec<TextEdit>,
}

/// Most changes that are tried for one edit of the learner's.
pub const MAX_TRIES: usize = 8;

/// Finds, for each refused call of a node's workload, a change that turns its
/// answer round, and notes it in the call's evidence.
pub fn explain(rows: &mut [TraceRow], node: &Node, workspace: &Workspace, document: &Document) {
    let mut tried: Vec<(Candidate, Vec<TraceRow>)> = Vec::new();
    let before: Vec<TraceRow> = rows.to_vec();
    for (index, row) in rows.iter_mut().enumerate() {
        let blocked = row.outcome == crate::message::RowOutcome::Blocked;
        let recorded = usize::try_from(row.id)
            .ok()
            .and_then(|id| node.machine.journal.get(id));
        let Some(recorded) = recorded.filter(|_| blocked) else {
            continue;
        };
        for candidate in candidates(recorded, workspace) {
            let known = tried.iter().position(|(tried, _)| *tried == candidate);
            let known = match known {
                Some(known) => known,
                None if tried.len() < MAX_TRIES => {
                    let after = rerun(&candidate, node, workspace, document);
                    tried.push((candidate.clone(), after));
                    tried.len() - 1
                }
                None => continue,
            };
            if let Some(change) = turned(&candidate, &before, index, &tried[known].1) {
                row.evidence.change = Some(change);
                break;
            }
        }
    }
}

/// The node's workload with a change made.
fn rerun(
    candidate: &Candidate,
    node: &Node,
    workspace: &Workspace,
    document: &Document,
) -> Vec<TraceRow> {
    let mut workspace = workspace.clone();
    let Some(file) = workspace.file(&candidate.file) else {
        return Vec::new();
    };
    let text = applied(&file.text, &candidate.edits);
    workspace.edit(&candidate.file, &text);
    let mut node = node.fresh();
    node.start(&workspace, &document.image);
    for command in &document.workload {
        node.run_in_pod(command);
    }
    view::rows(&node.machine, &workspace)
}

/// The change, when it gives the call another answer that is no refusal.
fn turned(
    candidate: &Candidate,
    before: &[TraceRow],
    index: usize,
    after: &[TraceRow],
) -> Option<Change> {
    let row = before.get(index)?;
    let counterpart = counterpart(before, index, after)?;
    if counterpart.outcome == row.outcome {
        return None;
    }
    let also = (0..before.len())
        .filter(|other| *other != index)
        .filter_map(|other| {
            let (old, new) = (before.get(other)?, self::counterpart(before, other, after)?);
            (old.answer != new.answer)
                .then(|| format!("{}: {} instead of {}", old.sentence, new.answer, old.answer))
        })
        .collect();
    Some(Change {
        label: candidate.label.clone(),
        file: candidate.file.clone(),
        edits: candidate.edits.clone(),
        answer: counterpart.answer.clone(),
        also,
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

/// What might turn a refusal round, the smallest change first.
fn candidates(recorded: &Recorded, workspace: &Workspace) -> Vec<Candidate> {
    let Some(gate) = recorded.event.deciding() else {
        return Vec::new();
    };
    match &gate.evidence {
        Evidence::AppArmor(question) => of_profile(question, workspace),
        Evidence::Seccomp(evidence) => of_filter(&evidence.combined, recorded, workspace),
        _ => Vec::new(),
    }
}

/// Without one of the rules that refuse, or with a rule that allows.
fn of_profile(question: &AppArmorEvidence, workspace: &Workspace) -> Vec<Candidate> {
    let mut found = Vec::new();
    let rules = question
        .rules
        .iter()
        .filter_map(|id| question.profile.compiled()?.rule(*id))
        .filter(|rule| rule.effect == apparmor::Effect::Deny);
    for rule in rules {
        if let Some(path) = workspace.path_of(&rule.file) {
            found.push(Candidate {
                label: format!("Remove `{}`", rule.text),
                file: path.to_owned(),
                edits: vec![TextEdit {
                    start: rule.span.range().start,
                    end: rule.span.range().end,
                    text: String::new(),
                }],
            });
        }
    }
    if found.is_empty()
        && let Some(rule) = missing_rule(question)
        && let Some((path, end)) = end_of_profile(&question.profile.name, workspace)
    {
        found.push(Candidate {
            label: format!("Add `{rule}`"),
            file: path,
            edits: vec![TextEdit {
                start: end,
                end,
                text: format!("  {rule}\n"),
            }],
        });
    }
    found
}

/// The rule that would grant what was refused.
fn missing_rule(question: &AppArmorEvidence) -> Option<String> {
    let name = || {
        let name = question.name.as_ref()?;
        let name = std::str::from_utf8(name).ok()?;
        let quoted = name.contains([' ', '"', '{', '}', '[', ']', '*', '?', '^', '\\', '@']);
        (!quoted).then(|| name.to_owned())
    };
    match question.class {
        Class::File => {
            let letters = FilePermissions(question.denied).log_letters();
            let mut wanted = String::new();
            for (written, asked) in [("r", "r"), ("w", "wcd"), ("k", "k"), ("l", "l"), ("m", "m")] {
                if letters.contains(|letter| asked.contains(letter)) {
                    wanted.push_str(written);
                }
            }
            if letters.contains('x') {
                wanted.push_str("ix");
            }
            (!wanted.is_empty()).then(|| Some(format!("{} {wanted},", name()?)))?
        }
        _ => None,
    }
}

/// The file that holds a profile, and the place before its closing brace.
fn end_of_profile(name: &str, workspace: &Workspace) -> Option<(String, usize)> {
    let file = workspace
        .of(Language::AppArmor)
        .find(|file| file.profiles.iter().any(|profile| profile.name() == name))?;
    let [_] = file.profiles.as_slice() else {
        return None;
    };
    let brace = file.text.rfind('}')?;
    let line = file
        .text
        .get(..brace)?
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    Some((file.about.path.clone(), line))
}

/// With the deciding entry of the filter allowing.
fn of_filter(
    combined: &seccomp::Combined,
    recorded: &Recorded,
    workspace: &Workspace,
) -> Vec<Candidate> {
    let found = || {
        let path = workspace.path_of(recorded.filter_path()?)?;
        let profile = workspace.file(path)?.seccomp.clone()?;
        let verdict = combined.verdicts.get(combined.filter?)?;
        let rule = verdict.rules.first()?;
        let entry = profile.entries.get(usize::try_from(rule.entry).ok()?)?;
        Some(Candidate {
            label: format!("Let {} pass", profile.describe(*rule)),
            file: path.to_owned(),
            edits: vec![TextEdit {
                start: entry.action.span.start,
                end: entry.action.span.end,
                text: "\"SCMP_ACT_ALLOW\"".to_owned(),
            }],
        })
    };
    found().into_iter().collect()
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
