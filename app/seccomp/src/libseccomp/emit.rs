//! From trees to blocks: one architecture after the other.

use super::{
    TreeError,
    blocks::{Accumulator, Block, BlockId, BlockInstruction, Blocks, Target},
    chain::Comparison,
    database::{Call, Collection, Database},
    layout,
    tree::{NodeId, Way},
};
use crate::{
    arch::{Arch, X32_SYSCALL_BIT},
    bpf::{Instruction, OFFSET_ARCH, OFFSET_ARGUMENTS, OFFSET_NUMBER, Operation},
    filter::{Origin, Part},
};

/// What libseccomp answers on an architecture that the filter does not list;
/// runc never changes it from killing the thread.
const BAD_ARCH_ACTION: u32 = 0;

/// Syscalls at a leaf of the binary tree (`SYSCALLS_PER_NODE`).
const CALLS_PER_LEAF: usize = 4;

/// How the syscalls of an architecture are found
/// (`SCMP_FLTATR_CTL_OPTIMIZE` 1 and 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One after the other, those with the fewest comparisons first.
    List,
    /// By a binary tree over their numbers.
    BinaryTree,
}

impl Collection {
    /// The program and what its instructions are for.
    pub(crate) fn generate(self, layout: Layout) -> Result<Generated, TreeError> {
        Emitter::new(self.default)?.run(self.databases, layout)
    }
}

/// A program made from rules.
pub(crate) struct Generated {
    pub(crate) program: Vec<Instruction>,
    pub(crate) origins: Vec<Origin>,
    /// ABIs whose rules the program never reaches.
    pub(crate) unreachable: Vec<Arch>,
}

struct Emitter {
    unreachable: Vec<Arch>,
    blocks: Blocks,
    default: BlockId,
    bad_arch: BlockId,
    /// Blocks whose order is given; the others follow those that jump to them.
    listed: Vec<BlockId>,
}

/// A syscall's rules with the ABI they are for.
struct AbiCall {
    arch: Arch,
    call: Call,
}

impl Emitter {
    fn new(default: u32) -> Result<Self, TreeError> {
        let mut blocks = Blocks::default();
        Ok(Self {
            bad_arch: blocks.answer(BAD_ARCH_ACTION)?,
            default: blocks.answer(default)?,
            blocks,
            listed: Vec::new(),
            unreachable: Vec::new(),
        })
    }

    fn run(mut self, databases: Vec<Database>, layout: Layout) -> Result<Generated, TreeError> {
        let mut head = Block::new(Part::Architecture, Accumulator::UNKNOWN);
        head.instructions
            .push(BlockInstruction::plain(Operation::Load, OFFSET_ARCH));
        head.leaves = Accumulator::word(OFFSET_ARCH);
        let head = self.blocks.intern(head)?;
        self.listed.push(head);

        let sections = sections(databases);
        let mut tests = Vec::new();
        for (position, section) in sections.into_iter().enumerate() {
            let test = self.architecture(position, section, layout)?;
            tests.push(test);
        }
        for (position, test) in tests.iter().enumerate() {
            let next = tests.get(position + 1).copied().unwrap_or(self.bad_arch);
            for instruction in &mut self.blocks.get_mut(*test).instructions {
                if instruction.on_false == Target::Architecture(position + 1) {
                    instruction.on_false = Target::Block(next);
                }
            }
        }
        self.listed.push(self.bad_arch);
        let (program, origins) = layout::lay_out(&mut self.blocks, &self.listed)?;
        Ok(Generated {
            program,
            origins,
            unreachable: self.unreachable,
        })
    }

    /// The part of one audit architecture; returns the block that tests for it.
    fn architecture(
        &mut self,
        position: usize,
        section: Section,
        layout: Layout,
    ) -> Result<BlockId, TreeError> {
        let needs_guard = section.guards_x32;
        let loads_number = !needs_guard || layout == Layout::BinaryTree;
        let mut body = match layout {
            Layout::List => self.call_list(section.calls, loads_number)?,
            Layout::BinaryTree => self.call_tree(section.calls)?,
        };
        let mut first = body.first().copied().unwrap_or(self.default);
        if needs_guard {
            let guard = self.x32_guard(first)?;
            body.insert(0, guard);
            first = guard;
        }
        let mut test = Block::new(Part::Architecture, Accumulator::UNKNOWN);
        test.instructions.push(BlockInstruction::test(
            Operation::JumpEqual,
            section.audit,
            Target::Block(first),
            Target::Architecture(position + 1),
        ));
        let test = self.blocks.intern(test)?;
        self.listed.push(test);
        self.listed.extend(body);
        Ok(test)
    }

    /// Keeps x32 numbers from an x86-64 filter without x32, but lets -1 pass,
    /// which a tracer uses to skip a call.
    fn x32_guard(&mut self, first: BlockId) -> Result<BlockId, TreeError> {
        let mut guard = Block::new(Part::X32Guard, Accumulator::UNKNOWN);
        guard.leaves = Accumulator::word(OFFSET_NUMBER);
        guard.instructions = vec![
            BlockInstruction::plain(Operation::Load, OFFSET_NUMBER),
            BlockInstruction::test(
                Operation::JumpGreaterOrEqual,
                X32_SYSCALL_BIT,
                Target::Skip(0),
                Target::Block(first),
            ),
            BlockInstruction::test(
                Operation::JumpEqual,
                u32::MAX,
                Target::Block(first),
                Target::Block(self.bad_arch),
            ),
        ];
        self.blocks.intern(guard)
    }

    /// Syscalls one after the other.
    ///
    /// Only the first of the list loads the number. Where that one does not
    /// exist on the architecture it is left out, and the load with it: all rules
    /// of the architecture then compare something else. libseccomp has the same
    /// fault.
    fn call_list(
        &mut self,
        mut calls: Vec<AbiCall>,
        loads_number: bool,
    ) -> Result<Vec<BlockId>, TreeError> {
        sorted::sort_by_key(&mut calls, |one| std::cmp::Reverse(one.call.priority));
        let starts_with_ghost = calls.first().is_some_and(|one| one.call.number < 0);
        if loads_number && starts_with_ghost {
            let mut arches: Vec<Arch> = calls
                .iter()
                .filter(|one| one.call.number >= 0)
                .map(|one| one.arch)
                .collect();
            sorted::sort(&mut arches);
            arches.dedup();
            self.unreachable.extend(arches);
        }
        let mut body = Vec::new();
        let mut next = self.default;
        for (position, one) in calls.into_iter().enumerate().rev() {
            if one.call.number < 0 {
                continue;
            }
            next = self.call(one, next, loads_number && position == 0)?;
            body.push(next);
        }
        body.reverse();
        Ok(body)
    }

    /// Syscalls in leaves of four, from the largest number down, below tests
    /// that halve what is left.
    fn call_tree(&mut self, mut calls: Vec<AbiCall>) -> Result<Vec<BlockId>, TreeError> {
        calls.retain(|one| one.call.number >= 0);
        sorted::sort_by_key(&mut calls, |one| std::cmp::Reverse(one.call.number));
        let capacity = calls.len().div_ceil(CALLS_PER_LEAF);
        let capacity = capacity.next_power_of_two() * CALLS_PER_LEAF;
        Ok(self.half(calls, capacity, true)?.0)
    }

    /// A subtree with room for `capacity` calls: its blocks in order.
    fn half(
        &mut self,
        mut calls: Vec<AbiCall>,
        capacity: usize,
        is_root: bool,
    ) -> Result<(Vec<BlockId>, Option<BlockId>), TreeError> {
        if capacity <= CALLS_PER_LEAF {
            let mut body = Vec::new();
            let mut next = self.default;
            for (position, one) in calls.into_iter().enumerate().rev() {
                next = self.call(one, next, is_root && position == 0)?;
                body.push(next);
            }
            body.reverse();
            let first = body.first().copied();
            return Ok((body, first));
        }
        let half = capacity / 2;
        if calls.len() <= half {
            return self.half(calls, half, is_root);
        }
        let lower = calls.split_off(half);
        let split = lower.first().map_or(0, |one| one.call.number);
        // The lower half is made first, as the list is from its end.
        let (lower, low_first) = self.half(lower, half, false)?;
        let (upper, up_first) = self.half(calls, half, false)?;
        let mut node = Block::new(Part::Search, Accumulator::word(OFFSET_NUMBER));
        if is_root {
            node.needs = Accumulator::UNKNOWN;
            node.instructions
                .push(BlockInstruction::plain(Operation::Load, OFFSET_NUMBER));
        }
        node.instructions.push(BlockInstruction::test(
            Operation::JumpGreater,
            split.cast_unsigned(),
            Target::Block(up_first.unwrap_or(self.default)),
            Target::Block(low_first.unwrap_or(self.default)),
        ));
        let node = self.blocks.intern(node)?;
        let mut body = vec![node];
        body.extend(upper);
        body.extend(lower);
        Ok((body, Some(node)))
    }

    /// The test of one syscall's number, and its arguments behind it.
    fn call(
        &mut self,
        one: AbiCall,
        next: BlockId,
        loads_number: bool,
    ) -> Result<BlockId, TreeError> {
        let AbiCall { arch, mut call } = one;
        let (target, rules) = if let Some(root) = call.tree.root {
            let start = if loads_number {
                Accumulator::word(OFFSET_NUMBER)
            } else {
                Accumulator::UNKNOWN
            };
            let default = Target::Block(self.default);
            let first = self.chain(arch, &mut call, root, default, start)?;
            (first, Vec::new())
        } else {
            (
                self.blocks.answer(call.action)?,
                call.uses(arch, &call.rules),
            )
        };
        let mut block = Block::new(Part::Syscall, Accumulator::word(OFFSET_NUMBER));
        block.true_rules = rules;
        if loads_number {
            block.needs = Accumulator::UNKNOWN;
            block
                .instructions
                .push(BlockInstruction::plain(Operation::Load, OFFSET_NUMBER));
        }
        block.instructions.push(BlockInstruction::test(
            Operation::JumpEqual,
            call.number.cast_unsigned(),
            Target::Block(target),
            Target::Block(next),
        ));
        self.blocks.intern(block)
    }

    /// A level of a tree and what is below; what matches nothing goes on to `next`.
    /// Returns the block of the level's first node.
    fn chain(
        &mut self,
        arch: Arch,
        call: &mut Call,
        node: NodeId,
        next: Target,
        start: Accumulator,
    ) -> Result<BlockId, TreeError> {
        let level = call.tree.level(node)?;
        let mut accumulator = start;
        let mut level: Vec<(NodeId, Block)> = level
            .into_iter()
            .map(|node| {
                let block = self.node(call, node, &mut accumulator)?;
                Ok((node, block))
            })
            .collect::<Result<_, TreeError>>()?;
        let mut after = next;
        let mut first = self.default;
        while let Some((node, mut block)) = level.pop() {
            let mut targets = [after; 2];
            for (way, target) in [Way::True, Way::False].into_iter().zip(&mut targets) {
                let branch = call.tree.branch(node, way);
                if let Some(below) = branch.next {
                    *target = Target::Block(self.chain(arch, call, below, after, block.leaves)?);
                } else if let Some(action) = branch.action {
                    *target = Target::Block(self.blocks.answer(action)?);
                    let uses = call.uses(arch, &branch.rules);
                    match way {
                        Way::True => block.true_rules = uses,
                        Way::False => block.false_rules = uses,
                    }
                }
            }
            if let Some(test) = block.instructions.last_mut() {
                [test.on_true, test.on_false] = targets;
            }
            first = self.blocks.intern(block)?;
            after = Target::Block(first);
        }
        Ok(first)
    }

    /// The instructions of one comparison, its jumps still open. The word is
    /// loaded only where the accumulator does not hold it.
    fn node(
        &mut self,
        call: &Call,
        node: NodeId,
        accumulator: &mut Accumulator,
    ) -> Result<Block, TreeError> {
        let branches = [Way::True, Way::False].map(|way| call.tree.branch(node, way).action);
        for action in branches.into_iter().flatten() {
            self.blocks.answer(action)?;
        }
        let test = call.tree[node].test;
        let mut block = Block::new(Part::Argument, *accumulator);
        let offset =
            OFFSET_ARGUMENTS + u32::from(test.index) * 8 + if test.is_high { 4 } else { 0 };
        if accumulator.offset != Some(offset) || accumulator.mask & test.mask != test.mask {
            *accumulator = Accumulator::word(offset);
            block
                .instructions
                .push(BlockInstruction::plain(Operation::Load, offset));
            block.needs = Accumulator::UNKNOWN;
        }
        if accumulator.mask != test.mask {
            accumulator.mask = test.mask;
            block
                .instructions
                .push(BlockInstruction::plain(Operation::And, test.mask));
        }
        let operation = match test.comparison {
            Comparison::Equal | Comparison::MaskedEqual => Operation::JumpEqual,
            Comparison::Greater => Operation::JumpGreater,
            Comparison::GreaterOrEqual => Operation::JumpGreaterOrEqual,
        };
        block
            .instructions
            .push(BlockInstruction::plain(operation, test.value));
        block.leaves = *accumulator;
        Ok(block)
    }
}

/// The calls that share an audit architecture.
struct Section {
    audit: u32,
    guards_x32: bool,
    calls: Vec<AbiCall>,
}

/// One section for each audit architecture: x86-64 and x32 share one.
fn sections(databases: Vec<Database>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for database in databases {
        let arch = database.arch;
        let calls = database
            .calls
            .into_values()
            .filter_map(|call| Some(AbiCall { arch: arch?, call }));
        if arch == Some(Arch::X32)
            && let Some(shared) = sections
                .iter_mut()
                .find(|section| section.audit == database.audit)
        {
            shared.guards_x32 = false;
            shared.calls.extend(calls);
            continue;
        }
        sections.push(Section {
            audit: database.audit,
            guards_x32: arch == Some(Arch::X86_64),
            calls: calls.collect(),
        });
    }
    sections
}
