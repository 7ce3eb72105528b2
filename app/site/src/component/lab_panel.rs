//! A lab: status line, files, nodes, trace, terminal, and the fleet.

use lab::message::NodeView;
use leptos::prelude::*;

use super::{Files, Fleet, NodeCard, Now, Terminal, Tools, Traces};
use crate::bench::Bench;

/// From this many nodes on, the chains are folded to strips.
const FOLD_FROM: usize = 3;

/// Where the lab stands: beside a lesson, or alone on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One column, beside or below the prose.
    #[default]
    Column,
    /// Everything at once.
    Bench,
}

/// The whole lab.
#[component]
pub fn LabPanel(
    /// The lab.
    bench: Bench,
    /// Where it stands.
    #[prop(optional)]
    layout: Layout,
) -> impl IntoView {
    let asks = bench
        .document
        .with_value(|document| document.prediction.is_some());
    let gated = Signal::derive(move || asks && bench.predicted.get().is_none());
    Effect::new(move || bench.resume());
    let panels = match layout {
        Layout::Column => view! {
            <Files bench />
            <Outcomes bench />
            <Terminal bench />
        }
        .into_any(),
        Layout::Bench => view! {
            <div class="bench">
                <Files bench />
                <Terminal bench />
            </div>
            <Outcomes bench />
        }
        .into_any(),
    };
    view! {
        <div class="lab grid-paper" role="region" aria-label="Lab" id="lab" class:gated=gated>
            <h2 class="vh">"Lab"</h2>
            <div class="status">
                <Now bench />
                {asks
                    .then(|| {
                        view! {
                            <p class="gate-note">
                                "What the nodes did stays hidden until you have answered "
                                <a href="#prediction">"the question"</a>
                                "."
                            </p>
                        }
                    })}
            </div>
            <Switch />
            {panels}
            <Fleet bench />
            <Tools />
        </div>
    }
    .into_any()
}

/// What came of it: a card per node, then the traces.
#[component]
fn Outcomes(bench: Bench) -> impl IntoView {
    let count = Memo::new(move |_| bench.nodes.with(Vec::len));
    view! {
        <div class="nodes panel">
            {move || {
                let folded = count.get() >= FOLD_FROM;
                (0..count.get()).map(|index| view! { <Card bench index folded /> }).collect_view()
            }}
        </div>
        <div class="tr panel">
            <Traces bench />
        </div>
    }
    .into_any()
}

/// The card of the node at `index`, drawn anew only when what it shows differs.
#[component]
fn Card(bench: Bench, index: usize, folded: bool) -> impl IntoView {
    let node = Memo::new(move |_| {
        bench.nodes.with(|nodes| {
            nodes.get(index).map(|node| NodeView {
                id: node.id.clone(),
                kind: node.kind.clone(),
                title: node.title.clone(),
                outcome: node.outcome,
                sentence: node.sentence.clone(),
                facts: node.facts.clone(),
                profiles: node.profiles.clone(),
                chain: node.chain.clone(),
                trace: Vec::new(),
                log: Vec::new(),
                prompt: String::new(),
            })
        })
    });
    view! { <NodeCard node folded /> }
}

/// On a phone: which one of the panels is shown. Works without scripts.
#[component]
fn Switch() -> impl IntoView {
    view! {
        <div class="switch" role="radiogroup" aria-label="Show one panel">
            <label>
                <input type="radio" name="panel" class="p1" id="panel-files" checked />
                "Files"
            </label>
            <label>
                <input type="radio" name="panel" class="p2" id="panel-nodes" />
                "Nodes"
            </label>
            <label>
                <input type="radio" name="panel" class="p3" id="panel-trace" />
                "Trace"
            </label>
            <label>
                <input type="radio" name="panel" class="p4" id="panel-terminal" />
                "Terminal"
            </label>
        </div>
    }
    .into_any()
}
