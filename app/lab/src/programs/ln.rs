//! `ln`, `link` and `readlink`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
    targets::{self, Failure},
};
use crate::process::{CWD, Process, Userland};
use kernel::{Answer, Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "ln",
        options: Options::Anywhere(&[
            flag('s', "symbolic"),
            flag('f', "force"),
            flag('n', "no-dereference"),
        ]),
        run: ln,
        place: Place::Everywhere,
    },
    Program {
        name: "readlink",
        options: Options::Anywhere(&[]),
        run: readlink,
        place: Place::Everywhere,
    },
];

fn ln(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut operands = given.operands.clone();
    // A target alone gets a name of its own in the working directory.
    if let [target] = operands.as_slice()
        && target != "."
    {
        operands.push(".".to_owned());
    }
    let symbolic = given.has("s");
    targets::each(
        process,
        &operands,
        |process, target| {
            let name = if target.into {
                &target.inside
            } else {
                target.place
            };
            match process.userland {
                Userland::Gnu => gnu(process, given, target.source, name, &target.inside),
                Userland::Busybox => busybox(process, given, target.source, name, &target.inside),
            }
        },
        |userland, target, (name, errno)| {
            let (source, words) = (target.source, errno.words());
            let kind = if symbolic { "symbolic" } else { "hard" };
            match userland {
                Userland::Gnu if *errno == Errno::ENOENT && !symbolic => {
                    format!("failed to access '{source}': {words}")
                }
                Userland::Gnu if symbolic || *errno == Errno::EEXIST => {
                    format!("failed to create {kind} link '{name}': {words}")
                }
                Userland::Gnu => {
                    format!("failed to create {kind} link '{name}' => '{source}': {words}")
                }
                Userland::Busybox => format!("{name}: {words}"),
            }
        },
    )
}

/// Links first and looks only when that fails (coreutils 9.1, `ln.c`).
fn gnu(
    process: &mut Process<'_>,
    given: &Given,
    target: &str,
    name: &str,
    inside: &str,
) -> Result<(), Failure> {
    let failed = |errno| (name.to_owned(), errno);
    match create(process, given.has("s"), target, name) {
        Err(Errno::EEXIST) => {}
        other => return other.map_err(failed),
    }
    let probe = abi::O_RDONLY | abi::O_PATH | abi::O_DIRECTORY;
    if let Ok(fd) = process.open(name, probe, 0) {
        process.close(fd);
        return create(process, given.has("s"), target, inside)
            .map_err(|errno| (inside.to_owned(), errno));
    }
    if !given.has("f") {
        return Err(failed(Errno::EEXIST));
    }
    process.stat(name, false).map_err(failed)?;
    let temporary = format!("{}CuYzmnMS", parent(name));
    create(process, given.has("s"), target, &temporary).map_err(failed)?;
    process
        .call(
            "renameat",
            [CWD, temporary.as_str().into(), CWD, name.into()],
        )
        .map(drop)
        .map_err(failed)
}

/// Looks at both names, removes the old one if told to, then links
/// (BusyBox 1.35, `coreutils/ln.c`).
fn busybox(
    process: &mut Process<'_>,
    given: &Given,
    target: &str,
    name: &str,
    inside: &str,
) -> Result<(), Failure> {
    let mut name = name.to_owned();
    if let Ok(status) = process.stat(&name, true)
        && status.mode & abi::S_IFMT == abi::S_IFDIR
    {
        inside.clone_into(&mut name);
    }
    let symbolic = given.has("s");
    if !symbolic && let Err(errno) = process.stat(target, true) {
        return Err((target.to_owned(), errno));
    }
    if given.has("f") {
        let _ = process.call("unlink", [name.as_str().into()]);
    }
    let call = if symbolic { "symlink" } else { "link" };
    process
        .call(call, [target.into(), name.as_str().into()])
        .map(drop)
        .map_err(|errno| (name, errno))
}

fn create(
    process: &mut Process<'_>,
    symbolic: bool,
    target: &str,
    name: &str,
) -> Result<(), Errno> {
    if symbolic {
        process.call("symlinkat", [target.into(), CWD, name.into()])
    } else {
        process.call("linkat", [CWD, target.into(), CWD, name.into(), Arg::NULL])
    }
    .map(drop)
}

/// The directory part of a path, its slash included.
fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

fn readlink(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut status = 0;
    for path in &given.operands {
        match target(process, path) {
            Some(target) => process.print(&target),
            None => status = 1,
        }
    }
    status
}

/// What a symbolic link holds.
pub(super) fn target(process: &mut Process<'_>, path: &str) -> Option<String> {
    let event = process.ask("readlink", [path.into(), Arg::Room(4096), 4096_i32.into()]);
    match event.answer {
        Answer::Data(bytes) if event.result.is_ok() => {
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        _ => None,
    }
}
