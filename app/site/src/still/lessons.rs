//! The course map.

use leptos::prelude::*;

use super::course;
use crate::{app::page_title, component::Icon, content::LessonLink, course::Course, route::at};

/// All lessons on one page.
#[component]
pub fn Lessons() -> impl IntoView {
    page_title("Lessons");
    view! {
        <div class="wrap sec">
            <h1>"Lessons"</h1>
            <h2 class="vh">"The course, part by part"</h2>
            {course_map(&course())}
        </div>
    }
    .into_any()
}

/// The lessons in order, part by part. `web/progress.js` shows what was done.
pub fn course_map(course: &Course) -> impl IntoView + use<> {
    let parts = (1..)
        .zip(&course.parts)
        .map(|(number, part)| {
            let lessons = course
                .lessons
                .iter()
                .filter(|lesson| part.lessons.contains(&lesson.link.slug))
                .map(|lesson| item(&lesson.link))
                .collect_view();
            view! {
                <section class="part">
                    <h3>
                        <span class="label">{format!("Part {number}")}</span>
                        {part.title.clone()}
                    </h3>
                    <ol class="map">{lessons}</ol>
                </section>
            }
        })
        .collect_view();
    view! {
        <div class="prog" data-course-bar="" hidden>
            <span data-text=""></span>
            <span class="label" data-left=""></span>
            <span class="bar" role="img" aria-label="progress"></span>
        </div>
        <div class="parts">{parts}</div>
        <p class="row ends">
            <a class="btn" href=at("/review/")>
                "Review cards"
            </a>
            <a class="btn" href=at("/challenges/")>
                "Challenges"
            </a>
            <a class="btn" href=at("/capstone/")>
                "Capstone"
            </a>
        </p>
    }
    .into_any()
}

fn item(link: &LessonLink) -> impl IntoView + use<> {
    view! {
        <li data-lesson=link.slug.clone() data-minutes=link.minutes.to_string() data-state="open">
            <a href=at(&format!("/lessons/{}/", link.slug))>
                <span class="st-icon">
                    {Icon::Open.view()} {Icon::Pass.view()} {Icon::Right.view()}
                </span>
                <span>
                    <b>{link.title.clone()}</b>
                    <small>{link.goal.clone()}</small>
                </span>
                <span class="st" data-word="">
                    {format!("{} min", link.minutes)}
                </span>
            </a>
        </li>
    }
}
