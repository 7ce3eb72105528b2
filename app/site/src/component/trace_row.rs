//! One system call: a sentence, its answer, the gates that it asked. Opened:
//! the deciding rule, the resolved name, the log line, the smallest change.

use lab::message::{
    Change, Evidence, Gate, GateVerdict, RowOutcome, RuleEffect, RuleView, TraceRow,
};
use leptos::prelude::*;
use maud::{Markup, html};

use super::{Icon, Mark, gate, words};
use crate::text;

/// The row. What it shows is set anew where it differs; whether it is open stays.
#[component]
pub fn Row(
    /// The call; nothing once the trace has become shorter.
    #[prop(into)]
    row: Signal<Option<TraceRow>>,
    /// Id of the node it was made on.
    #[prop(into)]
    node: String,
    /// Whether the node runs the pod silently unprotected.
    alarm: bool,
    /// Gives the learner's files by path, to show a change as a difference.
    files: Callback<(), Vec<(String, String)>>,
    /// The row was opened (true) or closed.
    #[prop(optional)]
    toggled: Option<Callback<(u32, bool)>>,
    /// Whether it is open from the beginning.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let there = Memo::new(move |_| row.with(Option::is_some));
    let mark = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| mark(row, alarm))));
    let summary = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .map_or_else(Markup::default, |row| summary(row, alarm))
                .0
        })
    });
    let opened = Signal::derive(move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let change = row.evidence.change.as_ref();
            let texts = change.map(|_| files.run(())).unwrap_or_default();
            Some(opened(row, &texts).0)
        })
        .unwrap_or_default()
    });
    let toggle = move |open: bool| {
        let id = row.with_untracked(|row| row.as_ref().map(|row| row.id));
        if let Some((toggled, id)) = toggled.zip(id) {
            toggled.run((id, open));
        }
    };
    move || {
        let node = node.clone();
        let id = Signal::derive(move || {
            let id = row.with(|row| row.as_ref().map_or(0, |row| row.id));
            format!("row-{node}-{id}")
        });
        there.get().then(|| {
            view! {
                <li
                    class=Signal::derive(move || mark.get().map_or("", Mark::class).to_owned())
                    id=id
                    data-outcome=Signal::derive(move || mark.get().map_or("", Mark::word).to_owned())
                >
                    <details open=open on:toggle:target=move |event| toggle(event.target().open())>
                        <summary inner_html=summary></summary>
                        <div class="opened" inner_html=opened></div>
                    </details>
                </li>
            }
        })
    }
}

/// What is seen of a closed row.
fn summary(row: &TraceRow, alarm: bool) -> Markup {
    let mark = mark(row, alarm);
    html! {
        span.no { (row.step) }
        span.say { (words(&row.sentence)) }
        span.ret { (mark.icon()) " " span.vh { (mark.word()) } " " (row.answer) }
        (gate::gates(&row.gates, alarm))
    }
}

/// What is seen of an open one besides. Its buttons are known by an attribute each: `data-show`,
/// the byte in `data-file` at which a rule begins, and `data-change`, the row whose change is to be tried.
fn opened(row: &TraceRow, files: &[(String, String)]) -> Markup {
    html! {
        (rules(row))
        (name(row))
        (audit(&row.evidence))
        @if let Some(change) = &row.evidence.change {
            (smallest(row.id, change, files))
        }
        div.full {
            h4 { "The call, as strace writes it" }
            pre { "[pid " (row.pid) "] " (row.call) " " (row.answer) }
        }
    }
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

fn rules(row: &TraceRow) -> Markup {
    let stopped = row
        .gates
        .iter()
        .find(|gate| matches!(gate.verdict, GateVerdict::Denied | GateVerdict::Failed));
    html! {
        div {
            h4 { "Deciding rule" }
            @if row.evidence.rules.is_empty() {
                p {
                    "No rule had a part in it"
                    @if let Some(gate) = stopped {
                        ": " (gate::name(gate.gate)) " " (words(&gate.sentence))
                    }
                    "."
                }
            }
            @for known in &row.evidence.rules {
                (rule(known))
            }
        }
    }
}

fn rule(rule: &RuleView) -> Markup {
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
    html! {
        p.by {
            span.label { (rule.file) " line " (rule.line) ", " (effect) }
            button.btn.quiet.sm type="button" data-show=(rule.start) data-file=(rule.file) {
                "Show" span.vh { " the rule in the editor" }
            }
        }
        code class=(class) { (rule.text) }
    }
}

fn name(row: &TraceRow) -> Markup {
    let evidence = &row.evidence;
    let path = evidence.resolved_path.as_ref().unwrap_or(&row.name);
    html! {
        @if !path.is_empty() {
            div {
                h4 { "Resolved name and inode" }
                p {
                    code { (path) }
                    @match evidence.inode {
                        Some(inode) => { " is inode " (inode) "." },
                        None => { " has no inode." },
                    }
                }
                @if evidence.inode.is_some() {
                    p {
                        @if evidence.other_names.is_empty() {
                            "It has no other name."
                        } @else {
                            "Other names of it: "
                            @for (index, name) in evidence.other_names.iter().enumerate() {
                                @if index > 0 { ", " }
                                code { (name) }
                            }
                            "."
                        }
                    }
                }
            }
        }
    }
}

fn audit(evidence: &Evidence) -> Markup {
    html! {
        div.full {
            h4 { "Audit line" }
            @match &evidence.audit {
                Some(line) => pre { (line) },
                None => b { "None. " },
            }
            span.small { (words(&evidence.audit_reason)) }
        }
    }
}

/// The smallest change that turns the answer round, as a difference of lines.
fn smallest(row: u32, change: &Change, files: &[(String, String)]) -> Markup {
    let file = files.iter().find(|(path, _)| *path == change.file);
    let difference = file.and_then(|(_, text)| text::difference(text, &change.edits));
    html! {
        div.full {
            h4 { "Smallest change that turns it round" }
            p { (words(&change.label)) " Then the answer is " code { (change.answer) } "." }
            @if let Some((before, after)) = difference {
                pre.diff {
                    @if !before.is_empty() { del { (before) } }
                    @if !after.is_empty() { ins { (after) } }
                }
            }
            @if !change.also.is_empty() {
                p { "It would change more than this call:" }
                ul.also {
                    @for row in &change.also { li { (words(row)) } }
                }
            }
            p.row {
                button.btn.sm type="button" data-change=(row) {
                    (Icon::Pencil) "Try it in the editor"
                }
            }
        }
    }
}
