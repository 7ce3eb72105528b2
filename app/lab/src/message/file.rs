//! The learner's files as the pages show them.

use serde::{Deserialize, Serialize};

/// A file and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileText {
    /// Path within the lab, e.g. `pod.yaml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A file with everything that is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// Path within the lab, e.g. `pod.yaml`.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// The whole text.
    pub text: String,
    /// Whether the lab lets the learner change it.
    pub editable: bool,
    /// What is wrong with it, by position.
    pub diagnostics: Vec<Diagnostic>,
    /// The lines that decided a row of a trace, by line.
    pub deciding: Vec<LineMark>,
    /// What to colour, by position, not overlapping.
    pub tokens: Vec<Token>,
    /// What disappears when a block is folded, by position.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<Span>,
}

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// An AppArmor profile.
    #[serde(rename = "apparmor")]
    AppArmor,
    /// A Kubernetes manifest, YAML.
    Manifest,
    /// A seccomp profile, OCI JSON.
    Seccomp,
    /// A shell script.
    Shell,
    /// Anything else.
    Plain,
}

/// A half-open range of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Something that a learner should know about a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code; the reference page has an entry per code.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// Line of `span.start`.
    pub line: usize,
    /// Column of `span.start`.
    pub column: usize,
    /// What is wrong, one sentence.
    pub title: String,
    /// Why it matters, one or two sentences; may be empty.
    pub why: String,
    /// What the real tool prints here, when it prints something.
    pub tool_wording: Option<String>,
    /// A change that puts it right, when there is an obvious one.
    pub fix: Option<Fix>,
}

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The real tool refuses the file.
    Error,
    /// The file is accepted but does not do what it seems to.
    Warning,
    /// Worth knowing.
    Hint,
}

/// A change of one file, with words for its button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Names the result: "Change to `/data/`".
    pub label: String,
    /// The edits, by position, not overlapping.
    pub edits: Vec<TextEdit>,
}

/// One replacement in a text. Offsets refer to the text before any edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// First byte replaced.
    pub start: usize,
    /// One past the last byte replaced.
    pub end: usize,
    /// What comes in its place.
    pub text: String,
}

/// A line of a file that decided a row of a node's trace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineMark {
    /// The line.
    pub line: usize,
    /// The rule.
    pub span: Span,
    /// Id of the node.
    pub node: String,
    /// [`super::TraceRow::id`] of the row.
    pub row: u32,
}

/// Something that may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What is written.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub about: String,
}

/// A coloured piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// What a [`Token`] is, in the terms that a colour scheme has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// A name given by the author: a profile, a key.
    Name,
    /// A path or a path pattern.
    Path,
    /// Permission letters.
    Permissions,
    /// `@{…}` or `${…}`.
    Variable,
    /// A quoted string or a plain value.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// Punctuation.
    Punctuation,
    /// Text that the reader could not place.
    Error,
}
