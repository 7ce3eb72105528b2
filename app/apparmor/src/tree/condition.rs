//! What stands between `if` and its block.

use super::Text;
use crate::source::Span;

/// A condition on variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `$NAME`
    Boolean(Text),
    /// `defined @{NAME}` or `defined $NAME`
    Defined(Text),
    /// `true`, `false`, or a word or variable that holds one of them
    Word(Operand),
    /// `@{A} == @{B}` and its kin
    Compare(Operand, Comparison, Operand),
    /// `not c`
    Not(Box<Condition>, Span),
    /// `c and c …`
    And(Vec<Condition>),
    /// `c or c …`
    Or(Vec<Condition>),
    /// `( c )`
    Group(Box<Condition>, Span),
}

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A word.
    Word(Text),
    /// `@{NAME}`.
    Variable(Text),
}

impl Operand {
    /// The text of either kind.
    pub fn text(&self) -> &Text {
        match self {
            Self::Word(text) | Self::Variable(text) => text,
        }
    }
}

/// An operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `in`
    In,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Condition {
    /// Whether it asks whether a word is `true`.
    pub fn has_word(&self) -> bool {
        match self {
            Self::Word(_) => true,
            Self::Not(inner, _) | Self::Group(inner, _) => inner.has_word(),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::has_word),
            Self::Boolean(_) | Self::Defined(_) | Self::Compare(..) => false,
        }
    }
}
