//! `aa-exec`: a program under a profile.

use super::{Place, Program, options::Given};
use crate::process::Process;
use kernel::{Arg, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "aa-exec",
    options: super::VERBATIM,
    run,
    place: Place::Node,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut words = given.operands.as_slice();
    let mut profile = None;
    while let Some((first, rest)) = words.split_first() {
        match first.as_str() {
            "-p" => {
                profile = rest.first().cloned();
                words = rest.get(1..).unwrap_or_default();
            }
            "--" => {
                words = rest;
                break;
            }
            option if option.starts_with('-') => {
                process.complain(&format!("unknown option {option}; -p PROFILE is simulated"));
                return 1;
            }
            _ => break,
        }
    }
    if let Some(profile) = profile {
        let text = format!("exec {profile}");
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        let changed = process
            .open("/proc/self/attr/exec", abi::O_WRONLY, 0)
            .and_then(|fd| {
                let written =
                    process.call("write", [fd.into(), text.as_str().into(), Arg::Int(length)]);
                process.close(fd);
                written
            });
        if let Err(errno) = changed {
            process.complain(&match errno {
                kernel::Errno::ENOENT => format!("profile '{profile}' does not exist"),
                errno => format!("failed to change to profile '{profile}': {}", errno.words()),
            });
            return 1;
        }
    }
    super::go_on(process, words)
}
