//! Sentences with code and stress in them, written as in Markdown: "it
//! *asks*, and the kernel answers `EACCES`".

use leptos::prelude::*;

/// The sentence with its `code` set in the code face and its *stress* set in
/// italics. A mark without a partner is shown as it is.
pub fn words(sentence: &str) -> impl IntoView + use<> {
    parts(sentence)
        .into_iter()
        .map(|part| match part {
            Part::Plain(text) => text.into_any(),
            Part::Code(text) => view! { <code>{text}</code> }.into_any(),
            Part::Stress(text) => view! { <em>{text}</em> }.into_any(),
        })
        .collect_view()
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Code(String),
    Stress(String),
}

fn parts(sentence: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, tail)) = after.split_once('`')
    {
        stressed(before, &mut found);
        found.push(Part::Code(code.to_owned()));
        rest = tail;
    }
    stressed(rest, &mut found);
    found
}

/// Splits a text without code at its `*stress*`. A pattern such as `/data/**`
/// is none: stress begins before a letter and ends after one.
fn stressed(text: &str, found: &mut Vec<Part>) {
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
            found.push(Part::Plain(before.to_owned()));
        }
        found.push(Part::Stress(inner.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        found.push(Part::Plain(rest.to_owned()));
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
                Part::Code("touch".into()),
                Part::Plain(" opens ".into()),
                Part::Code("/data/x".into()),
                Part::Plain(", once".into()),
            ]
        );
    }

    #[test]
    fn stress_is_a_word_between_two_stars_and_a_pattern_is_not() {
        assert_eq!(
            parts("it *asks*, under /data/** and *"),
            [
                Part::Plain("it ".into()),
                Part::Stress("asks".into()),
                Part::Plain(", under /data/** and *".into()),
            ]
        );
    }

    #[test]
    fn a_backtick_without_a_partner_is_text() {
        assert_eq!(parts("a ` b"), [Part::Plain("a ` b".into())]);
    }
}
