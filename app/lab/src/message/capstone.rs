//! What the capstone's files come to.

use super::CheckView;
use serde::{Deserialize, Serialize};

/// Version of the form of a saved result.
pub const RESULT_SCHEMA: u32 = 1;

/// The capstone, decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstoneView {
    /// [`RESULT_SCHEMA`].
    pub schema: u32,
    /// Whether every check holds in every fleet.
    pub passed: bool,
    /// The fleet that is shown; the drawn ones follow once its checks hold.
    pub fleets: Vec<CapstoneFleet>,
    /// The choices of every workload.
    pub choices: Vec<CapstoneChoice>,
}

/// A fleet with what the files come to on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstoneFleet {
    /// What it was drawn by; 0 for the one that is shown.
    pub seed: u32,
    /// The pools, in the order of the matrix.
    pub pools: Vec<CapstonePool>,
    /// One row for each workload.
    pub rows: Vec<CapstoneRow>,
    /// The six checks.
    pub checks: Vec<CheckView>,
}

/// Equal nodes of a fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstonePool {
    /// The name that stands for each of its nodes.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The title of the kind of node.
    pub kind: String,
    /// How many nodes it has.
    pub count: usize,
    /// What the load plan came to on each of them.
    pub loaded: String,
}

/// A workload over the pools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstoneRow {
    /// The workload.
    pub workload: String,
    /// Its name for people.
    pub title: String,
    /// One cell for each pool.
    pub cells: Vec<CapstoneCell>,
}

/// What becomes of a workload on the nodes of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstoneCell {
    /// In one word.
    pub state: CellState,
    /// In one sentence.
    pub sentence: String,
}

/// What becomes of a workload on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// It runs, and everything that it declares is in force.
    InForce,
    /// It runs unconfined, and its manifest says so.
    Unconfined,
    /// It does not run, because a guard cannot be had.
    Refused,
    /// It runs without a guard, and nobody says so.
    Silent,
    /// The scheduler does not place it here.
    Elsewhere,
    /// The API server does not take it.
    NotAccepted,
}

impl CellState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::Unconfined => "unconfined",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Elsewhere => "not placed",
            Self::NotAccepted => "not accepted",
        }
    }

    /// Whether the workload runs.
    pub fn runs(self) -> bool {
        matches!(self, Self::InForce | Self::Unconfined | Self::Silent)
    }
}

/// The question about a workload: may it fail open, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapstoneChoice {
    /// The workload.
    pub workload: String,
    /// Its name for people.
    pub title: String,
    /// What may be answered: the word in the file, and the sentence.
    pub options: Vec<(String, String)>,
    /// What the learner's file says; empty for nothing.
    pub chosen: String,
}
