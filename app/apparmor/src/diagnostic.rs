//! What a learner is told about a policy text.

pub mod codes;

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the policy means what it says.
    Hint,
    /// Accepted, but most likely not what was meant.
    Warning,
    /// The real parser refuses the file.
    Error,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code, `AA` and four digits.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The place to look at, which may be earlier than where the real parser noticed.
    pub span: Span,
    /// One plain sentence.
    pub sentence: String,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<Related>,
    /// What the real parser prints, where it says anything.
    pub tool: Option<ToolMessage>,
    /// The obvious change, where there is one.
    pub fix: Option<Fix>,
}

/// A stable diagnostic code: `AA` and four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AA{:04}", self.0)
    }
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What it has to do with it.
    pub note: String,
}

/// The real parser's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolMessage {
    /// The line it names, counted in the file it was reading then; some messages name none.
    pub line: Option<u32>,
    /// The message, without `AppArmor parser error … at line N: `; one string per printed line.
    pub lines: Vec<String>,
}

/// A change of the text that repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a button would say it.
    pub label: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Replaces a span by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, span: Span, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, sentence)
    }

    /// A warning.
    pub fn warning(code: Code, span: Span, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, sentence)
    }

    /// A hint.
    pub fn hint(code: Code, span: Span, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Hint, code, span, sentence)
    }

    fn new(severity: Severity, code: Code, span: Span, sentence: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            span,
            sentence: sentence.into(),
            related: Vec::new(),
            tool: None,
            fix: None,
        }
    }

    /// With a line of what the real parser prints.
    #[must_use]
    pub fn tool(mut self, line: Option<u32>, wording: impl Into<String>) -> Self {
        let tool = self.tool.get_or_insert(ToolMessage {
            line,
            lines: Vec::new(),
        });
        tool.lines.push(wording.into());
        self
    }

    /// With a fix that makes one edit.
    #[must_use]
    pub fn fix(mut self, label: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        let edit = Edit {
            span,
            text: text.into(),
        };
        self.fix = Some(Fix {
            label: label.into(),
            edits: vec![edit],
        });
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, note: impl Into<String>) -> Self {
        self.related.push(Related {
            span,
            note: note.into(),
        });
        self
    }
}
