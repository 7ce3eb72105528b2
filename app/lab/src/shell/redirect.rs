//! Redirections and pipes: what a command's descriptors lead to.

use super::{
    Shell, expand,
    syntax::{Redirection, RedirectionKind},
};
use crate::process::{Process, Userland, quiet};
use kernel::{Answer, Arg, Errno, abi};

/// `fcntl(2)`: duplicate to the lowest free descriptor from the argument on.
const F_DUPFD_CLOEXEC: i32 = 1030;

impl Shell {
    /// Applies redirections with real system calls, in order.
    pub(super) fn redirect(
        &mut self,
        process: &mut Process<'_>,
        redirections: &[Redirection],
    ) -> Result<(), u8> {
        for redirection in redirections {
            let target = expand::text(self, process, &redirection.target);
            let descriptor = i32::try_from(redirection.descriptor).unwrap_or(i32::MAX);
            let flags = match redirection.kind {
                RedirectionKind::Read => abi::O_RDONLY,
                RedirectionKind::Write => abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC,
                RedirectionKind::Append => abi::O_WRONLY | abi::O_CREAT | abi::O_APPEND,
                RedirectionKind::ReadWrite => abi::O_RDWR | abi::O_CREAT,
                RedirectionKind::Duplicate => {
                    let Ok(source) = target.parse::<i32>() else {
                        process.complain(&format!("{target}: ambiguous redirect"));
                        return Err(1);
                    };
                    if duplicate(process, source, descriptor).is_err() {
                        process.complain(&format!("{source}: Bad file descriptor"));
                        return Err(1);
                    }
                    continue;
                }
            };
            match process.open(&target, flags, 0o666) {
                Ok(fd) if fd != descriptor => {
                    duplicate(process, fd, descriptor).ok();
                    quiet(process, |process| process.close(fd));
                }
                Ok(_) => {}
                Err(errno) => {
                    let words = match (process.userland, redirection.kind) {
                        (Userland::Busybox, RedirectionKind::Read) => {
                            format!("can't open {target}: {}", errno.words())
                        }
                        (Userland::Busybox, _) => {
                            format!("can't create {target}: {}", errno.words())
                        }
                        (Userland::Gnu, _) => format!("{target}: {}", errno.words()),
                    };
                    process.complain(&words);
                    return Err(1);
                }
            }
        }
        Ok(())
    }

    /// Redirections without a command: files are created, nothing is run.
    pub(super) fn redirect_only(
        &mut self,
        process: &mut Process<'_>,
        redirections: &[Redirection],
    ) -> u8 {
        let saved = save(process, redirections);
        let status = match self.redirect(process, redirections) {
            Ok(()) => 0,
            Err(status) => status,
        };
        restore(process, saved);
        status
    }
}

/// A pipe whose ends the console knows.
pub(super) fn pipe(process: &mut Process<'_>) -> Option<(i32, i32)> {
    let event = quiet(process, |process| {
        process.ask("pipe2", [Arg::Room(8), abi::O_CLOEXEC.into()])
    });
    let Answer::Pair(reader, writer) = event.answer else {
        process.complain("cannot make a pipe");
        return None;
    };
    let read_end = process.machine.file(process.pid, reader)?;
    let write_end = process.machine.file(process.pid, writer)?;
    process.machine.console.pipe(read_end, write_end);
    Some((reader, writer))
}

/// Copies of the descriptors that a builtin's redirections replace.
pub(super) fn save(process: &mut Process<'_>, redirections: &[Redirection]) -> Vec<(i32, i32)> {
    let mut saved = Vec::new();
    for redirection in redirections {
        let descriptor = i32::try_from(redirection.descriptor).unwrap_or(i32::MAX);
        let copy = quiet(process, |process| {
            process.call(
                "fcntl",
                [descriptor.into(), F_DUPFD_CLOEXEC.into(), 10_i32.into()],
            )
        });
        if let Ok(copy) = copy {
            saved.push((i32::try_from(copy).unwrap_or(i32::MAX), descriptor));
        }
    }
    saved
}

pub(super) fn duplicate(process: &mut Process<'_>, from: i32, to: i32) -> Result<i64, Errno> {
    quiet(process, |process| {
        process.call("dup2", [from.into(), to.into()])
    })
}

pub(super) fn restore(process: &mut Process<'_>, saved: Vec<(i32, i32)>) {
    for (copy, descriptor) in saved.into_iter().rev() {
        duplicate(process, copy, descriptor).ok();
        quiet(process, |process| process.close(copy));
    }
}
