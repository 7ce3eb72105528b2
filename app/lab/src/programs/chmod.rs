//! `chmod`, `chown` and `truncate`.

use super::{
    Place, Program,
    options::{Given, Options, value},
};
use crate::process::{CWD, Process, Userland};
use kernel::{Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "chmod",
        options: Options::Verbatim,
        run: chmod,
        place: Place::Everywhere,
    },
    Program {
        name: "chown",
        options: Options::Anywhere(&[]),
        run: chown,
        place: Place::Everywhere,
    },
    Program {
        name: "truncate",
        options: Options::Anywhere(&[value('s', "size")]),
        run: truncate,
        place: Place::Everywhere,
    },
];

fn chmod(process: &mut Process<'_>, given: &Given) -> u8 {
    let [mode, paths @ ..] = given.operands.as_slice() else {
        process.complain("missing operand");
        return 1;
    };
    let mut status = 0;
    for path in paths {
        let changed = process.stat(path, true).and_then(|found| {
            let mode = changed_mode(mode, found.mode).ok_or(Errno::EINVAL)?;
            match process.userland {
                Userland::Gnu => process.call("fchmodat", [CWD, path.as_str().into(), mode.into()]),
                Userland::Busybox => process.call("chmod", [path.as_str().into(), mode.into()]),
            }
        });
        match changed {
            Ok(_) => {}
            Err(Errno::EINVAL) => {
                process.complain(&format!("invalid mode: '{mode}'"));
                return 1;
            }
            Err(errno) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu if errno == Errno::ENOENT => {
                        format!("cannot access '{path}': {words}")
                    }
                    Userland::Gnu => format!("changing permissions of '{path}': {words}"),
                    Userland::Busybox => format!("{path}: {words}"),
                });
                status = 1;
            }
        }
    }
    status
}

/// An octal mode, or clauses like `u+x,go-w`, applied to a file's mode.
fn changed_mode(text: &str, before: u32) -> Option<u32> {
    if let Ok(mode) = u32::from_str_radix(text, 8) {
        return (mode <= 0o7777).then_some(mode);
    }
    let mut mode = before & 0o7777;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        let (operator, letters) = rest.split_at(1);
        let mut classes = 0;
        for letter in who.chars() {
            classes |= match letter {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => 0o777,
                _ => return None,
            };
        }
        if classes == 0 {
            classes = 0o777;
        }
        let mut bits = 0;
        for letter in letters.chars() {
            bits |= match letter {
                'r' => 0o444 & classes,
                'w' => 0o222 & classes,
                'x' => 0o111 & classes,
                's' => {
                    (classes & 0o700) << 3 & abi::S_ISUID | (classes & 0o070) << 4 & abi::S_ISGID
                }
                't' => abi::S_ISVTX,
                _ => return None,
            };
        }
        mode = match operator {
            "+" => mode | bits,
            "-" => mode & !bits,
            _ => mode & !classes | bits,
        };
    }
    Some(mode)
}

fn chown(process: &mut Process<'_>, given: &Given) -> u8 {
    let [owner, paths @ ..] = given.operands.as_slice() else {
        process.complain("missing operand");
        return 1;
    };
    let (user, group) = owner.split_once(':').unwrap_or((owner, ""));
    let (Some(user), Some(group)) = (id(user), id(group)) else {
        process.complain(&format!("invalid user: '{owner}'"));
        return 1;
    };
    let mut status = 0;
    for path in paths {
        let arguments = [
            CWD,
            path.as_str().into(),
            user.into(),
            group.into(),
            0_i32.into(),
        ];
        if let Err(errno) = process.call("fchownat", arguments) {
            process.complain(&format!(
                "changing ownership of '{path}': {}",
                errno.words()
            ));
            status = 1;
        }
    }
    status
}

/// A number or one of the two names that there are; nothing stays as it is.
fn id(text: &str) -> Option<i32> {
    match text {
        "" => Some(-1),
        "root" => Some(0),
        "nobody" | "nogroup" => Some(65534),
        number => number.parse().ok(),
    }
}

fn truncate(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some(size) = given.value("s").and_then(|size| size.parse::<i64>().ok()) else {
        process.complain("you must specify a size with -s");
        return 1;
    };
    let mut status = 0;
    for path in &given.operands {
        let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_NONBLOCK;
        let done = process.open(path, flags, 0o666).and_then(|fd| {
            let done = process.call("ftruncate", [fd.into(), size.into()]);
            process.close(fd);
            done
        });
        if let Err(errno) = done {
            process.complain(&format!(
                "cannot open '{path}' for writing: {}",
                errno.words()
            ));
            status = 1;
        }
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_octal_or_made_of_clauses() {
        for (text, before, after) in [
            ("600", 0o644, Some(0o600)),
            ("u+x", 0o644, Some(0o744)),
            ("+x", 0o644, Some(0o755)),
            ("go-r,u=rw", 0o755, Some(0o611)),
            ("u+s", 0o755, Some(0o4755)),
            ("a+t", 0o777, Some(0o1777)),
            ("x+u", 0o644, None),
        ] {
            assert_eq!(changed_mode(text, before), after, "{text}");
        }
    }
}
