//! `dmesg` and `journalctl -k`: the kernel's log.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
    pattern,
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "dmesg",
        options: Options::Anywhere(&[
            flag('T', "ctime"),
            flag('c', "read-clear"),
            flag('C', "clear"),
            flag('w', "follow"),
            flag('H', "human"),
        ]),
        run: dmesg,
        place: Place::Everywhere,
    },
    Program {
        name: "journalctl",
        options: Options::Anywhere(&[
            flag('k', "dmesg"),
            flag('\0', "no-pager"),
            flag('f', "follow"),
            flag('e', "pager-end"),
            flag('b', "boot"),
            value('n', "lines"),
            value('g', "grep"),
            value('o', "output"),
            value('u', "unit"),
        ]),
        run: journalctl,
        place: Place::Node,
    },
];

fn dmesg(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.has("c") || given.has("C") {
        process
            .machine
            .console
            .notice("the log is never cleared here, so that a step back finds it whole");
    }
    if given.has("C") {
        return 0;
    }
    for line in process.machine.kernel_log() {
        if given.has("T") {
            let (stamp, text) = line.split_once("] ").unwrap_or(("[0", line.as_str()));
            let seconds = stamp.trim_start_matches('[').trim().parse::<f64>();
            // The part of a second is not shown.
            #[allow(
                clippy::cast_possible_truncation,
                reason = "seconds since boot are few"
            )]
            let seconds = seconds.map_or(0, |seconds| seconds as i64);
            process.print(&format!("[{}] {text}", crate::clock::after_boot(seconds)));
        } else {
            process.print(&line);
        }
    }
    0
}

fn journalctl(process: &mut Process<'_>, given: &Given) -> u8 {
    if !given.has("k") {
        process
            .machine
            .console
            .notice("only the kernel's part of the journal is simulated: journalctl -k; what a service said: systemctl status NAME");
        return 1;
    }
    let host = process.machine.host.clone();
    let wanted = match given.value("g").map(|text| {
        // Upper case in the pattern makes the search tell them apart.
        pattern::compile(text, true, !text.chars().any(char::is_uppercase))
    }) {
        None => None,
        Some(Ok(regex)) => Some(regex),
        Some(Err(fault)) => {
            process.warn(&format!("Bad pattern: {fault}"));
            return 1;
        }
    };
    let mut lines = Vec::new();
    for line in process.machine.kernel_log() {
        let (stamp, text) = line.split_once("] ").unwrap_or(("[0", line.as_str()));
        if wanted.as_ref().is_some_and(|regex| !regex.is_match(text)) {
            continue;
        }
        let seconds = stamp
            .trim_start_matches('[')
            .trim()
            .split('.')
            .next()
            .and_then(|seconds| seconds.parse().ok())
            .unwrap_or(0);
        lines.push(match given.value("o") {
            Some("cat") => text.to_owned(),
            _ => format!("{} {host} kernel: {text}", crate::clock::journal(seconds)),
        });
    }
    let count = given
        .value("n")
        .and_then(|number| number.parse::<usize>().ok());
    let from = count.map_or(0, |count| lines.len().saturating_sub(count));
    if lines.is_empty() {
        process.print("-- No entries --");
    }
    for line in lines.get(from..).unwrap_or_default() {
        process.print(line);
    }
    0
}
