//! `uname`: what the kernel says of itself.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland};
use kernel::{Answer, Arg, Errno};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "uname",
    options: Options::Anywhere(&[
        flag('a', "all"),
        flag('s', "kernel-name"),
        flag('n', "nodename"),
        flag('r', "kernel-release"),
        flag('v', "kernel-version"),
        flag('m', "machine"),
        flag('o', "operating-system"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// The host name as the caller's UTS namespace has it (`uname(2)`).
pub(super) fn node_name(process: &mut Process<'_>) -> Result<String, Errno> {
    /// Bytes of a field of `struct utsname`.
    const FIELD: usize = 65;
    let event = process.ask("uname", [Arg::Room(6 * FIELD)]);
    event.result?;
    let Answer::Data(data) = event.answer else {
        return Err(Errno::EFAULT);
    };
    let field = data.get(FIELD..2 * FIELD).unwrap_or_default();
    let name = field.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(name).into_owned())
}

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let host = match node_name(process) {
        Ok(host) => host,
        Err(errno) => {
            process.complain(&format!("cannot get system name: {}", errno.words()));
            return 1;
        }
    };
    let release = process.machine.release();
    let all = given.has("a");
    let words = [
        ("s", "Linux"),
        ("n", host.as_str()),
        ("r", release.as_str()),
        ("v", "#1 SMP"),
        ("m", "x86_64"),
        ("o", "GNU/Linux"),
    ];
    let mut shown: Vec<&str> = words
        .iter()
        .filter(|(letter, _)| all || given.has(letter))
        .map(|(_, word)| *word)
        .collect();
    if shown.is_empty() {
        shown.push("Linux");
    }
    if !given.operands.is_empty() && process.userland == Userland::Gnu {
        process.complain(&format!("extra operand '{}'", given.operands[0]));
        return 1;
    }
    process.print(&shown.join(" "));
    0
}
