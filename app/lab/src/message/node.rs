//! A node of the fleet as the pages show it.

use super::TraceRow;
use serde::{Deserialize, Serialize};
use sorted::SortedMap;

/// A node that the fleet shall have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSpec {
    /// The node's name, unique in the fleet, e.g. `ubuntu`.
    pub id: String,
    /// [`NodeKind::id`].
    pub kind: String,
    /// Choices among [`NodeKind::options`]; what is left out is the default.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub options: SortedMap<String, String>,
}

/// A kind of node that a fleet may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeKind {
    /// Stable name, e.g. `ubuntu-24.04`.
    pub id: String,
    /// Its name for people, e.g. "Ubuntu 24.04, containerd".
    pub title: String,
    /// What is special about it, one sentence.
    pub summary: String,
    /// What can be chosen.
    pub options: Vec<NodeOption>,
}

/// A choice that a kind of node leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeOption {
    /// Stable name, e.g. `kubernetes`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What may be chosen; the first one is the default.
    pub values: Vec<String>,
}

/// A node, the pod on it, and what the pod's processes did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// [`NodeSpec::id`].
    pub id: String,
    /// [`NodeKind::id`].
    pub kind: String,
    /// [`NodeKind::title`].
    pub title: String,
    /// What became of the pod.
    pub outcome: Outcome,
    /// The outcome in one sentence.
    pub sentence: String,
    /// What the node is: kernel, LSMs, kubelet, runtime.
    pub facts: Vec<Fact>,
    /// The AppArmor profiles that its kernel holds, by name.
    pub profiles: Vec<LoadedProfile>,
    /// How the pod was started, component by component.
    pub chain: Vec<ChainStep>,
    /// The system calls of the workload and of what was typed, in order.
    pub trace: Vec<TraceRow>,
    /// The node's kernel log as `dmesg` shows it.
    pub log: Vec<String>,
    /// The terminal's prompt on this node.
    pub prompt: String,
}

/// What became of the pod on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It runs, under a profile in enforce mode.
    Enforced,
    /// It runs without a profile that blocks, and that is what was asked for
    /// or what the learner can see: `Unconfined`, complain mode.
    Unconfined,
    /// It does not run: something noticed and refused (fail closed).
    RefusedToStart,
    /// It runs without the protection that it seems to have, and nothing says
    /// so (fail open).
    SilentlyUnprotected,
    /// It was never started: the files have errors.
    Invalid,
}

/// One fact about a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// E.g. `kernel`.
    pub label: String,
    /// E.g. `Linux 6.8`.
    pub value: String,
}

/// A profile that a kernel holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedProfile {
    /// Its name.
    pub name: String,
    /// Its mode, as `aa-status` says it: `enforce`, `complain`, …
    pub mode: String,
}

/// What one component did when the pod was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainStep {
    /// E.g. `kubelet`.
    pub component: String,
    /// Its version; empty when it has none of its own.
    pub version: String,
    /// What it was asked to do about confinement; empty for nothing.
    pub asked: String,
    /// What it did with that.
    pub verdict: ChainVerdict,
    /// Its own words, or what it did in one sentence.
    pub words: String,
    /// The source of this behaviour.
    pub source: String,
    /// Whether this step decided the node's outcome.
    pub decided: bool,
}

/// What a component did with the confinement it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainVerdict {
    /// It did its part.
    Honoured,
    /// It stopped the pod and said why.
    Refused,
    /// It went on without, and said nothing.
    Dropped,
    /// It has no part in this and does not look.
    DoesNotLook,
    /// There was nothing that it was asked to do.
    NothingAsked,
    /// The pod was stopped before.
    NotReached,
}
