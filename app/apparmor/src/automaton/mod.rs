//! Automata: which rules match a string.
//!
//! The rules' expressions become one nondeterministic automaton, which is linear in their size
//! and so quick to build after every edit. Deterministic states are made the first time a string
//! comes by them and kept, so that a warm match costs one table look-up a byte. What is kept
//! never changes an answer.

mod expression;
mod glob;
mod nfa;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub(crate) use expression::{Expression, ExpressionError};
pub(crate) use glob::{GlobError, glob_to_expression};
pub(crate) use nfa::{Nfa, State, TooLarge, Visited};

use crate::precedence::{Answer, Entry, Scheme};

/// How many deterministic states are kept before they are dropped and made anew.
const MAX_KEPT_STATES: usize = 20_000;
/// How many transitions of them are kept, in the same way.
const MAX_KEPT_TRANSITIONS: usize = 2_000_000;

/// The row of the state in which nothing matches any more.
const DEAD: u32 = 0;
/// A transition that has not been asked for.
const UNKNOWN: u32 = u32::MAX;

/// The rules of one class, ready to be matched.
#[derive(Debug)]
pub(crate) struct Automaton {
    nfa: Nfa,
    entries: Vec<Entry>,
    scheme: Scheme,
    classes: [u8; 256],
    class_count: usize,
    kept: Mutex<Kept>,
}

/// The deterministic states made so far.
///
/// A state goes by the place where its row starts in `rows`. A row is the row of the next state
/// for each class of bytes, then the state's number in `states` and `answers`.
#[derive(Debug, Default)]
struct Kept {
    rows: Vec<u32>,
    states: Vec<Arc<[u32]>>,
    answers: Vec<Option<Arc<Answer>>>,
    by_states: HashMap<Arc<[u32]>, u32>,
    by_rules: HashMap<Vec<u32>, Arc<Answer>>,
    visited: Visited,
}

impl Automaton {
    /// The automaton of `nfa`, whose expressions are numbered as `entries`.
    pub(crate) fn new(nfa: Nfa, entries: Vec<Entry>, scheme: Scheme) -> Self {
        let (classes, class_count) = nfa.byte_classes();
        Self {
            nfa,
            entries,
            scheme,
            classes,
            class_count,
            kept: Mutex::default(),
        }
    }

    /// Begins to match.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let full = kept.states.len() > MAX_KEPT_STATES || kept.rows.len() > MAX_KEPT_TRANSITIONS;
        if kept.states.is_empty() || full {
            kept.restart(self);
        }
        Walk {
            automaton: self,
            kept,
            state: self.start(),
        }
    }

    /// The length of a row.
    fn width(&self) -> usize {
        self.class_count + 1
    }

    /// The row of the state before the first byte.
    fn start(&self) -> u32 {
        u32::try_from(self.width()).unwrap_or(DEAD)
    }
}

impl Kept {
    fn restart(&mut self, automaton: &Automaton) {
        *self = Self::default();
        self.add(automaton, Vec::new());
        let start = automaton
            .nfa
            .closure(automaton.nfa.starts().iter().copied(), &mut self.visited);
        self.add(automaton, start);
    }

    fn add(&mut self, automaton: &Automaton, states: Vec<u32>) -> u32 {
        let states: Arc<[u32]> = states.into();
        let row = u32::try_from(self.rows.len()).unwrap_or(UNKNOWN);
        let number = u32::try_from(self.states.len()).unwrap_or(UNKNOWN);
        self.rows
            .resize(self.rows.len() + automaton.class_count, UNKNOWN);
        self.rows.push(number);
        self.states.push(states.clone());
        self.answers.push(None);
        self.by_states.entry(states).or_insert(row);
        row
    }

    /// Follows bytes from a state.
    fn run(&mut self, automaton: &Automaton, mut state: u32, bytes: &[u8]) -> u32 {
        for byte in bytes {
            if state == DEAD {
                break;
            }
            let class = usize::from(automaton.classes[usize::from(*byte)]);
            let at = state as usize + class;
            let known = self.rows[at];
            state = if known == UNKNOWN {
                self.step(automaton, state, at, *byte)
            } else {
                known
            };
        }
        state
    }

    /// Makes the transition that belongs at a place of a row.
    fn step(&mut self, automaton: &Automaton, state: u32, at: usize, byte: u8) -> u32 {
        let from = self.states[self.number(automaton, state)].clone();
        let nfa = &automaton.nfa;
        let next = nfa.closure(nfa.after(&from, byte), &mut self.visited);
        let next = if next.is_empty() {
            DEAD
        } else if let Some(known) = self.by_states.get(next.as_slice()) {
            *known
        } else {
            self.add(automaton, next)
        };
        self.rows[at] = next;
        next
    }

    /// The number of a state.
    fn number(&self, automaton: &Automaton, state: u32) -> usize {
        self.rows[state as usize + automaton.class_count] as usize
    }
}

/// A match under way.
pub(crate) struct Walk<'a> {
    automaton: &'a Automaton,
    kept: MutexGuard<'a, Kept>,
    state: u32,
}

impl Walk<'_> {
    /// Reads bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.state = self.kept.run(self.automaton, self.state, bytes);
        self
    }

    /// Reads one byte.
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        self.bytes(&[byte])
    }

    /// Whether nothing can match any more.
    pub(crate) fn is_dead(&self) -> bool {
        self.state == DEAD
    }

    /// Goes back to the start.
    pub(crate) fn restart(&mut self) -> &mut Self {
        self.state = self.automaton.start();
        self
    }

    /// What the rules that end here give.
    pub(crate) fn answer(&mut self) -> Arc<Answer> {
        let state = self.kept.number(self.automaton, self.state);
        if let Some(answer) = &self.kept.answers[state] {
            return answer.clone();
        }
        let mut rules: Vec<u32> = self
            .automaton
            .nfa
            .accepted(&self.kept.states[state])
            .collect();
        rules.sort_unstable();
        let answer = self.kept.by_rules.get(&rules).cloned().unwrap_or_else(|| {
            let matched = rules
                .iter()
                .map(|rule| &self.automaton.entries[*rule as usize]);
            Arc::new(Answer::of(&matched, self.automaton.scheme))
        });
        self.kept.by_rules.insert(rules, answer.clone());
        self.kept.answers[state] = Some(answer.clone());
        answer
    }
}
