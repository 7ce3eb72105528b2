//! A node: what it is, what became of the pod on it, and the start chain.

use lab::message::{NodeView, Outcome};
use leptos::prelude::*;

use super::{Badge, Chain, Mark, Strip, words};

/// The card of a node.
#[component]
pub fn NodeCard(
    /// The node.
    node: NodeView,
    /// Shows the chain as a strip that opens, where many cards stand together.
    #[prop(optional)]
    folded: bool,
) -> impl IntoView {
    let mark = Mark::from(node.outcome);
    let loaded = loaded(&node);
    let facts = view! {
        <dl class="facts">
            {node
                .facts
                .iter()
                .map(|fact| {
                    view! {
                        <dt>{fact.label.clone()}</dt>
                        <dd>{fact.value.clone()}</dd>
                    }
                })
                .collect_view()} <dt>"loaded"</dt> <dd>{loaded}</dd>
        </dl>
    };
    let links = node.chain.len();
    let id = format!("node-{}", node.id);
    let body = if folded && links > 0 {
        view! {
            <Strip chain=node.chain.clone() />
            <details class="links">
                <summary>{format!("All {links} links, in their own words")}</summary>
                {facts}
                <Chain chain=node.chain />
            </details>
        }
        .into_any()
    } else if links > 0 {
        view! {
            {facts}
            <Chain chain=node.chain />
        }
        .into_any()
    } else {
        facts.into_any()
    };
    view! {
        <article class=format!("sheet node {}", mark.class()) id=id data-outcome=mark.word()>
            <div class="head">
                <h3>{node.id} " " <span>{node.title}</span></h3>
                <Badge mark />
                <p class="small">{words(&node.sentence)}</p>
            </div>
            {body}
        </article>
    }
    .into_any()
}

/// The profiles in the node's kernel, in one line.
fn loaded(node: &NodeView) -> String {
    if node.profiles.is_empty() {
        return if node.outcome == Outcome::Invalid {
            "nothing yet"
        } else {
            "no profile"
        }
        .to_owned();
    }
    node.profiles
        .iter()
        .map(|profile| format!("{} ({})", profile.name, profile.mode))
        .collect::<Vec<_>>()
        .join(", ")
}
