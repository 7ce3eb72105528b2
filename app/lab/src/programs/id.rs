//! `id`, `whoami` and `hostname`: who and where one is.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::Process;
use kernel::Arg;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "id",
        options: Options::Anywhere(&[
            flag('u', "user"),
            flag('g', "group"),
            flag('G', "groups"),
            flag('n', "name"),
        ]),
        run: id,
        place: Place::Everywhere,
    },
    Program {
        name: "whoami",
        options: Options::Anywhere(&[]),
        run: whoami,
        place: Place::Everywhere,
    },
    Program {
        name: "hostname",
        options: Options::Anywhere(&[]),
        run: hostname,
        place: Place::Everywhere,
    },
];

/// The name of a user, by the file.
pub(super) fn user(process: &mut Process<'_>, number: u32) -> Option<String> {
    entry(process, "/etc/passwd", number)
}

/// The name of a group, by the file.
pub(super) fn group(process: &mut Process<'_>, number: u32) -> Option<String> {
    entry(process, "/etc/group", number)
}

fn entry(process: &mut Process<'_>, path: &str, number: u32) -> Option<String> {
    let bytes = process.read_file(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let known: u32 = fields.nth(1)?.parse().ok()?;
        (known == number).then(|| name.to_owned())
    })
}

fn ask(process: &mut Process<'_>, call: &str) -> u32 {
    let answer = process.call(call, [Arg::NULL; 0]).unwrap_or(0);
    u32::try_from(answer).unwrap_or(0)
}

/// `65534(nobody)`, or the number alone where the name cannot be found.
fn named(number: u32, name: Option<String>) -> String {
    match name {
        Some(name) => format!("{number}({name})"),
        None => number.to_string(),
    }
}

fn id(process: &mut Process<'_>, given: &Given) -> u8 {
    let uid = ask(process, "geteuid");
    let real = ask(process, "getuid");
    let gid = ask(process, "getegid");
    ask(process, "getgid");
    if given.has("u") {
        let name = given.has("n").then(|| user(process, uid)).flatten();
        process.print(&name.unwrap_or_else(|| uid.to_string()));
        return 0;
    }
    if given.has("g") || given.has("G") {
        let name = given.has("n").then(|| group(process, gid)).flatten();
        process.print(&name.unwrap_or_else(|| gid.to_string()));
        return 0;
    }
    let mut groups = vec![gid];
    if let Some(task) = process.machine.world.task(process.pid) {
        let more = task.credentials.groups.iter();
        groups.extend(more.copied().filter(|number| *number != gid));
    }
    let user_name = user(process, real);
    let mut line = format!("uid={}", named(real, user_name));
    if uid != real {
        let name = user(process, uid);
        line.push_str(&format!(" euid={}", named(uid, name)));
    }
    let mut names = Vec::new();
    for number in groups {
        let name = group(process, number);
        names.push(named(number, name));
    }
    let primary = names.first().cloned().unwrap_or_default();
    line.push_str(&format!(" gid={primary} groups={}", names.join(",")));
    process.print(&line);
    0
}

fn whoami(process: &mut Process<'_>, _: &Given) -> u8 {
    let uid = ask(process, "geteuid");
    if let Some(name) = user(process, uid) {
        process.print(&name);
        0
    } else {
        process.complain(&format!("cannot find name for user ID {uid}"));
        1
    }
}

fn hostname(process: &mut Process<'_>, given: &Given) -> u8 {
    if let Some(name) = given.operands.first() {
        let length = i64::try_from(name.len()).unwrap_or(i64::MAX);
        if let Err(errno) = process.call("sethostname", [name.as_str().into(), Arg::Int(length)]) {
            process.complain(&format!("sethostname: {}", errno.words()));
            return 1;
        }
        return 0;
    }
    match super::uname::node_name(process) {
        Ok(host) => process.print(&host),
        Err(errno) => {
            process.complain(&format!("uname: {}", errno.words()));
            return 1;
        }
    }
    0
}
