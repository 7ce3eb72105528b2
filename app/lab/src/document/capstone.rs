//! The capstone of a lab: a fleet of pools, workloads with what they have to do
//! and what is tried against them, and the learner's files that are judged.

use serde::{Deserialize, Serialize};
use sorted::SortedMap;

/// What the capstone is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capstone {
    /// The nodes, by pools of equal ones; the first takes what a drawn fleet
    /// has left.
    pub pools: Vec<Pool>,
    /// The workloads, in the order of the matrix.
    pub workloads: Vec<Workload>,
    /// Whose availability counts.
    pub available: Availability,
    /// The file with what labels the nodes.
    pub labels: String,
    /// The file with what loads the profiles.
    pub loader: String,
    /// The file with the admission rule.
    pub admission: String,
    /// The file with the learner's choices, `workload: option`.
    pub answers: String,
}

/// Equal nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// The name that stands for each of its nodes.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Kinds of node that it may be of; the first in the fleet that is shown.
    pub kinds: Vec<String>,
    /// How many nodes it has in the fleet that is shown.
    pub count: usize,
    /// The fewest and the most that it has in a drawn fleet; of the first pool
    /// neither is looked at.
    pub drawn: [usize; 2],
    /// The labels that its nodes have already.
    #[serde(default)]
    pub labels: SortedMap<String, String>,
    /// Whether the profiles that the learner begins with were loaded by hand.
    #[serde(default)]
    pub loaded: bool,
}

/// A workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its name in the matrix and in the answers.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The file with its manifest.
    pub file: String,
    /// Whether it may nowhere run without the protection that it declares.
    #[serde(default)]
    pub guarded: bool,
    /// What it has to be able to do, wherever it runs.
    pub good: Vec<String>,
    /// What is tried against it, wherever its protection is in force.
    #[serde(default)]
    pub attacks: Vec<String>,
}

/// How much of a workload has to be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Which workload.
    pub workload: String,
    /// How many replicas are wanted.
    pub replicas: usize,
    /// How many of them a node has room for.
    pub per_node: usize,
    /// How many of a hundred have to run.
    pub percent: usize,
}
