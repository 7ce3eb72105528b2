//! Review cards. All of them stand in the page; `web/review.js` shows the one
//! that is due.

use leptos::prelude::*;
use maud::html;

use super::course;
use crate::{
    app::page_title,
    component::{Icon, shown, words},
    course::Card,
    route::at,
};

/// The review page.
#[component]
pub fn Review() -> impl IntoView {
    page_title("Review");
    let course = course();
    let cards = course
        .lessons
        .iter()
        .flat_map(|lesson| {
            lesson
                .cards
                .iter()
                .map(|one| card(one, &lesson.link.slug, &lesson.link.title))
        })
        .collect_view();
    view! {
        <div class="wrap sec review">
            <h1>"Review"</h1>
            <p class="lead" id="review-state">
                "What was learnt fades, and asking for it again at growing distances makes it stay: after 1, 3, 7 and 21 days. The cards of a lesson come up the day after you marked it as done."
            </p>
            <p class="row">
                <a class="btn" href=at("/lessons/")>
                    "To the lessons"
                </a>
                <button type="button" class="btn quiet" id="review-all" hidden>
                    "Go through all cards now"
                </button>
            </p>
            <ol class="cards" id="cards">
                {cards}
            </ol>
        </div>
    }
    .into_any()
}

fn card(card: &Card, lesson: &str, title: &str) -> impl IntoView + use<> {
    let name = format!("card-{}", card.id);
    let options = card
        .options
        .iter()
        .map(|option| {
            view! {
                <label class="opt" data-right=option.right.then_some("")>
                    <input type="radio" name=name.clone() />
                    <span inner_html=words(&option.text).0></span>
                    <span class="st"></span>
                    <span class="because" hidden inner_html=words(&option.reply).0></span>
                </label>
            }
        })
        .collect_view();
    let answers = card
        .options
        .iter()
        .filter(|option| option.right)
        .map(|option| shown(html! { p { b { (words(&option.text)) } " " (words(&option.reply)) } }))
        .collect_view();
    view! {
        <li class="sheet" data-card=card.id.clone() data-of=lesson.to_owned()>
            <div class="pad">
                <p class="label">
                    "From "
                    <a href=at(&format!("/lessons/{lesson}/"))>{title.to_owned()}</a>
                </p>
                <fieldset class="ask">
                    <legend tabindex="-1" inner_html=words(&card.question).0></legend>
                    {options}
                </fieldset>
                <details class="unscripted">
                    <summary>"The answer"</summary>
                    {answers}
                </details>
                <p class="row ends" hidden>
                    <button type="button" class="btn pri">
                        "Next card"
                        {Icon::Right.view()}
                    </button>
                    <span class="why" role="status"></span>
                </p>
            </div>
        </li>
    }
    .into_any()
}
