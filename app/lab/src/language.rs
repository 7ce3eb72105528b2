//! What an editor is told about a file besides its faults: colours, folds,
//! what may be written at a place, what a word means. All of it comes from the
//! parsers that decide.

use crate::{
    message::{Language, Span, Suggestion, Token, TokenKind},
    workspace::Toolchain,
};
use cluster::{schema, version::Version, yaml};

/// The pieces to colour and the blocks to fold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structure {
    /// As in [`crate::message::FileView::tokens`].
    pub tokens: Vec<Token>,
    /// As in [`crate::message::FileView::folds`].
    pub folds: Vec<Span>,
}

/// What may stand at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The bytes that a suggestion replaces.
    pub span: Span,
    /// In the order in which they are shown.
    pub items: Vec<Suggestion>,
}

/// The structure of a text.
pub fn structure(language: Language, text: &str) -> Structure {
    match language {
        Language::AppArmor => profile(text),
        Language::Manifest | Language::Seccomp => tree(text),
        Language::Shell | Language::Plain => Structure::default(),
    }
}

/// What may be written at the byte `at` of a text.
pub fn suggest(
    language: Language,
    text: &str,
    at: usize,
    toolchain: &Toolchain,
    kubernetes: Version,
) -> Suggestions {
    let suggestion = |text: &str, about: &str| Suggestion {
        text: text.to_owned(),
        about: about.to_owned(),
    };
    match language {
        Language::AppArmor => {
            let found = apparmor::complete::complete(text, at, &toolchain.sources);
            Suggestions {
                span: Span {
                    start: found.start,
                    end: found.end,
                },
                items: found
                    .candidates
                    .iter()
                    .map(|candidate| suggestion(&candidate.text, candidate.kind))
                    .collect(),
            }
        }
        Language::Manifest => {
            let found = schema::complete(text, at, kubernetes);
            Suggestions {
                span: Span {
                    start: found.span.start,
                    end: found.span.end,
                },
                items: found
                    .candidates
                    .iter()
                    .map(|(text, about)| suggestion(text, about))
                    .collect(),
            }
        }
        Language::Seccomp => {
            let found = seccomp::complete::complete(text, at);
            Suggestions {
                span: Span {
                    start: found.span.start,
                    end: found.span.end,
                },
                items: found
                    .candidates
                    .iter()
                    .map(|candidate| suggestion(candidate, ""))
                    .collect(),
            }
        }
        Language::Shell | Language::Plain => Suggestions::default(),
    }
}

/// What the word at the byte `at` means, and where it stands.
pub fn explain(language: Language, text: &str, at: usize) -> Option<(Span, String)> {
    match language {
        Language::AppArmor => {
            let found = apparmor::hover::hover(text, at)?;
            let range = found.span.range();
            Some((
                Span {
                    start: range.start,
                    end: range.end,
                },
                found.text,
            ))
        }
        Language::Manifest => schema::describe(text, at).map(|(span, words)| {
            let span = Span {
                start: span.start,
                end: span.end,
            };
            (span, words)
        }),
        Language::Seccomp => seccomp::complete::describe(text, at).map(|(span, words)| {
            let span = Span {
                start: span.start,
                end: span.end,
            };
            (span, words)
        }),
        Language::Shell | Language::Plain => None,
    }
}

fn profile(text: &str) -> Structure {
    let parsed = apparmor::parse("policy", text);
    Structure {
        tokens: parsed.tokens.iter().filter_map(profile_token).collect(),
        folds: apparmor::token::folds(text, &parsed.tokens)
            .iter()
            .map(|fold| Span {
                start: fold.range().start,
                end: fold.range().end,
            })
            .collect(),
    }
}

fn profile_token(token: &apparmor::token::Token) -> Option<Token> {
    use apparmor::token::TokenKind as Kind;
    let kind = match token.kind {
        Kind::Space => return None,
        Kind::Comment => TokenKind::Comment,
        Kind::Keyword => TokenKind::Keyword,
        Kind::Permissions => TokenKind::Permissions,
        Kind::Word | Kind::Path => TokenKind::Path,
        Kind::Variable => TokenKind::Variable,
        Kind::Condition => TokenKind::Name,
        Kind::Value => TokenKind::String,
        Kind::Punctuation => TokenKind::Punctuation,
        Kind::Unknown => TokenKind::Error,
    };
    let range = token.span.range();
    Some(Token {
        start: range.start,
        end: range.end,
        kind,
    })
}

/// YAML, and JSON, which YAML includes.
fn tree(text: &str) -> Structure {
    let found = yaml::structure(text);
    let token = |token: &yaml::Token| Token {
        start: token.span.start,
        end: token.span.end,
        kind: match token.kind {
            yaml::TokenKind::Key => TokenKind::Keyword,
            yaml::TokenKind::Text => TokenKind::String,
            yaml::TokenKind::Number => TokenKind::Number,
            yaml::TokenKind::Word => TokenKind::Permissions,
            yaml::TokenKind::Comment => TokenKind::Comment,
            yaml::TokenKind::Alias => TokenKind::Variable,
        },
    };
    Structure {
        tokens: found.tokens.iter().map(token).collect(),
        folds: found
            .folds
            .iter()
            .map(|fold| Span {
                start: fold.start,
                end: fold.end,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_lies_in_its_text_and_none_lies_on_another() {
        let profile = "profile a {\n  /é/** rw, # ü\n}\n";
        let pod = "kind: Pod # é\nspec:\n  containers: [{name: a}]\n";
        for (language, text) in [
            (Language::AppArmor, profile),
            (Language::Manifest, pod),
            (Language::Seccomp, "{\"a\": [1,\n 2]}"),
        ] {
            let found = structure(language, text);
            assert!(!found.tokens.is_empty());
            let mut done = 0;
            for token in &found.tokens {
                assert!(token.start >= done, "{token:?} of {text}");
                assert!(text.get(token.start..token.end).is_some());
                done = token.end;
            }
        }
    }
}
