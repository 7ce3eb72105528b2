//! `echo`, `printf`, `true` and `false`.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "echo",
        options: Options::Verbatim,
        run: echo,
        place: Place::Everywhere,
    },
    Program {
        name: "printf",
        options: Options::Verbatim,
        run: printf,
        place: Place::Everywhere,
    },
    Program {
        name: "true",
        options: Options::Anywhere(&[]),
        run: |_, _| 0,
        place: Place::Everywhere,
    },
    Program {
        name: "false",
        options: Options::Anywhere(&[]),
        run: |_, _| 1,
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
