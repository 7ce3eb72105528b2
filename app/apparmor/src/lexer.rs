//! From text to terminal symbols, mode by mode, as the real lexer does.
//!
//! The longest match wins, what a pattern only looks ahead at included; of equal
//! matches the first pattern of `parser_lex.l` wins. The modes carry over from
//! an included file to the file that includes it.

mod kind;
mod mode;
mod pattern;
mod piece;
mod scan;
mod unquote;

#[cfg(test)]
pub use kind::KEYWORDS;
pub use kind::Kind;
pub use mode::Mode;
pub(crate) use piece::{Piece, pieces};
pub use unquote::unquote;

use std::sync::Arc;

use piece::Modes;
use scan::{Match, Turn, scan};

use crate::{
    source::{FileId, SourceText, Span},
    token::{Token, TokenKind},
};

/// A terminal symbol with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// The line that the real lexer has reached behind it; it counts no line
    /// ends inside quotes.
    pub line: u32,
    /// The mode in which it was read.
    pub mode: Mode,
}

/// The word before an include's path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IncludeWord {
    /// Where the directive starts.
    pub span: Span,
    /// `if exists` is written.
    pub if_exists: bool,
    /// Written `#include`.
    pub hash: bool,
}

/// A file being read.
#[derive(Clone, Debug)]
struct Reading {
    file: FileId,
    text: SourceText,
    at: usize,
    line: u32,
    /// What is known of it from before, and which of that comes next.
    pieces: Arc<[Piece]>,
    next: usize,
}

impl Reading {
    fn new(file: FileId, text: SourceText, pieces: Arc<[Piece]>) -> Self {
        Self {
            file,
            text,
            at: 0,
            line: 1,
            pieces,
            next: 0,
        }
    }

    /// The next bytes.
    fn span(&self, length: usize) -> Span {
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: place(self.at),
            end: place(self.at + length),
        }
    }

    /// What a pattern makes of the text at hand.
    fn scan(&mut self, mode: Mode) -> Option<Match> {
        while let Some(piece) = self.pieces.get(self.next)
            && piece.start <= self.at
        {
            self.next += 1;
            if piece.start == self.at && piece.mode == mode {
                return Some(piece.matched);
            }
        }
        scan(mode, self.text.as_bytes().get(self.at..)?)
    }
}

/// Reads one file and those pushed onto it.
#[derive(Clone, Debug)]
pub struct Lexer {
    reading: Vec<Reading>,
    modes: Modes,
    include: IncludeWord,
    tokens: Vec<Token>,
}
impl Lexer {
    /// A lexer at the start of a file.
    pub fn new(file: FileId, text: SourceText) -> Self {
        Self {
            reading: vec![Reading::new(file, text, Arc::default())],
            modes: Modes::default(),
            include: IncludeWord::default(),
            tokens: Vec::new(),
        }
    }

    /// Reads `text` next, then goes on where it was.
    pub fn push(&mut self, file: FileId, text: SourceText) {
        let pieces = text.pieces();
        self.reading.push(Reading::new(file, text, pieces));
    }

    /// How many files are open.
    pub fn depth(&self) -> usize {
        self.reading.len()
    }

    /// Whether what follows would be read in the outermost mode.
    pub fn is_outermost(&self) -> bool {
        self.modes.is_outermost()
    }

    /// The word before the last include path.
    pub fn include_word(&self) -> IncludeWord {
        self.include
    }

    /// Starts afresh at a position of the file being read, in the outermost mode.
    pub fn restart(&mut self, at: usize) {
        self.modes = Modes::default();
        let Some(reading) = self.reading.last_mut() else {
            return;
        };
        reading.at = at.min(reading.text.len());
        reading.next = 0;
        let before = reading
            .text
            .as_bytes()
            .get(..reading.at)
            .unwrap_or_default();
        reading.line =
            u32::try_from(before.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX);
        if reading.file == FileId::default() {
            let end = u32::try_from(reading.at).unwrap_or(u32::MAX);
            while self.tokens.last().is_some_and(|token| token.span.end > end) {
                self.tokens.pop();
            }
        }
    }

    /// The file being read, from a position on.
    pub fn text_from(&self, at: usize) -> &str {
        self.reading
            .last()
            .and_then(|reading| reading.text.get(at..))
            .unwrap_or_default()
    }

    /// The file being read.
    pub fn file(&self) -> FileId {
        self.reading
            .last()
            .map_or(FileId::default(), |reading| reading.file)
    }

    /// The first file in pieces that give it back laid end to end; what was passed
    /// over while recovering is unknown.
    pub fn into_tokens(self, length: usize) -> Vec<Token> {
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        let file = FileId::default();
        let mut whole = Vec::with_capacity(self.tokens.len());
        let mut at = 0;
        for token in self.tokens {
            if token.span.start > at {
                let span = Span {
                    file,
                    start: at,
                    end: token.span.start,
                };
                whole.push(Token {
                    kind: TokenKind::Unknown,
                    span,
                });
            }
            at = token.span.end;
            whole.push(token);
        }
        if at < end {
            whole.push(Token {
                kind: TokenKind::Unknown,
                span: Span {
                    file,
                    start: at,
                    end,
                },
            });
        }
        whole
    }

    /// The next symbol; `Kind::End` for ever at the end.
    pub fn next(&mut self) -> Lexeme {
        loop {
            let mode = self.modes.innermost();
            let depth = self.reading.len();
            let Some(reading) = self.reading.last_mut() else {
                return Lexeme {
                    kind: Kind::End,
                    span: Span::default(),
                    line: 1,
                    mode,
                };
            };
            if reading.at >= reading.text.len() {
                if depth > 1 {
                    self.reading.pop();
                    continue;
                }
                return Lexeme {
                    kind: Kind::End,
                    span: reading.span(0),
                    line: reading.line,
                    mode,
                };
            }
            let matched = reading.scan(mode);
            let rest = reading
                .text
                .as_bytes()
                .get(reading.at..)
                .unwrap_or_default();
            let (kind, length, turn) = matched.map_or_else(
                || {
                    let kind = if mode.jams() {
                        Kind::Jammed
                    } else {
                        Kind::Unexpected
                    };
                    let first = reading
                        .text
                        .get(reading.at..)
                        .and_then(|rest| rest.chars().next());
                    (Some(kind), first.map_or(1, char::len_utf8), Turn::Stay)
                },
                |Match { kind, length, turn }| (kind, length, turn),
            );
            let span = reading.span(length);
            let first = rest.first().copied().unwrap_or_default();
            // The real lexer counts no line ends inside words.
            reading.line += u32::from(
                kind.is_none() && rest.get(..length).is_some_and(|text| text.ends_with(b"\n")),
            );
            reading.at += length;
            let line = reading.line;
            if reading.file == FileId::default() {
                let kind = match turn {
                    Turn::Push(Mode::Include | Mode::IncludeExists) => TokenKind::Keyword,
                    _ => token_kind(kind, mode, first),
                };
                self.tokens.push(Token { kind, span });
            }
            if let Turn::Push(Mode::Include | Mode::IncludeExists) = turn {
                self.include = IncludeWord {
                    span,
                    if_exists: matches!(turn, Turn::Push(Mode::IncludeExists)),
                    hash: first == b'#',
                };
            }
            self.modes.turn(turn);
            if let Some(kind) = kind {
                return Lexeme {
                    kind,
                    span,
                    line,
                    mode,
                };
            }
        }
    }
}

/// What an editor colours a piece as.
fn token_kind(kind: Option<Kind>, mode: Mode, first: u8) -> TokenKind {
    let Some(kind) = kind else {
        return match first {
            b'#' => TokenKind::Comment,
            b',' | b')' | b'\\' => TokenKind::Punctuation,
            _ => TokenKind::Space,
        };
    };
    match kind {
        Kind::IncludePath => TokenKind::Path,
        Kind::Id | Kind::Value if mode == Mode::Abi => TokenKind::Path,
        Kind::Id => TokenKind::Word,
        Kind::Value => TokenKind::Value,
        Kind::Mode => TokenKind::Permissions,
        Kind::SetVar | Kind::BoolVar => TokenKind::Variable,
        Kind::CondId | Kind::CondListId | Kind::Flags | Kind::Identities => TokenKind::Condition,
        Kind::Unexpected | Kind::Jammed | Kind::ValueComma => TokenKind::Unknown,
        Kind::Open if mode == Mode::Mqueue => TokenKind::Keyword,
        Kind::Caret
        | Kind::Open
        | Kind::Close
        | Kind::EndOfRule
        | Kind::Equals
        | Kind::Arrow
        | Kind::AddAssign
        | Kind::CondAssign
        | Kind::OverrideAssign
        | Kind::Le
        | Kind::Colon
        | Kind::OpenParen
        | Kind::CloseParen
        | Kind::EqOp
        | Kind::NeOp
        | Kind::Gt
        | Kind::Ge
        | Kind::Lt
        | Kind::Plus => TokenKind::Punctuation,
        _ => TokenKind::Keyword,
    }
}
