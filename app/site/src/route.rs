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
    /// All challenges, `/challenges/`.
    Challenges,
    /// One challenge, `/challenges/SLUG/`.
    Challenge(String),
    /// The capstone, `/capstone/`.
    Capstone,
    /// What the simulator knows, `/reference/`.
    Reference,
    /// One table of the reference, `/reference/SLUG/`.
    Table(String),
    /// The review cards that are due, `/review/`.
    Review,
    /// Search over lessons and reference, `/search/`.
    Search,
    /// How the pages look and what this device keeps, `/settings/`.
    Settings,
    /// One lab for slides and other sites, `/embed/SLUG/`.
    Embed(String),
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
            ["challenges"] => Self::Challenges,
            ["challenges", slug] => Self::Challenge(slug.to_owned()),
            ["capstone"] => Self::Capstone,
            ["reference"] => Self::Reference,
            ["reference", slug] => Self::Table(slug.to_owned()),
            ["review"] => Self::Review,
            ["search"] => Self::Search,
            ["settings"] => Self::Settings,
            ["embed", slug] => Self::Embed(slug.to_owned()),
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
            Self::Challenges => "/challenges/".to_owned(),
            Self::Challenge(slug) => format!("/challenges/{slug}/"),
            Self::Capstone => "/capstone/".to_owned(),
            Self::Reference => "/reference/".to_owned(),
            Self::Table(slug) => format!("/reference/{slug}/"),
            Self::Review => "/review/".to_owned(),
            Self::Search => "/search/".to_owned(),
            Self::Settings => "/settings/".to_owned(),
            Self::Embed(slug) => format!("/embed/{slug}/"),
            Self::NotFound => "/404.html".to_owned(),
        }
    }

    /// Whether the page has a lab, which the program in the browser makes live.
    /// The others are documents, with a small module of their own where one is
    /// needed.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Home
                | Self::Lesson(_)
                | Self::Playground
                | Self::Challenge(_)
                | Self::Capstone
                | Self::Embed(_)
        )
    }

    /// The module in `web/` that starts the page.
    pub fn module(&self) -> &'static str {
        match self {
            _ if self.is_live() => "boot",
            Self::Settings => "settings",
            Self::Search => "search",
            Self::Review => "review",
            Self::Table(slug) if slug == "decoder" => "decoder",
            _ => "still",
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
            Route::Challenges,
            Route::Challenge("a-challenge".into()),
            Route::Capstone,
            Route::Reference,
            Route::Table("a-table".into()),
            Route::Review,
            Route::Search,
            Route::Embed("a-lab".into()),
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
