//! What is different from the last answer.

use super::{ChainStep, Fact, FileView, LoadedProfile, NodeView, Outcome, TraceRow};
use serde::{Deserialize, Serialize};

/// The files and nodes whose views differ from the last answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Files of which anything changed, each whole, and the file that was
    /// edited.
    pub files: Vec<FileView>,
    /// Nodes of which anything changed.
    pub nodes: Vec<NodeChange>,
}

/// What is different about a node; what is left out stayed as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeChange {
    /// [`NodeView::id`].
    pub id: String,
    /// [`NodeView::outcome`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// [`NodeView::sentence`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// [`NodeView::facts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Vec<Fact>>,
    /// [`NodeView::profiles`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profiles: Option<Vec<LoadedProfile>>,
    /// [`NodeView::chain`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<Vec<ChainStep>>,
    /// How many rows the trace has now.
    pub calls: usize,
    /// Its rows that are new or different, each at its [`TraceRow::step`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<TraceRow>,
    /// [`NodeView::log`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Vec<String>>,
    /// [`NodeView::prompt`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

impl NodeChange {
    /// What makes `after` of `before`, two views of one node; none when they
    /// are alike.
    pub fn between(before: &NodeView, after: &NodeView) -> Option<Self> {
        let rows = after.trace.iter().zip(0..);
        let rows = rows.filter(|(row, index)| before.trace.get(*index) != Some(row));
        let change = Self {
            id: after.id.clone(),
            outcome: different(&before.outcome, &after.outcome),
            sentence: different(&before.sentence, &after.sentence),
            facts: different(&before.facts, &after.facts),
            profiles: different(&before.profiles, &after.profiles),
            chain: different(&before.chain, &after.chain),
            calls: after.trace.len(),
            rows: rows.map(|(row, _)| row.clone()).collect(),
            log: different(&before.log, &after.log),
            prompt: different(&before.prompt, &after.prompt),
        };
        let nothing = Self {
            id: after.id.clone(),
            calls: before.trace.len(),
            ..Self::default()
        };
        (change != nothing).then_some(change)
    }

    /// Makes the change. A row that would leave a gap before it is passed over.
    pub fn apply(self, node: &mut NodeView) {
        put(&mut node.outcome, self.outcome);
        put(&mut node.sentence, self.sentence);
        put(&mut node.facts, self.facts);
        put(&mut node.profiles, self.profiles);
        put(&mut node.chain, self.chain);
        put(&mut node.log, self.log);
        put(&mut node.prompt, self.prompt);
        let trace = &mut node.trace;
        trace.truncate(self.calls);
        for row in self.rows {
            let index = (row.step as usize).saturating_sub(1);
            if index == trace.len() {
                trace.push(row);
            } else if let Some(old) = trace.get_mut(index) {
                *old = row;
            }
        }
    }
}

fn different<T: PartialEq + Clone>(before: &T, after: &T) -> Option<T> {
    (before != after).then(|| after.clone())
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
