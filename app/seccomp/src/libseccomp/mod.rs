//! libseccomp's way from rules to a program, as version 2.5.4 goes it.
//!
//! Rules for one syscall form a decision tree ([`tree`]), made of 32-bit
//! comparisons ([`chain`]). The trees become blocks of instructions ([`blocks`],
//! [`emit`]) that are put in order with jumps that reach ([`layout`]). The
//! behaviour follows `src/db.c` and `src/gen_bpf.c` of libseccomp, which decide
//! by the order of a tree's nodes and not by the severity of actions; programs
//! come out instruction for instruction as the library's, its mistakes included.
//!
//! Known deviations: an architecture without a syscall table in the lab (MIPS,
//! PowerPC, RISC-V) gets its test but no rules, so its calls get the default
//! action. With a newer libseccomp only the table of names changes, the program
//! is made as by 2.5.4.

mod blocks;
mod chain;
mod database;
mod emit;
mod layout;
mod prune;
mod tree;

pub(crate) use chain::ArgumentTest;
pub(crate) use database::{Collection, RuleError};
pub(crate) use emit::Layout;

/// Steps that the lab spends on the trees of one profile, about a second.
/// libseccomp has no limit: its search for needless nodes grows exponentially
/// with the arguments of ordered comparisons and may take it minutes.
pub(crate) const WORK_LIMIT: u64 = 30_000_000;

/// Blocks of instructions before the lab gives up; the kernel takes no more
/// than 4096 instructions.
pub(crate) const BLOCK_LIMIT: usize = 1 << 18;

/// Why a rule cannot join a tree, or a tree cannot become a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeError {
    /// The same conditions lead to another action already (EEXIST).
    Conflict,
    /// libseccomp links a node to itself and follows that link for ever.
    Hangs,
    /// [`WORK_LIMIT`] or [`BLOCK_LIMIT`] is used up.
    TooLarge,
}
