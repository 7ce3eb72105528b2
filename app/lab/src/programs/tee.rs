//! `tee`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::Process;
use kernel::abi;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "tee",
    options: Options::Anywhere(&[flag('a', "append")]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let how = if given.has("a") {
        abi::O_APPEND
    } else {
        abi::O_TRUNC
    };
    let mut status = 0;
    let mut targets = vec![1];
    for path in &given.operands {
        match process.open(path, abi::O_WRONLY | abi::O_CREAT | how, 0o666) {
            Ok(fd) => targets.push(fd),
            Err(errno) => {
                process.complain(&format!("{path}: {}", errno.words()));
                status = 1;
            }
        }
    }
    let bytes = process.read_all(0).unwrap_or_default();
    for fd in targets {
        if process.write(fd, &bytes).is_err() {
            status = 1;
        }
    }
    status
}
