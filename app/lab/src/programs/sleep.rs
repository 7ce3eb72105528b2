//! `sleep`: a process that is there.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::{Process, Userland};
use kernel::Arg;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "sleep",
    options: Options::Anywhere(&[]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some(first) = given.operands.first() else {
        process.complain("missing operand");
        return 1;
    };
    let number = first.trim_end_matches(['s', 'm', 'h', 'd']);
    if number != "infinity" && number.parse::<f64>().is_err() {
        process.complain(&match process.userland {
            Userland::Gnu => format!("invalid time interval '{first}'"),
            Userland::Busybox => format!("invalid number '{first}'"),
        });
        return 1;
    }
    let time = Arg::bytes([0; 16]);
    let _ = process.call("clock_nanosleep", [Arg::NULL, Arg::NULL, time, Arg::NULL]);
    0
}
