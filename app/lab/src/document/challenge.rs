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
    /// The number of rules of the shortest known answer.
    pub par: usize,
}

/// The side that one is on in a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
