//! `echo`, `printf`, `true`, `false`, `sleep`, `uname`, `hostname`.

use super::{
    Place, Program,
    options::{Given, flag},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "echo",
        options: super::VERBATIM,
        run: echo,
        place: Place::Everywhere,
    },
    Program {
        name: "printf",
        options: super::VERBATIM,
        run: printf,
        place: Place::Everywhere,
    },
    Program {
        name: "true",
        options: &[],
        run: |_, _| 0,
        place: Place::Everywhere,
    },
    Program {
        name: "false",
        options: &[],
        run: |_, _| 1,
        place: Place::Everywhere,
    },
    Program {
        name: "sleep",
        options: &[],
        run: |_, _| 0,
        place: Place::Everywhere,
    },
    Program {
        name: "uname",
        options: &[
            flag('r', ""),
            flag('a', ""),
            flag('s', ""),
            flag('m', ""),
            flag('n', ""),
        ],
        run: uname,
        place: Place::Everywhere,
    },
];

fn echo(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut words = given.operands.as_slice();
    let mut newline = true;
    let mut escapes = false;
    while let Some((first, rest)) = words.split_first() {
        match first.as_str() {
            "-n" => newline = false,
            "-e" => escapes = true,
            "-ne" | "-en" => (newline, escapes) = (false, true),
            _ => break,
        }
        words = rest;
    }
    let mut text = words.join(" ");
    if escapes {
        text = unescape(&text);
    }
    if newline {
        text.push('\n');
    }
    write(process, &text)
}

/// Writes, and says so when that is refused.
fn write(process: &mut Process<'_>, text: &str) -> u8 {
    match process.write(1, text.as_bytes()) {
        Ok(()) => 0,
        Err(errno) => {
            process.complain(&format!("write error: {}", errno.words()));
            1
        }
    }
}

fn printf(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((format, mut arguments)) = given.operands.split_first() else {
        process.complain("missing operand");
        return 1;
    };
    let format = unescape(format);
    let mut text = String::new();
    loop {
        let before = arguments.len();
        let mut characters = format.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                text.push(character);
                continue;
            }
            match characters.next() {
                Some('%') => text.push('%'),
                Some('s' | 'd' | 'i') => {
                    if let Some((first, rest)) = arguments.split_first() {
                        text.push_str(first);
                        arguments = rest;
                    }
                }
                other => {
                    let letter = other.map(String::from).unwrap_or_default();
                    process.complain(&format!("%{letter}: not simulated; %s, %d and %% are"));
                    return 1;
                }
            }
        }
        if arguments.is_empty() || arguments.len() == before {
            break;
        }
    }
    write(process, &text)
}

/// Backslash escapes of `echo -e` and `printf`.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('\\') | None => plain.push('\\'),
            Some(other) => {
                plain.push('\\');
                plain.push(other);
            }
        }
    }
    plain
}

fn uname(process: &mut Process<'_>, given: &Given) -> u8 {
    let release = process.machine.release();
    let host = process.machine.host.clone();
    if given.has("a") {
        process.print(&format!("Linux {host} {release} #1 SMP x86_64 GNU/Linux"));
    } else if given.has("r") {
        process.print(&release);
    } else if given.has("n") {
        process.print(&host);
    } else if given.has("m") {
        process.print("x86_64");
    } else {
        process.print("Linux");
    }
    0
}
