//! What makes a pattern wrong.
//!
//! Source: `convert_aaregex_to_pcre`; the same walk, for its complaints alone.

use crate::diagnostic::{Code, codes};

/// How deeply `{…}` may nest: one less than the real parser's `MAX_ALT_DEPTH`.
pub const MAX_GROUP_DEPTH: usize = 49;

/// Something wrong with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobError {
    /// The finding's code.
    pub code: Code,
    /// The real parser's words.
    pub wording: &'static str,
    /// A plain sentence.
    pub sentence: &'static str,
}

const UNCLOSED: GlobError = GlobError {
    code: codes::UNCLOSED_GROUP,
    wording: "Regex grouping error: Unclosed grouping or character class, expecting close }",
    sentence: "A `{` or `[` of this pattern is not closed.",
};
const TOO_FEW: GlobError = GlobError {
    code: codes::TOO_FEW_ITEMS,
    wording: "Regex grouping error: Invalid number of items between {}",
    sentence: "Braces hold at least two items with a comma between them, as in `{a,b}`.",
};
const UNOPENED_BRACE: GlobError = GlobError {
    code: codes::UNOPENED_GROUP,
    wording: "Regex grouping error: Invalid close }, no matching open { detected",
    sentence: "A `}` of this pattern closes nothing.",
};
const UNOPENED_BRACKET: GlobError = GlobError {
    code: codes::UNOPENED_GROUP,
    wording: "Regex grouping error: Invalid close ], no matching open [ detected",
    sentence: "A `]` of this pattern closes nothing.",
};
const NESTED_TOO_DEEP: GlobError = GlobError {
    code: codes::GROUP_TOO_DEEP,
    wording: "Regex grouping error: Exceeded maximum nesting of {}",
    sentence: "The braces of this pattern nest more than 49 deep.",
};
const TRAILING: GlobError = GlobError {
    code: codes::TRAILING_BACKSLASH,
    wording: "Regex error: trailing '\\' escape character",
    sentence: "A pattern cannot end in a backslash.",
};

/// Everything that the real parser complains about, in its order; empty for a good pattern.
pub fn check(pattern: &str) -> Vec<GlobError> {
    let mut errors = Vec::new();
    let mut escaped = false;
    let mut in_class = false;
    // For each open brace: whether a comma was met in it.
    let mut groups: Vec<bool> = Vec::new();
    for character in pattern.chars() {
        if !errors.is_empty() {
            break;
        }
        if escaped {
            escaped = false;
            continue;
        }
        match character {
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => {
                if !in_class {
                    errors.push(UNOPENED_BRACKET);
                }
                in_class = false;
            }
            '{' if !in_class => {
                if groups.len() >= MAX_GROUP_DEPTH {
                    errors.push(NESTED_TOO_DEEP);
                }
                groups.push(false);
            }
            '}' if !in_class => match groups.pop() {
                Some(true) => {}
                Some(false) => errors.push(TOO_FEW),
                None => errors.extend([TOO_FEW, UNOPENED_BRACE]),
            },
            ',' if !in_class => {
                if let Some(group) = groups.last_mut() {
                    *group = true;
                }
            }
            _ => {}
        }
    }
    if !groups.is_empty() || in_class {
        errors.push(UNCLOSED);
    }
    if errors.is_empty() && escaped {
        errors.push(TRAILING);
    }
    errors
}

/// Whether a pattern matches more than one text: it has an unescaped glob character.
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
