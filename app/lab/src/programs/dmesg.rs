//! `dmesg` and `journalctl -k`: the kernel's log.

use super::{
    Place, Program,
    options::{Given, flag},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "dmesg",
        options: &[flag('T', "ctime"), flag('c', "read-clear")],
        run: dmesg,
        place: Place::Everywhere,
    },
    Program {
        name: "journalctl",
        options: &[flag('k', "dmesg"), flag('\0', "no-pager")],
        run: journalctl,
        place: Place::Node,
    },
];

fn dmesg(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.has("c") {
        process
            .machine
            .console
            .notice("-c prints, but clears nothing here");
    }
    for line in process.machine.kernel_log() {
        process.print(&line);
    }
    0
}

fn journalctl(process: &mut Process<'_>, given: &Given) -> u8 {
    if !given.has("k") {
        process
            .machine
            .console
            .notice("only the kernel's part of the journal is simulated: journalctl -k");
        return 1;
    }
    let host = process.machine.host.clone();
    for line in process.machine.kernel_log() {
        let text = line
            .split_once("] ")
            .map_or(line.as_str(), |(_, text)| text);
        process.print(&format!("{host} kernel: {text}"));
    }
    0
}
