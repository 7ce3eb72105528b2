//! Seccomp: the first gate, which sees registers only (`kernel/seccomp.c`).

use std::borrow::Cow;

use seccomp::{
    Arch, Effect, Listeners, SeccompData,
    audit::{Caller, Record, UNSET_ID},
};

use crate::{
    abi::SIGSYS,
    audit,
    call::{Call, Entry},
    context::Context,
    errno::Errno,
    event::{Evidence, GateKind, Verdict},
};

impl Entry {
    /// The ABI in seccomp's tables.
    pub fn arch(self) -> Arch {
        match self {
            Self::X86_64 => Arch::X86_64,
            Self::X32 => Arch::X32,
            Self::I386 => Arch::I386,
            Self::Aarch64 => Arch::Aarch64,
        }
    }
}

/// What the filters saw of a call, and what came of it.
#[derive(Clone, Debug)]
pub struct SeccompEvidence {
    /// The input of the filters.
    pub data: SeccompData,
    /// Every filter's verdict and which one counted.
    pub combined: seccomp::Combined,
}

/// Runs the caller's filters; `Some` when the call ends here.
pub(crate) fn check(context: &mut Context, call: &Call) -> Option<Result<i64, Errno>> {
    let task = context.task().ok()?;
    if task.filters.is_empty() {
        context.gate(
            GateKind::Seccomp,
            Verdict::Absent,
            Evidence::Plain("no filter is installed"),
        );
        return None;
    }
    let filters = task.filters.clone();
    let data = SeccompData {
        nr: call.resolved_number().map_or(-1, u32::cast_signed),
        arch: call.entry.arch().audit(),
        instruction_pointer: INSTRUCTION_POINTER,
        args: std::array::from_fn(|index| call.args.word(index)),
    };
    let combined = seccomp::combine(filters.iter().map(|filter| &*filter.program), &data);
    let action = combined.action;
    let logs = combined
        .filter
        .and_then(|at| filters.get(at))
        .is_some_and(|filter| filter.log);
    let flags = seccomp::Flags {
        log: logs,
        ..seccomp::Flags::default()
    };
    if seccomp::is_logged(action, flags)
        && context
            .world
            .settings
            .actions_logged
            .contains(&action.name())
    {
        log(context, data, action);
    }
    let effect = seccomp::effect(action, Listeners::default());
    let waived = context.waived.has(GateKind::Seccomp);
    let (verdict, result) = match effect {
        Effect::Runs => (Verdict::Allowed, None),
        Effect::SkippedAsSuccess => (Verdict::Skipped, Some(Ok(0))),
        Effect::Fails { errno } => {
            let errno = Errno::from_number(errno).unwrap_or(Errno::EINVAL);
            (Verdict::Denied(errno), Some(Err(errno)))
        }
        Effect::AskedOutside => (Verdict::Denied(Errno::ENOSYS), Some(Err(Errno::ENOSYS))),
        Effect::Signal { .. } | Effect::ThreadDies | Effect::ProcessDies => {
            if !waived {
                let _ = context.kill(SIGSYS);
            }
            (Verdict::Killed(SIGSYS), Some(Err(Errno::EINTR)))
        }
    };
    let evidence = Box::new(SeccompEvidence { data, combined });
    context.gate(GateKind::Seccomp, verdict, Evidence::Seccomp(evidence));
    result.filter(|_| !waived)
}

/// Where calls are said to come from, for filters and records.
const INSTRUCTION_POINTER: u64 = 0x40_1000;

/// `audit_seccomp`
fn log(context: &mut Context, data: SeccompData, action: seccomp::Action) {
    let Ok(task) = context.task() else {
        return;
    };
    let comm = String::from_utf8_lossy(&task.comm).into_owned();
    let exe = match task.exe {
        Some(exe) => context.world.path_up(exe, None).0,
        None => Vec::new(),
    };
    let subject = context
        .world
        .apparmor_runs()
        .then(|| context.world.policy.label_name(&context.credentials.label));
    let exe: Cow<str> = String::from_utf8_lossy(&exe);
    let record = Record {
        caller: Caller {
            auid: UNSET_ID,
            uid: context.credentials.uid.real,
            gid: context.credentials.gid.real,
            ses: UNSET_ID,
            subject: subject.as_deref(),
            pid: context.pid.0,
            comm: &comm,
            exe: &exe,
        },
        data,
        action,
    };
    let text = record.to_string();
    context.record(audit::SECCOMP, text);
}
