//! The tree: what a policy text says, with the place of every part.
//!
//! A tree is built from any text. Where the text is wrong, the part that could
//! not be understood is missing and a diagnostic tells of it.

mod condition;
mod preamble;
mod profile;
mod rule;

pub use condition::{Comparison, Condition, Operand};
pub use preamble::{Abi, Alias, Assignment, BooleanVariable, Include, SetVariable};
pub use profile::{
    Block, Body, Conditional, Flag, Flags, Keyword, ModeFlag, Profile, Statement, Xattr,
};
pub use rule::{
    AddressConditions, Capability, ChangeProfile, ConditionList, Dbus, ExecMode, ExecTarget, File,
    FilePermissions, IoUring, Link, Mount, MountKind, Mqueue, NamedCondition, Network, Operator,
    Owner, PivotRoot, Prefix, Ptrace, Qualifier, Rlimit, Rule, RuleKind, Safety, Signal, Unix,
    Userns,
};

use crate::source::Span;

/// A word as the parser understands it, and where it stands.
///
/// Quotes are gone and the escapes that only protect a character from the
/// lexer (`\ `, `\"`, `\,`, `\!`, `\#`) are undone; pattern escapes stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    /// The word.
    pub value: String,
    /// Where it is written, quotes included.
    pub span: Span,
}

impl Text {
    /// A word and its place.
    pub fn new(value: impl Into<String>, span: Span) -> Self {
        Self {
            value: value.into(),
            span,
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// A whole policy: the first file with, where includes were followed, what they hold
/// in the place where they stand (each part's span tells its file).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The parts in the order of the text.
    pub items: Vec<Item>,
}

impl Tree {
    /// How many rules and includes the profiles have, those in blocks, hats and
    /// branches counted too.
    pub fn rules(&self) -> usize {
        self.items
            .iter()
            .map(|item| match item {
                Item::Profile(profile) => profile.body.rules(),
                _ => 0,
            })
            .sum()
    }
}

/// A part at the outermost level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `abi <abi/4.0>,`
    Abi(Abi),
    /// `include <tunables/global>`
    Include(Include),
    /// `alias /a/ -> /b/,`
    Alias(Alias),
    /// `@{NAME} = value …`
    Set(SetVariable),
    /// `$NAME = true`
    Boolean(BooleanVariable),
    /// `profile … { … }`
    Profile(Profile),
}

impl Item {
    /// The profile that the part is.
    pub fn profile(self) -> Option<Profile> {
        match self {
            Self::Profile(profile) => Some(profile),
            _ => None,
        }
    }

    /// Where the part stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Abi(part) => part.span,
            Self::Include(part) => part.span,
            Self::Alias(part) => part.span,
            Self::Set(part) => part.span,
            Self::Boolean(part) => part.span,
            Self::Profile(part) => part.span,
        }
    }
}
