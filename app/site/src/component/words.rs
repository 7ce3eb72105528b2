//! Sentences with code and stress in them, written as in Markdown: "it
//! *asks*, and the kernel answers `EACCES`".

use maud::{Markup, html};

/// The sentence with its `code` set in the code face and its *stress* set in
/// italics. A mark without a partner is shown as it is.
pub fn words(sentence: &str) -> Markup {
    html! {
        @for part in parts(sentence) {
            @match part {
                Part::Plain(text) => (text),
                Part::Code(text) => code { (text) },
                Part::Stress(text) => em { (text) },
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Plain(&'a str),
    Code(&'a str),
    Stress(&'a str),
}

fn parts(sentence: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, tail)) = after.split_once('`')
    {
        stressed(before, &mut found);
        found.push(Part::Code(code));
        rest = tail;
    }
    stressed(rest, &mut found);
    found
}

/// Splits a text without code at its `*stress*`. A pattern such as `/data/**`
/// is none: stress begins before a letter and ends after one.
fn stressed<'a>(text: &'a str, found: &mut Vec<Part<'a>>) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('*') {
        let opens = !before.ends_with(|letter: char| !letter.is_whitespace())
            && after.starts_with(char::is_alphanumeric);
        let closed = after.split_once('*').filter(|(inner, tail)| {
            inner.ends_with(char::is_alphanumeric) && !tail.starts_with(char::is_alphanumeric)
        });
        let (true, Some((inner, tail))) = (opens, closed) else {
            break;
        };
        if !before.is_empty() {
            found.push(Part::Plain(before));
        }
        found.push(Part::Stress(inner));
        rest = tail;
    }
    if !rest.is_empty() {
        found.push(Part::Plain(rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_stands_between_two_backticks() {
        assert_eq!(
            parts("`touch` opens `/data/x`, once"),
            [
                Part::Code("touch"),
                Part::Plain(" opens "),
                Part::Code("/data/x"),
                Part::Plain(", once"),
            ]
        );
    }

    #[test]
    fn stress_is_a_word_between_two_stars_and_a_pattern_is_not() {
        assert_eq!(
            parts("it *asks*, under /data/** and *"),
            [
                Part::Plain("it "),
                Part::Stress("asks"),
                Part::Plain(", under /data/** and *"),
            ]
        );
    }

    #[test]
    fn a_backtick_without_a_partner_is_text() {
        assert_eq!(parts("a ` b"), [Part::Plain("a ` b")]);
    }
}
