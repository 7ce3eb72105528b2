//! Effective profiles: what a policy comes to once includes, variables,
//! conditionals and aliases are followed.
//!
//! This is what the compiler reads. A rule here is a rule of the tree whose
//! texts are expanded, with the prefix of the blocks around it, and with the
//! place it came from.

use std::sync::Arc;

use crate::{
    diagnostic::Diagnostic,
    features::Features,
    source::{Files, Span},
    tree::{Flags, Keyword, Prefix, RuleKind, Text},
};

/// A policy, expanded.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// Every file that was opened.
    pub files: Files,
    /// The names of the outermost profiles as written, in the order of the text.
    pub names: Vec<Text>,
    /// The profiles in the order of the text, each parent before its children.
    ///
    /// Complete only where no diagnostic is an error: the real parser loads nothing then.
    pub profiles: Vec<EffectiveProfile>,
    /// What the policy is compiled for: [`crate::Options::effective_features`] of its first `abi`.
    pub features: Features,
    /// Findings in the order in which the real parser comes upon them.
    pub diagnostics: Vec<Diagnostic>,
}

/// One profile, child or hat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveProfile {
    /// Its name.
    pub name: ProfileName,
    /// The index of its parent in [`Expanded::profiles`].
    pub parent: Option<usize>,
    /// The word it was written with.
    pub keyword: Keyword,
    /// The patterns it attaches by, variables expanded, several values as an alternation.
    /// None for a name without a leading `/` and without an attachment.
    pub attachment: Option<String>,
    /// The attachment again for every alias that its start names.
    pub aliased_attachments: Vec<String>,
    /// Extended attributes that attachment asks for: name and value pattern.
    pub xattrs: Vec<(String, Option<String>)>,
    /// Its flags; a child does not inherit its parent's.
    pub flags: Flags,
    /// Its rules in the order of the text, blocks and conditionals flattened.
    pub rules: Vec<EffectiveRule>,
    /// Where it is written.
    pub span: Span,
    /// From its first word to the opening brace.
    pub head: Span,
}

/// The name of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileName {
    /// The namespace, without colons.
    pub namespace: Option<String>,
    /// The name within its parent: `child`.
    pub local: String,
    /// The name with its parents: `parent//child`.
    pub full: String,
}

/// One rule, expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveRule {
    /// Its prefix, that of the blocks around it included.
    pub prefix: Prefix,
    /// What it says; every text is expanded: no `@{…}` is left, a variable of
    /// several values has become an alternation `{a,b}`, doubled slashes are one.
    /// An alias adds further rules.
    pub kind: RuleKind,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a rule came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The rule as written; [`Files`] gives its file, line, text and include chain.
    pub span: Span,
    /// The variables it used, in order of use.
    pub variables: Vec<Arc<VariableUse>>,
    /// The alias that made this rule out of the written one.
    pub alias: Option<Span>,
    /// Added by the parser itself: what `change_profile` and hats need of `/proc`.
    pub implied: bool,
}

/// A variable that a rule used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// Its name without `@{}`.
    pub name: String,
    /// The values it had.
    pub values: Vec<String>,
    /// Where the values were given; empty for automatic variables.
    pub definitions: Vec<Span>,
}
