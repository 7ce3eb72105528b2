//! One lab with minimal chrome, for slides and other sites.

use leptos::prelude::*;

use crate::{
    app::page_title,
    bench::Bench,
    component::{Icon, LabPanel, Question},
    content::Content,
    route::at,
};

/// A lab by itself.
#[component]
pub fn Embed(
    /// Its content.
    content: Content,
    /// The lesson that it belongs to, or `playground`.
    slug: String,
) -> impl IntoView {
    let Some(lab) = content.lab else {
        page_title("Lab");
        return ().into_any();
    };
    page_title(&lab.document.read.title);
    let title = lab.document.read.title.clone();
    let home = if slug == "playground" {
        at("/playground/")
    } else {
        at(&format!("/lessons/{slug}/"))
    };
    let bench = Bench::new(lab.document, lab.view);
    view! {
        <div class="wrap embed">
            <div class="bar-tools">
                <h1>{title}</h1>
                <a class="btn sm" href=home target="_top">
                    "Open in Armor Lab"
                    {Icon::Right.view()}
                </a>
            </div>
            <Question bench />
            <LabPanel bench />
        </div>
    }
    .into_any()
}
