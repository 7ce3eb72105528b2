//! Why a call got its answer: rules, names, the log.

use crate::{
    machine::Recorded,
    message::{Evidence, RuleEffect, RuleView},
    workspace::{Workspace, line_and_column},
};
use apparmor::Effect;
use kernel::{
    Gate, GateKind, Verdict,
    event::{AppArmorEvidence, AuditReason},
};

/// The evidence for a recorded call.
pub fn evidence(recorded: &Recorded, workspace: &Workspace) -> Evidence {
    let event = &recorded.event;
    let gate = event.deciding().or_else(|| {
        event
            .gates
            .iter()
            .rev()
            .find(|gate| gate.kind == GateKind::AppArmor && gate.verdict != Verdict::Absent)
    });
    let mut rules = gate
        .map(|gate| rules(gate, recorded, workspace))
        .unwrap_or_default();
    rules.dedup();
    let (resolved_path, inode) = object(recorded);
    let other_names = inode
        .map(|inode| recorded.before.names_of(event.task, inode))
        .unwrap_or_default()
        .into_iter()
        .filter(|name| Some(name) != resolved_path.as_ref())
        .collect();
    Evidence {
        rules,
        resolved_path,
        inode,
        other_names,
        audit: event.records.last().map(ToString::to_string),
        audit_reason: audit_reason(recorded),
        change: None,
    }
}

fn rules(gate: &Gate, recorded: &Recorded, workspace: &Workspace) -> Vec<RuleView> {
    match &gate.evidence {
        kernel::Evidence::AppArmor(question) => question
            .rules
            .iter()
            .filter_map(|id| question.profile.compiled()?.rule(*id))
            .map(|origin| RuleView {
                file: workspace
                    .path_of(&origin.file)
                    .unwrap_or(&origin.file)
                    .to_owned(),
                start: origin.span.range().start,
                end: origin.span.range().end,
                line: usize::try_from(origin.line).unwrap_or(0),
                text: origin.text,
                effect: match origin.effect {
                    Effect::Allow => RuleEffect::Allows,
                    Effect::Deny | Effect::Prompt => RuleEffect::Denies,
                },
            })
            .collect(),
        kernel::Evidence::Seccomp(evidence) => {
            filter_rules(&evidence.combined, recorded, workspace)
        }
        _ => Vec::new(),
    }
}

/// The entries of the filter that gave its answer.
fn filter_rules(
    combined: &seccomp::Combined,
    recorded: &Recorded,
    workspace: &Workspace,
) -> Vec<RuleView> {
    let Some(path) = recorded.filter_path() else {
        return Vec::new();
    };
    let Some(file) = workspace
        .path_of(path)
        .and_then(|path| workspace.file(path))
    else {
        return Vec::new();
    };
    let (Some(profile), Some(index)) = (&file.seccomp, combined.filter) else {
        return Vec::new();
    };
    let verdict = combined.verdicts.get(index);
    verdict
        .map(|verdict| verdict.rules.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|rule| {
            let span = profile.entry_span(*rule);
            RuleView {
                file: file.about.path.clone(),
                start: span.start,
                end: span.end,
                line: line_and_column(&file.text, span.start).0,
                text: profile.describe(*rule),
                effect: if combined.action == seccomp::Action::Allow {
                    RuleEffect::Allows
                } else {
                    RuleEffect::Denies
                },
            }
        })
        .collect()
}

/// The name that the deciding gate saw, and the inode behind it.
fn object(recorded: &Recorded) -> (Option<String>, Option<u64>) {
    let event = &recorded.event;
    let mut path = None;
    let mut inode = None;
    let creates = recorded.creates();
    for gate in &event.gates {
        match &gate.evidence {
            kernel::Evidence::Walk(walk) => {
                let found = String::from_utf8_lossy(&walk.path).into_owned();
                path = Some(found);
                inode = walk.inode.filter(|_| !creates);
            }
            kernel::Evidence::AppArmor(question) => {
                if let Some(name) = &question.name {
                    path = Some(String::from_utf8_lossy(name).into_owned());
                }
            }
            _ => {}
        }
    }
    (path, inode)
}

fn audit_reason(recorded: &Recorded) -> String {
    let event = &recorded.event;
    let questions: Vec<&AppArmorEvidence> = event
        .gates
        .iter()
        .filter_map(|gate| match &gate.evidence {
            kernel::Evidence::AppArmor(question) => Some(&**question),
            _ => None,
        })
        .collect();
    let has = |reason| questions.iter().any(|question| question.audit == reason);
    let text = if has(AuditReason::Quiet) {
        "A plain deny is quiet: it means “refuse, and I already know”. Written as audit deny, there would be a line."
    } else if has(AuditReason::Silenced) {
        "AppArmor refused, but the module's audit mode keeps quiet about it."
    } else if has(AuditReason::Recorded) {
        if questions.iter().any(|question| question.complain) {
            "The profile only complains: it lets the call pass and writes a line."
        } else {
            "AppArmor writes a line for each refusal that no plain deny rule asked for."
        }
    } else if has(AuditReason::Audited) {
        "An audit rule asked for a line although the call was allowed."
    } else {
        match event.deciding() {
            None => "Nothing was refused, and nobody asked for a line.",
            Some(gate) => match gate.kind {
                GateKind::Seccomp if event.records.is_empty() => {
                    "A filter that answers with an error leaves no line, unless it was loaded with the flag LOG."
                }
                GateKind::Seccomp => "The kernel logs this action of a filter by itself.",
                GateKind::PathWalk => {
                    "The call ended before AppArmor was asked: there was nothing to refuse."
                }
                GateKind::MountFlags => "A mount's flags refuse without a word in the log.",
                GateKind::Dac => "Refusals by owner and mode are not logged.",
                GateKind::Capability => "A capability that the task does not hold is not logged.",
                GateKind::AppArmor => "AppArmor refused.",
            },
        }
    };
    text.to_owned()
}
