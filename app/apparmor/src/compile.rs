//! From text to compiled profiles.

use std::sync::Arc;

use crate::{
    diagnostic::Diagnostic,
    expand::expand,
    options::Options,
    profile::Profile,
    source::{Files, SourceSet},
    tree::Tree,
};

/// A compiled policy text.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Every file that was opened; spans in the diagnostics and rules lie in them.
    pub files: Arc<Files>,
    /// What the text says, included files in their places.
    pub tree: Tree,
    /// The profiles in the order of the text, each parent before its children. Empty where a
    /// diagnostic is an error: the real parser loads nothing then.
    pub profiles: Vec<Arc<Profile>>,
    /// Findings in the order in which the real parser comes upon them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a policy text. Never fails: what is wrong stands in the diagnostics.
pub fn compile(file_name: &str, text: &str, sources: &SourceSet, options: &Options) -> Compiled {
    let expanded = expand(file_name, text, sources, options);
    Compiled {
        files: Arc::new(expanded.files),
        tree: expanded.tree,
        profiles: Vec::new(),
        diagnostics: expanded.diagnostics,
    }
}
