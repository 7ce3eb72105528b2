//! A step of a guided run: a command, and what every node answers to it.

use lab::message::{Line, Stream};
use leptos::prelude::*;
use maud::{Markup, html};

use super::{Icon, shown};
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
    let answers = html! {
        details {
            summary { "What the nodes answer" }
            div.two {
                @for printed in &step.printed { (answer(printed, &step.command)) }
            }
        }
    };
    view! {
        <div class="run sheet">
            <p class="command">
                <code>{step.command.clone()}</code>
                <button type="button" class="btn sm" on:click=run>
                    {Icon::Right.view()}
                    "Run it in the lab"
                </button>
            </p>
            {shown(answers)}
        </div>
    }
    .into_any()
}

fn answer(printed: &Printed, command: &str) -> Markup {
    html! {
        div.term role="group" aria-label={ "On " (printed.node) } {
            p { "root@" (printed.node) ":~# " (command) }
            (printed_lines(printed))
        }
    }
}

/// What a command printed, as a terminal shows it.
pub fn printed_lines(printed: &Printed) -> Markup {
    html! {
        @if printed.lines.is_empty() {
            p.aside { "(no output, exit code " (printed.exit) ")" }
        }
        @for Line { stream, text } in &printed.lines {
            p class=(if *stream == Stream::Notice { "aside" } else { "o" }) { (text) }
        }
    }
}
