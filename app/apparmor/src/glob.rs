//! Patterns as text: what is wrong with them, and how paths in them are written.

use crate::{
    automaton::{Expression, GlobError, glob_to_expression},
    diagnostic::{Code, codes},
};

impl GlobError {
    /// The finding's code.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::Unclosed => codes::UNCLOSED_GROUP,
            Self::ItemCount => codes::TOO_FEW_ITEMS,
            Self::StrayBrace | Self::StrayBracket => codes::UNOPENED_GROUP,
            Self::TooDeep => codes::GROUP_TOO_DEEP,
            Self::TrailingBackslash => codes::TRAILING_BACKSLASH,
            Self::BadClass => codes::BAD_CLASS,
        }
    }

    /// A plain sentence.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Unclosed => "A `{` or `[` of this pattern is not closed.",
            Self::ItemCount => {
                "Braces hold at least two items with a comma between them, as in `{a,b}`."
            }
            Self::StrayBrace => "A `}` of this pattern closes nothing.",
            Self::StrayBracket => "A `]` of this pattern closes nothing.",
            Self::TooDeep => "The braces of this pattern nest more than 49 deep.",
            Self::TrailingBackslash => "A pattern cannot end in a backslash.",
            Self::BadClass => {
                "This class of characters cannot be read: it is empty, or a `-` in it neither stands first nor between two characters."
            }
        }
    }

    /// The real parser's words, where it has any.
    pub(crate) fn wording(self) -> Option<String> {
        (self != Self::BadClass).then(|| self.to_string())
    }
}

/// Everything that the real parser complains about, in its order; empty for a good pattern.
pub(crate) fn check(pattern: &str) -> Vec<GlobError> {
    // Nothing else can be wrong.
    let can_be_wrong = |byte| matches!(byte, b'\\' | b'{' | b'}' | b'[' | b']');
    if !pattern.bytes().any(can_be_wrong) {
        return Vec::new();
    }
    let mut expression = Vec::with_capacity(2 * pattern.len());
    match glob_to_expression(pattern.as_bytes(), &mut expression) {
        Err(errors) => errors,
        Ok(()) if pattern.contains('[') && Expression::parse(&expression).is_err() => {
            vec![GlobError::BadClass]
        }
        Ok(()) => Vec::new(),
    }
}

/// Whether a pattern may match more than one text: it has an unescaped glob character.
pub fn is_pattern(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|character| {
        let active = !escaped && matches!(character, '*' | '?' | '[' | '{');
        escaped = !escaped && character == '\\';
        active
    })
}

/// Runs of slashes made one, but for two at the start. Source: `filter_slashes`.
pub fn filter_slashes(text: &str) -> String {
    let (start, rest) = match text.as_bytes() {
        [b'/', b'/', third, ..] if *third != b'/' => text.split_at(2),
        [b'/', b'/'] => (text, ""),
        _ => ("", text),
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(start);
    let mut seen = false;
    for character in rest.chars() {
        if character != '/' || !seen {
            out.push(character);
        }
        seen = character == '/';
    }
    out
}
