//! The outcome badge: icon, word and colour, always all three.

use lab::message::{Outcome, RowOutcome};
use leptos::prelude::*;
use maud::{Markup, html};

use super::{Icon, shown};

/// What a badge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A call was done.
    Allowed,
    /// A guard stopped a call.
    Blocked,
    /// A call failed for an ordinary reason.
    Failed,
    /// The pod runs under a profile that blocks.
    Enforced,
    /// The pod runs without one, as asked.
    Unconfined,
    /// The pod was refused (fail closed).
    Refused,
    /// The pod runs without the protection it seems to have (fail open).
    Silent,
    /// The pod was never started: its files have errors.
    Invalid,
}

impl From<Outcome> for Mark {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Enforced => Self::Enforced,
            Outcome::Unconfined => Self::Unconfined,
            Outcome::RefusedToStart => Self::Refused,
            Outcome::SilentlyUnprotected => Self::Silent,
            Outcome::Invalid => Self::Invalid,
        }
    }
}

impl From<RowOutcome> for Mark {
    fn from(outcome: RowOutcome) -> Self {
        match outcome {
            RowOutcome::Allowed => Self::Allowed,
            RowOutcome::Blocked => Self::Blocked,
            RowOutcome::Failed => Self::Failed,
        }
    }
}

impl Mark {
    /// The word that a reader sees.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::Enforced => "enforced",
            Self::Unconfined => "unconfined",
            Self::Refused => "refused to start",
            Self::Silent => "silently unprotected",
            Self::Invalid => "not started",
        }
    }

    /// The class that sets the colours of a whole card or row.
    pub fn class(self) -> &'static str {
        match self {
            Self::Allowed => "is-allowed",
            Self::Blocked => "is-blocked",
            Self::Failed | Self::Unconfined => "is-plain",
            Self::Enforced => "is-enforced",
            Self::Refused => "is-refused",
            Self::Silent => "is-silent",
            Self::Invalid => "is-invalid",
        }
    }

    /// The drawing beside the word.
    pub fn icon(self) -> Icon {
        match self {
            Self::Allowed => Icon::Through,
            Self::Blocked => Icon::Blocked,
            Self::Failed => Icon::Cross,
            Self::Enforced => Icon::Shield,
            Self::Unconfined => Icon::Dash,
            Self::Refused => Icon::Stop,
            Self::Silent => Icon::BrokenShield,
            Self::Invalid => Icon::Warning,
        }
    }
}

/// The badge.
#[component]
pub fn Badge(
    /// What it says.
    mark: Mark,
    /// In display size, for the demonstration.
    #[prop(optional)]
    big: bool,
) -> impl IntoView {
    shown(badge(mark, big))
}

/// The same as markup.
pub fn badge(mark: Mark, big: bool) -> Markup {
    html! { span.out.(mark.class()).big[big] { (mark.icon()) (mark.word()) } }
}
