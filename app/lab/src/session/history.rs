//! What was done since the last edit: looking back, going back, asking what
//! would have been.

use super::Session;
use crate::{
    desk::DeskError,
    message::{Change, Changed, Observation, WorldView},
    observe, view, whatif,
};

/// A command line that was typed in a node's terminal since the last edit.
#[derive(Debug, Clone)]
pub struct Typed {
    pub node: String,
    pub line: String,
    /// How many calls the node's trace had before it.
    pub before: usize,
}

impl Session {
    /// A node's world just before a call of its trace; for a row one past the
    /// last call, as it is now.
    pub fn look(&mut self, node: &str, row: u32) -> Result<WorldView, DeskError> {
        let machine = &self.node(node)?.machine;
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        if index == machine.journal.len()
            && let Some(last) = machine.journal.last()
        {
            return Ok(view::world_now(node, row, machine, last.event.task));
        }
        let recorded = machine.journal.get(index);
        let recorded = recorded.ok_or_else(|| DeskError::NoRow(node.to_owned()))?;
        Ok(view::world(node, row, recorded))
    }

    /// Goes back to just before the command line that a row belongs to: the
    /// node is as it was then, and what was typed on it since is undone. The
    /// workload belongs to the beginning and stays.
    pub fn rewind(&mut self, node: &str, row: u32) -> Result<Changed, DeskError> {
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        let length = self.node(node)?.machine.journal.len();
        if index >= length {
            return Err(DeskError::NoRow(node.to_owned()));
        }
        // The last line that began at or before the row, and all after it.
        let own = |typed: &&Typed| typed.node == node;
        let undone = self
            .typed
            .iter()
            .filter(own)
            .filter(|typed| typed.before <= index)
            .map(|typed| typed.before)
            .max();
        let kept: Vec<Typed> = self
            .typed
            .iter()
            .filter(own)
            .filter(|typed| undone.is_some_and(|undone| typed.before < undone))
            .cloned()
            .collect();
        self.typed.retain(|typed| typed.node != node);
        let (workspace, document) = (&self.workspace, &self.document);
        let found = self
            .nodes
            .iter_mut()
            .find(|found| found.spec.id == node)
            .ok_or_else(|| DeskError::NoNode(node.to_owned()))?;
        found.start(workspace, &document.image);
        for command in &document.workload {
            found.run_in_pod(command);
        }
        for typed in &kept {
            found.run(&typed.line);
        }
        self.typed.extend(kept);
        Ok(self.changes())
    }

    /// Every single change that turns a row's answer round; without a row,
    /// every one after which the pod runs, or runs protected.
    pub fn what_if(&mut self, node: &str, row: Option<u32>) -> Result<Vec<Change>, DeskError> {
        let index = self
            .nodes
            .iter()
            .position(|found| found.spec.id == node)
            .ok_or_else(|| DeskError::NoNode(node.to_owned()))?;
        let found = &self.nodes[index];
        let Some(row) = row else {
            return Ok(whatif::starts(
                found,
                &self.nodes,
                &self.workspace,
                &self.document,
            ));
        };
        let around = whatif::Surroundings {
            typed: &self.typed_on(node),
            fleet: &self.nodes,
        };
        Ok(whatif::changes(
            row,
            found,
            &around,
            &self.workspace,
            &self.document,
        ))
    }

    /// Runs the workload, and what was typed, under a profile that only
    /// complains and a filter that only logs, and proposes from what was seen.
    pub fn observe(&mut self, node: &str) -> Result<Observation, DeskError> {
        let typed = self.typed_on(node);
        let found = self
            .nodes
            .iter()
            .find(|found| found.spec.id == node)
            .ok_or_else(|| DeskError::NoNode(node.to_owned()))?;
        Ok(observe::observe(
            found,
            &typed,
            &self.workspace,
            &self.document,
        ))
    }

    fn typed_on(&self, node: &str) -> Vec<String> {
        let typed = self.typed.iter().filter(|typed| typed.node == node);
        typed.map(|typed| typed.line.clone()).collect()
    }
}
