//! Basic and extended regular expressions (XBD chapter 9) as `grep` and `sed`
//! take them.

use regex_lite::{Regex, RegexBuilder};

/// Largest compiled pattern, in bytes.
const MAX_COMPILED: usize = 256 * 1024;

/// Reads a pattern; what is wrong with it, as GNU says it, otherwise.
pub(super) fn compile(pattern: &str, extended: bool, fold: bool) -> Result<Regex, String> {
    let translated = if extended {
        escapes(pattern)
    } else {
        basic(pattern)?
    };
    RegexBuilder::new(&translated)
        .case_insensitive(fold)
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|error| fault(&error.to_string()))
}

/// A pattern that stands for its own characters.
pub(super) fn literal(text: &str, fold: bool) -> Result<Regex, String> {
    RegexBuilder::new(&regex_lite::escape(text))
        .case_insensitive(fold)
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|error| fault(&error.to_string()))
}

/// The library's complaint in the words of GNU's.
fn fault(message: &str) -> String {
    let words = if message.contains("class") || message.contains("bracket") {
        "Unmatched [, [^, [:, [., or [="
    } else if message.contains("group") || message.contains("parenthes") {
        "Unmatched ( or \\("
    } else if message.contains("repetition") || message.contains("counted") {
        "Invalid preceding regular expression"
    } else if message.contains("size") {
        "Regular expression too big"
    } else {
        "Invalid regular expression"
    };
    words.to_owned()
}

/// `\<` and `\>` are the same in both languages, and unknown to the library.
fn escapes(pattern: &str) -> String {
    pattern.replace("\\<", "\\b").replace("\\>", "\\b")
}

/// A basic regular expression in the library's notation: what is special with
/// a backslash there is special without one here, and the other way round.
fn basic(pattern: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut characters = pattern.chars().peekable();
    // Where `*` stands for itself.
    let mut start = true;
    while let Some(character) = characters.next() {
        let was_start = std::mem::replace(&mut start, false);
        match character {
            '\\' => match characters.next() {
                None => return Err("Trailing backslash".to_owned()),
                Some(special @ ('(' | '|')) => {
                    text.push(special);
                    start = true;
                }
                Some(special @ (')' | '{' | '}' | '+' | '?')) => text.push(special),
                Some('<' | '>') => text.push_str("\\b"),
                Some(digit @ '1'..='9') => {
                    return Err(format!("\\{digit} is not simulated: no back-references"));
                }
                Some(other) => {
                    text.push('\\');
                    text.push(other);
                }
            },
            '*' if was_start => text.push_str("\\*"),
            '^' if !was_start => text.push_str("\\^"),
            '^' => {
                text.push('^');
                start = true;
            }
            '$' => match characters.peek() {
                None => text.push('$'),
                Some('\\') => text.push('$'),
                Some(_) => text.push_str("\\$"),
            },
            plain @ ('(' | ')' | '{' | '}' | '+' | '?' | '|') => {
                text.push('\\');
                text.push(plain);
            }
            '[' => bracket(&mut characters, &mut text)?,
            other => text.push(other),
        }
    }
    Ok(text)
}

/// A bracket expression, copied as it stands but for the characters that only
/// the library finds special in it.
fn bracket(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    text: &mut String,
) -> Result<(), String> {
    text.push('[');
    if characters.next_if_eq(&'^').is_some() {
        text.push('^');
    }
    let mut first = true;
    loop {
        let Some(character) = characters.next() else {
            return Err("Unmatched [, [^, [:, [., or [=".to_owned());
        };
        match character {
            ']' if !first => {
                text.push(']');
                return Ok(());
            }
            '[' if characters.peek() == Some(&':') => {
                text.push('[');
                while let Some(inner) = characters.next() {
                    text.push(inner);
                    if inner == ':' && characters.peek() == Some(&']') {
                        characters.next();
                        text.push(']');
                        break;
                    }
                }
            }
            special @ (']' | '[' | '\\' | '&' | '~') => {
                text.push('\\');
                text.push(special);
            }
            other => text.push(other),
        }
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(pattern: &str, extended: bool, text: &'t str) -> Option<&'t str> {
        let regex = compile(pattern, extended, false).expect("it is a pattern");
        regex.find(text).map(|found| found.as_str())
    }

    #[test]
    fn a_basic_pattern_has_its_specials_behind_backslashes() {
        for (pattern, text, expected) in [
            ("DENIED", "apparmor=\"DENIED\"", Some("DENIED")),
            ("^a", "ba", None),
            ("a$", "ba", Some("a")),
            ("*a", "x*a", Some("*a")),
            ("a+", "a+b", Some("a+")),
            (r"a\+", "baab", Some("aa")),
            (r"\(ab\)*c", "ababc", Some("ababc")),
            (r"a\|b", "xb", Some("b")),
            ("[[:digit:]]*x", "12x", Some("12x")),
            ("[]x]", "a]", Some("]")),
            (r"pid=[0-9]\{2\}", "pid=123", Some("pid=12")),
            ("a.c", "abc", Some("abc")),
            ("a^b$c", "a^b$c", Some("a^b$c")),
        ] {
            assert_eq!(found(pattern, false, text), expected, "{pattern}");
        }
    }

    #[test]
    fn an_extended_pattern_has_them_bare() {
        assert_eq!(found("DENIED|ALLOWED", true, "x ALLOWED"), Some("ALLOWED"));
        assert_eq!(found("(ab)+c?", true, "ababc"), Some("ababc"));
        assert_eq!(found(r"\<b\>", true, "a b"), Some("b"));
    }

    #[test]
    fn a_pattern_that_is_none_says_why() {
        assert_eq!(
            compile("[a", false, false).expect_err("no end"),
            "Unmatched [, [^, [:, [., or [="
        );
        assert_eq!(
            compile("(a", true, false).expect_err("no end"),
            "Unmatched ( or \\("
        );
        assert!(compile("a\\", false, false).is_err());
    }
}
