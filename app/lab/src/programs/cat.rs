//! `cat`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland};
use kernel::Errno;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "cat",
    options: Options::Anywhere(&[flag('n', "number")]),
    run: cat,
    place: Place::Everywhere,
}];

fn cat(process: &mut Process<'_>, given: &Given) -> u8 {
    let standard_input = ["-".to_owned()];
    let paths = if given.operands.is_empty() {
        &standard_input[..]
    } else {
        &given.operands
    };
    let mut status = 0;
    let mut number = 0;
    for path in paths {
        match read(process, path) {
            Ok(bytes) if given.has("n") => {
                for line in String::from_utf8_lossy(&bytes).lines() {
                    number += 1;
                    process.print(&format!("{number:6}\t{line}"));
                }
            }
            Ok(bytes) => {
                let _ = process.write(1, &bytes);
            }
            Err(errno) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("{path}: {words}"),
                    Userland::Busybox => format!("can't open '{path}': {words}"),
                });
                status = 1;
            }
        }
    }
    status
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn read(process: &mut Process<'_>, path: &str) -> Result<Vec<u8>, Errno> {
    if path == "-" {
        process.read_all(0)
    } else {
        process.read_file(path)
    }
}
