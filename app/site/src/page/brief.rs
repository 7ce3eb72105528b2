//! What a challenge and the capstone are about.

use leptos::prelude::*;

use crate::content::Part;

/// The prose; nothing of the lab stands in it.
pub(super) fn brief(parts: Vec<Part>) -> impl IntoView {
    let prose = parts.into_iter().map(|part| match part {
        Part::Prose(html) => Some(view! { <div class="prose" inner_html=html></div> }),
        _ => None,
    });
    prose.collect_view()
}
