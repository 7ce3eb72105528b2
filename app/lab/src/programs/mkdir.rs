//! `mkdir` and `rmdir`.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, Userland, quiet};
use kernel::{Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "mkdir",
        options: Options::Anywhere(&[
            flag('p', "parents"),
            value('m', "mode"),
            flag('v', "verbose"),
        ]),
        run: mkdir,
        place: Place::Everywhere,
    },
    Program {
        name: "rmdir",
        options: Options::Anywhere(&[flag('p', "parents")]),
        run: rmdir,
        place: Place::Everywhere,
    },
];

fn mkdir(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        process.complain("missing operand");
        return 1;
    }
    let mode = match given.value("m").map(|mode| u32::from_str_radix(mode, 8)) {
        None => None,
        Some(Ok(mode)) if mode <= 0o7777 => Some(mode),
        Some(_) => {
            let mode = given.value("m").unwrap_or_default();
            process.complain(&format!("invalid mode '{mode}'"));
            return 1;
        }
    };
    let mut status = 0;
    for path in &given.operands {
        let parents = given.has("p");
        let outcome = if parents {
            let start = quiet(process, |process| process.open(".", abi::O_DIRECTORY, 0));
            let created = along(process, path);
            if let Ok(start) = start {
                let _ = quiet(process, |process| process.call("fchdir", [start.into()]));
                quiet(process, |process| process.close(start));
            }
            created
        } else {
            make(process, path, mode)
        };
        match outcome {
            Ok(()) if given.has("v") => {
                process.print(&format!("mkdir: created directory '{path}'"));
            }
            Ok(()) => {}
            Err((failed, errno)) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("cannot create directory '{failed}': {words}"),
                    Userland::Busybox => format!("can't create directory '{failed}': {words}"),
                });
                status = 1;
            }
        }
    }
    status
}

fn make(process: &mut Process<'_>, path: &str, mode: Option<u32>) -> Result<(), (String, Errno)> {
    let failed = |errno| (path.to_owned(), errno);
    let first = match (process.userland, mode) {
        (Userland::Gnu, Some(mode)) => mode,
        _ => 0o777,
    };
    process
        .call("mkdir", [path.into(), first.into()])
        .map_err(failed)?;
    if let (Userland::Busybox, Some(mode)) = (process.userland, mode) {
        process
            .call("chmod", [path.into(), mode.into()])
            .map_err(failed)?;
    }
    Ok(())
}

/// `mkdir -p`: GNU changes into each directory as it goes, BusyBox names the
/// whole path each time.
fn along(process: &mut Process<'_>, path: &str) -> Result<(), (String, Errno)> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut so_far = String::from(if path.starts_with('/') { "/" } else { "" });
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        so_far.push_str(part);
        let named = match process.userland {
            Userland::Busybox if last => so_far.clone(),
            Userland::Busybox => format!("{so_far}/"),
            Userland::Gnu if index == 0 => so_far.clone(),
            Userland::Gnu => (*part).to_owned(),
        };
        match process.call("mkdir", [named.as_str().into(), 0o777_i32.into()]) {
            Ok(_) => {}
            Err(Errno::EEXIST)
                if process
                    .stat(&named, true)
                    .is_ok_and(|status| is_directory(&status)) => {}
            Err(errno) => return Err((so_far, errno)),
        }
        if !last && process.userland == Userland::Gnu {
            enter(process, &named).map_err(|errno| (so_far.clone(), errno))?;
        }
        so_far.push('/');
    }
    Ok(())
}

fn enter(process: &mut Process<'_>, path: &str) -> Result<(), Errno> {
    let flags =
        abi::O_RDONLY | abi::O_NOCTTY | abi::O_NONBLOCK | abi::O_NOFOLLOW | abi::O_DIRECTORY;
    let fd = process.open(path, flags, 0)?;
    let entered = process.call("fchdir", [fd.into()]);
    process.close(fd);
    entered.map(drop)
}

fn is_directory(status: &kernel::event::FileStatus) -> bool {
    status.mode & abi::S_IFMT == abi::S_IFDIR
}

fn rmdir(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        process.complain("missing operand");
        return 1;
    }
    let mut status = 0;
    for path in &given.operands {
        let mut path = path.as_str();
        loop {
            if let Err(errno) = process.call("rmdir", [path.into()]) {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("failed to remove '{path}': {words}"),
                    Userland::Busybox => format!("'{path}': {words}"),
                });
                status = 1;
                break;
            }
            match path.trim_end_matches('/').rsplit_once('/') {
                Some((parent, _)) if given.has("p") && !parent.is_empty() => path = parent,
                _ => break,
            }
        }
    }
    status
}
