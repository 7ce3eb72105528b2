//! Observing a workload, and what can be proposed from what was seen.

use super::TextEdit;
use serde::{Deserialize, Serialize};

/// What a workload was seen to do, and the rules that follow from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Id of the node.
    pub node: String,
    /// What was observed in one sentence, or why nothing could be.
    pub sentence: String,
    /// What AppArmor let pass and wrote down, each kind once, in the order in
    /// which it was first seen.
    pub seen: Vec<Seen>,
    /// Calls that were refused although the profile only complained: a plain
    /// `deny` is in force in every mode, and says nothing.
    pub denied: Vec<String>,
    /// Profiles that let the workload run, the narrowest first.
    pub profiles: Vec<Converged>,
    /// The system calls that were seen, sorted.
    pub calls: Vec<String>,
    /// A filter that allows these and what every program needs besides.
    pub filter: Option<ConvergedFilter>,
}

/// Something that AppArmor let pass and wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The record as the kernel's log has it.
    pub record: String,
    /// How often it was written.
    pub count: u32,
    /// The command lines that led to it.
    pub commands: Vec<String>,
    /// The rules that would allow it, the narrowest first.
    pub rules: Vec<Proposal>,
}

/// A rule that would allow what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// How wide it is.
    pub width: Width,
    /// The line to add.
    pub rule: String,
}

/// How wide a proposed rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// Just what was asked for.
    Exact,
    /// A pattern around it.
    Globbed,
    /// An abstraction that contains it.
    Abstraction,
}

/// A profile with the rules of one width added, tried in enforce mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converged {
    /// How wide its new rules are; where a width has no rule, the next
    /// narrower one stands in.
    pub width: Width,
    /// The rules.
    pub rules: Vec<String>,
    /// The learner's file.
    pub file: String,
    /// The edits that add them and enforce the profile.
    pub edits: Vec<TextEdit>,
    /// What was still refused when the workload ran under it, in words; empty
    /// when nothing was.
    pub refused: Vec<String>,
}

/// A filter of the calls that were seen, tried in the place of the pod's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvergedFilter {
    /// The whole text, OCI JSON.
    pub text: String,
    /// Calls in it that were not seen, because simulated programs leave out
    /// what nothing guards: memory, threads, start and end.
    pub added: Vec<String>,
    /// What was refused when the workload ran under it, in words.
    pub refused: Vec<String>,
}
