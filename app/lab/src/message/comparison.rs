//! A real machine's output beside the prediction.

use serde::{Deserialize, Serialize};

/// What was pasted, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// What the text was taken for.
    pub kind: PastedKind,
    /// Its lines in order; what was predicted and is missing comes last.
    pub lines: Vec<ComparedLine>,
    /// The outcome in one sentence.
    pub sentence: String,
}

/// What a pasted text was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastedKind {
    /// The kernel's log, from `dmesg` or `journalctl -k`.
    KernelLog,
    /// `aa-status`.
    AaStatus,
    /// `kubectl describe pod`.
    Describe,
    /// None of these; nothing was compared.
    Unknown,
}

/// A line with what was predicted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedLine {
    /// The line; for a missing one, the one that was predicted.
    pub text: String,
    /// How it compares.
    pub verdict: LineVerdict,
    /// What is different, in one sentence; empty when nothing is.
    pub note: String,
}

/// How a line compares with the prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineVerdict {
    /// As predicted.
    Same,
    /// Predicted otherwise.
    Different,
    /// The prediction says nothing about it: another program's line, a time,
    /// an address.
    Unrelated,
    /// About the lab, and not predicted.
    Unexpected,
    /// Predicted, and not there.
    Missing,
}
