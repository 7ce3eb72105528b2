//! Lossless tokens: laid end to end their spans give the text back.

use crate::source::Span;

/// A piece of the text and what it is, for an editor to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a piece of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and line ends.
    Space,
    /// From `#` to the end of the line.
    Comment,
    /// A word of the language: `profile`, `deny`, `network` …
    Keyword,
    /// Permission letters of a file rule.
    Permissions,
    /// A path, name or other word.
    Word,
    /// `@{NAME}` or `$NAME` standing alone.
    Variable,
    /// The name before `=` in a condition.
    Condition,
    /// A value in a list or after `=`.
    Value,
    /// The path of an include or abi.
    Path,
    /// Commas, brackets, arrows and assignment signs.
    Punctuation,
    /// What the lexer cannot read.
    Unknown,
}
