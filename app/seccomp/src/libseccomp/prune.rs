//! What a new rule makes needless in a tree, before it joins.
//!
//! libseccomp looks for the new rule inside of longer ones with the same action,
//! which it takes out, and for a shorter one that covers the new rule, which
//! makes the new one needless.

use super::{
    TreeError,
    tree::{NodeId, Slot, Tree, Way},
};

/// What comparing a tree with a new rule has found.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    matched: bool,
    matched_once: bool,
    tree_ended: bool,
    rule_ended: bool,
    /// The match begins below the top of the tree.
    tree_is_longer_above: bool,
    /// The match begins below the first comparison of the rule.
    rule_is_longer_above: bool,
}

/// The outcome of pruning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pruned {
    /// Nodes that went.
    pub(super) count: u32,
    /// The tree covers the new rule already.
    pub(super) is_needless: bool,
}

impl Found {
    fn absorb(&mut self, other: Self) {
        self.matched |= other.matched;
        self.matched_once |= other.matched_once;
        self.tree_ended |= other.tree_ended;
        self.rule_ended |= other.rule_ended;
        self.tree_is_longer_above |= other.tree_is_longer_above;
        self.rule_is_longer_above |= other.rule_is_longer_above;
    }
}

impl Tree {
    /// Prunes the tree by a rule whose chain begins at `new`.
    pub(super) fn prune(&mut self, new: NodeId, action: u32) -> Result<Pruned, TreeError> {
        let mut found = Found::default();
        let root = self.root;
        let count = self.prune_level(root, Some(new), action, &mut found)?;
        Ok(Pruned {
            count,
            is_needless: found.matched && found.tree_ended && found.rule_is_longer_above,
        })
    }

    fn prune_level(
        &mut self,
        level: Option<NodeId>,
        new: Option<NodeId>,
        action: u32,
        found: &mut Found,
    ) -> Result<u32, TreeError> {
        let mut here = *found;
        let mut count = 0;
        let goes_on = !found.matched_once || found.matched;
        if let (Some(level), Some(new), true) = (level, new, goes_on) {
            let mut at = Some(self.level_start(level)?);
            let mut decided = false;
            let mut steps = 0;
            while let Some(node) = at {
                self.step_along(&mut steps)?;
                let after = self[node].after;
                if self.prune_node(node, new, action, *found, &mut here, &mut count)? {
                    decided = true;
                    break;
                }
                at = after;
            }
            if !decided {
                here.matched = false;
            }
        }
        if here.matched {
            found.absorb(here);
        } else {
            found.matched = false;
        }
        Ok(count)
    }

    /// Compares one node with the rule's; true where the level is decided.
    fn prune_node(
        &mut self,
        node: NodeId,
        new: NodeId,
        action: u32,
        found: Found,
        here: &mut Found,
        count: &mut u32,
    ) -> Result<bool, TreeError> {
        if self[node].test.is_same(&self[new].test) {
            return self.prune_same(node, new, action, found, here, count);
        }
        let mut below = found;
        below.matched = false;
        let is_below = self[node].test.is_below(&self[new].test);
        if is_below {
            if found.rule_is_longer_above {
                return Ok(true);
            }
            below.tree_is_longer_above = true;
        } else {
            if found.tree_is_longer_above {
                return Ok(true);
            }
            below.rule_is_longer_above = true;
        }
        for way in [Way::True, Way::False] {
            let longer = if is_below { node } else { new };
            if self.branch(longer, way).next.is_none() {
                continue;
            }
            let mut inner = below;
            self.hold(node);
            let next = self.branch(longer, way).next;
            *count += if is_below {
                self.prune_level(next, Some(new), action, &mut inner)?
            } else {
                self.prune_level(Some(node), next, action, &mut inner)?
            };
            let (left, gone) = self.release(node)?;
            *count += gone;
            if inner.matched {
                here.absorb(inner);
                return Ok(true);
            }
            if left.is_none() {
                return Ok(false);
            }
        }
        Ok(false)
    }

    fn prune_same(
        &mut self,
        node: NodeId,
        new: NodeId,
        action: u32,
        found: Found,
        here: &mut Found,
        count: &mut u32,
    ) -> Result<bool, TreeError> {
        here.matched = true;
        here.matched_once = true;
        here.rule_ended |= self[new].is_leaf();
        here.tree_ended |= self[node].is_leaf();
        for way in [Way::True, Way::False] {
            if self.branch(node, way).is_used() && !self.branch(new, way).is_used() {
                return Ok(true);
            }
        }
        if here.rule_ended && here.tree_ended {
            for way in [Way::True, Way::False] {
                if self.branch(node, way).action != self.branch(new, way).action {
                    return Ok(true);
                }
            }
        }
        for way in [Way::True, Way::False] {
            let Some(rest) = self.branch(new, way).next else {
                continue;
            };
            self.hold(node);
            let mut inner = found;
            inner.matched = true;
            inner.matched_once = true;
            let level = self.branch(node, way).next;
            *count += self.prune_level(level, Some(rest), action, &mut inner)?;
            let (left, gone) = self.release(node)?;
            *count += gone;
            if inner.matched {
                here.absorb(inner);
            }
            if left.is_none() {
                return Ok(false);
            }
        }
        let ended_here = here.matched && self.has_only(node, action)?;
        if ended_here && here.rule_ended && here.tree_is_longer_above {
            *count += self.remove(Slot::Root, node)?;
            return Ok(self.root.is_none());
        }
        Ok(ended_here && here.tree_ended && here.rule_is_longer_above)
    }
}
