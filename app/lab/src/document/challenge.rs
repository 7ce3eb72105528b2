//! What makes a lab a challenge: the side that one is on, and how its checks
//! count.

use serde::{Deserialize, Serialize};

/// The five fixed draws of a challenge's hidden variants, so that results can
/// be compared.
pub const SEEDS: std::ops::RangeInclusive<u8> = 1..=5;

/// How a lab is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Which side one is on.
    pub side: Side,
    /// Its place among those of its side, from 1.
    pub number: u8,
    /// The number of rules of the shortest known answer.
    pub par: usize,
}

impl Challenge {
    /// What people call it: `A1`, `D3`.
    pub fn code(self) -> String {
        let letter = match self.side {
            Side::Attack => 'A',
            Side::Defend => 'D',
            Side::Versus => 'V',
        };
        format!("{letter}{}", self.number)
    }
}

/// The side that one is on in a challenge, in the order of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Get through what others have set up.
    Attack,
    /// Let nothing through but what has to work.
    Defend,
    /// One writes the guard, another the attack on it.
    Versus,
}

/// What it costs when a check of a challenge does not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Good work that has to go on working.
    #[default]
    Good,
    /// An attack: one that has to be stopped or, on the attacker's side, one
    /// that has to be made.
    Attack,
}
