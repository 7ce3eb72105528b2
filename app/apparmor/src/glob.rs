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
    pub wording: Option<&'static str>,
    /// A plain sentence.
    pub sentence: &'static str,
}

const UNCLOSED: GlobError = GlobError {
    code: codes::UNCLOSED_GROUP,
    wording: Some("Regex grouping error: Unclosed grouping or character class, expecting close }"),
    sentence: "A `{` or `[` of this pattern is not closed.",
};
const TOO_FEW: GlobError = GlobError {
    code: codes::TOO_FEW_ITEMS,
    wording: Some("Regex grouping error: Invalid number of items between {}"),
    sentence: "Braces hold at least two items with a comma between them, as in `{a,b}`.",
};
const UNOPENED_BRACE: GlobError = GlobError {
    code: codes::UNOPENED_GROUP,
    wording: Some("Regex grouping error: Invalid close }, no matching open { detected"),
    sentence: "A `}` of this pattern closes nothing.",
};
const UNOPENED_BRACKET: GlobError = GlobError {
    code: codes::UNOPENED_GROUP,
    wording: Some("Regex grouping error: Invalid close ], no matching open [ detected"),
    sentence: "A `]` of this pattern closes nothing.",
};
const NESTED_TOO_DEEP: GlobError = GlobError {
    code: codes::GROUP_TOO_DEEP,
    wording: Some("Regex grouping error: Exceeded maximum nesting of {}"),
    sentence: "The braces of this pattern nest more than 49 deep.",
};
const TRAILING: GlobError = GlobError {
    code: codes::TRAILING_BACKSLASH,
    wording: Some("Regex error: trailing '\\' escape character"),
    sentence: "A pattern cannot end in a backslash.",
};

const BAD_CLASS: GlobError = GlobError {
    code: codes::BAD_CLASS,
    wording: None,
    sentence: "This class of characters cannot be read: it is empty, or a `-` in it neither stands first nor between two characters.",
};

/// Everything that the real parser complains about, in its order; empty for a good pattern.
pub fn check(pattern: &str) -> Vec<GlobError> {
    let mut errors = Vec::new();
    let mut escaped = false;
    let mut in_class = false;
    // For each open brace: whether a comma was met in it.
    let mut groups: Vec<bool> = Vec::new();
    for character in pattern.bytes() {
        if !errors.is_empty() {
            break;
        }
        if escaped {
            escaped = false;
            continue;
        }
        match character {
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => {
                if !in_class {
                    errors.push(UNOPENED_BRACKET);
                }
                in_class = false;
            }
            b'{' if !in_class => {
                if groups.len() >= MAX_GROUP_DEPTH {
                    errors.push(NESTED_TOO_DEEP);
                }
                groups.push(false);
            }
            b'}' if !in_class => match groups.pop() {
                Some(true) => {}
                Some(false) => errors.push(TOO_FEW),
                None => errors.extend([TOO_FEW, UNOPENED_BRACE]),
            },
            b',' if !in_class => {
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
    if errors.is_empty()
        && pattern.contains('[')
        && !classes(pattern).all(|class| is_good_class(&class))
    {
        errors.push(BAD_CLASS);
    }
    errors
}

/// What stands between the brackets of each class, the backslashes taken away.
fn classes(pattern: &str) -> impl Iterator<Item = Vec<char>> {
    let mut characters = pattern.chars();
    std::iter::from_fn(move || {
        loop {
            match characters.next()? {
                '\\' => {
                    characters.next();
                }
                '[' => break,
                _ => {}
            }
        }
        let mut class = Vec::new();
        loop {
            match characters.next() {
                None | Some(']') => return Some(class),
                Some('\\') => class.extend(characters.next()),
                Some(other) => class.push(other),
            }
        }
    })
}

/// Whether the real parser's back end reads a class: `-` is literal only where it
/// stands first. Found by trying release 3.0.8.
fn is_good_class(class: &[char]) -> bool {
    let class = class.strip_prefix(&['^']).unwrap_or(class);
    let mut at = 0;
    while let Some(character) = class.get(at) {
        if *character == '-' && at > 0 {
            return false;
        }
        at += 1;
        if class.get(at) == Some(&'-') {
            if matches!(class.get(at + 1), None | Some('-')) {
                return false;
            }
            at += 2;
        }
    }
    !class.is_empty()
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
