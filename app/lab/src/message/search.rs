//! Searching for a way past the guards, as the pages ask for it and show it.

use super::TraceRow;
use serde::{Deserialize, Serialize};

/// What is to be searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchOrder {
    /// What the attacker is after.
    pub goal: Goal,
    /// Who attacks.
    pub attacker: Attacker,
    /// Ids of the nodes that the attacker may choose from; all when empty.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// Most system calls that an attack may have.
    pub depth: u8,
}

/// What an attacker is after. Paths are those that the attacker sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The bytes of the file that a path leads to at the beginning change.
    BytesChange {
        /// The path.
        path: String,
    },
    /// A name appears below the directory that a path leads to at the
    /// beginning.
    FileAppears {
        /// The path.
        directory: String,
    },
    /// The attacker's process runs the program that a path leads to at the
    /// beginning, or one with the same bytes.
    Executed {
        /// The path.
        path: String,
    },
    /// The attacker's process runs unconfined.
    Unconfined,
}

impl Goal {
    /// The goal in words: "the bytes of /data/secret change".
    pub fn words(&self) -> String {
        match self {
            Self::BytesChange { path } => format!("the bytes of {path} change"),
            Self::FileAppears { directory } => format!("a file appears under {directory}"),
            Self::Executed { path } => format!("{path} is executed"),
            Self::Unconfined => "the process runs unconfined".to_owned(),
        }
    }
}

/// Who attacks: a shell that has just been started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attacker {
    /// In a container, as `kubectl exec` starts it.
    Container {
        /// Name of the pod; the node's first pod when empty.
        #[serde(default)]
        pod: String,
        /// Name of the container; the pod's first one when empty.
        #[serde(default)]
        container: String,
    },
    /// On the node itself, as a user, unconfined.
    User {
        /// User and group id.
        uid: u32,
    },
}

/// How far a search has come, or what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    /// Whether it goes on.
    pub state: SearchState,
    /// What is known so far, in one sentence.
    pub sentence: String,
    /// Id of the node that is being searched, or was last.
    pub node: String,
    /// The length of the attacks that are being tried, in system calls.
    pub length: u8,
    /// Most system calls that an attack may have.
    pub depth: u8,
    /// System calls tried so far, on all nodes.
    pub calls: u64,
    /// Different states of the node found so far.
    pub states: u64,
    /// Those of them from which nothing has been tried yet.
    pub waiting: u64,
    /// Bytes of memory that the states take, at most.
    pub memory: u64,
    /// What came of each node that is done.
    pub nodes: Vec<NodeSearch>,
    /// The attack, when there is one.
    pub attack: Option<AttackView>,
}

/// Whether a search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchState {
    /// It does.
    Running,
    /// There is an attack, and none has fewer calls.
    Found,
    /// There is none of at most the given depth.
    NoneWithin,
    /// It was stopped by the learner.
    Stopped,
    /// It had to give up for its memory; the sentence says how far it came.
    GaveUp,
    /// It cannot be begun: there is no such file, pod or node.
    Impossible,
}

/// What came of the search on one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSearch {
    /// Id of the node.
    pub node: String,
    /// What came of it.
    pub state: SearchState,
    /// The same in one sentence.
    pub sentence: String,
}

/// An attack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttackView {
    /// Id of the node.
    pub node: String,
    /// Its calls with what each gate said, as they were when it was made again
    /// from the beginning.
    pub steps: Vec<TraceRow>,
    /// The same as `strace` writes it, a line each.
    pub script: Vec<String>,
}

/// One kind of thing that a search tries, for the reference page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it does: `change a file through a descriptor`.
    pub does: String,
    /// The system calls that do it; the first that the filter allows is taken.
    pub calls: Vec<String>,
    /// What it is tried on.
    pub on: String,
    /// The goals for which it is tried.
    pub goals: Vec<String>,
}
