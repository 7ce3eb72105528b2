//! All challenges.

use lab::document::Side;
use leptos::prelude::*;

use super::course;
use crate::{
    app::page_title,
    component::Icon,
    course::{ChallengeSource, Course},
    page::side_title,
    route::at,
};

/// The challenges, by side.
#[component]
pub fn Challenges() -> impl IntoView {
    page_title("Challenges");
    let course = course();
    let sides = [
        (
            Side::Attack,
            "Something is set up, and somebody is content with it. Get through, and learn what the rule did not say.",
        ),
        (
            Side::Defend,
            "Let what has to work go on working, and close every other door. The fewer rules, the better.",
        ),
        (
            Side::Versus,
            "Write the guard, swap links with somebody, and let each attack what the other has written.",
        ),
    ]
    .map(|(side, about)| {
        view! {
            <section class="sec">
                <h2>{side_title(side)}</h2>
                <p>{about}</p>
                {list(&course, side)}
            </section>
        }
    });
    view! {
        <div class="wrap">
            <div class="hero">
                <h1>"Challenges"</h1>
                <p class="lead">
                    "A hundred points to begin with. An attack that is left open costs 15, good work that is broken 10, a rule over par 1. Hints are free. Each challenge has five draws of hidden checks, the same for everybody; your best score in each stays on this device."
                </p>
            </div>
            {sides.into_iter().collect_view()}
        </div>
    }
    .into_any()
}

fn list(course: &Course, side: Side) -> impl IntoView + use<> {
    let items = course
        .challenges
        .iter()
        .filter(|challenge| challenge.challenge.side == side)
        .map(item)
        .collect_view();
    view! { <ol class="map">{items}</ol> }
}

fn item(challenge: &ChallengeSource) -> impl IntoView + use<> {
    let link = &challenge.lesson.link;
    let icon = match challenge.challenge.side {
        Side::Attack => Icon::Through,
        Side::Defend => Icon::Blocked,
        Side::Versus => Icon::Right,
    };
    view! {
        <li>
            <a href=at(&format!("/challenges/{}/", link.slug))>
                <span class="st-icon">{icon.view()}</span>
                <span>
                    <b>{format!("{} {}", challenge.challenge.code(), link.title)}</b>
                    <small>{link.goal.clone()}</small>
                </span>
                <span class="st" data-best=link.slug.clone()>
                    "not tried yet"
                </span>
            </a>
        </li>
    }
}
