//! What keeps a profile from being compiled, told as a diagnostic.

use super::class::PatternError;
use crate::{
    automaton::GlobError,
    diagnostic::{Code, Diagnostic, Related, Severity, ToolMessage, codes},
    effective::EffectiveProfile,
    source::Span,
};

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
    /// An attachment whose automaton grows too large.
    Attachment(Span),
}

impl Problem {
    pub(crate) fn diagnostic(self, profile: &EffectiveProfile) -> Diagnostic {
        let name = &profile.name.full;
        match self {
            Self::Pattern(span, PatternError::Glob(glob, errors)) => {
                let first = errors.first().copied().unwrap_or(GlobError::Unclosed);
                let mut lines: Vec<String> =
                    errors.iter().filter_map(|error| error.wording()).collect();
                lines.push(format!("Unable to parse input line '{glob}'"));
                lines.push(not_processed(name));
                error(first.code(), span, first.sentence().to_owned(), lines)
            }
            Self::Pattern(span, PatternError::Expression(_)) => error(
                GlobError::BadClass.code(),
                span,
                GlobError::BadClass.sentence().to_owned(),
                vec![not_processed(name)],
            ),
            Self::Pattern(span, PatternError::TooLarge(large)) => error(
                codes::TOO_COMPLEX,
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
            Self::Attachment(span) => error(
                codes::TOO_COMPLEX,
                span,
                "The attachment of this profile has too many wildcards to be compiled.".to_owned(),
                Vec::new(),
            ),
            Self::Entangled(span) => error(
                codes::TOO_COMPLEX,
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
        ..error(codes::EXEC_CONFLICT, second, sentence, lines)
    }
}
