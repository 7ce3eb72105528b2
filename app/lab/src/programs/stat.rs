//! `stat`.

use super::{
    Place, Program, ls,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, Userland};
use kernel::{abi, event::FileStatus};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "stat",
    options: Options::Anywhere(&[value('c', "format"), flag('L', "dereference")]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.operands.is_empty() {
        process.complain("missing operand");
        return 1;
    }
    let mut code = 0;
    for path in &given.operands {
        match process.stat(path, given.has("L")) {
            Ok(status) => {
                let text = match given.value("c") {
                    Some(format) => formatted(format, path, &status),
                    None => full(path, &status),
                };
                process.print(&text);
            }
            Err(errno) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("cannot statx '{path}': {words}"),
                    Userland::Busybox => format!("can't stat '{path}': {words}"),
                });
                code = 1;
            }
        }
    }
    code
}

fn full(path: &str, status: &FileStatus) -> String {
    let time = |index: usize| crate::clock::long(status.times[index]);
    format!(
        "  File: {path}\n  Size: {:<15} {}\nInode: {:<11} Links: {}\nAccess: ({:04o}/{})  Uid: ({:>5}/{:>8})   Gid: ({:>5}/{:>8})\nAccess: {}\nModify: {}\nChange: {}",
        status.size,
        kind(status.mode),
        status.inode,
        status.links,
        status.mode & 0o7777,
        ls::mode(status.mode),
        status.uid,
        ls::owner(status.uid),
        status.gid,
        ls::owner(status.gid),
        time(0),
        time(1),
        time(2),
    )
}

fn kind(mode: u32) -> &'static str {
    match mode & abi::S_IFMT {
        abi::S_IFDIR => "directory",
        abi::S_IFLNK => "symbolic link",
        abi::S_IFCHR => "character special file",
        abi::S_IFBLK => "block special file",
        abi::S_IFIFO => "fifo",
        abi::S_IFSOCK => "socket",
        _ => "regular file",
    }
}

fn octal(mode: u32) -> String {
    format!("{:o}", mode & 0o7777)
}

/// `-c`: the letters that are known; others are left as they are.
fn formatted(format: &str, path: &str, status: &FileStatus) -> String {
    let mut text = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('i') => text.push_str(&status.inode.to_string()),
            Some('h') => text.push_str(&status.links.to_string()),
            Some('a') => text.push_str(&octal(status.mode)),
            Some('A') => text.push_str(&ls::mode(status.mode)),
            Some('u') => text.push_str(&status.uid.to_string()),
            Some('g') => text.push_str(&status.gid.to_string()),
            Some('U') => text.push_str(&ls::owner(status.uid)),
            Some('G') => text.push_str(&ls::owner(status.gid)),
            Some('s') => text.push_str(&status.size.to_string()),
            Some('n') => text.push_str(path),
            Some('F') => text.push_str(kind(status.mode)),
            Some('%') | None => text.push('%'),
            Some(other) => {
                text.push('%');
                text.push(other);
            }
        }
    }
    text
}
