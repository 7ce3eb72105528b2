//! Free play: files, fleet, terminal, trace.

use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    app::page_title,
    bench::Bench,
    component::{LabPanel, Layout, Share, pressed},
    content::Content,
    platform,
};

/// The playground.
#[component]
pub fn Playground(content: Content) -> impl IntoView {
    page_title("Playground");
    let bench = content.lab.map(|lab| Bench::new(lab.document, lab.view));
    let example = RwSignal::new(String::new());
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
                {bench.map(|bench| view! { <Share bench example /> })}
                <button type="button" class="btn sm danger" id="reset" on:click=reset>
                    "Reset"
                </button>
            </div>
            <Examples list=content.examples chosen=example />
            {bench.map(|bench| view! { <LabPanel bench layout=Layout::Bench /> })}
        </div>
    }
    .into_any()
}

/// The example gallery: one that is chosen puts its files in the place of those on the page.
#[component]
fn Examples(
    /// The examples, HTML; empty in the browser, where the page has them.
    list: String,
    /// Takes the fragment of the one that is chosen.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        if let Some((button, fragment)) = pressed(&event, "data-example") {
            chosen.set(fragment);
            if let Ok(Some(gallery)) = button.closest("details") {
                let _ = gallery.remove_attribute("open");
            }
        }
    };
    view! {
        <details class="sheet examples" id="examples">
            <summary>"Examples"</summary>
            <ul class="shelf" on:click=press inner_html=list></ul>
        </details>
    }
    .into_any()
}
