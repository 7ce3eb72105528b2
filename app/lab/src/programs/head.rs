//! `head` and `tail`: the ends of texts.

use super::{
    Place, Program, cat,
    options::{Given, Options, Wrong, read, value},
};
use crate::process::{Process, Userland};

const KNOWN: &[super::options::Known] = &[
    value('n', "lines"),
    value('c', "bytes"),
    super::options::flag('f', "follow"),
    super::options::flag('q', "quiet"),
];

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "head",
        options: Options::Verbatim,
        run: |process, given| ends(process, given, true),
        place: Place::Everywhere,
    },
    Program {
        name: "tail",
        options: Options::Verbatim,
        run: |process, given| ends(process, given, false),
        place: Place::Everywhere,
    },
];

/// The texts of the operands, or of standard input, with their names.
pub(super) fn texts(
    process: &mut Process<'_>,
    paths: &[String],
    status: &mut u8,
) -> Vec<(String, String)> {
    let standard_input = ["-".to_owned()];
    let paths = if paths.is_empty() {
        &standard_input[..]
    } else {
        paths
    };
    let mut texts = Vec::new();
    for path in paths {
        match cat::read(process, path) {
            Ok(bytes) => texts.push((path.clone(), String::from_utf8_lossy(&bytes).into_owned())),
            Err(errno) => {
                let words = errno.words();
                process.complain(&match (process.userland, process.name.as_str()) {
                    (Userland::Gnu, "head" | "tail") => {
                        format!("cannot open '{path}' for reading: {words}")
                    }
                    _ => format!("{path}: {words}"),
                });
                *status = if process.name == "grep" { 2 } else { 1 };
            }
        }
    }
    texts
}

/// `-5` stands for `-n 5`, as it always has.
fn arguments(given: &Given) -> Result<Given, Wrong> {
    let mut words = given.operands.clone();
    if let Some(first) = words.first_mut()
        && let Some(number) = first.strip_prefix('-')
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        *first = format!("-n{number}");
    }
    read(&words, KNOWN)
}

fn ends(process: &mut Process<'_>, given: &Given, from_start: bool) -> u8 {
    let given = match arguments(given) {
        Ok(given) => given,
        Err(wrong) => return wrong.tell(process, KNOWN),
    };
    if given.has("f") {
        process
            .machine
            .console
            .notice("-f would wait for more; nothing is added while a command runs here");
    }
    let bytes = given.has("c");
    let wanted = given
        .value(if bytes { "c" } else { "n" })
        .unwrap_or("10")
        .to_owned();
    let unit = if bytes { "bytes" } else { "lines" };
    let (sign, digits) = match wanted.strip_prefix(['-', '+']) {
        Some(digits) => (wanted.chars().next(), digits),
        None => (None, wanted.as_str()),
    };
    let Ok(number) = digits.parse::<usize>() else {
        process.complain(&match process.userland {
            Userland::Gnu => format!("invalid number of {unit}: '{wanted}'"),
            Userland::Busybox => format!("invalid number '{wanted}'"),
        });
        return 1;
    };
    let mut status = 0;
    let titled = given.operands.len() > 1 && !given.has("q");
    let found = texts(process, &given.operands, &mut status);
    for (index, (path, text)) in found.iter().enumerate() {
        if titled {
            let gap = if index > 0 { "\n" } else { "" };
            process.print(&format!("{gap}==> {path} <=="));
        }
        let pieces: Vec<&str> = if bytes {
            text.split_inclusive(|_| true).collect()
        } else {
            text.split_inclusive('\n').collect()
        };
        let count = pieces.len();
        let part = match (from_start, sign) {
            (true, Some('-')) => pieces.get(..count.saturating_sub(number)),
            (true, _) => pieces.get(..number.min(count)),
            (false, Some('+')) => pieces.get(number.saturating_sub(1).min(count)..),
            (false, _) => pieces.get(count.saturating_sub(number)..),
        };
        let part = part.unwrap_or_default().concat();
        if !part.is_empty() {
            let _ = process.write(1, part.as_bytes());
        }
    }
    status
}
