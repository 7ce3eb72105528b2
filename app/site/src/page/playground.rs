//! Free play: files, fleet, terminal, trace.

use leptos::prelude::*;

use crate::{
    app::page_title,
    bench::Bench,
    component::{LabPanel, Layout, Share},
    content::Content,
    platform,
};

/// The playground.
#[component]
pub fn Playground(content: Content) -> impl IntoView {
    page_title("Playground");
    let bench = content.lab.map(|lab| Bench::new(lab.document, lab.view));
    let reset = move |_| {
        if let Some(bench) = bench
            && platform::confirm(
                "Reset the playground? Your files and your fleet go back to the start.",
            )
        {
            bench.reset();
        }
    };
    view! {
        <div class="wrap">
            <div class="bar-tools">
                <h1>"Playground"</h1>
                {bench.map(|bench| view! { <Share bench /> })}
                <button type="button" class="btn sm danger" id="reset" on:click=reset>
                    "Reset"
                </button>
            </div>
            {bench.map(|bench| view! { <LabPanel bench layout=Layout::Bench /> })}
        </div>
    }
    .into_any()
}
