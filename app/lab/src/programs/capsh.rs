//! `capsh`: which capabilities one has.

use super::{
    Place, Program, id,
    options::{Given, Options},
};
use crate::process::{Process, quiet};
use kernel::{Arg, Capability, CapabilitySet, Credentials};
use std::fmt::Write as _;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "capsh",
    options: Options::Verbatim,
    run,
    place: Place::Node,
}];

/// `prctl(2)`.
const PR_CAPBSET_DROP: i32 = 24;

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut words = given.operands.iter();
    while let Some(word) = words.next() {
        let (option, text) = word.split_once('=').unwrap_or((word, ""));
        match option {
            "--print" => print(process),
            "--decode" => match u64::from_str_radix(text.trim_start_matches("0x"), 16) {
                Ok(bits) => {
                    let names = names(CapabilitySet::from_bits(bits));
                    process.print(&format!("0x{bits:016x}={names}"));
                }
                Err(_) => {
                    process.complain(&format!("failed to decode '{text}'"));
                    return 1;
                }
            },
            "--drop" => {
                if let Err(status) = drop_bounding(process, text) {
                    return status;
                }
            }
            "--has-p" => {
                let held = credentials(process)
                    .zip(capability(text))
                    .is_some_and(|(own, capability)| own.permitted.has(capability));
                if !held {
                    process.warn(&format!("cap[{text}] not permitted"));
                    return 1;
                }
            }
            "--uid" | "--gid" => {
                let call = if option == "--uid" {
                    "setuid"
                } else {
                    "setgid"
                };
                let Ok(number) = text.parse::<u32>() else {
                    process.warn(&format!("[{option}] needs a number"));
                    return 1;
                };
                if let Err(errno) = process.call(call, [Arg::from(number)]) {
                    process.warn(&format!(
                        "Failed to set {}={number}: {}",
                        &option[2..],
                        errno.words()
                    ));
                    return 1;
                }
            }
            "--" | "-c" => {
                // What follows is for the shell.
                let mut command = vec!["bash".to_owned()];
                if option == "-c" {
                    command.push("-c".to_owned());
                }
                command.extend(words.cloned());
                return super::go_on(process, &command);
            }
            _ => {
                process.warn(&format!("usage: capsh [args ...]\n  unknown: {word}"));
                process.machine.console.notice(
                    "simulated options of capsh: --print, --decode=HEX, --drop=LIST, --has-p=CAP, --uid=N, --gid=N, -- [ARGS]",
                );
                return 1;
            }
        }
    }
    0
}

fn credentials(process: &Process<'_>) -> Option<Credentials> {
    let task = process.machine.world.task(process.pid)?;
    Some((*task.credentials).clone())
}

fn capability(name: &str) -> Option<Capability> {
    let name = name.to_lowercase();
    Capability::from_name(name.strip_prefix("cap_").unwrap_or(&name))
}

fn names(set: CapabilitySet) -> String {
    let held = Capability::ALL.iter().filter(|one| set.has(**one));
    let names: Vec<String> = held.map(|one| format!("cap_{}", one.name())).collect();
    names.join(",")
}

fn drop_bounding(process: &mut Process<'_>, list: &str) -> Result<(), u8> {
    let wanted: Vec<Capability> = if list == "all" {
        Capability::ALL.to_vec()
    } else {
        let mut wanted = Vec::new();
        for name in list.split(',') {
            let Some(capability) = capability(name) else {
                process.warn(&format!("{name} unrecognized capability"));
                return Err(1);
            };
            wanted.push(capability);
        }
        wanted
    };
    for capability in wanted {
        let number = Arg::from(u32::from(capability.number()));
        if process
            .call("prctl", [PR_CAPBSET_DROP.into(), number])
            .is_err()
        {
            let name = capability.name();
            process.warn(&format!(
                "failed to drop [cap_{name}={}]",
                capability.number()
            ));
            return Err(1);
        }
    }
    Ok(())
}

/// `--print` (libcap 2.66, `capsh.c`).
fn print(process: &mut Process<'_>) {
    let _ = quiet(process, |process| {
        process.call("capget", [Arg::bytes([0; 8]), Arg::Room(24)])
    });
    let Some(own) = credentials(process) else {
        return;
    };
    let no_new_privs = process
        .machine
        .world
        .task(process.pid)
        .is_some_and(|task| task.no_new_privs);
    process.print(&format!("Current: {}", text(&own)));
    process.print(&format!("Bounding set ={}", names(own.bounding)));
    process.print(&format!("Ambient set ={}", names(own.ambient)));
    process.print(&format!("Current IAB: {}", iab(&own)));
    let bits = own.securebits;
    process.print(&format!(
        "Securebits: {bits:02o}/0x{bits:x}/{}'b{bits:b} (no-new-privs={})",
        bits.checked_ilog2().map_or(1, |bit| bit + 1),
        u8::from(no_new_privs)
    ));
    for (bit, name) in [
        (0, "noroot"),
        (2, "no-suid-fixup"),
        (4, "keep-caps"),
        (6, "no-ambient-raise"),
    ] {
        let answer = |bit: u32, yes: &'static str, no: &'static str| {
            if bits >> bit & 1 == 1 { yes } else { no }
        };
        process.print(&format!(
            " secure-{name}: {} ({})",
            answer(bit, "yes", "no"),
            answer(bit + 1, "locked", "unlocked")
        ));
    }
    let user = |process: &mut Process<'_>, number| {
        quiet(process, |process| id::user(process, number)).unwrap_or_else(|| "???".to_owned())
    };
    let group = |process: &mut Process<'_>, number| {
        quiet(process, |process| id::group(process, number)).unwrap_or_else(|| "???".to_owned())
    };
    let real = user(process, own.uid.real);
    let effective = user(process, own.uid.effective);
    process.print(&format!(
        "uid={}({real}) euid={}({effective})",
        own.uid.real, own.uid.effective
    ));
    let name = group(process, own.gid.real);
    process.print(&format!("gid={}({name})", own.gid.real));
    let mut groups = Vec::new();
    for number in own.groups.iter() {
        groups.push(format!("{number}({})", group(process, *number)));
    }
    process.print(&format!("groups={}", groups.join(",")));
    process.print(if bits == 0 {
        "Guessed mode: HYBRID (4)"
    } else {
        "Guessed mode: UNCERTAIN (0)"
    });
}

/// The three sets as `cap_to_text(3)` writes them: what most capabilities have
/// in common first, then what differs.
fn text(own: &Credentials) -> String {
    let state = |capability: Capability| {
        usize::from(own.effective.has(capability))
            | usize::from(own.inheritable.has(capability)) << 1
            | usize::from(own.permitted.has(capability)) << 2
    };
    let mut counts = [0_usize; 8];
    for capability in Capability::ALL {
        counts[state(*capability)] += 1;
    }
    let mut common = 7;
    for candidate in (0..7).rev() {
        if counts[candidate] > counts[common] {
            common = candidate;
        }
    }
    let letters = |state: usize| {
        let mut text = String::new();
        for (bit, letter) in [(1, 'e'), (2, 'i'), (4, 'p')] {
            if state & bit != 0 {
                text.push(letter);
            }
        }
        text
    };
    let mut text = String::new();
    if common != 0 {
        let _ = write!(text, "={}", letters(common));
    }
    for different in (0..8).rev() {
        if different == common || counts[different] == 0 {
            continue;
        }
        let names: Vec<String> = Capability::ALL
            .iter()
            .filter(|capability| state(**capability) == different)
            .map(|capability| format!("cap_{}", capability.name()))
            .collect();
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&names.join(","));
        let (more, less) = (letters(different & !common), letters(!different & common));
        if !more.is_empty() {
            let sign = if common == 0 { '=' } else { '+' };
            let _ = write!(text, "{sign}{more}");
        }
        if !less.is_empty() {
            let _ = write!(text, "-{less}");
        }
    }
    if text.is_empty() {
        text.push('=');
    }
    text
}

/// `cap_iab_to_text(3)`: `^` ambient, `%` inheritable, `!` gone from the
/// bounding set.
fn iab(own: &Credentials) -> String {
    let mut marked = Vec::new();
    for capability in Capability::ALL {
        let mut mark = String::new();
        if !own.bounding.has(*capability) {
            mark.push('!');
        }
        if own.ambient.has(*capability) {
            mark.push('^');
        } else if own.inheritable.has(*capability) {
            mark.push('%');
        }
        if !mark.is_empty() {
            marked.push(format!("{mark}cap_{}", capability.name()));
        }
    }
    marked.join(",")
}
