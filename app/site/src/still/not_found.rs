//! The answer to an address that there is not.

use leptos::prelude::*;

use crate::{app::page_title, route::at};

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    page_title("No such page");
    view! {
        <div class="wrap hero stack">
            <h1>"No such page"</h1>
            <p class="lead">
                "The address may have been mistyped, or the page has moved. Nothing that you saved is lost by this."
            </p>
            <p class="row">
                <a class="btn pri" href=at("/")>
                    "To the course"
                </a>
                <a class="btn" href=at("/playground/")>
                    "To the playground"
                </a>
            </p>
        </div>
    }
    .into_any()
}
