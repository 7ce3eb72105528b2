//! The trace panel: the calls of one node.

use lab::message::Outcome;
use leptos::prelude::*;

use super::{Badge, Mark, Row, trace_row::RowActions, words};
use crate::bench::Bench;

/// The trace of a lab's nodes, one panel each.
#[component]
pub fn Traces(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let count = Memo::new(move |_| bench.nodes.with(Vec::len));
    view! {
        {move || (0..count.get()).map(|index| view! { <Trace bench index /> }).collect_view()}
    }
    .into_any()
}

/// The trace of the node at `index`. Each part is drawn anew only when what it
/// shows differs: a keystroke seldom changes more than a few rows.
#[component]
fn Trace(bench: Bench, index: usize) -> impl IntoView {
    let head = Memo::new(move |_| {
        bench.nodes.with(|nodes| {
            let node = nodes.get(index)?;
            Some((node.id.clone(), node.outcome, node.trace.is_empty()))
        })
    });
    let lines = Memo::new(move |_| {
        bench
            .nodes
            .with(|nodes| nodes.get(index).map(|node| node.log.clone()))
    });
    move || {
        head.get().map(|(id, outcome, empty)| {
            let rows = if empty {
                let why = match outcome {
                    Outcome::RefusedToStart => {
                        "The pod never started, so nothing was asked of the kernel."
                    }
                    Outcome::Invalid => "The files have errors: mend them and the pod starts.",
                    _ => "Type a command in the terminal, and its calls appear here.",
                };
                view! {
                    <p class="empty">
                        <b>"No calls"</b>
                        {why}
                    </p>
                }
                .into_any()
            } else {
                let alarm = outcome == Outcome::SilentlyUnprotected;
                view! { <Rows bench index id=id.clone() alarm /> }.into_any()
            };
            view! {
                <section class="sheet" aria-label=format!("Trace on {id}")>
                    <header>
                        <h3>"Trace on " {id.clone()}</h3>
                        <Badge mark=Mark::from(outcome) />
                    </header>
                    {rows}
                    {move || lines.get().map(|lines| log(&lines))}
                </section>
            }
        })
    }
}

/// The rows of the node at `index`, by their places.
#[component]
fn Rows(bench: Bench, index: usize, id: String, alarm: bool) -> impl IntoView {
    // Places are only ever added: one without a row is empty.
    let places = Memo::new(move |before: Option<&usize>| {
        let rows = bench
            .nodes
            .with(|nodes| nodes.get(index).map_or(0, |node| node.trace.len()));
        rows.max(before.copied().unwrap_or(0))
    });
    let opener = id.clone();
    let actions = RowActions {
        toggled: Some(Callback::new(move |(row, open): (u32, bool)| {
            bench.light(open.then(|| (opener.clone(), row)));
        })),
        show: Some(Callback::new(move |(file, start): (String, usize)| {
            bench.show(&file, start);
        })),
        change: Some(Callback::new(move |(file, edits): (String, Vec<_>)| {
            bench.apply(&file, &edits);
        })),
    };
    let row = move |place: usize| {
        let row = Memo::new(move |_| {
            bench
                .nodes
                .with(|nodes| nodes.get(index)?.trace.get(place).cloned())
        });
        let node = id.clone();
        move || {
            row.get().map(|row| {
                let lit = Some((node.clone(), row.id));
                let open = bench.lit.with_untracked(|open| *open == lit);
                let change = row.evidence.change.as_ref();
                let files = change.map(|_| bench.texts()).unwrap_or_default();
                view! { <Row row node=node.clone() alarm files actions open /> }
            })
        }
    };
    view! {
        <ol class="trace">{move || (0..places.get()).map(&row).collect_view()}</ol>
    }
    .into_any()
}

/// The node's kernel log, folded.
fn log(log: &[String]) -> impl IntoView + use<> {
    let lines = log.len();
    let title = match lines {
        0 => "Kernel log: nothing about AppArmor or seccomp".to_owned(),
        1 => "Kernel log: 1 line".to_owned(),
        lines => format!("Kernel log: {lines} lines"),
    };
    if lines == 0 {
        return view! { <div class="tblock"><span>{words(&title)}</span></div> }.into_any();
    }
    view! {
        <details class="links">
            <summary>{title}</summary>
            <pre class="term">{log.join("\n")}</pre>
        </details>
    }
    .into_any()
}
