//! The line icons, drawn on a 20 by 20 grid. Each stands beside its word and
//! is hidden from screen readers.

use leptos::prelude::*;
use maud::{Markup, PreEscaped, Render, html};

use super::shown;

/// A drawing of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A check mark: passed, done.
    Pass,
    /// A cross: failed for an ordinary reason.
    Cross,
    /// An arrow that meets a wall: blocked.
    Blocked,
    /// An arrow that goes through: allowed.
    Through,
    /// The stop sign: refused to start.
    Stop,
    /// A whole shield: in force.
    Shield,
    /// A broken shield: silently unprotected.
    BrokenShield,
    /// A broken line: dropped.
    Dropped,
    /// A dash: nothing asked.
    Dash,
    /// Three dots: not reached, not asked.
    Dots,
    /// A triangle: a fault in a file.
    Warning,
    /// A circle with an i.
    Info,
    /// A pencil: changes a file.
    Pencil,
    /// Towards what came before.
    Left,
    /// Towards what comes next.
    Right,
    /// An eye: look closer.
    Eye,
    /// An empty circle: not begun.
    Open,
    /// Three lines: the menu.
    Menu,
    /// A plus sign.
    Plus,
    /// A circle that turns back: start again.
    Again,
}

impl Icon {
    fn drawing(self) -> &'static str {
        match self {
            Self::Pass => r#"<path d="M4 10.5l4 4 8-9"/>"#,
            Self::Cross => r#"<path d="M5 5l10 10M15 5L5 15"/>"#,
            Self::Blocked => r#"<path d="M12.5 2.5v15M16.5 5v10M2 10h7.5M6 6.5 9.5 10 6 13.5"/>"#,
            Self::Through => r#"<path d="M10 2.5v3.5M10 14v3.5M2 10h15.5M13.5 6l4 4-4 4"/>"#,
            Self::Stop => {
                r#"<path d="M6.7 2.2h6.6l4.5 4.5v6.6l-4.5 4.5H6.7l-4.5-4.5V6.7zM6 10h8"/>"#
            }
            Self::Shield => {
                r#"<path d="M10 1.8l7 2.4v5.3c0 4.2-3 7.2-7 8.7-4-1.5-7-4.5-7-8.7V4.2z"/><path d="M6.5 9.8l2.6 2.6 4.6-5"/>"#
            }
            Self::BrokenShield => {
                r#"<path stroke-dasharray="2.6 2.2" d="M10 1.8l7 2.4v5.3c0 4.2-3 7.2-7 8.7-4-1.5-7-4.5-7-8.7V4.2z"/><path stroke-width="2" d="M10 6v4.6M10 13.6v.2"/>"#
            }
            Self::Dropped => {
                r#"<path stroke-dasharray="2.5 2.5" d="M3 10h14"/><path d="M10 3v3M10 14v3"/>"#
            }
            Self::Dash => r#"<path d="M4 10h12"/>"#,
            Self::Dots => r#"<path d="M4 10h.1M10 10h.1M16 10h.1" stroke-width="2.6"/>"#,
            Self::Warning => r#"<path d="M10 2.8 18 17H2zM10 8v4M10 14.4v.1"/>"#,
            Self::Info => r#"<circle cx="10" cy="10" r="7.5"/><path d="M10 9v5M10 6v.1"/>"#,
            Self::Pencil => r#"<path d="M3 17l3-1 9.5-9.5-2-2L4 14zM12 6l2 2"/>"#,
            Self::Left => r#"<path d="M13 4l-6 6 6 6"/>"#,
            Self::Right => r#"<path d="M7 4l6 6-6 6"/>"#,
            Self::Eye => {
                r#"<path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z"/><circle cx="10" cy="10" r="2.2"/>"#
            }
            Self::Open => r#"<circle cx="10" cy="10" r="5.5"/>"#,
            Self::Menu => r#"<path d="M3 5.5h14M3 10h14M3 14.5h14"/>"#,
            Self::Plus => r#"<path d="M10 4v12M4 10h12"/>"#,
            Self::Again => r#"<path d="M4.5 7A6.5 6.5 0 1 1 3.6 11M4 3v4.2h4.2"/>"#,
        }
    }

    /// The icon as a piece of a page.
    pub fn view(self) -> impl IntoView {
        shown(self.render())
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! { svg class="i" viewBox="0 0 20 20" aria-hidden="true" { (PreEscaped(self.drawing())) } }
    }
}
