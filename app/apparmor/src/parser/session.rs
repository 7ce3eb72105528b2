//! What is left when a reading is over.

use crate::{
    diagnostic::Diagnostic, features::Features, source::Files, token::Token, variables::Variables,
};

/// The products of a reading beside its tree.
pub struct Session {
    /// Every file opened.
    pub files: Files,
    /// The first file in pieces.
    pub tokens: Vec<Token>,
    /// The findings so far.
    pub diagnostics: Vec<Diagnostic>,
    /// The variables of the preamble.
    pub variables: Variables,
    /// The feature set of the first `abi` rule.
    pub policy_abi: Option<Features>,
}
