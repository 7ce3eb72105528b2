//! One lesson: prose and its lab, side by side where there is room.

use leptos::prelude::*;

use crate::{
    app::page_title,
    bench::Bench,
    component::{Icon, LabPanel, Question, Run, Share, Task},
    content::{Content, Part},
    platform,
    route::at,
};

/// A lesson.
#[component]
pub fn Lesson(content: Content) -> impl IntoView {
    let Some(lab) = content.lab else {
        page_title("Lesson");
        return ().into_any();
    };
    page_title(&lab.document.read.title);
    let slug = lab.document.read.id.clone();
    let place = content.course.iter().position(|lesson| lesson.slug == slug);
    let position = place.map(|place| format!("Lesson {} of {}", place + 1, content.course.len()));
    let next = place
        .and_then(|place| content.course.get(place + 1))
        .cloned();
    let bench = Bench::new(lab.document, lab.view);
    let parts = content
        .parts
        .into_iter()
        .map(|part| match part {
            Part::Prose(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
            Part::Prediction => view! { <Question bench /> }.into_any(),
            Part::Task => view! { <Task bench /> }.into_any(),
            Part::Run(step) => view! { <Run bench step /> }.into_any(),
        })
        .collect_view();
    let next = next.map(|next| {
        view! {
            <a class="btn pri" href=at(&format!("/lessons/{}/", next.slug))>
                {next.title}
                {Icon::Right.view()}
            </a>
        }
    });
    let reset = move |_| {
        if platform::confirm(
            "Reset this lab? Your files, your fleet and your answer go back to the start.",
        ) {
            bench.reset();
        }
    };
    view! {
        <div class="wrap">
            <nav class="crumb" aria-label="Where you are">
                <a href=at("/")>"Course"</a>
                <span>{position}</span>
                <a class="to-lab" href="#lab">"To the lab"</a>
            </nav>
            <div class="lesson">
                <article>{parts} <Done slug /> <p class="row ends">{next}</p></article>
                <div class="beside">
                    <LabPanel bench />
                    <div class="row ends">
                        <Share bench />
                        <button type="button" class="btn sm danger" id="reset" on:click=reset>
                            "Reset this lab"
                        </button>
                    </div>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Says that the lesson was done. `web/progress.js` remembers it.
#[component]
fn Done(slug: String) -> impl IntoView {
    view! {
        <p class="row ends">
            <button type="button" class="btn done" data-done=slug aria-pressed="false">
                {Icon::Pass.view()}
                <span data-text="">"Mark as done"</span>
            </button>
            <span class="why" id="done-why" role="status"></span>
        </p>
    }
    .into_any()
}
