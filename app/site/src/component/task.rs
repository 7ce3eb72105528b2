//! What to do in a lab: the task, how to tell that it is done, and hints.

use leptos::prelude::*;

use super::{Icon, words};
use crate::bench::Bench;

/// The task of a lab, if it has one.
#[component]
pub fn Task(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let (task, checks, hints) = bench.document.with_value(|document| {
        let checks: Vec<_> = document
            .checks
            .iter()
            .map(|check| check.title.clone())
            .collect();
        (document.task.clone(), checks, document.hints.clone())
    });
    if task.is_empty() {
        return ().into_any();
    }
    let results = bench.checked;
    let check = move |_| bench.check();
    let goals = checks
        .into_iter()
        .enumerate()
        .map(|(index, title)| {
            let result = Memo::new(move |_| results.with(|results| results.get(index).cloned()));
            view! {
                <li class=move || match result.get() {
                    Some(result) if result.passed => "ok",
                    Some(_) => "no",
                    None => "",
                }>
                    {move || match result.get() {
                        Some(result) if result.passed => Icon::Pass,
                        Some(_) => Icon::Cross,
                        None => Icon::Open,
                    }.view()}
                    <span>
                        {words(&title)}
                        {move || result.get().map(|result| view! { <small>{words(&result.sentence)}</small> })}
                    </span>
                </li>
            }
        })
        .collect_view();
    let summary = move || {
        results.with(|results| {
            let passed = results.iter().filter(|result| result.passed).count();
            match results.len() {
                0 => None,
                all if all == passed => Some("All of it holds. Well done.".to_owned()),
                all => Some(format!("{passed} of {all} hold.")),
            }
        })
    };
    let survived = move || {
        let survived = bench.survived.get();
        (!survived.is_empty()).then(|| {
            let items = survived
                .iter()
                .map(|result| {
                    view! {
                        <li class=if result.passed { "ok" } else { "no" }>
                            {if result.passed { Icon::Pass } else { Icon::Cross }.view()}
                            <span>
                                {words(&result.title)} <small>{words(&result.sentence)}</small>
                            </span>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h3>"What it also had to survive"</h3>
                <ul class="goal">{items}</ul>
            }
        })
    };
    let names = ["Where to look", "What to read", "What to type"];
    let hints = hints
        .into_iter()
        .enumerate()
        .map(|(index, hint)| {
            let name = names.get(index).copied().unwrap_or("One more hint");
            view! {
                <li>
                    <details>
                        <summary>{name}</summary>
                        <p>{words(&hint)}</p>
                    </details>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="task sheet" id="task" aria-label="Your task">
            <div class="pad stack">
                <p>{words(&task)}</p>
                <ul class="goal">{goals}</ul>
                <p class="row">
                    <button type="button" class="btn pri" id="check" on:click=check>
                        "Check my answer"
                    </button>
                    <span class="why" role="status">
                        {summary}
                    </span>
                </p>
                {survived}
                <ol class="ladder">{hints}</ol>
            </div>
        </section>
    }
    .into_any()
}
