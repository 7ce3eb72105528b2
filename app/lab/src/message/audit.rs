//! Records of a kernel log as the pages show them.

use serde::{Deserialize, Serialize};

/// Records that tell the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditGroup {
    /// How many there are.
    pub count: u64,
    /// What came of the calls.
    pub verdict: AuditVerdict,
    /// What happened, one sentence.
    pub what: String,
    /// Why there is a record of it, and what that means; one or two sentences.
    pub why: String,
    /// The first of the lines.
    pub line: String,
}

/// What came of a call that left a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditVerdict {
    /// It was refused.
    Blocked,
    /// It was let through, and logged.
    Allowed,
    /// The policy itself was changed: nothing was asked.
    Policy,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditField {
    /// Its name: `denied_mask`.
    pub name: String,
    /// Its value, decoded where the kernel encodes it.
    pub value: String,
    /// What it means here; empty where the name says it.
    pub meaning: String,
}

/// A rule that would allow what a record tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateRule {
    /// How wide it is: "just this", "a pattern around it", "an abstraction".
    pub width: String,
    /// The line to add to the profile.
    pub rule: String,
    /// What to think of before adding it; empty for nothing.
    pub caution: String,
}
