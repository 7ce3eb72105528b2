//! `cp`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
    targets::{self, Failure, Target},
};
use crate::process::{CWD, Process, Userland};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "cp",
    options: Options::Anywhere(&[
        flag('r', "recursive"),
        flag('R', ""),
        flag('a', "archive"),
        flag('p', "preserve"),
        flag('f', "force"),
        flag('n', "no-clobber"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// How deep `cp -r` goes.
const MAX_DEPTH: usize = 64;
/// What one `sendfile` of BusyBox asks for.
const BLOCK: i64 = 16_777_216;
/// `SSIZE_MAX` cut to a page, which coreutils asks for.
const ALL: i64 = 0x7fff_ffff_ffff_f000;

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if process.userland == Userland::Gnu {
        let _ = process.call("geteuid", [Arg::NULL; 0]);
    }
    targets::each(
        process,
        &given.operands,
        |process, target| to(process, given, target),
        |userland, target, (name, errno)| complaint(userland, target.source, name, *errno),
    )
}

fn complaint(userland: Userland, source: &str, name: &str, errno: Errno) -> String {
    let words = errno.words();
    match (userland, errno) {
        (Userland::Gnu, Errno::EISDIR) => format!("-r not specified; omitting directory '{name}'"),
        (Userland::Busybox, Errno::EISDIR) => format!("omitting directory '{name}'"),
        (Userland::Gnu, Errno::ENOENT) if name == source => {
            format!("cannot stat '{source}': {words}")
        }
        (Userland::Gnu, _) if name == source => {
            format!("cannot open '{name}' for reading: {words}")
        }
        (Userland::Gnu, _) => format!("cannot create regular file '{name}': {words}"),
        (Userland::Busybox, Errno::ENOENT) if name == source => {
            format!("can't stat '{source}': {words}")
        }
        (Userland::Busybox, _) if name == source => format!("can't open '{name}': {words}"),
        (Userland::Busybox, _) => format!("can't create '{name}': {words}"),
    }
}

/// Finds out whether the place is a directory, then copies.
fn to(process: &mut Process<'_>, given: &Given, target: &Target<'_>) -> Result<(), Failure> {
    let directory = match process.userland {
        Userland::Gnu => {
            let probe = abi::O_RDONLY | abi::O_PATH | abi::O_DIRECTORY;
            match process.open(target.place, probe, 0) {
                Ok(fd) => {
                    process.close(fd);
                    true
                }
                Err(_) => false,
            }
        }
        Userland::Busybox => {
            let _ = process.stat(target.source, true);
            process
                .stat(target.place, true)
                .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFDIR)
        }
    };
    let name = if directory || target.into {
        &target.inside
    } else {
        target.place
    };
    copy(process, given, target.source, name, 0)
}

fn copy(
    process: &mut Process<'_>,
    given: &Given,
    source: &str,
    name: &str,
    depth: usize,
) -> Result<(), Failure> {
    let failed = |path: &str| {
        let path = path.to_owned();
        move |errno: Errno| (path, errno)
    };
    let recursive = given.has("r") || given.has("R") || given.has("a");
    let status = process.stat(source, !recursive).map_err(failed(source))?;
    if process.userland == Userland::Busybox {
        let there = process.stat(name, false);
        if given.has("n") && there.is_ok() {
            return Ok(());
        }
    }
    match status.mode & abi::S_IFMT {
        abi::S_IFDIR if !recursive => return Err((source.to_owned(), Errno::EISDIR)),
        abi::S_IFDIR => return tree(process, given, source, name, status.mode, depth),
        abi::S_IFLNK => {
            let to = super::ln::target(process, source).unwrap_or_default();
            return match process.userland {
                Userland::Gnu => process.call("symlinkat", [to.as_str().into(), CWD, name.into()]),
                Userland::Busybox => process.call("symlink", [to.as_str().into(), name.into()]),
            }
            .map(drop)
            .map_err(failed(name));
        }
        _ => {}
    }
    let from = process
        .open(source, abi::O_RDONLY, 0)
        .map_err(failed(source))?;
    let opened = create(process, given, name, status.mode & 0o7777);
    let result = match opened {
        Ok(None) => Ok(()),
        Ok(Some(into)) => {
            let copied = transfer(process, from, into).map_err(failed(name));
            if copied.is_ok() && (given.has("p") || given.has("a")) {
                keep(process, name, into, &status);
            }
            process.close(into);
            copied
        }
        Err(errno) => Err((name.to_owned(), errno)),
    };
    process.close(from);
    result
}

/// The file to copy into; none when it is there and has to stay.
fn create(
    process: &mut Process<'_>,
    given: &Given,
    name: &str,
    mode: u32,
) -> Result<Option<i32>, Errno> {
    if process.userland == Userland::Busybox {
        let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC;
        return process.open(name, flags, mode).map(Some);
    }
    let exclusive = abi::O_WRONLY | abi::O_CREAT | abi::O_EXCL;
    match process.open(name, exclusive, mode) {
        Err(Errno::EEXIST) if given.has("n") => Ok(None),
        Err(Errno::EEXIST) => match process.open(name, abi::O_WRONLY | abi::O_TRUNC, 0) {
            Err(_) if given.has("f") => {
                process.call("unlinkat", [CWD, name.into(), Arg::NULL])?;
                process.open(name, exclusive, mode).map(Some)
            }
            other => other.map(Some),
        },
        other => other.map(Some),
    }
}

/// Until a call says that nothing is left.
fn transfer(process: &mut Process<'_>, from: i32, into: i32) -> Result<(), Errno> {
    loop {
        let moved = match process.userland {
            Userland::Gnu => process.call(
                "copy_file_range",
                [
                    from.into(),
                    Arg::NULL,
                    into.into(),
                    Arg::NULL,
                    Arg::Int(ALL),
                    Arg::NULL,
                ],
            )?,
            Userland::Busybox => process.call(
                "sendfile",
                [into.into(), from.into(), Arg::NULL, Arg::Int(BLOCK)],
            )?,
        };
        if moved == 0 {
            return Ok(());
        }
    }
}

/// `-p`: times, owner and mode.
fn keep(process: &mut Process<'_>, name: &str, fd: i32, status: &kernel::event::FileStatus) {
    let times = Arg::bytes([0; 32]);
    match process.userland {
        Userland::Gnu => {
            let _ = process.call("utimensat", [fd.into(), Arg::NULL, times, Arg::NULL]);
        }
        Userland::Busybox => {
            let _ = process.call("utimensat", [CWD, name.into(), times, Arg::NULL]);
            let _ = process.call("chown", [name.into(), status.uid.into(), status.gid.into()]);
            let _ = process.call("chmod", [name.into(), (status.mode & 0o7777).into()]);
        }
    }
}

fn tree(
    process: &mut Process<'_>,
    given: &Given,
    source: &str,
    name: &str,
    mode: u32,
    depth: usize,
) -> Result<(), Failure> {
    let failed = |errno| (name.to_owned(), errno);
    if depth > MAX_DEPTH {
        return Err((source.to_owned(), Errno::ELOOP));
    }
    let mode = mode & 0o7777;
    let made = match process.userland {
        Userland::Gnu => {
            let there = process.stat(name, false);
            if there.is_ok() {
                Ok(0)
            } else {
                process.call("mkdirat", [CWD, name.into(), mode.into()])
            }
        }
        Userland::Busybox => process.call("mkdir", [name.into(), mode.into()]),
    };
    match made {
        Ok(_) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(failed(errno)),
    }
    let names = process
        .list(source)
        .map_err(|errno| (source.to_owned(), errno))?;
    for inner in names {
        let from = format!("{}/{inner}", source.trim_end_matches('/'));
        let into = format!("{}/{inner}", name.trim_end_matches('/'));
        copy(process, given, &from, &into, depth + 1)?;
    }
    Ok(())
}
