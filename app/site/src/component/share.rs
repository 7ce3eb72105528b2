//! Links that carry a lab's state: making one, and taking one up.

use leptos::{prelude::*, task::spawn_local};

use super::Icon;
use crate::{
    bench::{Bench, OTHER_ANSWER, Question, Response},
    platform,
};

/// The button that makes a link, and what came of it. On a page whose address
/// carries a state it is taken up, after a question where something would be
/// lost; an example that is chosen on the page likewise.
#[component]
pub fn Share(
    /// The lab.
    bench: Bench,
    /// The fragment of the example that was chosen last; empty before.
    #[prop(optional, into)]
    example: Signal<String>,
) -> impl IntoView {
    let link = RwSignal::new(String::new());
    let told = RwSignal::new(String::new());
    Effect::new(move || {
        let chosen = example.get();
        let (fragment, from) = if chosen.is_empty() {
            (platform::fragment(), "link")
        } else {
            (Some(chosen), "example")
        };
        if let Some(fragment) = fragment {
            spawn_local(async move { told.set(take_up(bench, fragment, from).await) });
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

/// Takes up the files of a link or an example, whose word is `from`; what to say about it.
async fn take_up(bench: Bench, fragment: String, from: &str) -> String {
    match bench.question(Question::Unpack { fragment }).await {
        Ok(Response::Unpacked {
            lab,
            files,
            nodes,
            problem,
        }) if problem.is_empty() => {
            if lab != bench.document.with_value(|document| document.id.clone()) {
                return format!("The {from} is for another lab, `{lab}`.");
            }
            let asked =
                format!("This {from} has files of its own. Put them in the place of yours?");
            if bench.is_changed() && !platform::confirm(&asked) {
                return "Your files are as they were.".to_owned();
            }
            bench.take_shared(files, nodes);
            format!("These are the files of the {from}.")
        }
        Ok(Response::Unpacked { problem, .. }) => problem,
        Ok(_) => OTHER_ANSWER.to_owned(),
        Err(reason) => reason,
    }
}
