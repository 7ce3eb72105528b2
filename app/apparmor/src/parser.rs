//! From text to tree.

use std::sync::Arc;

use crate::{
    diagnostic::{Code, Diagnostic, Severity},
    effective::Expanded,
    options::Options,
    source::{Files, SourceSet, Span},
    token::Token,
    tree::Tree,
};

/// One text, read by itself: its includes are not followed.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The table with the one file.
    pub files: Files,
    /// What it says.
    pub tree: Tree,
    /// The text in pieces.
    pub tokens: Vec<Token>,
    /// Findings in the order in which the real parser comes upon them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one text. Never fails: what is wrong with it stands in the diagnostics.
pub fn parse(file_name: &str, text: &str) -> Parsed {
    let mut files = Files::default();
    let file = files.open(file_name, Arc::from(text), None);
    Parsed {
        files,
        diagnostics: vec![unread(Span {
            file,
            start: 0,
            end: 0,
        })],
        ..Parsed::default()
    }
}

/// Reads a policy with the files it includes, down to the effective rules.
pub fn expand(file_name: &str, text: &str, _sources: &SourceSet, _options: &Options) -> Expanded {
    let Parsed {
        files,
        tree,
        diagnostics,
        ..
    } = parse(file_name, text);
    Expanded {
        files,
        tree,
        diagnostics,
        ..Expanded::default()
    }
}

fn unread(span: Span) -> Diagnostic {
    Diagnostic {
        code: Code(1),
        severity: Severity::Error,
        span,
        sentence: "Policy text is not read yet.".to_owned(),
        related: Vec::new(),
        tool: None,
        fix: None,
    }
}
