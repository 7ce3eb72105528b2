//! The learning site: one set of pages, rendered natively into static HTML
//! (`ssr`, by the `prerender` program) and made live in the browser
//! (`hydrate`, by the `site` program). It decides no verdict.

pub mod app;
pub mod platform;
pub mod route;

pub use app::App;
pub use route::Route;
