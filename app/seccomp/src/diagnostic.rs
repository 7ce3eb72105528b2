//! What a learner reads about a profile: errors, warnings, advice.

use std::ops::Range;

/// A finding about a piece of a profile's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable identifier, such as `seccomp-deny-has-sibling`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Byte range in the profile's text.
    pub span: Range<usize>,
    /// What is the matter, in one plain sentence.
    pub sentence: String,
    /// Why it is so, in one or two sentences; may be empty.
    pub why: String,
    /// The words of the tool that would report it, if one does.
    pub tool_wording: Option<String>,
    /// A change that mends it, where one is clear.
    pub fix: Option<Fix>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The container does not start.
    Error,
    /// The profile loads, but does something else than it seems to.
    Warning,
    /// Worth knowing.
    Advice,
}

/// A change to the profile's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, for a button.
    pub label: String,
    /// Replacements, none overlapping another.
    pub edits: Vec<Edit>,
}

/// One replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte range to replace.
    pub span: Range<usize>,
    /// What to put there.
    pub text: String,
}

/// Line and column of a byte, both from 1; the column counts characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or("").chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        assert_eq!(line_and_column("a\nöx", 4), (2, 2));
        assert_eq!(line_and_column("", 9), (1, 1));
    }
}
