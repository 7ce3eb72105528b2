//! Profiles, hats, and what stands inside them.

use super::{Abi, Condition, Include, Prefix, Rule, Text};
use crate::source::Span;

/// A profile, child profile or hat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The word it starts with.
    pub keyword: Keyword,
    /// The name as written, with a namespace where there is one.
    pub name: Text,
    /// The attachment, where one is written beside the name.
    pub attachment: Option<Text>,
    /// `xattrs=(…)`.
    pub xattrs: Vec<Xattr>,
    /// `+ identities=(…)`.
    pub identities: Vec<Text>,
    /// `flags=(…)`.
    pub flags: Flags,
    /// What stands in the braces.
    pub body: Body,
    /// From the keyword or name to the closing brace.
    pub span: Span,
    /// From the keyword or name to the opening brace, that one not included.
    pub head: Span,
}

/// The word a profile starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// None: the name comes first.
    None,
    /// `profile`
    Profile,
    /// `hat`
    Hat,
    /// `^`
    Caret,
}

impl Keyword {
    /// Whether it makes a hat.
    pub fn is_hat(self) -> bool {
        matches!(self, Self::Hat | Self::Caret)
    }
}

/// One condition of `xattrs=(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xattr {
    /// The attribute's name.
    pub name: Text,
    /// The pattern of its value; none asks only that it exists.
    pub value: Option<Text>,
}

/// The flags of a profile, read.
///
/// The defaults are those of a profile without `flags=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The mode, where one is written; enforce otherwise.
    pub mode: Option<ModeFlag>,
    /// `audit`
    pub audit: bool,
    /// `attach_disconnected` (also set by `attach_disconnected.path=`).
    pub attach_disconnected: bool,
    /// `attach_disconnected.path=/x`
    pub attach_disconnected_path: Option<String>,
    /// `attach_disconnected.ipc`
    pub attach_disconnected_ipc: bool,
    /// `attach_disconnected.ipc=/x`
    pub attach_disconnected_ipc_path: Option<String>,
    /// `no_attach_disconnected`
    pub no_attach_disconnected: bool,
    /// `mediate_deleted`
    pub mediate_deleted: bool,
    /// `delegate_deleted`
    pub delegate_deleted: bool,
    /// `chroot_relative`
    pub chroot_relative: bool,
    /// `namespace_relative`
    pub namespace_relative: bool,
    /// `chroot_attach`
    pub chroot_attach: bool,
    /// `chroot_no_attach`
    pub chroot_no_attach: bool,
    /// `interruptible`
    pub interruptible: bool,
    /// `debug`, with a number where one is written; the parser takes no notice of it.
    pub debug: bool,
    /// `kill.signal=SIG`, a name of the signal table.
    pub kill_signal: Option<String>,
    /// `error=ECODE`, a name such as `EACCES`.
    pub error: Option<String>,
    /// The flags as written, in order.
    pub words: Vec<Flag>,
    /// From `flags` to the closing bracket; empty where none are written.
    pub span: Option<Span>,
}

/// One flag as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The word.
    pub text: Text,
}

/// A profile mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModeFlag {
    /// `enforce`
    Enforce,
    /// `complain`
    Complain,
    /// `kill`
    Kill,
    /// `unconfined`
    Unconfined,
    /// `prompt`
    Prompt,
    /// `default_allow`
    DefaultAllow,
}

/// What stands in braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The statements in order.
    pub statements: Vec<Statement>,
    /// From brace to brace.
    pub span: Span,
}

impl Body {
    /// See [`super::Tree::rules`].
    pub(super) fn rules(&self) -> usize {
        self.statements
            .iter()
            .map(|statement| match statement {
                Statement::Abi(_) => 0,
                Statement::Include(_) | Statement::Rule(_) => 1,
                Statement::Block(block) => block.body.rules(),
                Statement::Profile(profile) => profile.body.rules(),
                Statement::Conditional(branches) => {
                    let all = branches.branches.iter().map(|(_, body)| body);
                    all.chain(&branches.otherwise).map(Self::rules).sum()
                }
            })
            .sum()
    }
}

/// One statement of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `abi …,`
    Abi(Abi),
    /// `include …`
    Include(Include),
    /// A rule.
    Rule(Rule),
    /// Rules under a common prefix.
    Block(Block),
    /// A child profile or hat.
    Profile(Profile),
    /// `if … { } else …`
    Conditional(Conditional),
}

/// `audit deny { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What each rule of the block gets.
    pub prefix: Prefix,
    /// The rules.
    pub body: Body,
    /// From the prefix to the closing brace.
    pub span: Span,
}

/// `if … { } else if … { } else { }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditional {
    /// The index of the branch that holds; none for `else` and where none does.
    pub taken: Option<usize>,
    /// Each condition with its block, in order.
    pub branches: Vec<(Condition, Body)>,
    /// The last `else`.
    pub otherwise: Option<Body>,
    /// From `if` to the last closing brace.
    pub span: Span,
}

impl Conditional {
    /// The body that counts.
    pub fn chosen(&self) -> Option<&Body> {
        match self.taken {
            Some(index) => self.branches.get(index).map(|(_, body)| body),
            None => self.otherwise.as_ref(),
        }
    }

    /// The same, with the rest given up.
    pub fn into_chosen(self) -> Option<Body> {
        match self.taken {
            Some(index) => self.branches.into_iter().nth(index).map(|(_, body)| body),
            None => self.otherwise,
        }
    }
}
