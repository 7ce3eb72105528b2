//! The prediction question: the one brake. What happens stays hidden until an
//! answer was chosen.

use lab::document::{Prediction, PredictionOption};
use leptos::prelude::*;
use maud::html;

use super::{Icon, shown, words};
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
    let right = prediction.options.iter().filter(|option| option.right);
    let answers = html! {
        details.unscripted {
            summary { "What happens" }
            @for option in right {
                p { b { (words(&option.text)) } " " (words(&option.reply)) }
            }
        }
    };
    let options = prediction
        .options
        .into_iter()
        .enumerate()
        .map(|(index, option)| view! { <Answer bench option index choice /> })
        .collect_view();
    let why = Signal::derive(move || {
        match (choice.get(), refused.get()) {
            (Some(_), _) => "",
            (None, false) => "Choose an answer first. The outcome stays hidden until you do.",
            (None, true) => "Choose one of the answers above, then the outcome is shown.",
        }
        .to_owned()
    });
    view! {
        <fieldset class="ask" id="prediction">
            <legend inner_html=words(&prediction.question).0></legend>
            {options}
            <p class="row" class:off=Signal::derive(move || done.get().is_some())>
                <button
                    type="button"
                    class="btn pri"
                    aria-disabled=Signal::derive(move || choice.get().is_none().to_string())
                    aria-describedby="prediction-why"
                    on:click=show
                >
                    "Show what happens"
                </button>
                <span class="why" id="prediction-why" role="status">
                    {why}
                </span>
            </p>
            {shown(answers)}
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
            html! { (icon) " " (word) }.0
        })
    };
    let because = move || {
        if told() {
            words(&reply).0
        } else {
            String::new()
        }
    };
    view! {
        <label class="opt" class:right=Signal::derive(move || told() && right) class:wrong=Signal::derive(move || told() && !right)>
            <input
                type="radio"
                name="prediction"
                disabled=Signal::derive(move || done.get().is_some())
                prop:checked=Signal::derive(move || done.get().or(choice.get()) == Some(index))
                on:change=move |_| choice.set(Some(index))
            />
            <span inner_html=words(&option.text).0></span>
            <span class="st" inner_html=Signal::derive(move || verdict().unwrap_or_default())></span>
            <span class="because" hidden=Signal::derive(move || !told()) inner_html=Signal::derive(because)></span>
        </label>
    }
    .into_any()
}
