//! The trace panel: the calls of one node.

use std::sync::Arc;

use lab::message::{NodeView, Outcome};
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

/// The trace of the node at `index`.
#[component]
fn Trace(bench: Bench, index: usize) -> impl IntoView {
    let node = Memo::new(move |_| bench.nodes.with(|nodes| nodes.get(index).cloned()));
    move || node.get().map(|node| panel(bench, &node, &bench.texts()))
}

fn panel(bench: Bench, node: &NodeView, files: &Arc<[(String, String)]>) -> impl IntoView + use<> {
    let id = node.id.clone();
    let alarm = node.outcome == Outcome::SilentlyUnprotected;
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
    let rows = if node.trace.is_empty() {
        view! {
            <p class="empty">
                <b>"No calls"</b>
                {match node.outcome {
                    Outcome::RefusedToStart => "The pod never started, so nothing was asked of the kernel.",
                    Outcome::Invalid => "The files have errors: mend them and the pod starts.",
                    _ => "Type a command in the terminal, and its calls appear here.",
                }}
            </p>
        }
        .into_any()
    } else {
        let rows = node
            .trace
            .iter()
            .map(|row| {
                view! { <Row row=row.clone() node=id.clone() alarm files=Arc::clone(files) actions /> }
            })
            .collect_view();
        view! { <ol class="trace">{rows}</ol> }.into_any()
    };
    view! {
        <section class="sheet" aria-label=format!("Trace on {id}")>
            <header>
                <h3>"Trace on " {id.clone()}</h3>
                <Badge mark=Mark::from(node.outcome) />
            </header>
            {rows}
            {log(node)}
        </section>
    }
    .into_any()
}

/// The node's kernel log, folded.
fn log(node: &NodeView) -> impl IntoView + use<> {
    let lines = node.log.len();
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
            <pre class="term">{node.log.join("\n")}</pre>
        </details>
    }
    .into_any()
}
