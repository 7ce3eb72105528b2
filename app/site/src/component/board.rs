//! The coverage board: attacks, and which of them are closed.

use leptos::prelude::*;
use maud::{Markup, html};

use super::{Icon, words};

/// An attack on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What is tried.
    pub name: String,
    /// What came of it.
    pub state: TileState,
    /// What happened, in a sentence.
    pub detail: Option<String>,
}

/// What came of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileState {
    /// It was stopped.
    Closed,
    /// It went through.
    Open,
    /// Nobody has tried.
    NotTried,
}

impl TileState {
    fn class(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::NotTried => "untried",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Closed => Icon::Blocked,
            Self::Open => Icon::Through,
            Self::NotTried => Icon::Dots,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "still open",
            Self::NotTried => "not tried yet",
        }
    }
}

/// The board.
#[component]
pub fn Board(
    /// Its title.
    title: &'static str,
    /// What is tried where, in a few words.
    about: &'static str,
    /// The attacks.
    #[prop(into)]
    tiles: Signal<Vec<Tile>>,
) -> impl IntoView {
    let summary = Signal::derive(move || {
        tiles.with(|tiles| {
            let of = |state| tiles.iter().filter(|tile| tile.state == state).count();
            let (closed, open) = (of(TileState::Closed), of(TileState::Open));
            format!("{closed} of {} ways closed, {open} open", tiles.len())
        })
    });
    let shown = Signal::derive(move || {
        tiles.with(|tiles| html! { @for known in tiles { (tile(known)) } }.0)
    });
    view! {
        <section class="sheet" aria-labelledby="board">
            <header>
                <h2 id="board">{title}</h2>
                <span class="why">{about}</span>
            </header>
            <div class="pad stack">
                <p class="why" role="status">
                    {summary}
                </p>
                <ul class="board" inner_html=shown></ul>
            </div>
        </section>
    }
    .into_any()
}

fn tile(tile: &Tile) -> Markup {
    let detail = tile
        .detail
        .as_ref()
        .filter(|_| tile.state == TileState::Open);
    html! {
        li class=(tile.state.class()) {
            span.way { (words(&tile.name)) }
            span.state { (tile.state.icon()) " " (tile.state.word()) }
            @if let Some(detail) = detail {
                small { (words(detail)) }
            }
        }
    }
}
