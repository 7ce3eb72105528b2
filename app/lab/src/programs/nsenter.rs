//! `nsenter`: a program in the namespaces of another process.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, Userland, end, fork, reap};
use kernel::{Arg, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "nsenter",
    options: Options::Leading(&[
        value('t', "target"),
        flag('a', "all"),
        flag('m', "mount"),
        flag('u', "uts"),
        flag('i', "ipc"),
        flag('n', "net"),
        flag('p', "pid"),
        flag('U', "user"),
        flag('C', "cgroup"),
        flag('T', "time"),
        flag('r', "root"),
        flag('F', "no-fork"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// Letter, name below `/proc/PID/ns`, flag: in the order in which they are
/// entered, the user namespace first for its capabilities (util-linux 2.38,
/// `nsenter.c`).
const NAMESPACES: [(&str, &str, u64); 8] = [
    ("U", "user", abi::CLONE_NEWUSER),
    ("C", "cgroup", abi::CLONE_NEWCGROUP),
    ("i", "ipc", abi::CLONE_NEWIPC),
    ("u", "uts", abi::CLONE_NEWUTS),
    ("n", "net", abi::CLONE_NEWNET),
    ("p", "pid", abi::CLONE_NEWPID),
    ("m", "mnt", abi::CLONE_NEWNS),
    ("T", "time", abi::CLONE_NEWTIME),
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let target = given.value("t").map(str::to_owned);
    let mut entered = Vec::new();
    for (letter, name, flag) in NAMESPACES {
        // With --all the caller's own user namespace is left alone, since
        // entering it again is refused.
        let wanted = given.has(letter) || (given.has("a") && letter != "U");
        if !wanted {
            continue;
        }
        let path = match (given.value(letter).filter(|path| !path.is_empty()), &target) {
            (Some(path), _) => path.to_owned(),
            (None, Some(pid)) => format!("/proc/{pid}/ns/{name}"),
            (None, None) => {
                process.complain("no target PID specified");
                return 1;
            }
        };
        match process.open(&path, abi::O_RDONLY, 0) {
            Ok(fd) => entered.push((fd, name, flag)),
            Err(errno) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("cannot open {path}: {words}"),
                    Userland::Busybox => format!("can't open '{path}': {words}"),
                });
                return 1;
            }
        }
    }
    let root = match (given.has("r"), &target) {
        (true, Some(pid)) => {
            let path = format!("/proc/{pid}/root");
            match process.open(&path, abi::O_RDONLY, 0) {
                Ok(fd) => Some(fd),
                Err(errno) => {
                    process.complain(&format!("cannot open {path}: {}", errno.words()));
                    return 1;
                }
            }
        }
        _ => None,
    };
    for (fd, name, flag) in &entered {
        if let Err(errno) = process.call("setns", [(*fd).into(), (*flag).into()]) {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => format!("reassociate to namespace 'ns/{name}' failed: {words}"),
                Userland::Busybox => {
                    format!("setns(): can't reassociate to namespace '{name}': {words}")
                }
            });
            return 1;
        }
        process.close(*fd);
    }
    if let Some(fd) = root {
        let changed = process
            .call("fchdir", [fd.into()])
            .and_then(|_| process.call("chroot", [Arg::from(".")]));
        process.close(fd);
        if let Err(errno) = changed {
            process.complain(&format!("chroot failed: {}", errno.words()));
            return 1;
        }
    }
    let into_pids = entered.iter().any(|(_, name, _)| *name == "pid");
    if !into_pids || given.has("F") {
        return super::go_on(process, &given.operands);
    }
    // Only children are in the new pid namespace.
    let Some(pid) = fork(process) else {
        process.complain("fork failed: Resource temporarily unavailable");
        return 1;
    };
    let mut child = process.child(pid);
    let status = super::go_on(&mut child, &given.operands);
    let status = end(&mut child, status);
    reap(process, pid);
    status
}
