//! The trace panel: the calls of one node.

use lab::message::Outcome;
use leptos::{ev::MouseEvent, prelude::*};
use maud::html;

use super::{Badge, Mark, Row, pressed, shown};
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
                shown(html! { p.empty { b { "No calls" } (why) } }).into_any()
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
    let toggled = Callback::new(move |(row, open): (u32, bool)| {
        bench.light(open.then(|| (opener.clone(), row)));
    });
    let files = Callback::new(move |()| bench.texts());
    let press = move |event: MouseEvent| {
        if let Some((button, start)) = pressed(&event, "data-show") {
            let file = button.get_attribute("data-file").unwrap_or_default();
            bench.show(&file, start.parse().unwrap_or_default());
        } else if let Some((_, row)) = pressed(&event, "data-change") {
            let row: u32 = row.parse().unwrap_or_default();
            let change = bench.nodes.with_untracked(|nodes| {
                let row = nodes
                    .get(index)?
                    .trace
                    .iter()
                    .find(|known| known.id == row)?;
                row.evidence.change.clone()
            });
            if let Some(change) = change {
                bench.apply(&change.file, &change.edits);
            }
        }
    };
    let row = move |place: usize| {
        let row = Memo::new(move |_| {
            bench
                .nodes
                .with(|nodes| nodes.get(index)?.trace.get(place).cloned())
        });
        let open = bench.lit.with_untracked(|lit| {
            row.with_untracked(|row| {
                row.as_ref()
                    .zip(lit.as_ref())
                    .is_some_and(|(row, lit)| lit.0 == id && lit.1 == row.id)
            })
        });
        view! { <Row row node=id.clone() alarm files toggled open /> }
    };
    view! {
        <ol class="trace" on:click=press>
            {move || (0..places.get()).map(&row).collect_view()}
        </ol>
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
    shown(html! {
        @if lines == 0 {
            div.tblock { span { (title) } }
        } @else {
            details.links {
                summary { (title) }
                pre.term { (log.join("\n")) }
            }
        }
    })
}
