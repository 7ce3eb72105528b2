//! What the shell does itself.

use super::Shell;
use crate::process::{Process, Userland, quiet};
use crate::programs;
use kernel::{Answer, Arg};

/// A builtin: the shell, its process, and the words of the command.
pub type Builtin = fn(&mut Shell, &mut Process<'_>, &[String]) -> u8;

/// The builtin of this name.
pub fn find(name: &str) -> Option<Builtin> {
    BUILTINS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, builtin)| *builtin)
}

/// The names of all builtins.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|(name, _)| *name)
}

const BUILTINS: &[(&str, Builtin)] = &[
    (":", |_, _, _| 0),
    ("true", |_, _, _| 0),
    ("false", |_, _, _| 1),
    ("cd", cd),
    ("pwd", |_, process, _| {
        let path = working_directory(process);
        process.print(&path);
        0
    }),
    ("echo", |_, process, words| program(process, words)),
    ("printf", |_, process, words| program(process, words)),
    ("test", |_, process, words| {
        test(process, words.get(1..).unwrap_or_default())
    }),
    ("[", bracket),
    ("export", export),
    ("unset", |shell, _, words| {
        for name in words.iter().skip(1) {
            shell.variables.remove(name);
        }
        0
    }),
    ("exit", exit),
    ("umask", umask),
    ("history", history),
    ("help", help),
];

fn program(process: &mut Process<'_>, words: &[String]) -> u8 {
    let Some((name, arguments)) = words.split_first() else {
        return 0;
    };
    programs::call(process, name, arguments)
}

fn cd(shell: &mut Shell, process: &mut Process<'_>, words: &[String]) -> u8 {
    let home = shell.variable("HOME");
    let target = words.get(1).unwrap_or(&home);
    match process.call("chdir", [target.as_str().into()]) {
        Ok(_) => 0,
        Err(errno) => {
            let words = errno.words();
            process.complain(&match process.userland {
                Userland::Gnu => format!("cd: {target}: {words}"),
                Userland::Busybox => format!("cd: can't cd to {target}: {words}"),
            });
            if process.userland == Userland::Gnu {
                1
            } else {
                2
            }
        }
    }
}

/// `getcwd`.
pub fn working_directory(process: &mut Process<'_>) -> String {
    let event = quiet(process, |process| {
        process.ask("getcwd", [Arg::Room(4096), 4096_i32.into()])
    });
    match event.answer {
        Answer::Data(bytes) => String::from_utf8_lossy(&bytes)
            .trim_end_matches('\0')
            .to_owned(),
        _ => "(unreachable)".to_owned(),
    }
}

fn export(shell: &mut Shell, _: &mut Process<'_>, words: &[String]) -> u8 {
    for word in words.iter().skip(1) {
        if let Some((name, value)) = word.split_once('=') {
            shell.variables.insert(name.to_owned(), value.to_owned());
        }
    }
    0
}

fn exit(shell: &mut Shell, process: &mut Process<'_>, words: &[String]) -> u8 {
    let status = match words.get(1).map(|word| word.parse::<u8>()) {
        None => shell.status,
        Some(Ok(status)) => status,
        Some(Err(_)) => {
            process.complain("exit: Illegal number");
            2
        }
    };
    shell.exit = Some(status);
    status
}

fn umask(_: &mut Shell, process: &mut Process<'_>, words: &[String]) -> u8 {
    let Some(word) = words.get(1) else {
        let mask = process
            .machine
            .world
            .task(process.pid)
            .map_or(0o022, |task| task.umask);
        process.print(&format!("{mask:04o}"));
        return 0;
    };
    let Ok(mask) = u32::from_str_radix(word, 8) else {
        process.complain(&format!("umask: {word}: Illegal number"));
        return 2;
    };
    let _ = process.call("umask", [mask.into()]);
    0
}

fn history(shell: &mut Shell, process: &mut Process<'_>, words: &[String]) -> u8 {
    let lines: Vec<String> = shell
        .history
        .numbered()
        .map(|(number, line)| format!("{number:>5}  {line}"))
        .collect();
    let from = match words.get(1).map(String::as_str) {
        None => 0,
        Some("-c") => {
            shell.history.clear();
            return 0;
        }
        Some(word) => match word.parse::<usize>() {
            Ok(count) => lines.len().saturating_sub(count),
            Err(_) => {
                process.complain(&format!("history: {word}: numeric argument required"));
                return 1;
            }
        },
    };
    for line in lines.get(from..).unwrap_or_default() {
        process.print(line);
    }
    0
}

fn help(_: &mut Shell, process: &mut Process<'_>, _: &[String]) -> u8 {
    let builtins: Vec<_> = names().collect();
    process.machine.console.notice(&format!(
        "the shell knows: {}\nprograms: {}",
        builtins.join(" "),
        programs::names().join(" ")
    ));
    0
}

fn bracket(_: &mut Shell, process: &mut Process<'_>, words: &[String]) -> u8 {
    match words.split_last() {
        Some((last, rest)) if last == "]" => test(process, rest.get(1..).unwrap_or_default()),
        _ => {
            process.complain("[: missing `]'");
            2
        }
    }
}

/// `test` with up to four arguments (XCU, `test`).
fn test(process: &mut Process<'_>, words: &[String]) -> u8 {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match texts.as_slice() {
        [] => Some(false),
        ["!", rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|text| (*text).to_owned()).collect();
            return match test(process, &rest) {
                0 => 1,
                1 => 0,
                other => other,
            };
        }
        [text] | ["-n", text] => Some(!text.is_empty()),
        ["-z", text] => Some(text.is_empty()),
        [operator, path] => file(process, operator, path),
        [left, "=" | "==", right] => Some(left == right),
        [left, "!=", right] => Some(left != right),
        [left, operator, right] => number(left, operator, right),
        _ => None,
    };
    let Some(holds) = result else {
        process.complain(&format!("test: {}: unexpected operator", texts.join(" ")));
        return 2;
    };
    u8::from(!holds)
}

fn file(process: &mut Process<'_>, operator: &str, path: &str) -> Option<bool> {
    let access = |process: &mut Process<'_>, mode: i32| {
        process
            .call("faccessat", [crate::process::CWD, path.into(), mode.into()])
            .is_ok()
    };
    let kind = |process: &mut Process<'_>, follow, kind| {
        process
            .stat(path, follow)
            .is_ok_and(|status| kind == 0 || status.mode & kernel::abi::S_IFMT == kind)
    };
    Some(match operator {
        "-e" => kind(process, true, 0),
        "-f" => kind(process, true, kernel::abi::S_IFREG),
        "-d" => kind(process, true, kernel::abi::S_IFDIR),
        "-L" | "-h" => kind(process, false, kernel::abi::S_IFLNK),
        "-s" => process.stat(path, true).is_ok_and(|status| status.size > 0),
        "-r" => access(process, 4),
        "-w" => access(process, 2),
        "-x" => access(process, 1),
        _ => return None,
    })
}

fn number(left: &str, operator: &str, right: &str) -> Option<bool> {
    let (left, right) = (left.parse::<i64>().ok()?, right.parse::<i64>().ok()?);
    Some(match operator {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        "-ge" => left >= right,
        _ => return None,
    })
}
