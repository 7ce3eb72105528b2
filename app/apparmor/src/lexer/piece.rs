//! The pieces of a whole text, kept for texts that are read again and again.

use super::{
    mode::Mode,
    scan::{Match, Turn, scan},
};

/// What a pattern made of a text at one place in one mode; it depends on nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(super) start: usize,
    pub(super) mode: Mode,
    pub(super) matched: Match,
}

/// The pieces of a text that is read from the outermost mode, up to the first place that no
/// pattern matches.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut modes = Modes::default();
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.as_bytes().get(start..)
        && let mode = modes.innermost()
        && let Some(matched) = scan(mode, rest)
    {
        pieces.push(Piece {
            start,
            mode,
            matched,
        });
        start += matched.length;
        modes.turn(matched.turn);
    }
    pieces
}

/// The modes that are open, innermost last.
#[derive(Clone, Debug)]
pub(super) struct Modes(Vec<Mode>);

impl Default for Modes {
    fn default() -> Self {
        Self(vec![Mode::Initial])
    }
}

impl Modes {
    /// The mode in which the next piece is read.
    pub(super) fn innermost(&self) -> Mode {
        self.0.last().copied().unwrap_or(Mode::Initial)
    }

    /// Whether only the outermost is open.
    pub(super) fn is_outermost(&self) -> bool {
        self.0 == [Mode::Initial]
    }

    /// Does what a piece does to the modes.
    pub(super) fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Stay => {}
            Turn::Push(mode) => self.0.push(mode),
            Turn::Begin(mode) => {
                self.0.pop();
                self.0.push(mode);
            }
            Turn::Pop => {
                if self.0.len() > 1 {
                    self.0.pop();
                }
            }
        }
    }
}
