//! What stands around every page: the way to the content, the mark, the menu,
//! the foot.

use leptos::prelude::*;

use super::Icon;
use crate::route::{Route, at};

const PLACES: [(&str, &str); 6] = [
    ("/", "Course"),
    ("/playground/", "Playground"),
    ("/challenges/", "Challenges"),
    ("/reference/", "Reference"),
    ("/search/", "Search"),
    ("/settings/", "Settings"),
];

/// The frame around a page.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]
pub fn Frame(
    /// The page's address, to mark its place in the menu.
    route: Route,
    /// The page.
    children: Children,
) -> impl IntoView {
    let here = match route {
        Route::Home | Route::Lessons | Route::Lesson(_) | Route::Review => "/",
        Route::Playground => "/playground/",
        Route::Challenges | Route::Challenge(_) => "/challenges/",
        Route::Capstone => "/lessons/",
        Route::Reference | Route::Table(_) => "/reference/",
        Route::Search => "/search/",
        Route::Settings => "/settings/",
        Route::Embed(_) | Route::NotFound => "",
    };
    let links = move || {
        PLACES
            .iter()
            .map(|&(path, title)| {
                let current = (path == here).then_some("page");
                view! {
                    <a href=at(path) aria-current=current>
                        {title}
                    </a>
                }
            })
            .collect::<Vec<_>>()
    };
    let items = links()
        .into_iter()
        .map(|link| view! { <li>{link}</li> })
        .collect_view();
    view! {
        <a class="skiplink" href="#main">
            "Skip to the content"
        </a>
        <header class="top">
            <div class="wrap">
                <a class="mark" href=at("/")>
                    <svg
                        viewBox="0 0 30 30"
                        aria-hidden="true"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="2"
                        inner_html=MARK
                    ></svg>
                    "Armor Lab"
                </a>
                <nav class="nav" aria-label="Main">
                    {links()}
                </nav>
                <details class="menu">
                    <summary>{Icon::Menu.view()} "Menu"</summary>
                    <ul>{items}</ul>
                </details>
            </div>
        </header>
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <footer class="foot">
            <div class="wrap">
                <span>"Nothing you type leaves this page. It works offline."</span>
                <span>
                    <a href=at("/review/")>"Review"</a>
                    " · "
                    <a href=at("/settings/#versions")>"The versions that are modelled"</a>
                </span>
            </div>
        </footer>
        <div class="note update" id="update" role="status" hidden>
            {Icon::Again.view()}
            <p>
                <b>"A new version of this site is ready. "</b>
                "What you typed is kept. "
                <button type="button" class="btn sm">
                    "Load it now"
                </button>
            </p>
        </div>
    }
    .into_any()
}

/// The frame of a page that stands inside another one: none but the way out.
#[component]
pub fn Plain(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <main id="main" class="plain" tabindex="-1">
            {children()}
        </main>
    }
    .into_any()
}

const MARK: &str = r#"<path d="M3 3h24v24H3z"/><path d="M15 3v8M15 19v8" stroke-width="3"/><g stroke="var(--accent)" stroke-width="2.5"><path d="M3 15h17"/><path d="M16 11l4 4-4 4"/></g>"#;
