//! The capstone: the brief, the files, and what they come to on forty nodes.

use lab::message::{
    CapstoneChoice, CapstoneFleet, CapstonePool, CapstoneRow, CapstoneView, CellState,
};
use leptos::prelude::*;
use maud::{Markup, html};

use super::{brief::brief, challenge::verdict};
use crate::{
    app::page_title,
    bench::Bench,
    component::{Files, Icon, Now, words},
    content::Content,
    platform,
    route::at,
};

/// The file that the answers are written to.
const ANSWERS: &str = "answers.yaml";
/// What a saved result is called.
const RESULT: &str = "armor-lab-capstone.json";

/// The capstone.
#[component]
pub fn Capstone(content: Content) -> impl IntoView {
    let Some(lab) = content.lab else {
        page_title("Capstone");
        return ().into_any();
    };
    page_title(&lab.document.read.title);
    let bench = Bench::new(lab.document, lab.view);
    bench.judged.set(content.capstone);
    Effect::new(move || bench.resume());
    let brief = brief(content.parts);
    let reset = move |_| {
        if platform::confirm("Start the capstone again? Your files go back to the start.") {
            bench.reset();
            bench.judge();
        }
    };
    view! {
        <div class="wrap capstone">
            <nav class="crumb" aria-label="Where you are">
                <a href=at("/lessons/")>"Lessons"</a>
                <span>"Capstone"</span>
                <a class="to-lab" href="#lab">
                    "To the files"
                </a>
            </nav>
            <div class="lesson">
                <article>{brief} <Answers bench /></article>
                <div class="beside">
                    <div class="lab grid-paper" role="region" aria-label="Lab" id="lab">
                        <h2 class="vh">"The files"</h2>
                        <div class="status">
                            <Now bench />
                        </div>
                        <Files bench />
                    </div>
                </div>
            </div>
            <p class="row ends">
                <button type="button" class="btn pri" id="judge" on:click=move |_| bench.judge()>
                    {Icon::Right.view()}
                    "Judge the files"
                </button>
                <button type="button" class="btn" id="reset" on:click=reset>
                    "Start over"
                </button>
                <button type="button" class="btn" on:click=move |_| platform::print()>
                    "Print the result"
                </button>
                <a class="btn" id="save" download=RESULT href=Signal::derive(move || platform::data_address(&result(bench)))>
                    "Save the result"
                </a>
            </p>
            <Result bench />
        </div>
    }
    .into_any()
}

/// What an instructor collects: the decision and the files that it is about.
fn result(bench: Bench) -> String {
    let files: Vec<_> = bench.files.with(|files| {
        let own = files.iter().filter(|file| file.editable);
        own.map(|file| serde_json::json!({ "path": file.path, "text": file.text }))
            .collect()
    });
    bench
        .judged
        .with(|judged| serde_json::json!({ "capstone": judged, "files": files }).to_string())
}

/// The question about each workload.
#[component]
fn Answers(bench: Bench) -> impl IntoView {
    let choices = Memo::new(move |_| {
        bench.judged.with(|judged| {
            judged
                .as_ref()
                .map(|view| view.choices.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <section aria-labelledby="answers" class="stack">
            <h2 id="answers">"May it fail open, and why?"</h2>
            {move || choices.get().into_iter().map(|choice| question(bench, choice, choices)).collect_view()}
        </section>
    }
    .into_any()
}

fn question(
    bench: Bench,
    choice: CapstoneChoice,
    all: Memo<Vec<CapstoneChoice>>,
) -> impl IntoView + use<> {
    let workload = choice.workload;
    let options = choice
        .options
        .into_iter()
        .map(|(word, sentence)| {
            let chosen = choice.chosen == word;
            let name = workload.clone();
            let choose = move |_| {
                let text = answered(&all.get_untracked(), &name, &word);
                bench.edit(ANSWERS, text);
                bench.judge();
            };
            view! {
                <label>
                    <input type="radio" name=format!("answer-{workload}") checked=chosen on:change=choose />
                    <span inner_html=words(&sentence).0></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="draw answer">
            <legend class="small-head">{choice.title}</legend>
            {options}
        </fieldset>
    }
}

/// The file of answers with one answer changed.
fn answered(choices: &[CapstoneChoice], workload: &str, word: &str) -> String {
    let lines = choices.iter().map(|choice| {
        let chosen = if choice.workload == workload {
            word
        } else {
            &choice.chosen
        };
        format!("{}: {chosen}\n", choice.workload)
    });
    lines.collect()
}

/// The matrices and checks of every fleet that was judged.
#[component]
fn Result(bench: Bench) -> impl IntoView {
    let passed = Signal::derive(move || {
        bench
            .judged
            .with(|judged| judged.as_ref().map(summary).unwrap_or_default())
    });
    let fleets = Signal::derive(move || {
        bench.judged.with(|judged| {
            let fleets = judged.iter().flat_map(|view| &view.fleets);
            html! { @for known in fleets { (fleet(known)) } }.0
        })
    });
    view! {
        <section class="sec" aria-labelledby="result" id="result-of-files">
            <h2 id="result">"What the files come to"</h2>
            <p role="status" id="passed">
                {passed}
            </p>
            <div inner_html=fleets></div>
        </section>
    }
    .into_any()
}

fn summary(view: &CapstoneView) -> String {
    let checks = view.fleets.iter().flat_map(|fleet| &fleet.checks);
    let (passed, all) = (
        checks.clone().filter(|check| check.passed).count(),
        checks.count(),
    );
    if view.passed {
        format!(
            "All {all} checks hold, in all {} fleets.",
            view.fleets.len()
        )
    } else {
        format!(
            "{passed} of {all} checks hold, in {} of four fleets.",
            view.fleets.len()
        )
    }
}

fn fleet(fleet: &CapstoneFleet) -> Markup {
    let title = match fleet.seed {
        0 => "The fleet that you see".to_owned(),
        seed => format!("Hidden fleet {seed}"),
    };
    html! {
        section.sheet.fleet-result {
            div.pad.stack {
                h3 { (title) }
                div.wide tabindex="0" role="group" aria-label={ (title) ", as a table" } {
                    table.tbl.matrix {
                        caption.vh { (title) ": each workload in each pool" }
                        thead {
                            tr {
                                th scope="col" { "Workload" }
                                @for known in &fleet.pools { (pool(known)) }
                            }
                        }
                        tbody {
                            @for known in &fleet.rows { (row(known)) }
                        }
                    }
                }
                ol.goal {
                    @for check in &fleet.checks { (verdict(check)) }
                }
            }
        }
    }
}

fn pool(pool: &CapstonePool) -> Markup {
    html! {
        th scope="col" {
            (pool.title) " " br; " " small { (pool.count) " nodes, " (pool.kind) }
            br; " " small { (words(&pool.loaded)) }
        }
    }
}

fn row(row: &CapstoneRow) -> Markup {
    html! {
        tr {
            th scope="row" { (row.title) }
            @for cell in &row.cells {
                @let (class, icon) = look(cell.state);
                td class=(class) {
                    span.out.(class) { (icon) " " (cell.state.word()) }
                    small { (words(&cell.sentence)) }
                }
            }
        }
    }
}

/// The line language: solid for what is in force, a stopped bar for what is refused, hatching for what
/// is silently gone.
fn look(state: CellState) -> (&'static str, Icon) {
    match state {
        CellState::InForce => ("is-enforced", Icon::Shield),
        CellState::Refused => ("is-refused", Icon::Stop),
        CellState::Silent => ("is-silent", Icon::BrokenShield),
        CellState::Unconfined => ("is-plain", Icon::Through),
        CellState::Elsewhere => ("is-plain", Icon::Dash),
        CellState::NotAccepted => ("is-invalid", Icon::Cross),
    }
}
