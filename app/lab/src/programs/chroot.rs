//! `chroot`.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::{Process, Userland};
use kernel::Arg;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "chroot",
    options: Options::Leading(&[]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((root, command)) = given.operands.split_first() else {
        process.complain("missing operand");
        return 125;
    };
    let changed = process
        .call("chroot", [root.as_str().into()])
        .and_then(|_| process.call("chdir", [Arg::from("/")]));
    if let Err(errno) = changed {
        let words = errno.words();
        process.complain(&match process.userland {
            Userland::Gnu => format!("cannot change root directory to '{root}': {words}"),
            Userland::Busybox => format!("can't change root directory to '{root}': {words}"),
        });
        return if process.userland == Userland::Gnu {
            125
        } else {
            1
        };
    }
    super::go_on(process, command)
}
