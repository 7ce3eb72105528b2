//! The nondeterministic automaton of a set of rules.

use super::expression::{ByteSet, Expression};

/// How many states the rules of one class may come to.
pub(crate) const MAX_STATES: usize = 4_000_000;

/// More states than [`MAX_STATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the patterns come to more than {MAX_STATES} automaton states")]
pub(crate) struct TooLarge;

/// A state: where it goes and on what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// On one byte.
    Byte(u8, u32),
    /// On a byte of a set, by its index.
    Set(u32, u32),
    /// Without reading, to both.
    Split(u32, u32),
    /// The end of a rule.
    Accept(u32),
}

/// A nondeterministic automaton; each added expression accepts with its own number.
#[derive(Debug, Default)]
pub(crate) struct Nfa {
    states: Vec<State>,
    sets: Vec<ByteSet>,
    starts: Vec<u32>,
    firsts: Vec<u32>,
}

impl Nfa {
    /// How many states it has.
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    pub(crate) fn state(&self, id: u32) -> State {
        self.states[id as usize]
    }

    pub(crate) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The states of the expression added as number `index`: they follow one another.
    pub(crate) fn states_of(&self, index: usize) -> std::ops::Range<u32> {
        let first = self.firsts.get(index).copied().unwrap_or_default();
        let end = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        first..self.firsts.get(index + 1).copied().unwrap_or(end)
    }

    /// Adds an expression that accepts with `number`; gives its start state.
    pub(crate) fn add(&mut self, expression: &Expression, number: u32) -> Result<u32, TooLarge> {
        let end = self.push(State::Accept(number))?;
        let start = self.build(expression, end)?;
        self.firsts.push(end);
        self.starts.push(start);
        Ok(start)
    }

    fn push(&mut self, state: State) -> Result<u32, TooLarge> {
        if self.states.len() >= MAX_STATES {
            return Err(TooLarge);
        }
        let id = u32::try_from(self.states.len()).map_err(|_| TooLarge)?;
        self.states.push(state);
        Ok(id)
    }

    /// Builds backwards: the start of `expression` followed by `next`.
    fn build(&mut self, expression: &Expression, next: u32) -> Result<u32, TooLarge> {
        match expression {
            Expression::Empty => Ok(next),
            Expression::Literal(bytes) => bytes
                .iter()
                .rev()
                .try_fold(next, |next, byte| self.push(State::Byte(*byte, next))),
            Expression::Set(set) | Expression::Except(set) => {
                let id = self.set_id(*set);
                self.push(State::Set(id, next))
            }
            Expression::Sequence(parts) => parts
                .iter()
                .rev()
                .try_fold(next, |next, part| self.build(part, next)),
            Expression::Alternatives(parts) => {
                let Some((last, others)) = parts.split_last() else {
                    return Ok(next);
                };
                let mut start = self.build(last, next)?;
                for part in others.iter().rev() {
                    let this = self.build(part, next)?;
                    start = self.push(State::Split(this, start))?;
                }
                Ok(start)
            }
            Expression::Star(inner) => {
                let split = self.push(State::Split(next, next))?;
                let body = self.build(inner, split)?;
                self.states[split as usize] = State::Split(body, next);
                Ok(split)
            }
            Expression::Plus(inner) => {
                let split = self.push(State::Split(next, next))?;
                let body = self.build(inner, split)?;
                self.states[split as usize] = State::Split(body, next);
                Ok(body)
            }
        }
    }

    fn set_id(&mut self, set: ByteSet) -> u32 {
        let known = self.sets.iter().position(|known| *known == set);
        let id = known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        u32::try_from(id).unwrap_or(u32::MAX)
    }

    /// The classes of bytes that no state tells apart: the class of each byte, and their number.
    pub(crate) fn byte_classes(&self) -> ([u8; 256], usize) {
        let mut single = [false; 256];
        for state in &self.states {
            if let State::Byte(byte, _) = state {
                single[usize::from(*byte)] = true;
            }
        }
        let mut classes = Classes {
            of: [0; 256],
            count: 0,
        };
        let mut others = None;
        for (byte, single) in single.into_iter().enumerate() {
            classes.of[byte] = if single {
                classes.next()
            } else {
                *others.get_or_insert_with(|| classes.next())
            };
        }
        for set in &self.sets {
            classes.split(*set);
        }
        (classes.of, classes.count)
    }

    /// The states reached without reading, `Split`s followed; sorted, each once.
    pub(crate) fn closure(
        &self,
        from: impl IntoIterator<Item = u32>,
        seen: &mut Visited,
    ) -> Vec<u32> {
        seen.reset(self.states.len());
        let mut reached = Vec::new();
        let mut stack = Vec::new();
        for id in from {
            stack.push(id);
            while let Some(id) = stack.pop() {
                if !seen.visit(id) {
                    continue;
                }
                match self.states[id as usize] {
                    State::Split(first, second) => {
                        stack.push(second);
                        stack.push(first);
                    }
                    _ => reached.push(id),
                }
            }
        }
        reached.sort_unstable();
        reached
    }

    /// Where a set of states goes on a byte, before closure.
    pub(crate) fn after<'a>(
        &'a self,
        states: &'a [u32],
        byte: u8,
    ) -> impl Iterator<Item = u32> + 'a {
        states
            .iter()
            .filter_map(move |id| match self.states[*id as usize] {
                State::Byte(on, next) if on == byte => Some(next),
                State::Set(set, next) if self.sets[set as usize].contains(byte) => Some(next),
                _ => None,
            })
    }

    /// The numbers of the expressions that end in a set of states.
    pub(crate) fn accepted<'a>(&'a self, states: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        states
            .iter()
            .filter_map(|id| match self.states[*id as usize] {
                State::Accept(number) => Some(number),
                _ => None,
            })
    }
}

/// Classes of bytes on the way: each byte's class, and their number.
struct Classes {
    of: [u8; 256],
    count: usize,
}

impl Classes {
    fn next(&mut self) -> u8 {
        self.count += 1;
        u8::try_from(self.count - 1).unwrap_or(u8::MAX)
    }

    /// Parts each class in two of which a set has some bytes, but not all.
    fn split(&mut self, set: ByteSet) {
        let mut has_others = [false; 256];
        for (class, byte) in self.of.iter().zip(0..=u8::MAX) {
            has_others[usize::from(*class)] |= !set.contains(byte);
        }
        let mut parts = [None; 256];
        for byte in 0..=u8::MAX {
            let class = usize::from(self.of[usize::from(byte)]);
            if has_others[class] && set.contains(byte) {
                self.of[usize::from(byte)] = *parts[class].get_or_insert_with(|| self.next());
            }
        }
    }
}

/// A set of states that is cheap to empty.
#[derive(Debug, Default)]
pub(crate) struct Visited {
    marks: Vec<u32>,
    round: u32,
}

impl Visited {
    fn reset(&mut self, states: usize) {
        self.marks.resize(states, 0);
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.marks.fill(0);
            self.round = 1;
        }
    }

    fn visit(&mut self, id: u32) -> bool {
        let mark = &mut self.marks[id as usize];
        let new = *mark != self.round;
        *mark = self.round;
        new
    }
}
