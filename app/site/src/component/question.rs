//! The prediction question: the one brake. What happens stays hidden until an
//! answer was chosen.

use lab::document::{Prediction, PredictionOption};
use leptos::prelude::*;

use super::{Icon, words};
use crate::bench::Bench;

/// The question of a lab, if it has one.
#[component]
pub fn Question(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let prediction = bench
        .document
        .with_value(|document| document.prediction.clone());
    prediction.map(|prediction| view! { <Asked bench prediction /> })
}

#[component]
fn Asked(bench: Bench, prediction: Prediction) -> impl IntoView {
    let choice = RwSignal::new(None::<usize>);
    let done = bench.predicted;
    let refused = RwSignal::new(false);
    let show = move |_| match choice.get_untracked() {
        Some(option) => bench.predict(option),
        None => refused.set(true),
    };
    let answers = prediction
        .options
        .iter()
        .filter(|option| option.right)
        .map(|option| view! { <p><b>{words(&option.text)}</b> " " {words(&option.reply)}</p> })
        .collect_view();
    let options = prediction
        .options
        .into_iter()
        .enumerate()
        .map(|(index, option)| view! { <Answer bench option index choice /> })
        .collect_view();
    view! {
        <fieldset class="ask" id="prediction">
            <legend>{words(&prediction.question)}</legend>
            {options}
            <p class="row" class:off=move || done.get().is_some()>
                <button
                    type="button"
                    class="btn pri"
                    aria-disabled=move || choice.get().is_none().to_string()
                    aria-describedby="prediction-why"
                    on:click=show
                >
                    "Show what happens"
                </button>
                <span class="why" id="prediction-why" role="status">
                    {move || match (choice.get(), refused.get()) {
                        (Some(_), _) => "",
                        (None, false) => "Choose an answer first. The outcome stays hidden until you do.",
                        (None, true) => "Choose one of the answers above, then the outcome is shown.",
                    }}
                </span>
            </p>
            <details class="unscripted">
                <summary>"What happens"</summary>
                {answers}
            </details>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Answer(
    bench: Bench,
    option: PredictionOption,
    index: usize,
    choice: RwSignal<Option<usize>>,
) -> impl IntoView {
    let done = bench.predicted;
    let right = option.right;
    let chosen = move || done.get() == Some(index);
    let told = move || done.get().is_some() && (right || chosen());
    let reply = option.reply;
    let verdict = move || {
        told().then(|| {
            let (icon, word) = match (right, chosen()) {
                (true, true) => (Icon::Pass, "your choice, right"),
                (true, false) => (Icon::Pass, "right"),
                (false, _) => (Icon::Cross, "your choice"),
            };
            view! {
                {icon.view()}
                {word}
            }
        })
    };
    view! {
        <label class="opt" class:right=move || told() && right class:wrong=move || told() && !right>
            <input
                type="radio"
                name="prediction"
                disabled=move || done.get().is_some()
                prop:checked=move || done.get().or(choice.get()) == Some(index)
                on:change=move |_| choice.set(Some(index))
            />
            <span>{words(&option.text)}</span>
            <span class="st">{verdict}</span>
            {move || told().then(|| view! { <span class="because">{words(&reply)}</span> })}
        </label>
    }
    .into_any()
}
