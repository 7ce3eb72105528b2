//! A gate's answer in a few words.

use crate::message::{Gate, GateVerdict, GateView};
use apparmor::{Class, FilePermissions};
use kernel::{
    Event, Evidence, GateKind, Verdict,
    event::{AppArmorEvidence, DacEvidence},
};

/// The gates that a call was taken through, in the order in which it asked
/// them, and after them those that it did not come to.
pub fn gates(event: &Event) -> Vec<GateView> {
    let mut views: Vec<GateView> = Vec::new();
    for gate in &event.gates {
        let view = GateView {
            gate: kind(gate.kind),
            verdict: verdict(gate.verdict),
            sentence: words(gate),
        };
        // A walk over several names, or a stack of profiles, asks the same gate
        // again: what is shown is its last word, and every different refusal.
        match views.last_mut() {
            Some(last) if last.gate == view.gate && last.verdict == GateVerdict::Allowed => {
                *last = view;
            }
            Some(last) if *last == view => {}
            _ => views.push(view),
        }
    }
    // Mount flags and capabilities are asked only when something depends on
    // them, so that their silence means nothing.
    let silent = |kind| matches!(kind, GateKind::MountFlags | GateKind::Capability);
    let not_asked = event.not_asked().into_iter().filter(|kind| !silent(*kind));
    views.extend(not_asked.map(|not_asked| GateView {
        gate: kind(not_asked),
        verdict: GateVerdict::NotAsked,
        sentence: "not asked".to_owned(),
    }));
    views
}

/// The gate's name in messages.
pub fn kind(kind: GateKind) -> Gate {
    match kind {
        GateKind::Seccomp => Gate::Seccomp,
        GateKind::PathWalk => Gate::PathWalk,
        GateKind::MountFlags => Gate::MountFlags,
        GateKind::Dac => Gate::Dac,
        GateKind::Capability => Gate::Capability,
        GateKind::AppArmor => Gate::AppArmor,
    }
}

fn verdict(verdict: Verdict) -> GateVerdict {
    match verdict {
        Verdict::Allowed | Verdict::Excused => GateVerdict::Allowed,
        Verdict::Denied(_) | Verdict::Killed(_) | Verdict::Skipped => GateVerdict::Denied,
        Verdict::Failed(_) => GateVerdict::Failed,
        Verdict::Absent => GateVerdict::NoProfile,
    }
}

fn words(gate: &kernel::Gate) -> String {
    let answer = match gate.verdict {
        Verdict::Allowed => "allows",
        Verdict::Excused => "would refuse, but lets it pass:",
        Verdict::Denied(_) | Verdict::Killed(_) | Verdict::Skipped => "denies",
        Verdict::Failed(_) => "fails",
        Verdict::Absent => "has no say:",
    };
    match &gate.evidence {
        Evidence::Plain(words) => match gate.verdict {
            Verdict::Failed(errno) => format!("{words}: {}", errno.words()),
            Verdict::Allowed | Verdict::Absent => (*words).to_owned(),
            _ => format!("{answer} {words}"),
        },
        Evidence::Seccomp(verdict) => match gate.verdict {
            Verdict::Absent => "no filter".to_owned(),
            Verdict::Allowed => "the filter allows this call".to_owned(),
            _ => format!("the filter answers {}", action(verdict.combined.action)),
        },
        Evidence::Walk(walk) => {
            let path = String::from_utf8_lossy(&walk.path);
            match (gate.verdict, walk.inode) {
                (Verdict::Failed(errno) | Verdict::Denied(errno), _) => {
                    format!("{path}: {}", errno.words())
                }
                (_, Some(inode)) => format!("{path} is inode {inode}"),
                (_, None) => format!("{path} is new"),
            }
        }
        Evidence::MountFlag { mount, flag } => {
            let mount = String::from_utf8_lossy(mount);
            match gate.verdict {
                Verdict::Denied(_) => format!("{mount} is mounted {flag}"),
                _ => format!("the mount {mount} allows it"),
            }
        }
        Evidence::Dac(dac) => owner_and_mode(gate.verdict, dac),
        Evidence::Capability(capability) => {
            let name = capability.capability.name();
            if capability.held {
                format!("the task holds CAP_{}", name.to_uppercase())
            } else {
                format!("the task lacks CAP_{}", name.to_uppercase())
            }
        }
        Evidence::AppArmor(question) => format!("{answer} {}", asked(question)),
    }
}

fn owner_and_mode(verdict: Verdict, dac: &DacEvidence) -> String {
    if let Some(rule) = dac.rule {
        return rule.to_owned();
    }
    let wanted = match dac.wanted {
        4 => "reading",
        2 => "writing",
        1 => "searching or executing",
        3 => "making and removing names",
        6 => "reading and writing",
        _ => "this",
    };
    let mode = dac.mode & 0o7777;
    match verdict {
        Verdict::Allowed => format!("mode {mode:04o} allows {wanted}"),
        Verdict::Excused => format!("mode {mode:04o} forbids {wanted}; a capability excuses it"),
        _ => format!(
            "mode {mode:04o}, owner {}:{}, forbids {wanted}",
            dac.uid, dac.gid
        ),
    }
}

/// A filter's answer: `EPERM`, a signal, or the action's name.
fn action(action: seccomp::Action) -> String {
    match action {
        seccomp::Action::Errno(number) => match kernel::Errno::from_number(number) {
            Some(errno) => errno.name().to_owned(),
            None => format!("errno {number}"),
        },
        other => other.name().to_owned(),
    }
}

/// What AppArmor was asked: "create (mknod) of /data/x".
pub fn asked(question: &AppArmorEvidence) -> String {
    let name = question
        .name
        .as_ref()
        .map(|name| format!(" of {}", String::from_utf8_lossy(name)))
        .unwrap_or_default();
    let letters = match question.class {
        Class::File => FilePermissions(question.denied).log_letters(),
        _ => String::new(),
    };
    let info = question
        .info
        .map(|info| format!(" ({info})"))
        .unwrap_or_default();
    if letters.is_empty() {
        format!("{}{name}{info}", question.operation)
    } else {
        format!("{} “{letters}”{name}{info}", question.operation)
    }
}
