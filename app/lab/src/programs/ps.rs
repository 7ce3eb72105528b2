//! `ps`, `kill` and `pidof`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland};
use kernel::Arg;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "ps",
        options: Options::Anywhere(&[flag('Z', ""), flag('e', ""), flag('f', "")]),
        run: ps,
        place: Place::Everywhere,
    },
    Program {
        name: "kill",
        options: Options::Verbatim,
        run: kill,
        place: Place::Everywhere,
    },
    Program {
        name: "pidof",
        options: Options::Anywhere(&[]),
        run: pidof,
        place: Place::Everywhere,
    },
];

/// The process ids that `/proc` shows, in order.
fn pids(process: &mut Process<'_>) -> Vec<String> {
    let mut pids = process.list("/proc").unwrap_or_default();
    pids.retain(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    sorted::sort_by_key(&mut pids, |name| name.parse::<u32>().unwrap_or(0));
    pids
}

/// A file of a process as text, without its line end.
fn about(process: &mut Process<'_>, pid: &str, file: &str) -> Option<String> {
    let bytes = process.read_file(&format!("/proc/{pid}/{file}")).ok()?;
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    Some(text.trim_end().to_owned())
}

fn ps(process: &mut Process<'_>, given: &Given) -> u8 {
    let labels = given.has("Z");
    let header = match (labels, process.userland) {
        (true, _) => "LABEL                           PID COMMAND",
        (false, Userland::Gnu) => "    PID COMMAND",
        (false, Userland::Busybox) => "PID   USER     COMMAND",
    };
    process.print(header);
    for pid in pids(process) {
        let Some(name) = about(process, &pid, "comm") else {
            continue;
        };
        let line = about(process, &pid, "cmdline")
            .filter(|line| !line.is_empty())
            .unwrap_or_else(|| format!("[{name}]"));
        let text = if labels {
            let label = about(process, &pid, "attr/current").unwrap_or_default();
            format!("{label:<30} {pid:>4} {line}")
        } else if process.userland == Userland::Busybox {
            format!("{pid:>5} root     {line}")
        } else {
            format!("{pid:>7} {line}")
        };
        process.print(&text);
    }
    0
}

fn pidof(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut found = Vec::new();
    for pid in pids(process) {
        let name = about(process, &pid, "comm");
        if name.is_some_and(|name| given.operands.contains(&name)) {
            found.push(pid);
        }
    }
    if found.is_empty() {
        return 1;
    }
    process.print(&found.join(" "));
    0
}

/// Signals by the names that people use.
const SIGNALS: [(&str, i32); 8] = [
    ("HUP", 1),
    ("INT", 2),
    ("KILL", 9),
    ("USR1", 10),
    ("TERM", 15),
    ("CONT", 18),
    ("STOP", 19),
    ("EXISTS", 0),
];

fn kill(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut words = given.operands.iter();
    let mut signal = 15;
    let mut targets = Vec::new();
    while let Some(word) = words.next() {
        let named = match word.strip_prefix('-') {
            Some("s") => words.next().map(String::as_str),
            Some(name) => Some(name),
            None => None,
        };
        match named {
            Some(name) => {
                let Some(number) = number(name) else {
                    process.complain(&format!("{name}: invalid signal specification"));
                    return 1;
                };
                signal = number;
            }
            None => targets.push(word.clone()),
        }
    }
    let mut status = 0;
    for target in targets {
        let Ok(pid) = target.parse::<i32>() else {
            process.complain(&format!("{target}: arguments must be process or job IDs"));
            status = 1;
            continue;
        };
        if let Err(errno) = process.call("kill", [Arg::from(pid), signal.into()]) {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => format!("({pid}) - {words}"),
                Userland::Busybox => format!("can't kill pid {pid}: {words}"),
            });
            status = 1;
        }
    }
    status
}

fn number(name: &str) -> Option<i32> {
    let name = name.strip_prefix("SIG").unwrap_or(name);
    let known = SIGNALS.iter().find(|(known, _)| *known == name);
    known
        .map(|(_, number)| *number)
        .or_else(|| name.parse().ok().filter(|number| (0..=64).contains(number)))
}
