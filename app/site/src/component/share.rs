//! Links that carry a lab's state: making one, and taking one up.

use lab::message::Request;
use leptos::{prelude::*, task::spawn_local};

use super::Icon;
use crate::{
    bench::{Bench, Response},
    platform,
};

/// The button that makes a link, and what came of it. On a page whose address
/// carries a state it is taken up, after a question where something would be
/// lost.
#[component]
pub fn Share(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let link = RwSignal::new(String::new());
    let told = RwSignal::new(String::new());
    Effect::new(move || {
        if let Some(fragment) = platform::fragment() {
            spawn_local(async move { told.set(take_up(bench, fragment).await) });
        }
    });
    let make = move |_| {
        spawn_local(async move {
            match bench.fragment().await {
                Ok(fragment) => {
                    link.set(platform::address_with(&fragment));
                    told.set("The link holds your files and your fleet. Nothing was sent anywhere: whoever opens it has them.".to_owned());
                }
                Err(reason) => {
                    link.set(String::new());
                    told.set(reason);
                }
            }
        });
    };
    view! {
        <div class="share">
            <button type="button" class="btn sm" id="share" on:click=make>
                {Icon::Right.view()}
                "Make a link"
            </button>
            {move || {
                let link = link.get();
                (!link.is_empty())
                    .then(|| {
                        view! { <input class="link" type="text" readonly aria-label="Link to this state" value=link /> }
                    })
            }}
            <span class="why" id="share-told" role="status">
                {told}
            </span>
        </div>
    }
    .into_any()
}

/// Takes up what a link carries; what to say about it.
async fn take_up(bench: Bench, fragment: String) -> String {
    match bench.question(Request::Unpack { fragment }).await {
        Ok(Response::Unpacked {
            lab,
            files,
            nodes,
            problem,
        }) if problem.is_empty() => {
            if lab != bench.document.with_value(|document| document.id.clone()) {
                return format!("The link is for another lab, `{lab}`.");
            }
            let asked = "This link carries files of its own. Put them in the place of yours?";
            if bench.is_changed() && !platform::confirm(asked) {
                return "Your files are as they were.".to_owned();
            }
            bench.take_shared(files, nodes);
            "These are the files of the link.".to_owned()
        }
        Ok(Response::Unpacked { problem, .. }) => problem,
        Ok(_) => "The simulator gave another answer than was asked for.".to_owned(),
        Err(reason) => reason,
    }
}
