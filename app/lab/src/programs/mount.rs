//! `mount`, `umount`, `chroot` and `unshare`: another view of the files.

use super::{
    Place, Program,
    options::{Given, flag, value},
};
use crate::process::{Process, Userland};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "mount",
        options: &[
            value('t', "types"),
            value('o', "options"),
            flag('\0', "bind"),
            flag('\0', "rbind"),
            flag('\0', "make-private"),
            flag('\0', "make-rprivate"),
        ],
        run: mount,
        place: Place::Everywhere,
    },
    Program {
        name: "umount",
        options: &[flag('l', "lazy")],
        run: umount,
        place: Place::Everywhere,
    },
    Program {
        name: "chroot",
        options: super::VERBATIM,
        run: chroot,
        place: Place::Everywhere,
    },
    Program {
        name: "unshare",
        options: super::VERBATIM,
        run: unshare,
        place: Place::Everywhere,
    },
];

/// Mount options that are flags of the call.
const FLAGS: [(&str, u64); 9] = [
    ("ro", abi::MS_RDONLY),
    ("nosuid", abi::MS_NOSUID),
    ("nodev", abi::MS_NODEV),
    ("noexec", abi::MS_NOEXEC),
    ("remount", abi::MS_REMOUNT),
    ("bind", abi::MS_BIND),
    ("rbind", abi::MS_BIND | abi::MS_REC),
    ("private", abi::MS_PRIVATE),
    ("rw", 0),
];

fn mount(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        return match process.read_file("/proc/self/mounts") {
            Ok(bytes) => {
                let _ = process.write(1, &bytes);
                0
            }
            Err(errno) => {
                process.complain(&format!("/proc/self/mounts: {}", errno.words()));
                1
            }
        };
    }
    let mut flags = 0;
    let mut data = Vec::new();
    for option in given.value("o").unwrap_or_default().split(',') {
        match FLAGS.iter().find(|(name, _)| *name == option) {
            Some((_, flag)) => flags |= flag,
            None if option.is_empty() => {}
            None => data.push(option),
        }
    }
    for (name, flag) in [
        ("bind", abi::MS_BIND),
        ("rbind", abi::MS_BIND | abi::MS_REC),
        ("make-private", abi::MS_PRIVATE),
        ("make-rprivate", abi::MS_PRIVATE | abi::MS_REC),
    ] {
        if given.has(name) {
            flags |= flag;
        }
    }
    let (source, target) = match given.operands.as_slice() {
        [target] => ("none", target.as_str()),
        [source, target, ..] => (source.as_str(), target.as_str()),
        [] => return 1,
    };
    let kind = given.value("t").unwrap_or(if flags & abi::MS_BIND == 0 {
        ""
    } else {
        "none"
    });
    let data = match data.join(",") {
        text if text.is_empty() => Arg::NULL,
        text => Arg::from(text.as_str()),
    };
    let arguments = [
        source.into(),
        target.into(),
        kind.into(),
        flags.into(),
        data,
    ];
    match process.call("mount", arguments) {
        Ok(_) => 0,
        Err(errno) => {
            let why = match (process.userland, errno) {
                (Userland::Gnu, Errno::EPERM) => format!("{target}: permission denied."),
                (Userland::Gnu, Errno::EACCES) => {
                    format!("{target}: cannot mount {source} read-only.")
                }
                (Userland::Gnu, errno) => {
                    format!("{target}: mount(2) system call failed: {}.", errno.words())
                }
                (Userland::Busybox, Errno::EPERM) => "permission denied (are you root?)".to_owned(),
                (Userland::Busybox, errno) => {
                    format!("mounting {source} on {target} failed: {}", errno.words())
                }
            };
            process.complain(&why);
            if process.userland == Userland::Gnu {
                32
            } else {
                255
            }
        }
    }
}

fn umount(process: &mut Process<'_>, given: &Given) -> u8 {
    let flags = if given.has("l") { abi::MNT_DETACH } else { 0 };
    let mut status = 0;
    for target in &given.operands {
        if let Err(errno) = process.call("umount2", [target.as_str().into(), flags.into()]) {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => format!("{target}: {}.", words.to_lowercase()),
                Userland::Busybox => format!("can't unmount {target}: {words}"),
            });
            status = if process.userland == Userland::Gnu {
                32
            } else {
                1
            };
        }
    }
    status
}

fn chroot(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((root, command)) = given.operands.split_first() else {
        process.complain("missing operand");
        return 125;
    };
    let changed = process
        .call("chroot", [root.as_str().into()])
        .and_then(|_| process.call("chdir", [Arg::from("/")]));
    if let Err(errno) = changed {
        let words = errno.words();
        process.complain(&match process.userland {
            Userland::Gnu => format!("cannot change root directory to '{root}': {words}"),
            Userland::Busybox => format!("can't change root directory to '{root}': {words}"),
        });
        return 125;
    }
    super::go_on(process, command)
}

/// The namespaces that `unshare` takes letters for.
const NAMESPACES: [(char, u64); 6] = [
    ('m', abi::CLONE_NEWNS),
    ('u', abi::CLONE_NEWUTS),
    ('i', abi::CLONE_NEWIPC),
    ('n', abi::CLONE_NEWNET),
    ('U', abi::CLONE_NEWUSER),
    ('C', abi::CLONE_NEWCGROUP),
];

fn unshare(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut flags = 0;
    let mut words = given.operands.as_slice();
    while let Some((first, rest)) = words.split_first() {
        let Some(letters) = first.strip_prefix('-') else {
            break;
        };
        for letter in letters.chars() {
            let known = NAMESPACES.iter().find(|(known, _)| *known == letter);
            let Some((_, flag)) = known else {
                process.complain(&format!("invalid option -- '{letter}'"));
                let known: String = NAMESPACES.iter().map(|(known, _)| *known).collect();
                let notice = format!("simulated options of unshare: -{known}");
                process.machine.console.notice(&notice);
                return 1;
            };
            flags |= flag;
        }
        words = rest;
    }
    if let Err(errno) = process.call("unshare", [Arg::from(flags)]) {
        process.complain(&format!("unshare failed: {}", errno.words()));
        return 1;
    }
    super::go_on(process, words)
}
