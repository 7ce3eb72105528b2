//! The home page: the demonstration, what one will be able to do, the course.

use leptos::prelude::*;

use super::demonstration::Demonstration;
use crate::{app::page_title, component::words, content::Content, route::at};

const ABLE: [(&str, &str); 4] = [
    (
        "Predict a call",
        "Say whether a rule stops `touch`, `ln` or `mount --bind`, and which gate answers first.",
    ),
    (
        "Read a denial",
        "Turn one audit line into what happened, why, and the rule to write.",
    ),
    (
        "Catch fail-open",
        "Look at a fleet and name the nodes where the profile is missing.",
    ),
    (
        "Pair two walls",
        "Use seccomp where AppArmor is blind, and the other way round.",
    ),
];

/// The home page.
#[component]
pub fn Home(content: Content) -> impl IntoView {
    page_title("See what AppArmor stops");
    let lesson = content.course.first().map_or_else(String::new, |lesson| {
        at(&format!("/lessons/{}/", lesson.slug))
    });
    let first = content.course.first().map(|lesson| {
        view! {
            <a class="btn pri" data-continue="" href=at(&format!("/lessons/{}/", lesson.slug))>
                {format!("Start: {}", lesson.title)}
            </a>
        }
    });
    let able = ABLE
        .iter()
        .map(|(title, text)| {
            view! {
                <li>
                    <b>{*title}</b>
                    <p inner_html=words(text).0></p>
                </li>
            }
        })
        .collect_view();
    let demonstration = content
        .lab
        .map(|lab| view! { <Demonstration lab printed=content.printed lesson /> });
    view! {
        <div class="wrap hero split">
            <h1>"Two nodes said Running. One of them is guarding nothing."</h1>
            <div>
                <p class="lead">
                    "Write AppArmor profiles, seccomp filters and pod specs. Watch every system call be allowed or blocked, and find the nodes that lost your profile and told nobody."
                </p>
                <p class="row">
                    {first} <a class="btn" href=at("/playground/")>
                        "Open the playground"
                    </a>
                </p>
            </div>
        </div>
        {demonstration}
        <section class="wrap sec">
            <h2>"What you will be able to do"</h2>
            <ul class="ables">{able}</ul>
        </section>
        <section class="wrap sec" id="course">
            <h2>"The course"</h2>
            <div inner_html=content.map></div>
        </section>
    }
    .into_any()
}
