//! Sentences with code in them, written as in Markdown: "answers `EACCES`".

use leptos::prelude::*;

/// The sentence with its `code` set in the code face. A backtick without a
/// partner is shown as it is.
pub fn words(sentence: &str) -> impl IntoView + use<> {
    parts(sentence)
        .into_iter()
        .map(|part| match part {
            Part::Plain(text) => text.into_any(),
            Part::Code(text) => view! { <code>{text}</code> }.into_any(),
        })
        .collect_view()
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Code(String),
}

fn parts(sentence: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, tail)) = after.split_once('`')
    {
        if !before.is_empty() {
            found.push(Part::Plain(before.to_owned()));
        }
        found.push(Part::Code(code.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        found.push(Part::Plain(rest.to_owned()));
    }
    found
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
    fn a_backtick_without_a_partner_is_text() {
        assert_eq!(parts("a ` b"), [Part::Plain("a ` b".into())]);
    }
}
