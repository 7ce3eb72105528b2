//! The status line: every node and its state, always in sight. It is the live
//! region that tells a screen reader when a verdict changes.

use leptos::prelude::*;
use maud::html;

use super::badge;
use crate::bench::Bench;

/// The status line of a lab.
#[component]
pub fn Now(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let count = Memo::new(move |_| bench.nodes.with(Vec::len));
    let state = move |index: usize| {
        bench.nodes.with(|nodes| {
            let node = nodes.get(index)?;
            Some(html! { (node.id) " " (badge(node.outcome.into(), false)) }.0)
        })
    };
    // An item each, so that a reader hears of the one that differs.
    let item = move |index| view! { <li inner_html=Signal::derive(move || state(index).unwrap_or_default())></li> };
    view! {
        <ul class="now" aria-label="What the nodes did" aria-live="polite">
            {move || (0..count.get()).map(item).collect_view()}
        </ul>
    }
    .into_any()
}
