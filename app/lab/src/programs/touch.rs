//! `touch`: creates files, sets time stamps.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{CWD, Process, Userland};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "touch",
    options: Options::Anywhere(&[flag('c', "no-create"), flag('a', ""), flag('m', "")]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        process.complain("missing file operand");
        return 1;
    }
    let mut status = 0;
    for path in &given.operands {
        let create = !given.has("c");
        let result = match process.userland {
            Userland::Gnu => gnu(process, path, create),
            Userland::Busybox => busybox(process, path, create),
        };
        if let Err(errno) = result {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => format!("cannot touch '{path}': {words}"),
                Userland::Busybox => format!("{path}: {words}"),
            });
            status = 1;
        }
    }
    status
}

/// Opens first, then sets the times through the descriptor; when the open
/// failed it sets them by name, and tells of the open's failure only if that
/// fails too (coreutils 9.1, `touch.c`).
fn gnu(process: &mut Process<'_>, path: &str, create: bool) -> Result<(), Errno> {
    if !create {
        return match times(process, path) {
            Err(errno) if errno != Errno::ENOENT => Err(errno),
            _ => Ok(()),
        };
    }
    let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_NOCTTY | abi::O_NONBLOCK;
    match process.open(path, flags, 0o666) {
        Ok(fd) => {
            process.call("dup2", [fd.into(), 0_i32.into()])?;
            process.close(fd);
            process
                .call("utimensat", [0_i32.into(), Arg::NULL, Arg::NULL, Arg::NULL])
                .map(drop)
        }
        Err(refused) => times(process, path).map_err(|errno| match errno {
            Errno::ENOENT => refused,
            other => other,
        }),
    }
}

/// Sets the times by name, and creates the file only when it is missing
/// (BusyBox 1.35, `coreutils/touch.c`).
fn busybox(process: &mut Process<'_>, path: &str, create: bool) -> Result<(), Errno> {
    match times(process, path) {
        Err(Errno::ENOENT) if create => {
            let fd = process.open(path, abi::O_RDWR | abi::O_CREAT, 0o666)?;
            process.close(fd);
            Ok(())
        }
        Err(Errno::ENOENT) => Ok(()),
        other => other,
    }
}

/// `utimensat(AT_FDCWD, path, now, 0)`.
fn times(process: &mut Process<'_>, path: &str) -> Result<(), Errno> {
    process
        .call("utimensat", [CWD, path.into(), Arg::NULL, Arg::NULL])
        .map(drop)
}
