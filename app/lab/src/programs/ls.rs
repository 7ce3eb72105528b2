//! `ls`.

use super::{
    Place, Program, ln,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland, quiet};
use kernel::{Errno, abi, event::FileStatus};
use std::fmt::Write as _;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "ls",
    options: Options::Anywhere(&[
        flag('l', ""),
        flag('i', "inode"),
        flag('a', "all"),
        flag('A', "almost-all"),
        flag('d', "directory"),
        flag('1', ""),
    ]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let here = [".".to_owned()];
    let paths = if given.operands.is_empty() {
        &here[..]
    } else {
        &given.operands
    };
    let mut status = 0;
    for (index, path) in paths.iter().enumerate() {
        if let Err(errno) = show(process, given, path, paths.len() > 1, index > 0) {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu if errno == Errno::EACCES => {
                    format!("cannot open directory '{path}': {words}")
                }
                Userland::Gnu => format!("cannot access '{path}': {words}"),
                Userland::Busybox => format!("{path}: {words}"),
            });
            status = if process.userland == Userland::Gnu {
                2
            } else {
                1
            };
        }
    }
    status
}

fn show(
    process: &mut Process<'_>,
    given: &Given,
    path: &str,
    titled: bool,
    separated: bool,
) -> Result<(), Errno> {
    let long = given.has("l");
    let status = process.stat(path, !long || path.ends_with('/'))?;
    if status.mode & abi::S_IFMT != abi::S_IFDIR || given.has("d") {
        let line = line(process, given, path, path, &status);
        process.print(&line);
        return Ok(());
    }
    let mut names = process.list(path)?;
    if given.has("a") {
        names.splice(0..0, [".".to_owned(), "..".to_owned()]);
    } else if !given.has("A") {
        names.retain(|name| !name.starts_with('.'));
    }
    if titled {
        if separated {
            process.print("");
        }
        process.print(&format!("{path}:"));
    }
    let mut lines = Vec::new();
    for name in names {
        let inner = format!("{}/{name}", path.trim_end_matches('/'));
        let status = if long || given.has("i") || process.userland == Userland::Busybox {
            process.stat(&inner, false).ok()
        } else {
            None
        };
        lines.push(match status {
            Some(status) => line(process, given, &name, &inner, &status),
            None => name,
        });
    }
    if long {
        process.print(&format!("total {}", lines.len() * 4));
    }
    for line in lines {
        process.print(&line);
    }
    Ok(())
}

fn line(
    process: &mut Process<'_>,
    given: &Given,
    name: &str,
    path: &str,
    status: &FileStatus,
) -> String {
    let mut line = String::new();
    if given.has("i") {
        {
            let _ = write!(line, "{:>7} ", status.inode);
        }
    }
    if given.has("l") {
        {
            let _ = write!(
                line,
                "{} {:>3} {:<8} {:<8} {:>8} {} ",
                mode(status.mode),
                status.links,
                owner(status.uid),
                owner(status.gid),
                status.size,
                crate::clock::short(status.times[1]),
            );
        }
    }
    line.push_str(name);
    if given.has("l")
        && status.mode & abi::S_IFMT == abi::S_IFLNK
        && let Some(target) = quiet(process, |process| ln::target(process, path))
    {
        {
            let _ = write!(line, " -> {target}");
        }
    }
    line
}

/// Type and mode as `ls -l` writes them.
pub fn mode(mode: u32) -> String {
    let kind = match mode & abi::S_IFMT {
        abi::S_IFDIR => 'd',
        abi::S_IFLNK => 'l',
        abi::S_IFCHR => 'c',
        abi::S_IFBLK => 'b',
        abi::S_IFIFO => 'p',
        abi::S_IFSOCK => 's',
        _ => '-',
    };
    let mut text = String::from(kind);
    for (shift, special, lower, upper) in [
        (6, abi::S_ISUID, 's', 'S'),
        (3, abi::S_ISGID, 's', 'S'),
        (0, abi::S_ISVTX, 't', 'T'),
    ] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => lower,
            (false, true) => upper,
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    text
}

/// The name of a user or group: the simulation knows root and nobody.
pub(super) fn owner(id: u32) -> String {
    match id {
        0 => "root".to_owned(),
        65534 => "nobody".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_written_as_ls_writes_it() {
        for (bits, text) in [
            (0o040_755, "drwxr-xr-x"),
            (0o104_755, "-rwsr-xr-x"),
            (0o041_777, "drwxrwxrwt"),
            (0o120_777, "lrwxrwxrwx"),
            (0o102_644, "-rw-r-Sr--"),
        ] {
            assert_eq!(mode(bits), text);
        }
    }
}
