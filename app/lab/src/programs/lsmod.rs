//! `lsmod`: the kernel's modules that can be taken out again.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::{Process, Userland};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "lsmod",
    options: Options::Anywhere(&[]),
    run,
    place: Place::Everywhere,
}];

/// Where the kernel lists them.
const MODULES: &str = "/proc/modules";

fn run(process: &mut Process<'_>, _: &Given) -> u8 {
    let text = match process.read_file(MODULES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(errno) => {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => {
                    format!("ERROR: could not get list of modules: {words}")
                }
                Userland::Busybox => format!("can't open '{MODULES}': {words}"),
            });
            return 1;
        }
    };
    process.print("Module                  Size  Used by");
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(size), Some(used)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let by = words.next().unwrap_or("-").trim_end_matches(',');
        let by = if by == "-" { "" } else { by };
        process.print(format!("{name:<19} {size:>8}  {used} {by}").trim_end());
    }
    0
}
