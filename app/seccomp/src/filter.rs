//! A loaded filter: running it, and telling which rule decided.

use crate::{
    action::Action,
    arch::Arch,
    bpf::{self, Instruction, SeccompData},
    profile::RuleRef,
};

/// A filter as the kernel holds it, with what each instruction came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The program that the kernel runs.
    pub program: Vec<Instruction>,
    /// What each instruction of the program is for.
    pub origins: Vec<Origin>,
    /// The flags it is loaded with.
    pub flags: Flags,
    /// Rules that have no part in the program, and why.
    pub idle: Vec<IdleRule>,
    /// ABIs whose rules the program never reaches: libseccomp 2.5 leaves out the
    /// load of the syscall number where its first rule is for a call that the
    /// ABI lacks.
    pub unreachable: Vec<Arch>,
}

/// Flags of `seccomp(SECCOMP_SET_MODE_FILTER)` that runc sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// `SECCOMP_FILTER_FLAG_LOG`: also log TRAP, ERRNO, TRACE and `USER_NOTIF`.
    pub log: bool,
    /// `SECCOMP_FILTER_FLAG_SPEC_ALLOW`: leave the speculative-store mitigation off.
    pub spec_allow: bool,
    /// `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV`.
    pub wait_killable: bool,
}

/// What an instruction is for, and which rules its jumps carry out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The part of the filter it belongs to.
    pub part: Part,
    /// Rules whose action follows when the test holds.
    pub on_true: Vec<RuleUse>,
    /// Rules whose action follows when it does not.
    pub on_false: Vec<RuleUse>,
}

/// The part of a filter that an instruction belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// runc's prologue that answers ENOSYS to calls newer than the profile.
    Stub,
    /// The test of the architecture.
    Architecture,
    /// The test that keeps x32 numbers out of a filter without x32.
    X32Guard,
    /// A node of the binary tree over syscall numbers.
    Search,
    /// The test of one syscall number.
    Syscall,
    /// The test of an argument.
    Argument,
    /// An answer, or a jump to one.
    #[default]
    Answer,
}

/// A rule as it works on one ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleUse {
    /// The rule.
    pub rule: RuleRef,
    /// The ABI.
    pub arch: Arch,
    /// The syscall number it matches there; `socketcall` or `ipc` for a call
    /// that i386 multiplexes.
    pub nr: i32,
}

/// A rule that the filter does not contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRule {
    /// The rule.
    pub rule: RuleRef,
    /// The ABI on which it does nothing; `None` for all.
    pub arch: Option<Arch>,
    /// Why.
    pub reason: IdleReason,
}

/// Why a rule does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdleReason {
    /// Its action is the default one; runc skips it.
    SameAsDefault,
    /// libseccomp does not know the name; runc skips it silently.
    UnknownName,
    /// The ABI has no such call.
    NotOnArchitecture,
    /// An unconditional rule for the same call came first, or replaced it.
    Overruled(RuleRef),
}

/// A filter's answer to one call, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The action, with its data.
    pub action: Action,
    /// What gave it.
    pub reason: Reason,
    /// The rules that gave it: several where they share the deciding test.
    pub rules: Vec<RuleRef>,
    /// The instructions that ran, in order.
    pub path: Vec<usize>,
}

/// What gave a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A rule matched.
    Rule,
    /// No rule matched: the default action.
    Default,
    /// The profile does not list the caller's architecture: libseccomp's
    /// bad-architecture action, which runc leaves at killing the thread.
    ForeignArchitecture,
    /// The call is newer than any the profile names: runc's ENOSYS stub.
    NewerThanProfile,
}

impl Filter {
    /// The answer alone, as fast as it goes: the 32-bit return value.
    pub fn decide(&self, data: &SeccompData) -> u32 {
        bpf::run(&self.program, data, |_| {})
    }

    /// Runs the program and tells which rules made the answer.
    pub fn run(&self, data: &SeccompData) -> Verdict {
        let mut path = Vec::new();
        let value = bpf::run(&self.program, data, |at| path.push(at));
        let (reason, rules) = self.explain(data, &path);
        Verdict {
            action: Action::from_return(value),
            reason,
            rules,
            path,
        }
    }

    /// The last test on the path decided. Its block may serve several calls
    /// with equal conditions, so only rules for this call count.
    fn explain(&self, data: &SeccompData, path: &[usize]) -> (Reason, Vec<RuleRef>) {
        let decided = path.windows(2).rev().find_map(|step| {
            let origin = self.origins.get(step[0])?;
            (origin.part != Part::Answer).then(|| (step[0], step[1], origin))
        });
        let Some((from, to, origin)) = decided else {
            return (Reason::Default, Vec::new());
        };
        let held = self
            .program
            .get(from)
            .is_some_and(|test| to == from + 1 + usize::from(test.jt));
        let uses = if held {
            &origin.on_true
        } else {
            &origin.on_false
        };
        let arch = Arch::of_call(data.arch, data.nr);
        let mut rules: Vec<RuleRef> = uses
            .iter()
            .filter(|one| Some(one.arch) == arch && one.nr == data.nr)
            .map(|one| one.rule)
            .collect();
        sorted::sort(&mut rules);
        rules.dedup();
        let reason = match origin.part {
            Part::Stub => Reason::NewerThanProfile,
            Part::X32Guard => Reason::ForeignArchitecture,
            Part::Architecture if !held => Reason::ForeignArchitecture,
            _ if rules.is_empty() => Reason::Default,
            _ => Reason::Rule,
        };
        (reason, rules)
    }
}

/// The verdict of a task's filters together, and which of them gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combined {
    /// Position of the deciding filter, in the order of installation;
    /// `None` where there is no filter.
    pub filter: Option<usize>,
    /// The action that the kernel carries out.
    pub action: Action,
    /// Every filter's own verdict, in the order of installation.
    pub verdicts: Vec<Verdict>,
}

/// Runs every filter of a task, in the order they were installed.
///
/// The kernel runs the newest first and keeps an answer only if it is strictly
/// more severe than those before (`seccomp_run_filters`): the most severe action
/// wins, and among equal ones the newest filter's data.
pub fn combine<'a>(filters: impl IntoIterator<Item = &'a Filter>, data: &SeccompData) -> Combined {
    let verdicts: Vec<Verdict> = filters.into_iter().map(|filter| filter.run(data)).collect();
    let winner = verdicts
        .iter()
        .enumerate()
        .rev()
        .min_by_key(|(_, verdict)| verdict.action.rank())
        .map(|(at, verdict)| (at, verdict.action));
    Combined {
        filter: winner.map(|(at, _)| at),
        action: winner.map_or(Action::Allow, |(_, action)| action),
        verdicts,
    }
}
