//! `rm` and `unlink`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{CWD, Process, Userland};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "rm",
        options: Options::Anywhere(&[flag('f', "force"), flag('r', "recursive"), flag('R', "")]),
        run: rm,
        place: Place::Everywhere,
    },
    Program {
        name: "unlink",
        options: Options::Anywhere(&[]),
        run: unlink,
        place: Place::Everywhere,
    },
];

/// How deep `rm -r` goes.
const MAX_DEPTH: usize = 64;

fn rm(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() && !given.has("f") {
        process.complain("missing operand");
        return 1;
    }
    let recursive = given.has("r") || given.has("R");
    let mut status = 0;
    for path in &given.operands {
        match remove(process, path, recursive, 0) {
            Err((_, Errno::ENOENT)) if given.has("f") => {}
            Err((name, errno)) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("cannot remove '{name}': {words}"),
                    Userland::Busybox if errno == Errno::EISDIR => {
                        format!("'{name}' is a directory")
                    }
                    Userland::Busybox => format!("can't remove '{name}': {words}"),
                });
                status = 1;
            }
            Ok(()) => {}
        }
    }
    status
}

fn remove(
    process: &mut Process<'_>,
    path: &str,
    recursive: bool,
    depth: usize,
) -> Result<(), (String, Errno)> {
    let failed = |errno| (path.to_owned(), errno);
    let status = process.stat(path, false).map_err(failed)?;
    let directory = status.mode & abi::S_IFMT == abi::S_IFDIR;
    if directory && !recursive {
        return Err(failed(Errno::EISDIR));
    }
    if process.userland == Userland::Busybox {
        let _ = process.call("access", [path.into(), 2_i32.into()]);
    }
    if directory {
        if depth > MAX_DEPTH {
            return Err(failed(Errno::ELOOP));
        }
        for name in process.list(path).map_err(failed)? {
            let inner = format!("{}/{name}", path.trim_end_matches('/'));
            remove(process, &inner, recursive, depth + 1)?;
        }
    }
    match (process.userland, directory) {
        (Userland::Busybox, true) => process.call("rmdir", [path.into()]),
        (Userland::Busybox, false) => process.call("unlink", [path.into()]),
        (Userland::Gnu, true) => {
            process.call("unlinkat", [CWD, path.into(), abi::AT_REMOVEDIR.into()])
        }
        (Userland::Gnu, false) => process.call("unlinkat", [CWD, path.into(), Arg::NULL]),
    }
    .map(drop)
    .map_err(failed)
}

fn unlink(process: &mut Process<'_>, given: &Given) -> u8 {
    let [path] = given.operands.as_slice() else {
        process.complain("one file operand is needed");
        return 1;
    };
    match process.call("unlink", [path.as_str().into()]) {
        Ok(_) => 0,
        Err(errno) => {
            let words = errno.words();
            process.complain(&format!("cannot unlink '{path}': {words}"));
            1
        }
    }
}
