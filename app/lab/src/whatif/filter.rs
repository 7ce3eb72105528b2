//! Changes of seccomp profiles.

use super::Candidate;
use crate::{machine::Recorded, message::TextEdit, workspace::Workspace};

/// With the deciding entry of the filter allowing, or with one more entry when
/// none decided.
pub fn allowing(
    combined: &seccomp::Combined,
    recorded: &Recorded,
    workspace: &Workspace,
) -> Vec<Candidate> {
    let entry = || {
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
    entry()
        .or_else(|| with("SCMP_ACT_ALLOW", "Let", "pass", recorded, workspace))
        .into_iter()
        .collect()
}

/// With one more entry that refuses the call.
pub fn refusing(recorded: &Recorded, workspace: &Workspace) -> Option<Candidate> {
    with(
        "SCMP_ACT_ERRNO",
        "Refuse",
        "in the filter",
        recorded,
        workspace,
    )
}

/// With one more entry for the call at the head of the list.
fn with(
    action: &str,
    verb: &str,
    rest: &str,
    recorded: &Recorded,
    workspace: &Workspace,
) -> Option<Candidate> {
    let path = workspace.path_of(recorded.filter_path()?)?;
    let text = &workspace.file(path)?.text;
    let list = text.find("\"syscalls\"")?;
    let bracket = list + text.get(list..)?.find('[')? + 1;
    let empty = text.get(bracket..)?.trim_start().starts_with(']');
    let call = &recorded.event.call.name;
    let comma = if empty { "" } else { "," };
    Some(Candidate {
        label: format!("{verb} `{call}` {rest}"),
        file: path.to_owned(),
        edits: vec![TextEdit {
            start: bracket,
            end: bracket,
            text: format!("\n    {{ \"names\": [\"{call}\"], \"action\": \"{action}\" }}{comma}"),
        }],
    })
}
