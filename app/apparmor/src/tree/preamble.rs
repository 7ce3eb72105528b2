//! What stands before the first profile.

use super::{Condition, Text};
use crate::source::Span;

/// `abi <abi/4.0>,`: the feature set the policy was written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abi {
    /// The path of the feature file.
    pub path: Text,
    /// Written in `<>`, so looked up below the search folders.
    pub magic: bool,
    /// The whole rule.
    pub span: Span,
}

/// `include <abstractions/base>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The path.
    pub path: Text,
    /// Written in `<>`, so looked up below the search folders.
    pub magic: bool,
    /// `include if exists`.
    pub if_exists: bool,
    /// Written as `#include`.
    pub hash: bool,
    /// The whole directive.
    pub span: Span,
}

/// `alias /a/ -> /b/,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// What rules may name.
    pub from: Text,
    /// What they then also name.
    pub to: Text,
    /// The whole rule.
    pub span: Span,
}

/// How a variable is given its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assignment {
    /// `=`: declares it; an error where it exists.
    Set,
    /// `+=`: adds to it; an error where it does not exist.
    Append,
    /// `?=`: declares it unless it exists.
    SetIfUnset,
    /// `:=`: declares it anew.
    Override,
}

/// `@{NAME} = value …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetVariable {
    /// The variable as written, with `@` and braces.
    pub name: Text,
    /// How the values are given.
    pub assignment: Assignment,
    /// The values.
    pub values: Vec<Text>,
    /// The whole line.
    pub span: Span,
}

/// `$NAME = true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BooleanVariable {
    /// The variable as written, with `$` and braces.
    pub name: Text,
    /// How the value is given.
    pub assignment: Assignment,
    /// The value.
    pub value: Condition,
    /// The whole line.
    pub span: Span,
}
