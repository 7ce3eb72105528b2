//! The pages that are documents: made by the pre-renderer, never by the
//! program in the browser. A small module of `web/` may add what moves.

mod challenges;
mod lessons;
mod not_found;
pub mod reference;
mod review;
mod search;
mod settings;

use std::sync::Arc;

use leptos::prelude::*;

use crate::{course::Course, route::Route};
use challenges::Challenges;
use lessons::Lessons;
pub use lessons::course_map;
use not_found::NotFound;
use reference::{Index, Page};
use review::Review;
use search::Search;
pub use search::index;
use settings::Settings;

/// The course that the pages are about. A context value.
#[derive(Clone, Default)]
pub struct Source(pub Arc<Course>);

/// The course, while a page is made.
pub fn course() -> Arc<Course> {
    use_context::<Source>().unwrap_or_default().0
}

/// A page that is a document.
#[component]
pub fn Still(
    /// Its address.
    route: Route,
) -> impl IntoView {
    match route {
        Route::Lessons => view! { <Lessons /> }.into_any(),
        Route::Challenges => view! { <Challenges /> }.into_any(),
        Route::Reference => view! { <Index /> }.into_any(),
        Route::Table(slug) => view! { <Page slug /> }.into_any(),
        Route::Review => view! { <Review /> }.into_any(),
        Route::Search => view! { <Search /> }.into_any(),
        Route::Settings => view! { <Settings /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}
