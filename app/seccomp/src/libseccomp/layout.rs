//! The order of blocks in the program, and jumps that reach.

use super::{
    TreeError,
    blocks::{Accumulator, BlockId, BlockInstruction, Blocks, Target},
};
use crate::{
    bpf::{Instruction, Operation},
    filter::Origin,
};

/// Farthest conditional jump.
const JUMP_MAX: usize = 255;

/// A block in the program, or what stands in for one that is too far to jump to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Block(BlockId),
    /// A copy of an answer, or a long jump to a block.
    StandIn(BlockId),
}

/// Orders the blocks after the listed ones that reach them and resolves the jumps.
pub(super) fn lay_out(
    blocks: &mut Blocks,
    listed: &[BlockId],
) -> Result<(Vec<Instruction>, Vec<Origin>), TreeError> {
    let order = order(blocks, listed);
    let entries = bridge(blocks, &order);
    write(blocks, &entries)
}

/// Each block that is not listed goes right behind the first block found to jump
/// to it, looking from the end; that is a depth-first order read backwards.
fn order(blocks: &mut Blocks, listed: &[BlockId]) -> Vec<BlockId> {
    let mut placed = vec![false; blocks.len()];
    for block in listed {
        placed[*block] = true;
    }
    let mut reversed = Vec::with_capacity(blocks.len());
    for &root in listed.iter().rev() {
        let mut open = vec![(root, jumps(blocks, root))];
        while let Some((block, targets)) = open.last_mut() {
            let block = *block;
            match targets.pop() {
                Some(target) if placed[target] => {}
                Some(target) => {
                    placed[target] = true;
                    load_needed(blocks, block, target);
                    open.push((target, jumps(blocks, target)));
                }
                None => {
                    reversed.push(block);
                    open.pop();
                }
            }
        }
    }
    reversed.reverse();
    reversed
}

/// The blocks that a block jumps to, the first to look at last.
fn jumps(blocks: &Blocks, block: BlockId) -> Vec<BlockId> {
    blocks
        .get(block)
        .instructions
        .iter()
        .flat_map(|instruction| [instruction.on_false, instruction.on_true])
        .filter_map(|target| match target {
            Target::Block(block) => Some(block),
            _ => None,
        })
        .collect()
}

/// Lets a block load what it relies on where the block that it follows leaves
/// something else. Other blocks that jump to it are not looked at, as in libseccomp.
fn load_needed(blocks: &mut Blocks, from: BlockId, to: BlockId) {
    let leaves = blocks.get(from).leaves;
    let block = blocks.get_mut(to);
    let needs = block.needs;
    let Some(offset) = needs.offset else { return };
    if leaves == needs {
        return;
    }
    if needs.mask != u32::MAX {
        block
            .instructions
            .insert(0, BlockInstruction::plain(Operation::And, needs.mask));
    }
    block
        .instructions
        .insert(0, BlockInstruction::plain(Operation::Load, offset));
    block.needs = Accumulator::UNKNOWN;
}

/// Puts stand-ins behind blocks whose conditional jumps do not reach.
fn bridge(blocks: &Blocks, order: &[BlockId]) -> Vec<Entry> {
    let mut reversed: Vec<Entry> = Vec::with_capacity(order.len());
    // Instructions from the start of each block's nearest entry to the end of the
    // program, and from the place where the next entry goes.
    let mut to_end: Vec<Option<usize>> = vec![None; blocks.len()];
    let mut length = 0;
    for &block in order.iter().rev() {
        let instructions = &blocks.get(block).instructions;
        loop {
            let mut added = false;
            for (at, instruction) in instructions.iter().enumerate().rev() {
                let rest = instructions.len() - at - 1;
                for target in [instruction.on_true, instruction.on_false] {
                    let Target::Block(target) = target else {
                        continue;
                    };
                    let reaches =
                        to_end[target].is_some_and(|start| rest + length - start <= JUMP_MAX);
                    if !reaches {
                        reversed.push(Entry::StandIn(target));
                        length += 1;
                        to_end[target] = Some(length);
                        added = true;
                    }
                }
            }
            if !added {
                break;
            }
        }
        reversed.push(Entry::Block(block));
        length += instructions.len();
        to_end[block] = Some(length);
    }
    reversed.reverse();
    reversed
}

impl Entry {
    const fn block(self) -> BlockId {
        match self {
            Self::Block(block) | Self::StandIn(block) => block,
        }
    }

    fn length(self, blocks: &Blocks) -> usize {
        match self {
            Self::Block(block) => blocks.get(block).instructions.len(),
            Self::StandIn(_) => 1,
        }
    }
}

/// Writes the instructions with their jumps counted out.
fn write(blocks: &Blocks, entries: &[Entry]) -> Result<(Vec<Instruction>, Vec<Origin>), TreeError> {
    // From the end, so that the nearest following place of each block is at hand.
    let total: usize = entries.iter().map(|entry| entry.length(blocks)).sum();
    let mut nearest = vec![usize::MAX; blocks.len()];
    let mut real = vec![usize::MAX; blocks.len()];
    let mut program = Vec::with_capacity(total);
    let mut origins = Vec::with_capacity(total);
    let mut end = total;
    for entry in entries.iter().rev() {
        let start = end - entry.length(blocks);
        match *entry {
            Entry::StandIn(block) => {
                let answer = &blocks.get(block).instructions;
                program.push(match answer.first() {
                    Some(only) if blocks.get(block).is_answer() => {
                        Instruction::plain(Operation::Return, only.k)
                    }
                    _ => Instruction::plain(
                        Operation::Jump,
                        u32::try_from(real[block] - start - 1).map_err(|_| TreeError::TooLarge)?,
                    ),
                });
                origins.push(Origin::default());
            }
            Entry::Block(block) => {
                let block = blocks.get(block);
                for (at, one) in block.instructions.iter().enumerate().rev() {
                    let place = start + at;
                    let jump = |target| match target {
                        Target::Next | Target::Architecture(_) => Ok(0),
                        Target::Skip(count) => Ok(count),
                        Target::Block(block) => nearest[block]
                            .checked_sub(place + 1)
                            .and_then(|distance| u8::try_from(distance).ok())
                            .ok_or(TreeError::TooLarge),
                    };
                    program.push(Instruction {
                        operation: one.operation,
                        jt: jump(one.on_true)?,
                        jf: jump(one.on_false)?,
                        k: one.k,
                    });
                    let is_last = at + 1 == block.instructions.len();
                    origins.push(Origin {
                        part: block.part,
                        on_true: if is_last {
                            block.true_rules.clone()
                        } else {
                            Vec::new()
                        },
                        on_false: if is_last {
                            block.false_rules.clone()
                        } else {
                            Vec::new()
                        },
                    });
                }
            }
        }
        nearest[entry.block()] = start;
        if matches!(entry, Entry::Block(_)) {
            real[entry.block()] = start;
        }
        end = start;
    }
    program.reverse();
    origins.reverse();
    Ok((program, origins))
}
