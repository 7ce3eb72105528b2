//! Exec conflicts: rules with different exec modes for one path.
//!
//! The parser refuses a profile in which two rules of equal rank match a common path and ask for
//! different exec modes (`is_merged_x_consistent`): for equal texts while it merges the rules, for
//! overlapping patterns while it makes the states of the automaton. Here only those states are
//! visited in which rules with different modes are still in play.

use std::collections::{HashMap, HashSet};

use super::{file::FileRules, problem::Problem};
use crate::{
    automaton::{Nfa, State, Visited},
    decision::{Effect, RuleId},
    precedence::exec_bit,
    profile::CompiledRule,
    source::Span,
};

/// How many states the search for overlaps may look at, one that is looked at again counted again.
/// They take half a second. The most entangled of some 2,000 real profiles needs 1.1 million.
const MAX_LOOKS: usize = 30_000_000;
/// How many states the sets that it keeps may hold together.
const MAX_KEPT: usize = 16_000_000;

/// An entry with an exec mode.
struct Candidate {
    entry: usize,
    /// Its place in the order in which the parser meets the entries of a state.
    order: usize,
    rank: i32,
    bits: u32,
    transition: u32,
}

/// Finds the first conflict.
pub(crate) fn check(file: &FileRules, rules: &[CompiledRule]) -> Result<(), Problem> {
    check_equal_texts(file, rules)?;
    let candidates = candidates(file);
    if in_play(&candidates, 0..candidates.len()) {
        Search::new(file.class.nfa(), &candidates).run(file, rules)?;
    }
    Ok(())
}

fn span(rules: &[CompiledRule], id: RuleId) -> Span {
    rules
        .get(id.0 as usize)
        .map(|rule| rule.origin.span)
        .unwrap_or_default()
}

fn check_equal_texts(file: &FileRules, rules: &[CompiledRule]) -> Result<(), Problem> {
    let mut first: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, this) in file.written.iter().enumerate() {
        let key = (
            &this.path,
            &this.link,
            this.prefix.priority,
            this.prefix.audit,
            this.prefix.qualifier,
        );
        let same = first.entry(key).or_default();
        for other in same.iter().map(|other| &file.written[*other]) {
            if other.bits & this.bits != 0 && other.transition.index != this.transition.index {
                return Err(Problem::SameText {
                    text: this.path.clone(),
                    rules: [span(rules, other.rule), span(rules, this.rule)],
                });
            }
        }
        same.push(index);
    }
    Ok(())
}

/// The entries with exec modes in the order in which the parser meets them: by priority, the
/// highest first, then by text; entries that do the same count as one and stand first.
fn candidates(file: &FileRules) -> Vec<Candidate> {
    let entries = file.class.entries();
    let texts: HashMap<usize, &str> = file
        .written
        .iter()
        .map(|written| (written.entry, written.path.as_str()))
        .collect();
    let exec = exec_bit(0) | exec_bit(1);
    let mut sorted: Vec<usize> = (0..entries.len())
        .filter(|index| {
            let entry = &entries[*index];
            entry.effect == Effect::Allow && entry.bits & exec != 0 && entry.transition.is_some()
        })
        .collect();
    sorted::sort_by_key(&mut sorted, |index| {
        let entry = &entries[*index];
        let text = texts.get(index).copied().unwrap_or_default();
        (-i64::from(entry.priority), text)
    });
    let mut places = HashMap::new();
    sorted
        .into_iter()
        .enumerate()
        .map(|(order, index)| {
            let entry = &entries[index];
            let transition = entry.transition.map_or(0, |transition| transition.index);
            let rank = entry.rank(true);
            let key = (rank, entry.bits, entry.audit, transition);
            Candidate {
                entry: index,
                order: *places.entry(key).or_insert(order),
                rank,
                bits: entry.bits & exec,
                transition,
            }
        })
        .collect()
}

/// Whether some of the candidates could conflict: equal rank and half, different transition.
fn in_play(candidates: &[Candidate], among: impl Iterator<Item = usize>) -> bool {
    let mut seen: Vec<(i32, u32, u32)> = Vec::new();
    for candidate in among.map(|index| &candidates[index]) {
        for (rank, bits, transition) in &seen {
            if *rank == candidate.rank
                && bits & candidate.bits != 0
                && *transition != candidate.transition
            {
                return true;
            }
        }
        let this = (candidate.rank, candidate.bits, candidate.transition);
        if !seen.contains(&this) {
            seen.push(this);
        }
    }
    false
}

/// A search through the sets of states that the candidates reach together.
struct Search<'a> {
    nfa: &'a Nfa,
    candidates: &'a [Candidate],
    /// The candidate that each state belongs to, by the state's number.
    owners: Vec<u32>,
    alphabet: Vec<u8>,
    visited: Visited,
    /// Each set met, with the set before it and the byte between.
    sets: Vec<(Vec<u32>, usize, u8)>,
}

impl<'a> Search<'a> {
    fn new(nfa: &'a Nfa, candidates: &'a [Candidate]) -> Self {
        let (classes, count) = nfa.byte_classes();
        let mut alphabet = vec![0; count];
        for byte in (0..=u8::MAX).rev() {
            alphabet[usize::from(classes[usize::from(byte)])] = byte;
        }
        let mut owners = vec![u32::MAX; nfa.len()];
        for (index, candidate) in candidates.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let states = nfa.states_of(candidate.entry);
            owners[states.start as usize..states.end as usize].fill(index);
        }
        Self {
            nfa,
            candidates,
            owners,
            alphabet,
            visited: Visited::default(),
            sets: Vec::new(),
        }
    }

    fn run(mut self, file: &FileRules, rules: &[CompiledRule]) -> Result<(), Problem> {
        let starts: Vec<u32> = self
            .candidates
            .iter()
            .map(|candidate| self.nfa.starts()[candidate.entry])
            .collect();
        let start = self.nfa.closure(starts, &mut self.visited);
        let mut known: HashSet<Vec<u32>> = HashSet::new();
        known.insert(start.clone());
        let (mut looks, mut kept) = (0, start.len());
        self.sets.push((start, 0, 0));
        let mut at = 0;
        while at < self.sets.len() {
            let set = self.sets[at].0.clone();
            if let Some([first, second]) = self.conflict(&set) {
                let rule = |index: usize| {
                    span(
                        rules,
                        file.class.entries()[self.candidates[index].entry].rule,
                    )
                };
                return Err(Problem::Overlap {
                    path: self.path(at),
                    rules: [rule(first), rule(second)],
                });
            }
            for byte in self.bytes(&set) {
                looks += set.len();
                if looks > MAX_LOOKS || kept > MAX_KEPT {
                    let last = rules.last().map(|rule| rule.origin.span);
                    return Err(Problem::Entangled(last.unwrap_or_default()));
                }
                let next = self
                    .nfa
                    .closure(self.nfa.after(&set, byte), &mut self.visited);
                if !self.in_play(&next) || known.contains(&next) {
                    continue;
                }
                kept += next.len();
                known.insert(next.clone());
                self.sets.push((next, at, byte));
            }
            at += 1;
        }
        Ok(())
    }

    /// The bytes on which a set can go on.
    fn bytes(&self, set: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for id in set {
            match self.nfa.state(*id) {
                State::Byte(byte, _) => bytes.push(byte),
                State::Set(..) => return self.alphabet.clone(),
                State::Split(..) | State::Accept(_) => {}
            }
        }
        sorted::sort(&mut bytes);
        bytes.dedup();
        bytes
    }

    fn in_play(&self, set: &[u32]) -> bool {
        let mut owners: Vec<usize> = set
            .iter()
            .map(|state| self.owners[*state as usize] as usize)
            .collect();
        owners.dedup();
        in_play(self.candidates, owners.into_iter())
    }

    /// The candidates that end in this set and conflict.
    fn conflict(&self, set: &[u32]) -> Option<[usize; 2]> {
        let mut ending: Vec<usize> = set
            .iter()
            .filter(|id| matches!(self.nfa.state(**id), State::Accept(_)))
            .map(|id| self.owners[*id as usize] as usize)
            .collect();
        sorted::sort_by_key(&mut ending, |index| self.candidates[*index].order);
        for half in 0..2 {
            let mut best: Option<usize> = None;
            for index in &ending {
                let this = &self.candidates[*index];
                if this.bits & exec_bit(half) == 0 {
                    continue;
                }
                let Some(before) = best else {
                    best = Some(*index);
                    continue;
                };
                let other = &self.candidates[before];
                if this.rank > other.rank {
                    best = Some(*index);
                } else if this.rank == other.rank && this.transition != other.transition {
                    return Some([before, *index]);
                }
            }
        }
        None
    }

    /// A string that leads to a set.
    fn path(&self, mut at: usize) -> String {
        let mut bytes = Vec::new();
        while at != 0 {
            let (_, before, byte) = &self.sets[at];
            bytes.push(*byte);
            at = *before;
        }
        bytes.reverse();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
