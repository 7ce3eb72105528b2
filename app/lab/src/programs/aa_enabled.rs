//! `aa-enabled`: whether AppArmor can be used.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::Process;
use kernel::Errno;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "aa-enabled",
    options: Options::Anywhere(&[flag('q', "quiet"), flag('x', "exclusive")]),
    run,
    place: Place::Node,
}];

/// Where the module says whether it is on.
const ENABLED: &str = "/sys/module/apparmor/parameters/enabled";
/// Where its policy can be reached.
const INTERFACE: &str = "/sys/kernel/security/apparmor";

/// `aa_is_enabled(2)` and the words for what it answers (apparmor 3.0,
/// `binutils/aa_enabled.c`).
fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let (text, status) = match process.read_file(ENABLED) {
        Ok(bytes) if bytes.starts_with(b"Y") => match process.stat(INTERFACE, true) {
            Ok(_) => ("Yes", 0),
            Err(_) => ("Maybe - policy interface not available.", 2),
        },
        Ok(_) => ("No - disabled at boot.", 1),
        Err(Errno::EACCES | Errno::EPERM) => (
            "Maybe - insufficient permissions to determine availability.",
            3,
        ),
        Err(_) => ("No - not available on this system.", 1),
    };
    if !given.has("q") {
        process.print(text);
    }
    status
}
