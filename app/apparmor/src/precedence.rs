//! Precedence: what several matching rules come to together.
//!
//! As `accept_perms` and `pri_update_perm` of `libapparmor_re/hfa.cc` (5.0.2): each permission
//! is decided by the matching rules of the highest rank that name it. A rank is the rule's
//! `priority=` and, within one priority, deny over exact path over glob.

use crate::decision::{Effect, RuleId};

/// The layout of permission bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// File rules: an owner half and an other half, exec with a transition.
    File,
    /// Any other class: plain bits.
    Plain,
}

/// Permission bits of file rules, as the compiler numbers them
/// (`parser/immunix.h`): the owner half is shifted by 0, the other half by [`OTHER`].
pub(crate) mod bits {
    pub(crate) const EXEC: u32 = 0x1;
    pub(crate) const WRITE: u32 = 0x2;
    pub(crate) const READ: u32 = 0x4;
    pub(crate) const APPEND: u32 = 0x8;
    pub(crate) const LINK: u32 = 0x10;
    pub(crate) const LOCK: u32 = 0x20;
    pub(crate) const MMAP: u32 = 0x40;
    /// On the pair of a link: the subset test applies.
    pub(crate) const SUBSET: u32 = LOCK;
    /// All of one half.
    pub(crate) const HALF: u32 = 0x7f;
    pub(crate) const CHANGE_ONEXEC: u32 = 0x4000_0000;
    pub(crate) const CHANGE_PROFILE: u32 = 0x8000_0000;
    /// The shift of the other half.
    pub(crate) const OTHER: u32 = 14;
}

/// One pattern with what it gives or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The rule it was made of.
    pub(crate) rule: RuleId,
    /// Gives, takes or asks.
    pub(crate) effect: Effect,
    /// `priority=`.
    pub(crate) priority: i32,
    /// It has no wildcard.
    pub(crate) exact: bool,
    /// The permissions it names.
    pub(crate) bits: u32,
    /// Those of them that it logs (allow) or keeps quiet (deny).
    pub(crate) audit: u32,
    /// The transition of its exec bits, by its number in the profile.
    pub(crate) transition: Option<Transition>,
}

/// The number of an exec transition, and what is needed of it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Transition {
    /// Its number in the profile.
    pub(crate) index: u32,
    /// It may stay in the profile, which implies `m`.
    pub(crate) inherits: bool,
}

impl Entry {
    /// Its rank for a permission: the highest one decides. Only for exec does a path without
    /// wildcards outrank a glob.
    pub(crate) fn rank(&self, exec: bool) -> i32 {
        let step = match self.effect {
            Effect::Deny => 3,
            Effect::Allow if exec && self.exact => 2,
            Effect::Allow => 1,
            Effect::Prompt => 0,
        };
        self.priority * 4 + step
    }
}

/// What the rules matching one string give together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Granted.
    pub(crate) allow: u32,
    /// Refused by a rule.
    pub(crate) deny: u32,
    /// Logged when granted.
    pub(crate) audit: u32,
    /// Not logged when refused.
    pub(crate) quiet: u32,
    /// The exec transition of the owner and of the other half.
    pub(crate) exec: [Option<u32>; 2],
    /// The rules that decided, each with the bits it decided.
    pub(crate) decided: Vec<(RuleId, u32)>,
}

impl Answer {
    /// Puts the matching entries together.
    pub(crate) fn of<'a>(
        entries: &(impl Iterator<Item = &'a Entry> + Clone),
        scheme: Scheme,
    ) -> Self {
        let mut answer = Self::default();
        let exec = match scheme {
            Scheme::File => exec_bit(0) | exec_bit(1),
            Scheme::Plain => 0,
        };
        let mut ranks = [i32::MIN; 32];
        for entry in entries.clone() {
            for_each_bit(entry.bits | entry.audit, |bit| {
                ranks[bit] = ranks[bit].max(entry.rank(exec >> bit & 1 != 0));
            });
        }
        for entry in entries.clone() {
            let mut bits = 0;
            for_each_bit(entry.bits | entry.audit, |bit| {
                if ranks[bit] == entry.rank(exec >> bit & 1 != 0) {
                    bits |= 1 << bit;
                }
            });
            if bits != 0 {
                answer.add(entry, bits);
            }
        }
        if scheme == Scheme::File {
            answer.imply_mmap(entries, &ranks);
        }
        answer.allow &= !answer.deny;
        answer.quiet &= answer.deny;
        answer
    }

    /// The rules that decided any of `bits`.
    pub(crate) fn rules(&self, bits: u32) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = Vec::new();
        for (rule, decided) in &self.decided {
            if decided & bits != 0 && !rules.contains(rule) {
                rules.push(*rule);
            }
        }
        rules
    }

    fn add(&mut self, entry: &Entry, bits: u32) {
        self.decided.push((entry.rule, bits));
        match entry.effect {
            Effect::Allow => {
                self.allow |= entry.bits & bits;
                self.audit |= entry.audit & bits;
                let transition = entry.transition.map(|transition| transition.index);
                for (half, exec) in self.exec.iter_mut().enumerate() {
                    if bits & entry.bits & exec_bit(half) != 0 {
                        *exec = transition;
                    }
                }
            }
            Effect::Deny => {
                self.deny |= entry.bits & bits;
                self.quiet |= entry.audit & bits;
            }
            Effect::Prompt => {}
        }
    }

    /// `ix` implies `m` where no rule of higher rank speaks of `m`.
    fn imply_mmap<'a>(
        &mut self,
        entries: &(impl Iterator<Item = &'a Entry> + Clone),
        ranks: &[i32; 32],
    ) {
        for half in 0..2 {
            let exec = exec_bit(half);
            let mmap = bits::MMAP * exec;
            let (exec_rank, mmap_rank) = (
                ranks[exec.trailing_zeros() as usize],
                ranks[mmap.trailing_zeros() as usize],
            );
            if self.allow & exec == 0 || mmap_rank > exec_rank {
                continue;
            }
            for entry in entries.clone() {
                let inherits = entry
                    .transition
                    .is_some_and(|transition| transition.inherits);
                let decides = entry.effect == Effect::Allow
                    && entry.bits & exec != 0
                    && entry.rank(true) == exec_rank;
                if decides && inherits {
                    self.allow |= mmap;
                    self.decided.push((entry.rule, mmap));
                }
            }
        }
    }
}

/// The exec bit of the owner half (0) or the other half (1).
pub(crate) fn exec_bit(half: usize) -> u32 {
    if half == 0 {
        bits::EXEC
    } else {
        bits::EXEC << bits::OTHER
    }
}

fn for_each_bit(mut bits: u32, mut act: impl FnMut(usize)) {
    while bits != 0 {
        act(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}
