//! The journal as rows of a trace.

use super::{evidence::evidence, gate, sentence};
use crate::{
    machine::{Machine, Recorded},
    message::{RowOutcome, TraceRow},
    session::ATTACK,
    workspace::Workspace,
};
use kernel::{Event, Fate, Verdict};

/// Calls that say nothing about confinement: shown only when a gate refused
/// one, or when they are part of an attack.
const ORDINARY: [&str; 27] = [
    "access",
    "clone",
    "clone3",
    "close",
    "dup",
    "dup2",
    "dup3",
    "exit_group",
    "fchdir",
    "fcntl",
    "fork",
    "getcwd",
    "getdents64",
    "getegid",
    "geteuid",
    "getgid",
    "getuid",
    "lseek",
    "newfstatat",
    "pipe2",
    "read",
    "readlink",
    "sendfile",
    "umask",
    "vfork",
    "wait4",
    "write",
];

/// The rows of a machine's journal.
pub fn rows(machine: &Machine, workspace: &Workspace) -> Vec<TraceRow> {
    let shown = machine.journal.iter().enumerate().filter(|(_, recorded)| {
        let event = &recorded.event;
        !ORDINARY.contains(&event.call.name.as_ref())
            || outcome(event) == RowOutcome::Blocked
            || &*recorded.command == ATTACK
    });
    shown
        .zip(1..)
        .map(|((index, recorded), step)| {
            row(
                recorded,
                workspace,
                u32::try_from(index).unwrap_or(u32::MAX),
                step,
            )
        })
        .collect()
}

fn row(recorded: &Recorded, workspace: &Workspace, id: u32, step: u32) -> TraceRow {
    let event = &recorded.event;
    let who = String::from_utf8_lossy(&event.comm).into_owned();
    let evidence = evidence(recorded, workspace);
    let existed = !recorded.creates();
    TraceRow {
        id,
        step,
        command: recorded.command.to_string(),
        sentence: format!("{who} {}", sentence::sentence(&event.call, existed)),
        who,
        pid: event.task.0,
        call: event.call.to_string(),
        name: evidence.resolved_path.clone().unwrap_or_default(),
        answer: answer(event),
        outcome: outcome(event),
        gates: gate::gates(event),
        evidence,
    }
}

/// `= 3`, `EACCES`, or how the caller died; of a ring what its operation got.
pub fn answer(event: &Event) -> String {
    match (event.fate, event.effect()) {
        (Fate::Killed(signal), _) => format!("killed by {}", signal_name(signal)),
        (_, Ok(value)) => format!("= {value}"),
        (_, Err(errno)) => errno.name().to_owned(),
    }
}

fn signal_name(signal: u32) -> String {
    match signal {
        9 => "SIGKILL".to_owned(),
        11 => "SIGSEGV".to_owned(),
        15 => "SIGTERM".to_owned(),
        31 => "SIGSYS".to_owned(),
        other => format!("signal {other}"),
    }
}

/// What kind of answer a call got.
pub fn outcome(event: &Event) -> RowOutcome {
    if matches!(event.fate, Fate::Killed(_)) {
        return RowOutcome::Blocked;
    }
    match (event.effect(), event.deciding().map(|gate| gate.verdict)) {
        (Ok(_), _) => RowOutcome::Allowed,
        (Err(_), Some(Verdict::Denied(_) | Verdict::Killed(_))) => RowOutcome::Blocked,
        (Err(_), _) => RowOutcome::Failed,
    }
}
