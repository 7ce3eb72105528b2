//! The choice of the page, with everything that pages share.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::still::Still;
use crate::{
    component::{Frame, Plain},
    content::Content,
    page::{Capstone, Challenge, Embed, Home, Lesson, Playground},
    route::{Base, Route},
};

/// Receives the page's title while it is pre-rendered. A context value.
#[derive(Clone, Debug, Default)]
pub struct TitleSlot(pub Arc<Mutex<String>>);

/// Names the page that is being pre-rendered.
pub fn page_title(title: &str) {
    if let Some(TitleSlot(slot)) = use_context()
        && let Ok(mut slot) = slot.lock()
    {
        title.clone_into(&mut slot);
    }
}

/// The whole page for `route` of a site mounted at `base`.
#[component]
pub fn App(
    /// Where the site is mounted: `""` or `"/course"`.
    base: String,
    /// The page's address.
    route: Route,
    /// What the page is made of.
    content: Content,
) -> impl IntoView {
    provide_context(Base(base));
    let page = match &route {
        Route::Home => view! { <Home content /> }.into_any(),
        Route::Lesson(_) => view! { <Lesson content /> }.into_any(),
        Route::Playground => view! { <Playground content /> }.into_any(),
        Route::Capstone => view! { <Capstone content /> }.into_any(),
        Route::Challenge(_) => view! { <Challenge content /> }.into_any(),
        Route::Embed(slug) => {
            let slug = slug.clone();
            return view! { <Plain><Embed content slug /></Plain> }.into_any();
        }
        // The others are documents: only the pre-renderer makes them.
        #[cfg(feature = "ssr")]
        route => view! { <Still route=route.clone() /> }.into_any(),
        #[cfg(not(feature = "ssr"))]
        _ => ().into_any(),
    };
    view! { <Frame route>{page}</Frame> }.into_any()
}
