//! The addresses of the site. Every page is a document of its own: a link is a
//! plain `<a>`, and the browser does what it does for any page.

use leptos::prelude::use_context;

/// A page of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The home page, `/`.
    Home,
    /// All lessons, `/lessons/`.
    Lessons,
    /// One lesson, `/lessons/SLUG/`.
    Lesson(String),
    /// Free play, `/playground/`.
    Playground,
    /// How the pages look and what this device keeps, `/settings/`.
    Settings,
    /// Any other address; the host answers it with `404.html`.
    NotFound,
}

impl Route {
    /// The page that `path` names. `path` begins after the base, with a slash.
    pub fn from_path(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match segments[..] {
            [] => Self::Home,
            ["lessons"] => Self::Lessons,
            ["lessons", slug] => Self::Lesson(slug.to_owned()),
            ["playground"] => Self::Playground,
            ["settings"] => Self::Settings,
            _ => Self::NotFound,
        }
    }

    /// The address of the page below the base, with slashes at both ends.
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Lessons => "/lessons/".to_owned(),
            Self::Lesson(slug) => format!("/lessons/{slug}/"),
            Self::Playground => "/playground/".to_owned(),
            Self::Settings => "/settings/".to_owned(),
            Self::NotFound => "/404.html".to_owned(),
        }
    }
}

/// Where the site is mounted: `""` or `"/course"`. A context value.
#[derive(Clone, Debug, Default)]
pub struct Base(pub String);

/// The address for a link to `path`, wherever the site is mounted. To be
/// called while a component is built, not in an event handler.
pub fn at(path: &str) -> String {
    format!("{}{path}", use_context::<Base>().unwrap_or_default().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_found_again_by_its_own_path() {
        for route in [
            Route::Home,
            Route::Lessons,
            Route::Settings,
            Route::Playground,
            Route::Lesson("a-lesson".into()),
        ] {
            assert_eq!(Route::from_path(&route.path()), route);
        }
    }

    #[test]
    fn a_missing_slash_at_the_end_changes_nothing() {
        assert_eq!(Route::from_path("/playground"), Route::Playground);
    }

    #[test]
    fn an_unknown_address_is_not_found() {
        for path in ["/lessons/a/b/", "/nothing/"] {
            assert_eq!(Route::from_path(path), Route::NotFound);
        }
    }
}
