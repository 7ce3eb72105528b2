//! The learning site: one set of pages, rendered natively into static HTML
//! (`ssr`, by the `prerender` program) and made live in the browser
//! (`hydrate`, by the `site` program). It decides no verdict.

// A page's type is its whole structure, nested as deeply as its elements.
#![recursion_limit = "256"]
// Components take what they need by value: a `Bench` is a bundle of handles.
#![allow(clippy::large_types_passed_by_value)]

pub mod app;
pub mod bench;
pub mod component;
pub mod content;
#[cfg(feature = "ssr")]
pub mod course;
#[cfg(feature = "ssr")]
pub mod example;
#[cfg(feature = "ssr")]
pub mod free_play;
pub mod page;
#[cfg(feature = "ssr")]
pub mod picture;
pub mod platform;
#[cfg(feature = "ssr")]
pub mod prose;
pub mod route;
#[cfg(feature = "ssr")]
pub mod still;
pub mod store;
pub mod text;

pub use app::App;
pub use route::Route;
