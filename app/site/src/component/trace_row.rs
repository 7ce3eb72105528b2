//! One system call: a sentence, its answer, the gates that it asked. Opened:
//! the deciding rule, the resolved name, the log line, the smallest change.

use std::sync::Arc;

use lab::message::{
    Change, Evidence, Gate, GateVerdict, RowOutcome, RuleEffect, TextEdit, TraceRow,
};
use leptos::prelude::*;

use super::{Gates, Icon, Mark, words};
use crate::text;

/// What a row's buttons do; nothing happens in a page without a lab.
#[derive(Clone, Copy, Default)]
pub struct RowActions {
    /// The row was opened (true) or closed.
    pub toggled: Option<Callback<(u32, bool)>>,
    /// A place in a file shall be shown: file, first byte.
    pub show: Option<Callback<(String, usize)>>,
    /// A change shall be tried: file, edits.
    pub change: Option<Callback<(String, Vec<TextEdit>)>>,
}

/// The row.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]
pub fn Row(
    /// The call.
    row: TraceRow,
    /// Id of the node it was made on.
    node: String,
    /// Whether the node runs the pod silently unprotected.
    alarm: bool,
    /// The learner's files by path, to show a change as a difference.
    files: Arc<[(String, String)]>,
    /// What its buttons do.
    #[prop(optional)]
    actions: RowActions,
    /// Whether it is open from the beginning.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let id = row.id;
    let mark = mark(&row, alarm);
    let toggled = move |open: bool| {
        if let Some(toggled) = actions.toggled {
            toggled.run((id, open));
        }
    };
    view! {
        <li class=mark.class() id=format!("row-{node}-{id}") data-outcome=mark.word()>
            <details open=open on:toggle:target=move |event| toggled(event.target().open())>
                <summary>
                    <span class="no">{row.step}</span>
                    <span class="say">{words(&row.sentence)}</span>
                    <span class="ret">
                        {mark.icon().view()} <span class="vh">{mark.word()}</span> {row.answer.clone()}
                    </span>
                    <Gates gates=row.gates.clone() alarm />
                </summary>
                <div class="opened">
                    {rules(&row, actions)} {name(&row)} {audit(&row.evidence)}
                    {row.evidence.change.as_ref().map(|change| smallest(change, &files, actions))}
                    <div class="full">
                        <h4>"The call, as strace writes it"</h4>
                        <pre>{format!("[pid {}] {} {}", row.pid, row.call, row.answer)}</pre>
                    </div>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// The row's mark: an allowed call is an alarm where AppArmor should have been
/// asked and was not there.
fn mark(row: &TraceRow, alarm: bool) -> Mark {
    let unguarded = alarm
        && row.outcome == RowOutcome::Allowed
        && row
            .gates
            .iter()
            .any(|gate| gate.gate == Gate::AppArmor && gate.verdict == GateVerdict::NoProfile);
    if unguarded {
        Mark::Silent
    } else {
        Mark::from(row.outcome)
    }
}

fn rules(row: &TraceRow, actions: RowActions) -> impl IntoView + use<> {
    let gate = row
        .gates
        .iter()
        .find(|gate| matches!(gate.verdict, GateVerdict::Denied | GateVerdict::Failed));
    if row.evidence.rules.is_empty() {
        let why = match gate {
            Some(gate) => format!(
                "No rule had a part in it: {} {}.",
                super::gate::name(gate.gate),
                gate.sentence
            ),
            None => "No rule had a part in it.".to_owned(),
        };
        return view! {
            <div>
                <h4>"Deciding rule"</h4>
                <p>{words(&why)}</p>
            </div>
        }
        .into_any();
    }
    let rules = row
        .evidence
        .rules
        .iter()
        .map(|rule| {
            let effect = match rule.effect {
                RuleEffect::Allows => "allows",
                RuleEffect::Denies => "denies",
                RuleEffect::Overridden => "would allow, but the deny wins",
                RuleEffect::Audits => "asks for a line in the log",
            };
            let class = match rule.effect {
                RuleEffect::Denies => "rule",
                RuleEffect::Allows => "rule is-allowed",
                _ => "rule is-plain",
            };
            let place = (rule.file.clone(), rule.start);
            let button = actions.show.map(|show| {
                view! {
                    <button type="button" class="btn quiet sm" on:click=move |_| show.run(place.clone())>
                        "Show"
                        <span class="vh">" the rule in the editor"</span>
                    </button>
                }
            });
            view! {
                <p class="by">
                    <span class="label">{format!("{} line {}, {effect}", rule.file, rule.line)}</span>
                    {button}
                </p>
                <code class=class>{rule.text.clone()}</code>
            }
        })
        .collect_view();
    view! {
        <div>
            <h4>"Deciding rule"</h4>
            {rules}
        </div>
    }
    .into_any()
}

fn name(row: &TraceRow) -> impl IntoView + use<> {
    let evidence = &row.evidence;
    let path = evidence
        .resolved_path
        .clone()
        .or_else(|| (!row.name.is_empty()).then(|| row.name.clone()))?;
    let inode = match evidence.inode {
        Some(inode) => format!(" is inode {inode}."),
        None => " has no inode.".to_owned(),
    };
    let others = if evidence.other_names.is_empty() {
        "It has no other name.".to_owned()
    } else {
        let names: Vec<_> = evidence
            .other_names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        format!("Other names of it: {}.", names.join(", "))
    };
    let others = evidence.inode.map(|_| view! { <p>{words(&others)}</p> });
    Some(view! {
        <div>
            <h4>"Resolved name and inode"</h4>
            <p>
                <code>{path}</code>
                {inode}
            </p>
            {others}
        </div>
    })
}

fn audit(evidence: &Evidence) -> impl IntoView + use<> {
    let line = match &evidence.audit {
        Some(line) => view! { <pre>{line.clone()}</pre> }.into_any(),
        None => view! { <b>"None. "</b> }.into_any(),
    };
    view! {
        <div class="full">
            <h4>"Audit line"</h4>
            {line}
            <span class="small">{words(&evidence.audit_reason)}</span>
        </div>
    }
    .into_any()
}

/// The smallest change that turns the answer round, as a difference of lines.
fn smallest(
    change: &Change,
    files: &[(String, String)],
    actions: RowActions,
) -> impl IntoView + use<> {
    let difference = files
        .iter()
        .find(|(path, _)| *path == change.file)
        .and_then(|(_, text)| text::difference(text, &change.edits));
    let difference = difference.map(|(before, after)| {
        let before = (!before.is_empty()).then(|| view! { <del>{before}</del> });
        let after = (!after.is_empty()).then(|| view! { <ins>{after}</ins> });
        view! { <pre class="diff">{before} {after}</pre> }
    });
    let also = (!change.also.is_empty()).then(|| {
        let rows = change
            .also
            .iter()
            .map(|row| view! { <li>{words(row)}</li> })
            .collect_view();
        view! {
            <p>"It would change more than this call:"</p>
            <ul class="also">{rows}</ul>
        }
    });
    let (file, edits) = (change.file.clone(), change.edits.clone());
    let button = actions.change.map(|try_it| {
        view! {
            <p class="row">
                <button
                    type="button"
                    class="btn sm"
                    on:click=move |_| try_it.run((file.clone(), edits.clone()))
                >
                    {Icon::Pencil.view()}
                    "Try it in the editor"
                </button>
            </p>
        }
    });
    view! {
        <div class="full">
            <h4>"Smallest change that turns it round"</h4>
            <p>{words(&change.label)} " Then the answer is " <code>{change.answer.clone()}</code> "."</p>
            {difference}
            {also}
            {button}
        </div>
    }
    .into_any()
}
