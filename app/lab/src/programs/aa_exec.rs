//! `aa-exec`: a program under a profile.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::Process;
use kernel::{Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "aa-exec",
    options: Options::Leading(&[
        value('p', "profile"),
        value('n', "namespace"),
        flag('i', "immediate"),
        flag('d', "debug"),
        flag('v', "verbose"),
    ]),
    run,
    place: Place::Node,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        process.warn(&format!("USAGE: {} [OPTIONS] <prog> <args>", process.name));
        return 1;
    }
    let mut label = given.value("p").map(str::to_owned);
    if let Some(namespace) = given.value("n") {
        let profile = label.unwrap_or_else(|| "unconfined".to_owned());
        label = Some(format!(":{namespace}:{profile}"));
    }
    if let Some(label) = label
        && let Err(errno) = change(process, &label, given.has("i"))
    {
        let what = if given.has("n") {
            "namespace"
        } else {
            "profile"
        };
        let words = match errno {
            Errno::ENOENT => format!("{what} '{label}' does not exist"),
            Errno::EACCES | Errno::EPERM => {
                format!("insufficient permissions to change to the {what} '{label}'")
            }
            errno => errno.words().to_owned(),
        };
        return fail(process, &words);
    }
    let name = given.operands.first().cloned().unwrap_or_default();
    let environment = super::ENVIRONMENT.map(str::to_owned);
    match super::on_path(process, &given.operands)
        .and_then(|path| super::execute(process, &path, &given.operands, &environment))
    {
        Ok(status) => status,
        Err(errno) => fail(
            process,
            &format!("Failed to execute \"{name}\": {}", errno.words()),
        ),
    }
}

fn fail(process: &mut Process<'_>, words: &str) -> u8 {
    process.warn(&format!("[{}] aa-exec: ERROR: {words}", process.pid.0));
    1
}

/// `aa_change_onexec(3)`, or `aa_change_profile(3)` for a change at once.
fn change(process: &mut Process<'_>, label: &str, immediate: bool) -> Result<(), Errno> {
    let (file, command) = if immediate {
        ("current", "changeprofile")
    } else {
        ("exec", "exec")
    };
    let fd = process
        .open(
            &format!("/proc/self/attr/apparmor/{file}"),
            abi::O_WRONLY,
            0,
        )
        .or_else(|_| process.open(&format!("/proc/self/attr/{file}"), abi::O_WRONLY, 0))?;
    let written = process.write(fd, format!("{command} {label}").as_bytes());
    process.close(fd);
    written
}
