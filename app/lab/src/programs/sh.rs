//! `sh`, `bash` and `ash`: a shell inside the shell.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::{process::Process, shell::Shell};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "sh",
        options: Options::Verbatim,
        run,
        place: Place::Everywhere,
    },
    Program {
        name: "bash",
        options: Options::Verbatim,
        run,
        place: Place::Node,
    },
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    match given.operands.as_slice() {
        [option, line, arguments @ ..] if option == "-c" => {
            let mut names = vec![process.name.clone()];
            if !arguments.is_empty() {
                names = arguments.to_vec();
            }
            Shell::new(names).run(process, line)
        }
        [script, arguments @ ..] if !script.starts_with('-') => match process.read_file(script) {
            Ok(bytes) => {
                let mut names = vec![script.clone()];
                names.extend_from_slice(arguments);
                Shell::new(names).run(process, &String::from_utf8_lossy(&bytes))
            }
            Err(errno) => {
                process.complain(&format!("{script}: {}", errno.words()));
                127
            }
        },
        _ => {
            process
                .machine
                .console
                .notice("a shell without a command would wait for you; use sh -c '…' or a script");
            0
        }
    }
}
