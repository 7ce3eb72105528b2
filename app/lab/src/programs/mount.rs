//! `mount` and `umount`.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, Userland};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "mount",
        options: Options::Anywhere(&[
            value('t', "types"),
            value('o', "options"),
            flag('\0', "bind"),
            flag('\0', "rbind"),
            flag('\0', "make-private"),
            flag('\0', "make-rprivate"),
        ]),
        run: mount,
        place: Place::Everywhere,
    },
    Program {
        name: "umount",
        options: Options::Anywhere(&[flag('l', "lazy")]),
        run: umount,
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
                Userland::Gnu => match errno {
                    Errno::EINVAL => format!("{target}: not mounted."),
                    Errno::ENOENT => format!("{target}: no mount point specified."),
                    Errno::EPERM | Errno::EACCES => {
                        format!("{target}: must be superuser to unmount.")
                    }
                    Errno::EBUSY => format!("{target}: target is busy."),
                    _ => format!("{target}: umount failed: {words}."),
                },
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
