//! Blocks of instructions: equal ones are kept once.

use std::collections::HashMap;

use super::{BLOCK_LIMIT, TreeError};
use crate::{
    bpf::Operation,
    filter::{Part, RuleUse},
};

/// A block's place in [`Blocks`].
pub(super) type BlockId = usize;

/// Where a jump goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// No jump: the next instruction.
    Next,
    /// Over this many instructions of the same block.
    Skip(u8),
    /// To a block.
    Block(BlockId),
    /// To the test of the architecture at this position, or to the bad-architecture
    /// answer after the last one.
    Architecture(usize),
}

/// An instruction whose jumps are not laid out yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BlockInstruction {
    pub(super) operation: Operation,
    pub(super) k: u32,
    pub(super) on_true: Target,
    pub(super) on_false: Target,
}

/// What the accumulator holds: the word at an offset, under a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Accumulator {
    /// `None` where nothing is known or needed.
    pub(super) offset: Option<u32>,
    pub(super) mask: u32,
}

/// Instructions that run one after the other, with a test at the end.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) instructions: Vec<BlockInstruction>,
    /// What the block relies on.
    pub(super) needs: Accumulator,
    /// What it leaves.
    pub(super) leaves: Accumulator,
    pub(super) part: Part,
    pub(super) true_rules: Vec<RuleUse>,
    pub(super) false_rules: Vec<RuleUse>,
}

/// All blocks, each once.
///
/// Two blocks are equal by their instructions and by what they rely on in the
/// accumulator.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    known: HashMap<(Vec<BlockInstruction>, Accumulator), BlockId>,
}

impl Accumulator {
    /// Nothing known.
    pub(super) const UNKNOWN: Self = Self {
        offset: None,
        mask: u32::MAX,
    };

    /// The whole word at an offset.
    pub(super) const fn word(offset: u32) -> Self {
        Self {
            offset: Some(offset),
            mask: u32::MAX,
        }
    }
}

impl BlockInstruction {
    pub(super) const fn plain(operation: Operation, k: u32) -> Self {
        Self {
            operation,
            k,
            on_true: Target::Next,
            on_false: Target::Next,
        }
    }

    pub(super) const fn test(
        operation: Operation,
        k: u32,
        on_true: Target,
        on_false: Target,
    ) -> Self {
        Self {
            operation,
            k,
            on_true,
            on_false,
        }
    }
}

impl Block {
    pub(super) const fn new(part: Part, needs: Accumulator) -> Self {
        Self {
            instructions: Vec::new(),
            needs,
            leaves: needs,
            part,
            true_rules: Vec::new(),
            false_rules: Vec::new(),
        }
    }

    /// Whether the block is an answer and nothing else.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.instructions.as_slice(), [only] if only.operation == Operation::Return)
    }
}

impl Blocks {
    /// The block with these instructions, made now if there is none.
    pub(super) fn intern(&mut self, block: Block) -> Result<BlockId, TreeError> {
        let key = (block.instructions.clone(), block.needs);
        if let Some(&id) = self.known.get(&key) {
            if let Some(known) = self.blocks.get_mut(id) {
                known.true_rules.extend(block.true_rules);
                known.false_rules.extend(block.false_rules);
            }
            return Ok(id);
        }
        if self.blocks.len() >= BLOCK_LIMIT {
            return Err(TreeError::TooLarge);
        }
        let id = self.blocks.len();
        self.known.insert(key, id);
        self.blocks.push(block);
        Ok(id)
    }

    /// A block that answers `value`.
    pub(super) fn answer(&mut self, value: u32) -> Result<BlockId, TreeError> {
        let mut block = Block::new(Part::Answer, Accumulator::UNKNOWN);
        block
            .instructions
            .push(BlockInstruction::plain(Operation::Return, value));
        self.intern(block)
    }

    pub(super) const fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn get(&self, id: BlockId) -> &Block {
        &self.blocks[id]
    }

    pub(super) fn get_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id]
    }
}
