//! The decision tree over one syscall's arguments, and how a rule joins it.
//!
//! Nodes of a level are tried one after the other; each branch of a node ends
//! in an action, goes down a level, or goes on with the level. A level may have
//! several parents. References are counted as libseccomp counts them, since the
//! number of nodes that a change frees decides the order of syscalls.

use std::ops::{Index, IndexMut};

use super::{TreeError, WORK_LIMIT, chain::Comparison};
use crate::profile::{Operator, RuleRef};

/// A node's place in the arena.
pub(super) type NodeId = usize;

/// The tree of one syscall, in an arena.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Any node of the top level; its first once rules have joined.
    pub(super) root: Option<NodeId>,
    work: u64,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) test: WordTest,
    pub(super) on_true: Branch,
    pub(super) on_false: Branch,
    pub(super) before: Option<NodeId>,
    pub(super) after: Option<NodeId>,
    references: u32,
}

/// What is compared: a word of an argument under a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordTest {
    pub(super) index: u8,
    pub(super) is_high: bool,
    pub(super) comparison: Comparison,
    /// The rule's operator, which orders the level.
    pub(super) operator: Operator,
    pub(super) value: u32,
    pub(super) mask: u32,
    /// The rule's whole value.
    pub(super) whole: u64,
}

/// What follows an outcome of a comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Branch {
    pub(super) action: Option<u32>,
    /// The rules that put the action there.
    pub(super) rules: Vec<RuleRef>,
    pub(super) next: Option<NodeId>,
}

/// An outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    True,
    False,
}

/// A link that holds a level: the root or a branch of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    Root,
    Branch(NodeId, Way),
}

impl WordTest {
    /// Higher arguments and high words come first.
    const fn word_rank(&self) -> u8 {
        self.index * 2 + self.is_high as u8
    }

    /// Exact comparisons come before ranges.
    const fn operator_rank(&self) -> u8 {
        match self.operator {
            Operator::Equal | Operator::NotEqual | Operator::MaskedEqual => 3,
            Operator::LessOrEqual | Operator::Less => 2,
            Operator::GreaterOrEqual | Operator::Greater => 1,
        }
    }

    /// Whether this test stands after `other` on a level.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        let ranks = (self.word_rank(), self.operator_rank());
        let others = (other.word_rank(), other.operator_rank());
        if ranks != others {
            return ranks < others;
        }
        match self.operator {
            Operator::LessOrEqual | Operator::Less => self.value > other.value,
            _ => self.value < other.value,
        }
    }

    /// Whether both compare the same word in the same way.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.word_rank() == other.word_rank()
            && self.comparison == other.comparison
            && self.value == other.value
            && self.mask == other.mask
    }
}

impl Node {
    /// A node with no level below it.
    pub(super) const fn is_leaf(&self) -> bool {
        self.on_true.next.is_none() && self.on_false.next.is_none()
    }

    const fn is_empty(&self) -> bool {
        self.is_leaf() && self.on_true.action.is_none() && self.on_false.action.is_none()
    }
}

impl Branch {
    pub(super) const fn is_used(&self) -> bool {
        self.action.is_some() || self.next.is_some()
    }
}

impl Index<NodeId> for Tree {
    type Output = Node;

    fn index(&self, node: NodeId) -> &Node {
        &self.nodes[node]
    }
}

impl IndexMut<NodeId> for Tree {
    fn index_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node]
    }
}

impl Tree {
    /// A new node that nothing refers to yet.
    pub(super) fn insert(&mut self, test: WordTest) -> NodeId {
        self.nodes.push(Node {
            test,
            on_true: Branch::default(),
            on_false: Branch::default(),
            before: None,
            after: None,
            references: 0,
        });
        self.nodes.len() - 1
    }

    /// Nodes ever made, dropped ones included.
    pub(super) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Forgets the nodes from `length` on if nothing refers to them any more.
    pub(super) fn forget_unused(&mut self, length: usize) {
        if self
            .nodes
            .iter()
            .skip(length)
            .all(|node| node.references == 0)
        {
            self.nodes.truncate(length);
        }
    }

    /// Counts a step of work.
    pub(super) const fn spend(&mut self) -> Result<(), TreeError> {
        self.work += 1;
        if self.work > WORK_LIMIT {
            return Err(TreeError::TooLarge);
        }
        Ok(())
    }

    /// Counts a step along a level, which cannot have more nodes than there are:
    /// a rule that joins one level through two parents can tie a level into a
    /// ring, and libseccomp 2.5.4 then goes round for ever.
    pub(super) fn step_along(&mut self, steps: &mut usize) -> Result<(), TreeError> {
        *steps += 1;
        if *steps > self.nodes.len() {
            return Err(TreeError::Hangs);
        }
        self.spend()
    }

    /// The nodes of the level that `node` is on, in order.
    pub(super) fn level(&mut self, node: NodeId) -> Result<Vec<NodeId>, TreeError> {
        let mut nodes = vec![self.level_start(node)?];
        let mut steps = 0;
        while let Some(after) = nodes.last().and_then(|last| self[*last].after) {
            self.step_along(&mut steps)?;
            nodes.push(after);
        }
        Ok(nodes)
    }

    /// The steps spent so far.
    pub(super) const fn work(&self) -> u64 {
        self.work
    }

    /// Starts the count from what other trees have spent.
    pub(super) const fn set_work(&mut self, work: u64) {
        self.work = work;
    }

    pub(super) fn hold(&mut self, node: NodeId) {
        self[node].references += 1;
    }

    pub(super) fn branch(&self, node: NodeId, way: Way) -> &Branch {
        match way {
            Way::True => &self[node].on_true,
            Way::False => &self[node].on_false,
        }
    }

    pub(super) fn branch_mut(&mut self, node: NodeId, way: Way) -> &mut Branch {
        match way {
            Way::True => &mut self[node].on_true,
            Way::False => &mut self[node].on_false,
        }
    }

    pub(super) fn get(&self, slot: Slot) -> Option<NodeId> {
        match slot {
            Slot::Root => self.root,
            Slot::Branch(node, way) => self.branch(node, way).next,
        }
    }

    fn set(&mut self, slot: Slot, to: Option<NodeId>) {
        match slot {
            Slot::Root => self.root = to,
            Slot::Branch(node, way) => self.branch_mut(node, way).next = to,
        }
    }

    /// The first node of the level that `node` is on.
    pub(super) fn level_start(&mut self, node: NodeId) -> Result<NodeId, TreeError> {
        let mut at = node;
        let mut steps = 0;
        while let Some(before) = self[at].before {
            self.step_along(&mut steps)?;
            at = before;
        }
        Ok(at)
    }

    /// Drops a reference to a node; without any left the node goes, and what it
    /// held. Returns what a link to it should now point to, and how many went.
    pub(super) fn release(&mut self, node: NodeId) -> Result<(Option<NodeId>, u32), TreeError> {
        self.spend()?;
        let references = self[node].references.wrapping_sub(1);
        self[node].references = references;
        if references != 0 {
            return Ok((Some(node), 0));
        }
        let (mut before, mut after) = (self[node].before, self[node].after);
        let below = [self[node].on_true.next, self[node].on_false.next];
        if let Some(before) = before {
            self[before].after = None;
        }
        if let Some(after) = after {
            self[after].before = None;
        }
        let mut count = 0;
        for neighbour in [&mut before, &mut after] {
            if let Some(one) = *neighbour {
                let (left, gone) = self.release(one)?;
                *neighbour = left;
                count += gone;
            }
        }
        if let Some(before) = before {
            if let Some(after) = after {
                self.hold(after);
            }
            self[before].after = after;
        }
        if let Some(after) = after {
            if let Some(before) = before {
                self.hold(before);
            }
            self[after].before = before;
        }
        for level in below.into_iter().flatten() {
            count += self.release_level(level)?;
        }
        Ok((before.or(after), count + 1))
    }

    /// Drops a reference to a level through one of its nodes, and the level
    /// with it where no other parent holds it. Returns how many nodes went.
    pub(super) fn release_level(&mut self, node: NodeId) -> Result<u32, TreeError> {
        let (left, mut count) = self.release(node)?;
        let Some(left) = left else { return Ok(count) };
        let start = self.level_start(left)?;
        for node in self.level(start)? {
            let one = &self[node];
            let links = u32::from(one.before.is_some()) + u32::from(one.after.is_some());
            if one.references > links {
                return Ok(count);
            }
        }
        let mut at = Some(start);
        while let Some(node) = at {
            let (left, gone) = self.release(node)?;
            count += gone;
            at = left;
        }
        Ok(count)
    }

    /// Takes a node out wherever it hangs below `slot`, and nodes that this
    /// leaves empty. Returns how many went; libseccomp forgets the references
    /// that the node's neighbours hold, so that may be none.
    pub(super) fn remove(&mut self, slot: Slot, node: NodeId) -> Result<u32, TreeError> {
        let Some(held) = self.get(slot) else {
            return Ok(0);
        };
        let mut at = self.level_start(held)?;
        let mut count = 0;
        loop {
            self.spend()?;
            if at == node {
                break;
            }
            count += self.remove(Slot::Branch(at, Way::True), node)?;
            count += self.remove(Slot::Branch(at, Way::False), node)?;
            if self[at].is_empty() {
                break;
            }
            match self[at].after {
                Some(after) if count == 0 => at = after,
                _ => return Ok(count),
            }
        }
        let (before, after) = (self[at].before, self[at].after);
        if self.get(slot) == Some(at) {
            self.set(slot, before.or(after));
        }
        if let Some(before) = before {
            self[before].after = after;
        }
        if let Some(after) = after {
            self[after].before = before;
        }
        self[at].before = None;
        self[at].after = None;
        Ok(count + self.release(at)?.1)
    }

    /// Whether every action on the level of `node` and below is `action`.
    pub(super) fn has_only(&mut self, node: NodeId, action: u32) -> Result<bool, TreeError> {
        for node in self.level(node)? {
            let branches = [&self[node].on_true, &self[node].on_false];
            let below = branches.map(|branch| branch.next);
            if branches
                .iter()
                .any(|branch| branch.action.is_some_and(|has| has != action))
            {
                return Ok(false);
            }
            for level in below.into_iter().flatten() {
                if !self.has_only(level, action)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Joins a rule's chain to the level in `slot`. `dropped` counts the nodes
    /// that a shorter rule replaces.
    pub(super) fn join(
        &mut self,
        slot: Slot,
        new: NodeId,
        dropped: &mut u32,
    ) -> Result<(), TreeError> {
        let Some(mut at) = self.get(slot) else {
            return Ok(());
        };
        let mut steps = 0;
        loop {
            self.step_along(&mut steps)?;
            if self[at].test.is_same(&self[new].test) {
                return self.merge(at, new, dropped);
            }
            if self[at].test.is_below(&self[new].test) {
                return self.put_before(slot, at, new);
            }
            let Some(after) = self[at].after else {
                self.hold(at);
                self[new].before = Some(at);
                self.hold(new);
                self[at].after = Some(new);
                return Ok(());
            };
            at = after;
        }
    }

    fn put_before(&mut self, slot: Slot, at: NodeId, new: NodeId) -> Result<(), TreeError> {
        self.hold(new);
        if let Some(before) = self[at].before {
            self[before].after = Some(new);
            self[new].before = Some(before);
            self.hold(new);
        } else {
            self.hold(at);
        }
        self[at].before = Some(new);
        self[new].after = Some(at);
        if self.get(slot) == Some(at) {
            self.hold(new);
            self.set(slot, Some(new));
            self.release(at)?;
        }
        Ok(())
    }

    fn merge(&mut self, at: NodeId, new: NodeId, dropped: &mut u32) -> Result<(), TreeError> {
        for way in [Way::True, Way::False] {
            self.merge_action(way, at, new, dropped)?;
        }
        for way in [Way::True, Way::False] {
            let Some(below) = self.branch(new, way).next else {
                continue;
            };
            let there = self.branch(at, way);
            if there.next.is_some() {
                self.join(Slot::Branch(at, way), below, dropped)?;
            } else if there.action.is_none() {
                self.hold(below);
                self.branch_mut(at, way).next = Some(below);
            } else {
                // The rule that is there is shorter and covers the new one.
                return Ok(());
            }
        }
        Ok(())
    }

    fn merge_action(
        &mut self,
        way: Way,
        at: NodeId,
        new: NodeId,
        dropped: &mut u32,
    ) -> Result<(), TreeError> {
        let branch = self.branch(new, way);
        let Some(action) = branch.action else {
            return Ok(());
        };
        let rules = branch.rules.clone();
        let there = self.branch(at, way);
        match there.action {
            None => {
                if let Some(below) = there.next {
                    if !self.has_only(below, action)? {
                        return Err(TreeError::Conflict);
                    }
                    *dropped = dropped.wrapping_add(self.release(below)?.1);
                }
                *self.branch_mut(at, way) = Branch {
                    action: Some(action),
                    rules,
                    next: None,
                };
            }
            Some(has) if has == action => {
                let branch = self.branch_mut(at, way);
                // A rule may come to the same branch by two ways, one after the other.
                if !branch.rules.ends_with(&rules) {
                    branch.rules.extend(rules);
                }
            }
            Some(_) => self.settle(way, at, new, rules)?,
        }
        Ok(())
    }

    /// Two actions on one branch: an error, except at the high word of a range,
    /// where the wider range decides.
    fn settle(
        &mut self,
        way: Way,
        at: NodeId,
        new: NodeId,
        rules: Vec<RuleRef>,
    ) -> Result<(), TreeError> {
        if self[at].is_leaf() || self[new].is_leaf() {
            return Err(TreeError::Conflict);
        }
        let (old, fresh) = (&self[at].test, &self[new].test);
        let replaces = fresh.is_high
            && match way {
                Way::True => fresh.whole > old.whole,
                Way::False => fresh.whole < old.whole,
            };
        // libseccomp changes the true branch whichever of the two it compared.
        let action = self[new].on_true.action.unwrap_or(0);
        let branch = &mut self[at].on_true;
        if replaces && branch.action.is_some() {
            branch.action = Some(action);
            branch.rules = rules;
        }
        Ok(())
    }
}
