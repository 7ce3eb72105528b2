//! The status line: every node and its state, always in sight. It is the live
//! region that tells a screen reader when a verdict changes.

use leptos::prelude::*;

use super::{Badge, Mark};
use crate::bench::Bench;

/// The status line of a lab.
#[component]
pub fn Now(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let states = Memo::new(move |_| {
        bench.nodes.with(|nodes| {
            nodes
                .iter()
                .map(|node| (node.id.clone(), node.outcome))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <ul class="now" aria-label="What the nodes did" aria-live="polite">
            {move || {
                states
                    .get()
                    .into_iter()
                    .map(|(id, outcome)| view! { <li>{id} " " <Badge mark=Mark::from(outcome) /></li> })
                    .collect_view()
            }}
        </ul>
    }
    .into_any()
}
