//! System calls with their answers and the evidence for them.

use super::TextEdit;
use serde::{Deserialize, Serialize};

/// One system call, as one row of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRow {
    /// Unique within the node until the next edit.
    pub id: u32,
    /// Position in the node's trace, from 1.
    pub step: u32,
    /// The command line that it belongs to.
    pub command: String,
    /// The program that called, as the kernel names it (`comm`).
    pub who: String,
    /// Its process id.
    pub pid: u32,
    /// The call as `strace` writes it, without its answer.
    pub call: String,
    /// The call in words: "`touch` opens /data/x to create it".
    pub sentence: String,
    /// The name that the kernel resolved; empty when the call has none.
    pub name: String,
    /// The answer: `= 3` or `EACCES`.
    pub answer: String,
    /// What kind of answer it is.
    pub outcome: RowOutcome,
    /// The gates in the order in which this call asks them.
    pub gates: Vec<GateView>,
    /// Why the answer is what it is.
    pub evidence: Evidence,
}

/// What kind of answer a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// It was done.
    Allowed,
    /// A gate that guards said no.
    Blocked,
    /// It failed for a reason that has nothing to do with protection, such as
    /// a name that does not exist.
    Failed,
}

/// What one gate said about a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateView {
    /// Which gate.
    pub gate: Gate,
    /// What it said.
    pub verdict: GateVerdict,
    /// Why, in a few words: "denies create on /data/x".
    pub sentence: String,
}

/// The places in the kernel where a call can be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The filters, before the call begins.
    Seccomp,
    /// Resolving names: existence, kind, links, search permission.
    PathWalk,
    /// Flags of the mount: read-only, nodev, noexec, nosuid.
    MountFlags,
    /// Owner, group and mode bits, access control lists.
    Dac,
    /// Capabilities as credentials hold them.
    Capability,
    /// AppArmor's hooks.
    #[serde(rename = "apparmor")]
    AppArmor,
}

impl Gate {
    /// What the gate looks at, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Seccomp => "seccomp",
            Self::PathWalk => "path walk",
            Self::MountFlags => "mount flags",
            Self::Dac => "owner and mode",
            Self::Capability => "capability",
            Self::AppArmor => "AppArmor",
        }
    }
}

/// What a gate said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateVerdict {
    /// It let the call pass.
    Allowed,
    /// It refused.
    Denied,
    /// The call failed there for an ordinary reason.
    Failed,
    /// The call was over before.
    NotAsked,
    /// It would have been asked, but the process has no profile or filter.
    NoProfile,
}

/// Why a call got its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rules that decided, the strongest first.
    pub rules: Vec<RuleView>,
    /// The name as the deciding gate saw it.
    pub resolved_path: Option<String>,
    /// Number of the inode that it leads to, when there is one.
    pub inode: Option<u64>,
    /// Other names of that inode.
    pub other_names: Vec<String>,
    /// The line in the kernel's log, when there is one.
    pub audit: Option<String>,
    /// Why there is a line, or why there is none.
    pub audit_reason: String,
    /// The smallest single change that turns the answer round, when one was
    /// found. It was made and run, not guessed.
    pub change: Option<Change>,
}

/// A rule that took part in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleView {
    /// The learner's file, or the path of an include.
    pub file: String,
    /// First byte of the rule.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its line.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// What it did.
    pub effect: RuleEffect,
}

/// What a rule did in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleEffect {
    /// It allowed.
    Allows,
    /// It denied.
    Denies,
    /// It would have allowed, but a deny rule or a higher priority won.
    Overridden,
    /// It asked for a line in the log.
    Audits,
}

/// A single change of the learner's files, or the choice of another node, with
/// what it would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Names it: "Remove `deny /data/** w,`".
    pub label: String,
    /// The learner's file; empty when no file is changed.
    pub file: String,
    /// The edits, by position, not overlapping.
    pub edits: Vec<TextEdit>,
    /// The node that is to be chosen instead; empty when it stays.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// The answer that the call would then get.
    pub answer: String,
    /// Which other rows of the workload would change too, in words; empty
    /// when none would.
    pub also: Vec<String>,
}
