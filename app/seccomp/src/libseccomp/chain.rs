//! The comparisons of one rule, as 32-bit words.

use super::tree::{NodeId, Tree, Way, WordTest};
use crate::profile::{Operator, RuleRef};

/// A condition on one argument as libseccomp keeps it (`struct db_api_arg`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArgumentTest {
    pub index: u8,
    pub operator: Operator,
    /// All ones, except for a masked comparison.
    pub mask: u64,
    pub value: u64,
}

/// How a word is compared; the other operators are these with their branches swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Comparison {
    Equal,
    MaskedEqual,
    Greater,
    GreaterOrEqual,
}

impl ArgumentTest {
    pub(crate) const fn new(index: u8, operator: Operator, value: u64, value_two: u64) -> Self {
        let (mask, value) = match operator {
            Operator::MaskedEqual => (value, value_two),
            _ => (u64::MAX, value),
        };
        Self {
            index,
            operator,
            mask,
            value,
        }
    }

    /// The same test on the low word alone, as 32-bit ABIs have it.
    const fn low_word(self) -> (u32, u32) {
        let mask = low(self.mask);
        (low(self.value) & mask, mask)
    }

    const fn high_word(self) -> (u32, u32) {
        let mask = high(self.mask);
        (high(self.value) & mask, mask)
    }

    /// A mask of nothing holds always and needs no node.
    const fn is_idle(self, is_32_bit: bool) -> bool {
        matches!(self.operator, Operator::MaskedEqual)
            && low(self.mask) == 0
            && (is_32_bit || high(self.mask) == 0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
const fn low(value: u64) -> u32 {
    value as u32
}

const fn high(value: u64) -> u32 {
    (value >> 32) as u32
}

/// Puts the comparisons of a rule into the arena, by ascending argument, and
/// returns the first; `None` where the rule has no effective condition.
///
/// `tests` has at most one test for each argument.
pub(super) fn build(
    tree: &mut Tree,
    tests: &[ArgumentTest],
    is_32_bit: bool,
    action: u32,
    rule: RuleRef,
) -> Option<NodeId> {
    let mut sorted: Vec<ArgumentTest> = tests
        .iter()
        .copied()
        .filter(|test| !test.is_idle(is_32_bit))
        .collect();
    sorted::sort_by_key(&mut sorted, |test| test.index);
    let mut first = None;
    let mut open: Vec<NodeId> = Vec::new();
    let mut way = Way::True;
    for test in sorted {
        let (head, ends, next_way) = if is_32_bit {
            one_word(tree, test)
        } else {
            two_words(tree, test)
        };
        for &node in &open {
            link(tree, node, way, head);
        }
        if first.is_none() {
            first = Some(head);
            tree.hold(head);
        }
        (open, way) = (ends, next_way);
    }
    for node in open {
        let branch = tree.branch_mut(node, way);
        branch.action = Some(action);
        branch.rules.push(rule);
    }
    first
}

fn link(tree: &mut Tree, from: NodeId, way: Way, to: NodeId) {
    tree.hold(to);
    tree.branch_mut(from, way).next = Some(to);
}

/// The comparison and branch that carry an operator out on its deciding word.
const fn comparison(operator: Operator) -> (Comparison, Way) {
    match operator {
        Operator::Equal => (Comparison::Equal, Way::True),
        Operator::MaskedEqual => (Comparison::MaskedEqual, Way::True),
        Operator::NotEqual => (Comparison::Equal, Way::False),
        Operator::Greater => (Comparison::Greater, Way::True),
        Operator::LessOrEqual => (Comparison::Greater, Way::False),
        Operator::GreaterOrEqual => (Comparison::GreaterOrEqual, Way::True),
        Operator::Less => (Comparison::GreaterOrEqual, Way::False),
    }
}

fn one_word(tree: &mut Tree, test: ArgumentTest) -> (NodeId, Vec<NodeId>, Way) {
    let (comparison, way) = comparison(test.operator);
    let (value, mask) = test.low_word();
    let node = tree.insert(WordTest {
        index: test.index,
        is_high: false,
        comparison,
        operator: test.operator,
        value,
        mask,
        whole: test.value,
    });
    (node, vec![node], way)
}

/// A 64-bit comparison with 32-bit words: an equality is the high word, then
/// the low one; an order is "high greater", else "high equal, then low".
fn two_words(tree: &mut Tree, test: ArgumentTest) -> (NodeId, Vec<NodeId>, Way) {
    let (comparison, way) = comparison(test.operator);
    let mut word = |is_high, comparison| {
        let (value, mask) = if is_high {
            test.high_word()
        } else {
            test.low_word()
        };
        tree.insert(WordTest {
            index: test.index,
            is_high,
            comparison,
            operator: test.operator,
            value,
            mask,
            whole: test.value,
        })
    };
    match test.operator {
        Operator::Equal | Operator::MaskedEqual | Operator::NotEqual => {
            let high = word(true, comparison);
            let low = word(false, comparison);
            link(tree, high, Way::True, low);
            let ends = if way == Way::True {
                vec![low]
            } else {
                vec![high, low]
            };
            (high, ends, way)
        }
        _ => {
            let above = word(true, Comparison::Greater);
            let same = word(true, Comparison::Equal);
            let low = word(false, comparison);
            link(tree, above, Way::False, same);
            link(tree, same, Way::True, low);
            let ends = if way == Way::True {
                vec![above, low]
            } else {
                vec![same, low]
            };
            (above, ends, way)
        }
    }
}
