//! The frame around every page, and the choice of the page.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

use crate::route::{Base, Route, at};

/// Receives the page's title while it is pre-rendered. A context value.
#[derive(Clone, Debug, Default)]
pub struct TitleSlot(pub Arc<Mutex<String>>);

/// HTML of the lesson that is being pre-rendered. A context value, set only
/// natively: in the browser the same HTML is already in the document, and
/// hydration leaves `inner_html` alone.
#[derive(Clone, Debug, Default)]
pub struct LessonHtml(pub String);

/// Names the page that is being pre-rendered.
fn page_title(title: &str) {
    if let Some(TitleSlot(slot)) = use_context()
        && let Ok(mut slot) = slot.lock()
    {
        title.clone_into(&mut slot);
    }
}

/// The whole page for `route` of a site mounted at `base`.
#[component]
pub fn App(
    /// `""`, or `"/course"` for a site below that folder.
    base: String,
    /// The page to show.
    route: Route,
) -> impl IntoView {
    provide_context(Base(base));
    let page = match route {
        Route::Home => view! { <Home /> }.into_any(),
        Route::Lesson(_) => view! { <Lesson /> }.into_any(),
        Route::Playground => view! { <Playground /> }.into_any(),
        Route::NotFound => view! { <NotFound /> }.into_any(),
    };
    view! {
        <a class="skiplink" href="#main">
            "Skip to the content"
        </a>
        <header class="top">
            <nav aria-label="Main">
                <a href=at("/")>"Course"</a>
                " "
                <a href=at("/playground/")>"Playground"</a>
            </nav>
        </header>
        <main id="main" tabindex="-1">
            {page}
        </main>
    }
}

#[component]
fn Home() -> impl IntoView {
    page_title("Learn how Linux confines containers");
    view! { <h1>"Learn how Linux confines containers"</h1> }
}

#[component]
fn Lesson() -> impl IntoView {
    page_title("Lesson");
    let html = use_context::<LessonHtml>().unwrap_or_default().0;
    view! { <article class="prose" inner_html=html></article> }
}

#[component]
fn Playground() -> impl IntoView {
    page_title("Playground");
    view! { <h1>"Playground"</h1> }
}

#[component]
fn NotFound() -> impl IntoView {
    page_title("No such page");
    view! {
        <h1>"No such page"</h1>
        <p>
            <a href=at("/")>"To the course"</a>
        </p>
    }
}
