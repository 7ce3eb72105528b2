//! What to do in a lab: the task, how to tell that it is done, and hints.

use lab::message::CheckView;
use leptos::prelude::*;
use maud::{Markup, html};

use super::{Icon, shown, words};
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
                <li
                    class=Signal::derive(move || result.with(|result| class_of(result.as_ref()).to_owned()))
                    inner_html=Signal::derive(move || result.with(|result| goal(&title, result.as_ref())).0)
                ></li>
            }
        })
        .collect_view();
    let summary = Signal::derive(move || {
        results.with(|results| {
            let passed = results.iter().filter(|result| result.passed).count();
            match results.len() {
                0 => String::new(),
                all if all == passed => "All of it holds. Well done.".to_owned(),
                all => format!("{passed} of {all} hold."),
            }
        })
    });
    let survived = Signal::derive(move || {
        bench.survived.with(|survived| {
            html! {
                @if !survived.is_empty() {
                    h3 { "What it also had to survive" }
                    ul.goal {
                        @for result in survived {
                            li class=(class_of(Some(result))) { (goal(&result.title, Some(result))) }
                        }
                    }
                }
            }
            .0
        })
    });
    view! {
        <section class="task sheet" id="task" aria-label="Your task">
            <div class="pad stack">
                <p inner_html=words(&task).0></p>
                <ul class="goal">{goals}</ul>
                <p class="row">
                    <button type="button" class="btn pri" id="check" on:click=check>
                        "Check my answer"
                    </button>
                    <span class="why" role="status">
                        {summary}
                    </span>
                </p>
                <div inner_html=survived></div>
                {shown(ladder(&hints))}
            </div>
        </section>
    }
    .into_any()
}

/// The icon of a goal with what came of it, if it was looked at.
fn icon_of(result: Option<&CheckView>) -> Icon {
    match result {
        Some(result) if result.passed => Icon::Pass,
        Some(_) => Icon::Cross,
        None => Icon::Open,
    }
}

/// The class of a goal with what came of it, if it was looked at.
pub fn class_of(result: Option<&CheckView>) -> &'static str {
    match result {
        Some(result) if result.passed => "ok",
        Some(_) => "no",
        None => "",
    }
}

/// A goal with what came of it.
fn goal(title: &str, result: Option<&CheckView>) -> Markup {
    html! {
        (icon_of(result))
        span {
            (words(title))
            @if let Some(result) = result {
                " " small { (words(&result.sentence)) }
            }
        }
    }
}

/// Hints, each closed, from the vaguest to the plainest.
pub fn ladder(hints: &[String]) -> Markup {
    let names = ["Where to look", "What to read", "What to type"];
    html! {
        ol.ladder {
            @for (index, hint) in hints.iter().enumerate() {
                li {
                    details {
                        summary { (names.get(index).copied().unwrap_or("One more hint")) }
                        p { (words(hint)) }
                    }
                }
            }
        }
    }
}
