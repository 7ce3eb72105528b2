//! The rules of a filter by architecture and syscall (`struct db_filter_col`).

use sorted::{Entry, SortedMap};

use super::{
    TreeError,
    chain::{self, ArgumentTest},
    tree::{Slot, Tree},
};
use crate::{
    arch::Arch,
    filter::RuleUse,
    profile::{Operator, RuleRef},
    syscalls::{Libseccomp, Numbers},
};

/// Ranks syscalls by how few comparisons they need (`_DB_PRI_MASK_CHAIN`).
const TOP_PRIORITY: u32 = 0xffff;

/// A filter being built: one database for each architecture, the native one first.
#[derive(Debug, Clone)]
pub(crate) struct Collection {
    pub(super) default: u32,
    pub(super) databases: Vec<Database>,
    version: Libseccomp,
    work: u64,
}

/// The rules of one architecture.
#[derive(Debug, Clone)]
pub(super) struct Database {
    /// `None` for an architecture of which the lab has no table; it has no rules.
    pub(super) arch: Option<Arch>,
    pub(super) audit: u32,
    /// By number, taken as unsigned: calls that the architecture lacks come last.
    pub(super) calls: SortedMap<u32, Call>,
}

/// The rules for one syscall.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Negative for a call that the architecture lacks.
    pub(super) number: i32,
    pub(super) priority: u32,
    node_count: u32,
    pub(super) tree: Tree,
    /// What is answered where the tree is empty.
    pub(super) action: u32,
    /// The rules that set [`Call::action`].
    pub(super) rules: Vec<RuleRef>,
    /// Rules that an unconditional one made needless, and that one.
    overruled: Vec<(RuleRef, RuleRef)>,
    joined: Vec<RuleRef>,
}

/// Why libseccomp refuses a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleError {
    /// `EEXIST`.
    Conflict,
    /// It never answers.
    Hangs,
    /// The lab's own limit.
    TooLarge,
}

impl From<TreeError> for RuleError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Conflict => Self::Conflict,
            TreeError::Hangs => Self::Hangs,
            TreeError::TooLarge => Self::TooLarge,
        }
    }
}

impl Collection {
    pub(crate) fn new(native: Arch, default: u32, version: Libseccomp) -> Self {
        let mut collection = Self {
            default,
            databases: Vec::new(),
            version,
            work: 0,
        };
        collection.add_arch(Some(native), native.audit());
        collection
    }

    /// Adds an architecture, unless it is there already.
    pub(crate) fn add_arch(&mut self, arch: Option<Arch>, audit: u32) {
        let is_there = |one: &Database| one.arch == arch && one.audit == audit;
        if !self.databases.iter().any(is_there) {
            self.databases.push(Database {
                arch,
                audit,
                calls: SortedMap::new(),
            });
        }
    }

    /// Adds a rule on every architecture, as `seccomp_rule_add_array` does.
    /// `tests` has at most one test for each argument.
    pub(crate) fn add_rule(
        &mut self,
        call: &Numbers,
        action: u32,
        tests: &[ArgumentTest],
        rule: RuleRef,
    ) -> Result<(), RuleError> {
        let version = self.version;
        let work = &mut self.work;
        for database in &mut self.databases {
            let Some(arch) = database.arch else { continue };
            let Some(number) = call.resolve(arch, version) else {
                continue;
            };
            let is_32_bit = arch.is_32_bit();
            let mut add = |number, tests: &[ArgumentTest]| {
                database.add(number, is_32_bit, action, tests, rule, work)
            };
            if arch != Arch::I386 {
                add(number, tests)?;
                continue;
            }
            // i386 sends most socket and System V IPC calls through one call
            // with a selector, and has most of them as calls of their own too.
            if let Some((multiplexer, selector)) = call.multiplexer() {
                let mut selected: Vec<ArgumentTest> = tests
                    .iter()
                    .copied()
                    .filter(|test| test.index != 0)
                    .collect();
                let selector = u64::from(selector);
                selected.push(ArgumentTest::new(0, Operator::Equal, selector, 0));
                add(multiplexer, &selected)?;
                // Where there is no call of its own, the negative number stays.
                add(call.on(arch).map_or(number, u32::cast_signed), tests)?;
            } else if number >= 0 {
                add(number, tests)?;
            }
        }
        Ok(())
    }

    /// The rules that an unconditional rule for the same call left without effect:
    /// where, which, and by which.
    pub(crate) fn overruled(&self) -> impl Iterator<Item = (Arch, RuleRef, RuleRef)> {
        self.databases.iter().flat_map(|database| {
            let arch = database.arch;
            database
                .calls
                .values()
                .flat_map(|call| call.overruled.iter())
                .filter_map(move |(rule, by)| Some((arch?, *rule, *by)))
        })
    }
}

impl Database {
    fn add(
        &mut self,
        number: i32,
        is_32_bit: bool,
        action: u32,
        tests: &[ArgumentTest],
        rule: RuleRef,
        work: &mut u64,
    ) -> Result<(), RuleError> {
        match self.calls.entry(number.cast_unsigned()) {
            Entry::Vacant(place) => {
                place.insert(Call::new(number, is_32_bit, action, tests, rule));
                Ok(())
            }
            Entry::Occupied(call) => {
                call.tree.set_work(*work);
                let outcome = call.add(is_32_bit, action, tests, rule);
                *work = call.tree.work();
                Ok(outcome?)
            }
        }
    }
}

impl Call {
    fn new(
        number: i32,
        is_32_bit: bool,
        action: u32,
        tests: &[ArgumentTest],
        rule: RuleRef,
    ) -> Self {
        let mut tree = Tree::default();
        tree.root = chain::build(&mut tree, tests, is_32_bit, action, rule);
        let node_count = count(tree.len());
        Self {
            number,
            priority: TOP_PRIORITY.wrapping_sub(node_count),
            node_count,
            action,
            rules: vec![rule],
            tree,
            overruled: Vec::new(),
            joined: vec![rule],
        }
    }

    fn add(
        &mut self,
        is_32_bit: bool,
        action: u32,
        tests: &[ArgumentTest],
        rule: RuleRef,
    ) -> Result<(), TreeError> {
        if self.tree.root.is_none() {
            self.overrule(rule);
            return Ok(());
        }
        let before = self.tree.len();
        let Some(new) = chain::build(&mut self.tree, tests, is_32_bit, action, rule) else {
            self.replace_all(action, rule)?;
            return Ok(());
        };
        let new_count = count(self.tree.len() - before);
        let pruned = self.tree.prune(new, action)?;
        self.joined.push(rule);
        if pruned.count > 0 {
            self.node_count = self.node_count.wrapping_sub(pruned.count);
            if self.tree.root.is_none() {
                self.tree.root = Some(new);
                self.node_count = new_count;
                self.update_priority();
                return Ok(());
            }
        } else if pruned.is_needless {
            self.tree.release_level(new)?;
            self.tree.forget_unused(before);
            self.update_priority();
            return Ok(());
        }
        let mut dropped = 0;
        self.tree.join(Slot::Root, new, &mut dropped)?;
        self.node_count = self
            .node_count
            .wrapping_sub(dropped)
            .wrapping_add(new_count)
            .wrapping_sub(self.tree.release_level(new)?);
        self.tree.forget_unused(before);
        self.update_priority();
        Ok(())
    }

    /// An unconditional rule takes the place of every conditional one.
    fn replace_all(&mut self, action: u32, rule: RuleRef) -> Result<(), TreeError> {
        if let Some(root) = self.tree.root {
            self.tree.release_level(root)?;
        }
        let work = self.tree.work();
        self.tree = Tree::default();
        self.tree.set_work(work);
        self.node_count = 0;
        self.action = action;
        self.rules = vec![rule];
        for old in std::mem::take(&mut self.joined) {
            self.overruled.push((old, rule));
        }
        self.update_priority();
        Ok(())
    }

    fn overrule(&mut self, rule: RuleRef) {
        if let Some(by) = self.rules.first() {
            self.overruled.push((rule, *by));
        }
    }

    fn update_priority(&mut self) {
        self.priority &= !TOP_PRIORITY;
        self.priority |= TOP_PRIORITY.wrapping_sub(self.node_count);
    }

    /// These rules as they work on `arch`.
    pub(super) fn uses(&self, arch: Arch, rules: &[RuleRef]) -> Vec<RuleUse> {
        rules
            .iter()
            .map(|rule| RuleUse {
                rule: *rule,
                arch,
                nr: self.number,
            })
            .collect()
    }
}

fn count(nodes: usize) -> u32 {
    u32::try_from(nodes).unwrap_or(u32::MAX)
}
