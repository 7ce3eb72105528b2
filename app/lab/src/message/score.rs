//! What an attempt at a challenge comes to.

use serde::{Deserialize, Serialize};

/// The points of an attempt, and what was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// 0 to 100.
    pub points: u32,
    /// Good work that does not work.
    pub broken: u32,
    /// Attacks that are left open or, on the attacker's side, not made.
    pub open: u32,
    /// Rules more than par.
    pub over: u32,
    /// Rules that the learner wrote.
    pub rules: u32,
}
