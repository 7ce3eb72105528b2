//! Attachment: which executables a profile is for, and how closely its pattern matches.

use std::collections::HashMap;

use super::{
    class::{PatternError, push_glob},
    mediation::Mediation,
    problem::Problem,
};
use crate::{
    automaton::{Expression, Nfa, Visited},
    effective::EffectiveProfile,
};

/// How many steps back the kernel looks for a loop (`WB_HISTORY_SIZE` of `match.c`).
const HISTORY: usize = 32;
/// How many states an attachment automaton may come to.
const MAX_STATES: usize = 50_000;
/// How many states may be looked at while it is made, one that is looked at again counted again.
const MAX_LOOKS: usize = 50_000_000;

/// How a profile attaches.
#[derive(Debug)]
pub(crate) enum AttachmentAutomaton {
    /// Not by a path.
    None,
    /// Its name is compared with the path.
    Name,
    /// By a pattern.
    Pattern(Box<Pattern>),
}

/// An attachment pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    path: Table,
    /// The length that is not a pattern yet: `xmatch_len`.
    literal: usize,
    xattrs: Vec<Xattr>,
}

/// A condition on an extended attribute.
#[derive(Debug)]
struct Xattr {
    name: String,
    value: Table,
}

impl AttachmentAutomaton {
    /// As `process_profile_name_xmatch` of `parser_regex.c`: conditions on extended attributes
    /// count only where they are mediated.
    pub(crate) fn of(profile: &EffectiveProfile, mediation: &Mediation) -> Result<Self, Problem> {
        let Some(glob) = &profile.attachment else {
            return Ok(Self::None);
        };
        let fail = |error| Problem::Pattern(profile.head, error);
        let mut text = Vec::new();
        push_glob(glob, &mut text).map_err(fail)?;
        let first_glob = glob
            .bytes()
            .position(|byte| matches!(byte, b'*' | b'?' | b'[' | b'{'));
        if first_glob.is_none() && *glob == profile.name.local && profile.xattrs.is_empty() {
            return Ok(Self::Name);
        }
        let table = |text: &[u8]| {
            let expression =
                Expression::parse(text).map_err(|error| fail(PatternError::Expression(error)))?;
            Table::of(&expression).ok_or(Problem::Attachment(profile.head))
        };
        let path = table(&text)?;
        let mut xattrs = Vec::new();
        for (name, value) in profile.xattrs.iter().filter(|_| mediation.xattrs) {
            let mut text = Vec::new();
            match value {
                Some(value) => push_glob(value, &mut text).map_err(fail)?,
                None => text.extend_from_slice(b".*"),
            }
            xattrs.push(Xattr {
                name: name.clone(),
                value: table(&text)?,
            });
        }
        Ok(Self::Pattern(Box::new(Pattern {
            path,
            literal: first_glob.unwrap_or(glob.len()),
            xattrs,
        })))
    }
}

impl Pattern {
    /// How many bytes of the path are matched before the automaton first loops; none where the
    /// path does not match. As `aa_dfa_leftmatch`.
    pub(crate) fn run(&self, path: &[u8]) -> Option<usize> {
        self.path.left_match(path)
    }

    /// The length that a run of this pattern counts for: no less than its literal part
    /// (`find_attach`).
    pub(crate) fn length(&self, run: usize) -> usize {
        run.max(self.literal)
    }

    /// How many conditions on extended attributes hold; none where one does not, which keeps the
    /// profile from attaching (`aa_xattrs_match`).
    pub(crate) fn conditions(&self, xattrs: &[(&str, &[u8])]) -> Option<usize> {
        let holds = |condition: &Xattr| {
            xattrs
                .iter()
                .any(|(name, value)| *name == condition.name && condition.value.accepts(value))
        };
        self.xattrs.iter().all(holds).then_some(self.xattrs.len())
    }
}

/// A minimal deterministic automaton: state 0 matches nothing, 1 is the start.
#[derive(Debug)]
struct Table {
    classes: Vec<u8>,
    width: usize,
    next: Vec<u32>,
    accepts: Vec<bool>,
}

impl Table {
    /// None where it would grow too large.
    fn of(expression: &Expression) -> Option<Self> {
        let mut nfa = Nfa::default();
        nfa.add(expression, 0).ok()?;
        let (classes, width) = nfa.byte_classes();
        let mut alphabet = vec![0; width];
        for byte in 0..=u8::MAX {
            alphabet[usize::from(classes[usize::from(byte)])] = byte;
        }
        let mut visited = Visited::default();
        let start = nfa.closure(nfa.starts().iter().copied(), &mut visited);
        let mut sets = vec![Vec::new(), start.clone()];
        let mut known: HashMap<Vec<u32>, u32> = HashMap::from([(Vec::new(), 0), (start, 1)]);
        let mut next: Vec<u32> = vec![0; width];
        let (mut at, mut looks) = (1, 0);
        while at < sets.len() {
            for byte in &alphabet {
                looks += sets[at].len();
                if sets.len() > MAX_STATES || looks > MAX_LOOKS {
                    return None;
                }
                let set = nfa.closure(nfa.after(&sets[at], *byte), &mut visited);
                let id = *known.entry(set).or_insert_with_key(|set| {
                    sets.push(set.clone());
                    u32::try_from(sets.len() - 1).unwrap_or(0)
                });
                next.push(id);
            }
            at += 1;
        }
        let accepts = sets
            .iter()
            .map(|set| nfa.accepted(set).next().is_some())
            .collect();
        let table = Self {
            classes: classes.to_vec(),
            width,
            next,
            accepts,
        };
        Some(table.minimized())
    }

    /// Merges the states that no continuation tells apart (Moore's refinement).
    fn minimized(self) -> Self {
        let count = self.accepts.len();
        let mut groups: Vec<u32> = self
            .accepts
            .iter()
            .map(|accepts| u32::from(*accepts))
            .collect();
        let mut group_count = 0;
        loop {
            let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
            let mut refined = Vec::with_capacity(count);
            for state in 0..count {
                let row = &self.next[state * self.width..(state + 1) * self.width];
                let mut key: Vec<u32> = row.iter().map(|next| groups[*next as usize]).collect();
                key.push(groups[state]);
                let fresh = u32::try_from(known.len()).unwrap_or(u32::MAX);
                refined.push(*known.entry(key).or_insert(fresh));
            }
            groups = refined;
            if known.len() == group_count {
                break;
            }
            group_count = known.len();
        }
        let mut next = Vec::with_capacity(group_count * self.width);
        let mut accepts = Vec::with_capacity(group_count);
        for state in 0..count {
            if groups[state] as usize == accepts.len() {
                let row = &self.next[state * self.width..(state + 1) * self.width];
                next.extend(row.iter().map(|next| groups[*next as usize]));
                accepts.push(self.accepts[state]);
            }
        }
        Self {
            next,
            accepts,
            ..self
        }
    }

    fn step(&self, state: usize, byte: u8) -> usize {
        let class = self.classes.get(usize::from(byte)).copied().unwrap_or(0);
        let at = state * self.width + usize::from(class);
        self.next.get(at).copied().unwrap_or(0) as usize
    }

    fn accepts(&self, text: &[u8]) -> bool {
        let state = text.iter().fold(1, |state, byte| self.step(state, *byte));
        self.accepts.get(state).copied().unwrap_or(false)
    }

    fn left_match(&self, path: &[u8]) -> Option<usize> {
        let mut history: Vec<usize> = Vec::with_capacity(path.len());
        let mut state = 1;
        let mut length = None;
        for (count, byte) in path.iter().enumerate() {
            history.push(state);
            state = self.step(state, *byte);
            if length.is_some() {
                continue;
            }
            let looped = history
                .iter()
                .rev()
                .take(HISTORY)
                .position(|before| *before == state);
            length = looped.map(|back| count - back);
        }
        let accepted = self.accepts.get(state).copied().unwrap_or(false);
        accepted.then(|| length.unwrap_or(path.len()))
    }
}
