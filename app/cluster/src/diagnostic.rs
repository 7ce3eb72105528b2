//! What is wrong with a manifest, at its place, in a learner's words.

use serde::Serialize;

/// A range of bytes of a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The object is not accepted.
    Error,
    /// The object is accepted, and something in it does not do what it says.
    Warning,
}

/// A change that would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What the change does, as an imperative.
    pub label: String,
    /// The bytes to replace.
    pub span: Span,
    /// What to put in their place.
    pub text: String,
}

/// A finding at a place of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// A stable name for the kind of finding, such as `yaml-tab`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where in the source text.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The words of the real tool, where it has any.
    pub tool_wording: Option<String>,
    /// A change that would mend it.
    pub fix: Option<Fix>,
}

/// The line and column of a byte offset, both counted from 1; columns in characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
