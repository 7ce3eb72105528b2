//! `mv`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
    targets::{self, Failure, Target},
};
use crate::process::{CWD, Process, Userland, quiet};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "mv",
    options: Options::Anywhere(&[
        flag('f', "force"),
        flag('n', "no-clobber"),
        flag('T', "no-target-directory"),
    ]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if process.userland == Userland::Gnu {
        let _ = process.call("geteuid", [Arg::NULL; 0]);
    }
    targets::each(
        process,
        &given.operands,
        |process, target| match process.userland {
            Userland::Gnu => gnu(process, given, target),
            Userland::Busybox => busybox(process, given, target),
        },
        |userland, target, (name, errno)| {
            let (source, words) = (target.source, errno.words());
            match userland {
                Userland::Gnu if *errno == Errno::ENOENT => {
                    format!("cannot stat '{source}': {words}")
                }
                Userland::Gnu => format!("cannot move '{source}' to '{name}': {words}"),
                Userland::Busybox => format!("can't rename '{source}': {words}"),
            }
        },
    )
}

/// Renames without replacing first, and looks only when that fails
/// (coreutils 9.1, `mv.c` and `copy.c`).
fn gnu(process: &mut Process<'_>, given: &Given, target: &Target<'_>) -> Result<(), Failure> {
    let (source, place, inside) = (target.source, target.place, target.inside.as_str());
    let failed = |errno| (place.to_owned(), errno);
    match no_replace(process, source, place) {
        Err(Errno::EEXIST) => {}
        other => return other.map_err(failed),
    }
    let probe = abi::O_RDONLY | abi::O_PATH | abi::O_DIRECTORY;
    if !given.has("T")
        && let Ok(fd) = process.open(place, probe, 0)
    {
        process.close(fd);
        return no_replace(process, source, inside).map_err(|errno| (inside.to_owned(), errno));
    }
    process.stat(source, false).map_err(failed)?;
    process.stat(place, false).map_err(failed)?;
    if given.has("n") {
        return Ok(());
    }
    process
        .call("renameat", [CWD, source.into(), CWD, place.into()])
        .map(drop)
        .map_err(failed)
}

/// `renameat2(…, RENAME_NOREPLACE)`.
fn no_replace(process: &mut Process<'_>, source: &str, name: &str) -> Result<(), Errno> {
    let flags = Arg::from(abi::RENAME_NOREPLACE);
    process
        .call("renameat2", [CWD, source.into(), CWD, name.into(), flags])
        .map(drop)
}

/// Looks at the new name, then renames (BusyBox 1.35, `coreutils/mv.c`).
fn busybox(process: &mut Process<'_>, given: &Given, target: &Target<'_>) -> Result<(), Failure> {
    let (source, place, inside) = (target.source, target.place, target.inside.as_str());
    let mut name = place.to_owned();
    match process.stat(place, true) {
        Ok(status) if status.mode & abi::S_IFMT == abi::S_IFDIR => {
            inside.clone_into(&mut name);
            let _ = quiet(process, |process| process.stat(inside, true));
        }
        Ok(_) if given.has("n") => return Ok(()),
        Ok(_) => {
            let _ = process.call("access", [place.into(), 2_i32.into()]);
        }
        Err(_) => {}
    }
    process
        .call("rename", [source.into(), name.as_str().into()])
        .map(drop)
        .map_err(|errno| (name, errno))
}
