//! Collects the patterns of one automaton.

use crate::{
    automaton::{
        Automaton, Expression, ExpressionError, GlobError, Nfa, TooLarge, glob_to_expression,
    },
    decision::{Effect, RuleId},
    precedence::{Entry, Scheme, Transition},
    tree::{Prefix, Qualifier},
};

/// Why a rule's pattern makes no automaton.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// A glob that the parser refuses: the glob and what is wrong with it.
    #[error("the pattern {0:?} is malformed")]
    Glob(String, Vec<GlobError>),
    /// A glob whose expression cannot be read, such as one with an empty class.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// Too many states.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// What a pattern gives or takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant {
    pub(crate) rule: RuleId,
    pub(crate) effect: Effect,
    pub(crate) priority: i32,
    pub(crate) bits: u32,
    /// The bits it logs or, for a deny, keeps quiet.
    pub(crate) audit: u32,
    pub(crate) transition: Option<Transition>,
}

impl Grant {
    /// What a rule with this prefix does with `bits`: an audited rule logs what it grants; a deny
    /// that is not audited keeps quiet about what it refuses.
    pub(crate) fn new(rule: RuleId, prefix: Prefix, bits: u32) -> Self {
        let effect = effect(prefix);
        let marks = prefix.audit != (effect == Effect::Deny);
        Self {
            rule,
            effect,
            priority: prefix.priority,
            bits,
            audit: if marks { bits } else { 0 },
            transition: None,
        }
    }
}

/// What a rule with this prefix does.
pub(crate) fn effect(prefix: Prefix) -> Effect {
    match prefix.qualifier {
        Some(Qualifier::Deny) => Effect::Deny,
        Some(Qualifier::Prompt) => Effect::Prompt,
        Some(Qualifier::Allow) | None => Effect::Allow,
    }
}

/// The patterns of one automaton.
#[derive(Debug)]
pub(crate) struct ClassBuilder {
    nfa: Nfa,
    entries: Vec<Entry>,
    scheme: Scheme,
}

impl ClassBuilder {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self {
            nfa: Nfa::default(),
            entries: Vec::new(),
            scheme,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn nfa(&self) -> &Nfa {
        &self.nfa
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a pattern, given as an expression.
    pub(crate) fn add(&mut self, expression: &[u8], grant: Grant) -> Result<(), PatternError> {
        let expression = Expression::parse(expression)?;
        let number = u32::try_from(self.entries.len()).map_err(|_| TooLarge)?;
        self.nfa.add(&expression, number)?;
        self.entries.push(Entry {
            rule: grant.rule,
            effect: grant.effect,
            priority: grant.priority,
            exact: expression.is_exact(),
            bits: grant.bits,
            audit: grant.audit,
            transition: grant.transition,
        });
        Ok(())
    }

    pub(crate) fn build(self) -> Automaton {
        Automaton::new(self.nfa, self.entries, self.scheme)
    }
}

/// Appends a glob as an expression.
pub(crate) fn push_glob(glob: &str, out: &mut Vec<u8>) -> Result<(), PatternError> {
    glob_to_expression(glob.as_bytes(), out)
        .map_err(|errors| PatternError::Glob(glob.to_owned(), errors))
}

/// Appends a byte as an escape.
pub(crate) fn push_byte(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(&[
        b'\\',
        b'x',
        DIGITS[usize::from(byte >> 4)],
        DIGITS[usize::from(byte & 15)],
    ]);
}
