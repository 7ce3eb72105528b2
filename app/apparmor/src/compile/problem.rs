//! What keeps a profile from being compiled, told as a diagnostic.

use super::class::PatternError;
use crate::{
    automaton::GlobError,
    diagnostic::{Code, Diagnostic, Related, Severity, ToolMessage},
    effective::EffectiveProfile,
    source::Span,
};

/// An exec conflict.
const EXEC_CONFLICT: Code = Code(408);
/// A brace or bracket that is not closed.
const UNCLOSED_GROUP: Code = Code(601);
/// An alternation with fewer than two items.
const TOO_FEW_ITEMS: Code = Code(602);
/// A closing brace or bracket without an opening one.
const UNOPENED_GROUP: Code = Code(603);
/// Braces nested too deeply.
const GROUP_TOO_DEEP: Code = Code(604);
/// A backslash at the end.
const TRAILING_BACKSLASH: Code = Code(605);
/// A class without a character or with a `-` that has no end.
const BAD_CLASS: Code = Code(606);
/// Patterns too large or too entangled to be compiled.
const TOO_COMPLEX: Code = Code(607);

/// What keeps a profile from being compiled.
#[derive(Debug)]
pub(crate) enum Problem {
    /// A pattern that makes no automaton, and where it stands.
    Pattern(Span, PatternError),
    /// Two rules for one text with different exec modes.
    SameText { text: String, rules: [Span; 2] },
    /// Two rules with different exec modes that match a common path, such as this one.
    Overlap { path: String, rules: [Span; 2] },
    /// Exec rules so entangled that the search for overlaps was given up.
    Entangled(Span),
}

impl Problem {
    pub(crate) fn diagnostic(self, profile: &EffectiveProfile) -> Diagnostic {
        let name = &profile.name.full;
        match self {
            Self::Pattern(span, PatternError::Glob(glob, errors)) => {
                let first = errors.first().copied().unwrap_or(GlobError::Unclosed);
                let (code, sentence) = explain(first);
                let mut lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                lines.push(format!("Unable to parse input line '{glob}'"));
                lines.push(not_processed(name));
                error(code, span, sentence.to_owned(), lines)
            }
            Self::Pattern(span, PatternError::Expression(_)) => error(
                BAD_CLASS,
                span,
                "A class in brackets needs at least one character, and a `-` in it needs one on \
                 each side."
                    .to_owned(),
                vec![not_processed(name)],
            ),
            Self::Pattern(span, PatternError::TooLarge(large)) => error(
                TOO_COMPLEX,
                span,
                format!("The rules up to here are too large to compile: {large}."),
                Vec::new(),
            ),
            Self::SameText { text, rules } => conflict(
                rules,
                format!("Two rules for `{text}` ask for different exec modes."),
                vec![
                    format!("profile {name}: has merged rule {text} with conflicting x modifiers"),
                    format!("ERROR merging rules for profile {name}, failed to load"),
                ],
            ),
            Self::Overlap { path, rules } => conflict(
                rules,
                format!(
                    "Two rules with different exec modes match `{path}`, and neither is exact."
                ),
                vec![
                    "profile has merged rule with conflicting x modifiers".to_owned(),
                    not_processed(name),
                ],
            ),
            Self::Entangled(span) => error(
                TOO_COMPLEX,
                span,
                "The exec rules of this profile overlap in too many ways to be checked.".to_owned(),
                Vec::new(),
            ),
        }
    }
}

fn not_processed(name: &str) -> String {
    format!("ERROR processing regexs for profile {name}, failed to load")
}

fn explain(error: GlobError) -> (Code, &'static str) {
    match error {
        GlobError::Unclosed => (
            UNCLOSED_GROUP,
            "A `{` or `[` of this pattern is never closed.",
        ),
        GlobError::ItemCount => (
            TOO_FEW_ITEMS,
            "An alternation `{…}` needs at least two items, separated by a comma.",
        ),
        GlobError::StrayBrace => (
            UNOPENED_GROUP,
            "This pattern closes a `{` that it never opened.",
        ),
        GlobError::StrayBracket => (
            UNOPENED_GROUP,
            "This pattern closes a `[` that it never opened.",
        ),
        GlobError::TooDeep => (
            GROUP_TOO_DEEP,
            "The braces of this pattern nest too deeply.",
        ),
        GlobError::TrailingBackslash => (
            TRAILING_BACKSLASH,
            "A pattern cannot end in a single backslash.",
        ),
    }
}

fn error(code: Code, span: Span, sentence: String, lines: Vec<String>) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        span,
        sentence,
        related: Vec::new(),
        tool: (!lines.is_empty()).then_some(ToolMessage { line: None, lines }),
        fix: None,
    }
}

fn conflict(rules: [Span; 2], sentence: String, lines: Vec<String>) -> Diagnostic {
    let [first, second] = rules;
    Diagnostic {
        related: vec![Related {
            span: first,
            note: "the other rule".to_owned(),
        }],
        ..error(EXEC_CONFLICT, second, sentence, lines)
    }
}
