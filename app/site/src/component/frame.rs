//! What stands around every page: the way to the content, the mark, the menu,
//! the foot.

use leptos::prelude::*;
use maud::{PreEscaped, html};

use super::{Icon, shown};
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
    let link = |&(path, title): &(&str, &str)| {
        html! { a href=(at(path)) aria-current=[(path == here).then_some("page")] { (title) } }
    };
    let top = html! {
        header.top {
            div.wrap {
                a.mark href=(at("/")) {
                    svg viewBox="0 0 30 30" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" {
                        (PreEscaped(MARK))
                    }
                    "Armor Lab"
                }
                nav.nav aria-label="Main" {
                    @for place in &PLACES { (link(place)) }
                }
                details.menu {
                    summary { (Icon::Menu) "Menu" }
                    ul {
                        @for place in &PLACES { li { (link(place)) } }
                    }
                }
            }
        }
    };
    let foot = html! {
        footer.foot {
            div.wrap {
                span { "Nothing you type leaves this page. It works offline." }
                span {
                    a href=(at("/review/")) { "Review" }
                    " · "
                    a href=(at("/settings/#versions")) { "The versions that are modelled" }
                }
            }
        }
    };
    let update = html! {
        div.note.update id="update" role="status" hidden {
            (Icon::Again)
            p {
                b { "A new version of this site is ready. " }
                "What you typed is kept. "
                button.btn.sm type="button" { "Load it now" }
            }
        }
    };
    view! {
        {shown(html! { a.skiplink href="#main" { "Skip to the content" } })}
        {shown(top)}
        <main id="main" tabindex="-1">
            {children()}
        </main>
        {shown(foot)}
        {shown(update)}
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
