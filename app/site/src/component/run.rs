//! A step of a guided run: a command, and what every node answers to it.

use lab::message::{Line, Stream};
use leptos::prelude::*;

use super::Icon;
use crate::{
    bench::Bench,
    content::{Printed, Step},
};

/// The step. The answers are there from the beginning, closed, so that one can
/// say first what they will be.
#[component]
pub fn Run(
    /// The lab.
    bench: Bench,
    /// The command with its answers.
    step: Step,
) -> impl IntoView {
    let command = step.command.clone();
    let run = move |_| bench.run_everywhere(&command);
    let answers = step
        .printed
        .iter()
        .map(|printed| answer(printed, &step.command))
        .collect_view();
    view! {
        <div class="run sheet">
            <p class="command">
                <code>{step.command.clone()}</code>
                <button type="button" class="btn sm" on:click=run>
                    {Icon::Right.view()}
                    "Run it in the lab"
                </button>
            </p>
            <details>
                <summary>"What the nodes answer"</summary>
                <div class="two">{answers}</div>
            </details>
        </div>
    }
    .into_any()
}

fn answer(printed: &Printed, command: &str) -> impl IntoView + use<> {
    let prompt = format!("root@{}:~# {command}", printed.node);
    let lines = if printed.lines.is_empty() {
        vec![view! { <p class="aside">{format!("(no output, exit code {})", printed.exit)}</p> }]
    } else {
        printed
            .lines
            .iter()
            .map(|Line { stream, text }| {
                let class = if *stream == Stream::Notice {
                    "aside"
                } else {
                    "o"
                };
                view! { <p class=class>{text.clone()}</p> }
            })
            .collect()
    };
    view! {
        <div class="term" role="group" aria-label=format!("On {}", printed.node)>
            <p>{prompt}</p>
            {lines}
        </div>
    }
    .into_any()
}
