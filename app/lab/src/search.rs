//! Looking for a way past the guards: all sequences of system calls of an
//! alphabet, up to a length, from one state of a node.
//!
//! Breadth first, so that the attack that is found is among the shortest.
//! States that mean the same are merged. A state is kept as the way that leads
//! to it, a few bytes, and is made again when its turn comes.
//!
//! The search has no clock. [`Search::advance`] tries a number of calls and
//! returns; whoever drives it decides when to go on and when to stop.

mod alphabet;
mod goal;
mod moves;
mod names;

pub use alphabet::{LEFT_OUT, letters};

use crate::message::Goal;
use alphabet::Aim;
use goal::Judge;
use kernel::{Call, Fate, Fingerprint, Pid, World};
use moves::{Move, Moves};
use names::Names;
use std::collections::BTreeSet;
use thiserror::Error;

/// Most calls that an attack may have.
pub const MAX_DEPTH: u8 = 8;
/// Most states that are kept. Each takes at most [`STATE_BYTES`], so that all
/// take less than 256 MB.
pub const MAX_STATES: usize = 3_900_000;
/// What a state takes at most: its fingerprint of 16 bytes in the nodes of a tree that
/// are at least half full, and its way of 8 bytes in a table that is copied when
/// it grows.
pub const STATE_BYTES: usize = 64;

/// Why a search cannot be begun.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Impossible {
    /// The goal is about something that is not there.
    #[error("The attacker sees no {0}.")]
    NotThere(String),
    /// A file was expected.
    #[error("{0} is not a regular file.")]
    NotAFile(String),
    /// A directory was expected.
    #[error("{0} is not a directory.")]
    NotADirectory(String),
    /// More than [`MAX_DEPTH`].
    #[error("An attack may have at most {MAX_DEPTH} system calls here; {0} were asked for.")]
    TooDeep(u8),
    /// The attacker's process does not run.
    #[error("The attacker's process does not run.")]
    NoAttacker,
}

/// What has been found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing yet.
    Running,
    /// An attack; none has fewer calls.
    Found(Vec<u32>),
    /// There is none.
    None,
    /// The states are too many; up to this length there is no attack.
    Full(u8),
}

/// A search.
#[derive(Debug)]
pub struct Search {
    start: World,
    pid: Pid,
    judge: Judge,
    moves: Moves,
    depth: u8,
    limit: usize,
    prune: bool,
    /// Descriptors that were superfluous at the beginning.
    doubled: usize,
    states: Vec<Way>,
    seen: BTreeSet<Fingerprint>,
    /// The state whose turn it is.
    turn: usize,
    /// Its distance from the start.
    level: u8,
    /// Where the states of the next distance begin.
    next_level: usize,
    open: Option<Expansion>,
    calls: u64,
    progress: Progress,
}

/// How a state is reached: from which one, by which call.
#[derive(Debug, Clone, Copy)]
struct Way {
    from: u32,
    by: u32,
}

/// A state whose turn it is.
#[derive(Debug)]
struct Expansion {
    world: World,
    /// A clone of it in which calls are tried as long as they change nothing.
    trial: World,
    moves: Vec<Move>,
    next: usize,
}

impl Search {
    /// Begins a search from a world in which `pid` is the attacker.
    ///
    /// # Errors
    /// When the goal means nothing in this world.
    pub fn new(world: &World, pid: Pid, goal: &Goal, depth: u8) -> Result<Self, Impossible> {
        if depth > MAX_DEPTH {
            return Err(Impossible::TooDeep(depth));
        }
        let runs = world
            .task(pid)
            .is_some_and(|task| task.state == kernel::task::State::Running);
        if !runs {
            return Err(Impossible::NoAttacker);
        }
        let judge = Judge::new(goal, world, pid)?;
        let names = Names::of(goal, &judge, world, pid);
        let moves = Moves::new(Aim::of(goal), &judge, names, world, pid);
        let progress = if judge.is_reached(world, pid) {
            Progress::Found(Vec::new())
        } else {
            Progress::Running
        };
        Ok(Self {
            start: world.clone(),
            pid,
            judge,
            moves,
            depth,
            limit: MAX_STATES,
            prune: true,
            doubled: doubled(world, pid),
            states: vec![Way { from: 0, by: 0 }],
            seen: BTreeSet::from([world.fingerprint()]),
            turn: 0,
            level: 0,
            next_level: 1,
            open: None,
            calls: 0,
            progress,
        })
    }

    /// The same with fewer states at most.
    #[must_use]
    pub fn with_limit(mut self, states: usize) -> Self {
        self.limit = states.min(MAX_STATES);
        self
    }

    /// The same, trying as the last call of an attack also those that cannot
    /// bring the goal about; slower, and with the same result.
    #[must_use]
    pub fn without_pruning(mut self) -> Self {
        self.prune = false;
        self
    }

    /// Tries up to `budget` calls.
    pub fn advance(&mut self, budget: u64) -> &Progress {
        let mut left = budget;
        while self.progress == Progress::Running && left > 0 {
            let Some(mut open) = self.open.take().or_else(|| self.next_state()) else {
                break;
            };
            while left > 0
                && self.progress == Progress::Running
                && let Some(&tried) = open.moves.get(open.next)
            {
                open.next += 1;
                left -= 1;
                self.calls += 1;
                self.attempt(&mut open, tried);
            }
            if open.next < open.moves.len() {
                self.open = Some(open);
            } else {
                self.turn += 1;
            }
        }
        &self.progress
    }

    /// What has been found out.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Calls tried so far.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Different states found so far.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// States from which not everything has been tried yet.
    pub fn waiting(&self) -> usize {
        self.states.len().saturating_sub(self.turn)
    }

    /// The length of the attacks that are being tried.
    pub fn length(&self) -> u8 {
        self.level.saturating_add(1).min(self.depth)
    }

    /// Most calls that an attack may have.
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// Bytes that the states take, at most.
    pub fn memory(&self) -> usize {
        self.states.len() * STATE_BYTES
    }

    /// Whether the attacker sees so many names that some were left out.
    pub fn is_cut(&self) -> bool {
        self.moves.names().cut
    }

    /// The calls of an attack.
    pub fn script(&self, attack: &[u32]) -> Vec<Call> {
        let calls = attack.iter().filter_map(|number| self.moves.call(*number));
        calls.cloned().collect()
    }

    /// The state whose turn it is, made again from the start.
    fn next_state(&mut self) -> Option<Expansion> {
        if self.turn >= self.next_level {
            self.level += 1;
            self.next_level = self.states.len();
        }
        if self.turn >= self.states.len() || self.level >= self.depth {
            self.progress = Progress::None;
            return None;
        }
        let mut world = self.start.clone();
        for call in self.script(&self.way_to(self.turn)) {
            world.syscall(self.pid, call);
        }
        let mut moves = self.moves.in_world(&world);
        if self.prune && self.level + 1 == self.depth {
            moves.retain(|one| one.ends);
        }
        Some(Expansion {
            trial: world.clone(),
            world,
            moves,
            next: 0,
        })
    }

    fn way_to(&self, state: usize) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = state;
        while at > 0
            && let Some(step) = self.states.get(at)
        {
            way.push(step.by);
            at = usize::try_from(step.from).unwrap_or(0);
        }
        way.reverse();
        way
    }

    fn attempt(&mut self, open: &mut Expansion, tried: Move) {
        let Some(call) = self.moves.call(tried.call) else {
            return;
        };
        let event = open.trial.syscall(self.pid, call.clone());
        if event.fate != Fate::Lives {
            open.trial = open.world.clone();
            return;
        }
        if open.trial.shares_objects(&open.world) {
            return;
        }
        let then = std::mem::replace(&mut open.trial, open.world.clone());
        if (tried.ends || !self.prune) && self.judge.is_reached(&then, self.pid) {
            let mut attack = self.way_to(self.turn);
            attack.push(tried.call);
            self.progress = Progress::Found(attack);
            return;
        }
        if self.level + 1 < self.depth {
            self.keep(&then, tried.call);
        }
    }

    /// Keeps a state, unless one that means the same is known.
    fn keep(&mut self, world: &World, by: u32) {
        if doubled(world, self.pid) > self.doubled || !self.seen.insert(world.fingerprint()) {
            return;
        }
        if self.states.len() >= self.limit {
            self.progress = Progress::Full(self.level);
            return;
        }
        let from = u32::try_from(self.turn).unwrap_or(u32::MAX);
        self.states.push(Way { from, by });
    }
}

/// Descriptors that are good for nothing that another one is not good for too:
/// a state with more of them allows nothing more than one without.
fn doubled(world: &World, pid: Pid) -> usize {
    let descriptors = world.descriptors(pid);
    let superfluous = descriptors.iter().enumerate().filter(|(index, one)| {
        let before = descriptors.iter().take(*index);
        before.into_iter().any(|other| one.is_equivalent(other))
    });
    superfluous.count()
}
