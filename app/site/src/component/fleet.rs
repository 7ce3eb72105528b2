//! The fleet: which nodes there are, of which kind and in which versions.

use sorted::SortedMap;

use lab::message::{NodeKind, NodeSpec};
use leptos::prelude::*;
use maud::html;

use super::Icon;
use crate::bench::Bench;

/// More nodes than this do not fit side by side, and nobody compares more.
const MAX_NODES: usize = 6;

/// The chooser of nodes.
#[component]
pub fn Fleet(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let add = move |_| {
        let mut specs = bench.specs.get_untracked();
        if specs.len() >= MAX_NODES {
            return;
        }
        let Some(kind) = bench
            .kinds
            .with_untracked(|kinds| kinds.first().map(|kind| kind.id.clone()))
        else {
            return;
        };
        // One more name than there are nodes: one of them is free.
        let id = (1..=specs.len() + 1)
            .map(|number| format!("node-{number}"))
            .find(|id| specs.iter().all(|spec| spec.id != *id));
        specs.push(NodeSpec {
            id: id.unwrap_or_default(),
            kind,
            options: SortedMap::new(),
        });
        bench.choose(specs);
    };
    let full = move || bench.specs.with(|specs| specs.len() >= MAX_NODES);
    let why = Signal::derive(move || {
        if full() {
            format!("A fleet has at most {MAX_NODES} nodes.")
        } else {
            String::new()
        }
    });
    view! {
        <details class="sheet fleet" id="fleet">
            <summary>"Change the fleet"</summary>
            <div class="pad stack">
                <ul class="stack">
                    {move || {
                        let kinds = bench.kinds.get();
                        bench
                            .specs
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(index, spec)| member(bench, index, &spec, &kinds))
                            .collect_view()
                    }}
                </ul>
                <p class="row">
                    <button
                        type="button"
                        class="btn sm"
                        aria-disabled=Signal::derive(move || full().to_string())
                        aria-describedby="fleet-why"
                        on:click=add
                    >
                        {Icon::Plus.view()}
                        "Add a node"
                    </button>
                    <span class="why" id="fleet-why">
                        {why}
                    </span>
                </p>
            </div>
        </details>
    }
    .into_any()
}

/// One node: its kind and what the kind leaves open.
fn member(
    bench: Bench,
    index: usize,
    spec: &NodeSpec,
    kinds: &[NodeKind],
) -> impl IntoView + use<> {
    let known = kinds.iter().find(|kind| kind.id == spec.kind);
    let alone = bench.specs.with_untracked(|specs| specs.len() < 2);
    let change = move |make: Box<dyn FnOnce(&mut NodeSpec)>| {
        let mut specs = bench.specs.get_untracked();
        if let Some(spec) = specs.get_mut(index) {
            make(spec);
            bench.choose(specs);
        }
    };
    let remove = move |_| {
        let mut specs = bench.specs.get_untracked();
        if specs.len() > 1 {
            specs.remove(index);
            bench.choose(specs);
        }
    };
    let kind = choice(
        format!("Kind of {}", spec.id),
        "kind",
        kinds
            .iter()
            .map(|kind| (kind.id.clone(), kind.title.clone()))
            .collect(),
        &spec.kind,
        move |value| {
            change(Box::new(move |spec| {
                spec.kind = value;
                spec.options.clear();
            }));
        },
    );
    let options = known
        .map(|kind| kind.options.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|option| {
            let id = option.id.clone();
            let value = spec
                .options
                .get(&option.id)
                .or(option.values.first())
                .cloned()
                .unwrap_or_default();
            choice(
                format!("{} of {}", option.title, spec.id),
                &option.title,
                option
                    .values
                    .iter()
                    .map(|value| (value.clone(), value.clone()))
                    .collect(),
                &value,
                move |value| {
                    let id = id.clone();
                    change(Box::new(move |spec| {
                        spec.options.insert(id, value);
                    }));
                },
            )
        })
        .collect_view();
    view! {
        <li class="member">
            <b class="mono">{spec.id.clone()}</b>
            {kind}
            {options}
            <button type="button" class="btn quiet sm" aria-disabled=alone.to_string() on:click=remove>
                "Remove"
                <span class="vh">" " {spec.id.clone()}</span>
            </button>
            <p class="why">{known.map(|kind| kind.summary.clone())}</p>
        </li>
    }
    .into_any()
}

fn choice(
    label: String,
    title: &str,
    values: Vec<(String, String)>,
    chosen: &str,
    on_choice: impl Fn(String) + 'static,
) -> AnyView {
    let options = html! {
        @for (value, title) in &values {
            option value=(value) selected[*value == chosen] { (title) }
        }
    };
    view! {
        <label class="pick">
            <span aria-hidden="true">{title.to_owned()}</span>
            <select aria-label=label inner_html=options.0 on:change:target=move |event| on_choice(event.target().value())></select>
        </label>
    }
    .into_any()
}
