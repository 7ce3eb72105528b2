//! A node: what it is, what became of the pod on it, and the start chain.

use lab::message::{NodeView, Outcome};
use leptos::prelude::*;
use maud::{Markup, html};

use super::{Mark, badge, chain, strip, words};

/// The card of a node. What it shows is set anew where it differs; the links stay open.
#[component]
pub fn NodeCard(
    /// The node; nothing once the fleet has become smaller.
    #[prop(into)]
    node: Signal<Option<NodeView>>,
    /// Shows the chain as a strip that opens, where many cards stand together.
    #[prop(optional)]
    folded: bool,
) -> impl IntoView {
    let part = move |make: fn(&NodeView) -> Markup| {
        Signal::derive(move || node.with(|node| node.as_ref().map_or_else(Markup::default, make).0))
    };
    let mark =
        Memo::new(move |_| node.with(|node| node.as_ref().map(|node| Mark::from(node.outcome))));
    let links =
        Memo::new(move |_| node.with(|node| node.as_ref().map_or(0, |node| node.chain.len())));
    let body = move || {
        if folded && links.get() > 0 {
            view! {
                <div inner_html=part(|node| strip(&node.chain))></div>
                <details class="links">
                    <summary>{Signal::derive(move || format!("All {} links, in their own words", links.get()))}</summary>
                    <div inner_html=part(whole)></div>
                </details>
            }
            .into_any()
        } else {
            view! { <div inner_html=part(whole)></div> }.into_any()
        }
    };
    view! {
        <article
            class=Signal::derive(move || format!("sheet node {}", mark.get().map_or("", Mark::class)))
            id=Signal::derive(move || node.with(|node| node.as_ref().map(|node| format!("node-{}", node.id)).unwrap_or_default()))
            data-outcome=Signal::derive(move || mark.get().map_or("", Mark::word).to_owned())
        >
            <div class="head" inner_html=part(head)></div>
            {body}
        </article>
    }
    .into_any()
}

/// What it is, and what became of the pod.
fn head(node: &NodeView) -> Markup {
    html! {
        h3 { (node.id) " " span { (node.title) } }
        (badge(node.outcome.into(), false))
        p.small { (words(&node.sentence)) }
    }
}

/// What is known of it, and its start chain.
fn whole(node: &NodeView) -> Markup {
    html! {
        dl.facts {
            @for fact in &node.facts {
                dt { (fact.label) }
                dd { (fact.value) }
            }
            dt { "loaded" }
            dd { (loaded(node)) }
        }
        @if !node.chain.is_empty() {
            (chain(&node.chain))
        }
    }
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
