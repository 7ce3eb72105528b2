//! The course map.

use leptos::prelude::*;

use crate::{
    app::page_title,
    component::Icon,
    content::{Content, LessonLink},
    progress,
    route::at,
};

/// All lessons on one page.
#[component]
pub fn Lessons(content: Content) -> impl IntoView {
    page_title("Lessons");
    view! {
        <div class="wrap sec">
            <h1>"Lessons"</h1>
            <CourseMap course=content.course />
        </div>
    }
    .into_any()
}

/// The lessons in order, with what was done.
#[component]
pub fn CourseMap(course: Vec<LessonLink>) -> impl IntoView {
    let done = RwSignal::new(Vec::<String>::new());
    Effect::new(move || done.set(progress::done()));
    let lessons = course
        .into_iter()
        .map(|lesson| {
            let slug = lesson.slug.clone();
            let finished = Memo::new(move |_| done.with(|done| done.contains(&slug)));
            view! {
                <li>
                    <a href=at(&format!("/lessons/{}/", lesson.slug))>
                        <span class="st-icon" class:done=finished>
                            {move || if finished.get() { Icon::Pass } else { Icon::Open }.view()}
                        </span>
                        <span>
                            <b>{lesson.title}</b>
                            <small>{lesson.goal}</small>
                        </span>
                        <span class="st">
                            {move || if finished.get() { "done".to_owned() } else { format!("{} min", lesson.minutes) }}
                        </span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="map">{lessons}</ol> }
}
