//! `head`, `tail`, `wc`, `grep` and `sed -n`: programs that read text.

use super::{
    Place, Program, cat,
    options::{Given, flag, value},
};
use crate::process::{Process, Userland};
use std::fmt::Write as _;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "head",
        options: &[value('n', "lines")],
        run: |process, given| ends(process, given, true),
        place: Place::Everywhere,
    },
    Program {
        name: "tail",
        options: &[value('n', "lines")],
        run: |process, given| ends(process, given, false),
        place: Place::Everywhere,
    },
    Program {
        name: "wc",
        options: &[flag('l', "lines"), flag('w', "words"), flag('c', "bytes")],
        run: wc,
        place: Place::Everywhere,
    },
    Program {
        name: "grep",
        options: &[
            flag('i', "ignore-case"),
            flag('v', "invert-match"),
            flag('n', "line-number"),
            flag('c', "count"),
            flag('q', "quiet"),
            flag('o', "only-matching"),
            flag('E', "extended-regexp"),
            flag('F', "fixed-strings"),
        ],
        run: grep,
        place: Place::Everywhere,
    },
];

/// The texts of the operands, or of standard input, with their names.
fn texts(process: &mut Process<'_>, paths: &[String], status: &mut u8) -> Vec<(String, String)> {
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
                process.complain(&match process.userland {
                    Userland::Gnu => format!("cannot open '{path}' for reading: {words}"),
                    Userland::Busybox => format!("{path}: {words}"),
                });
                *status = 1;
            }
        }
    }
    texts
}

fn ends(process: &mut Process<'_>, given: &Given, from_start: bool) -> u8 {
    let mut status = 0;
    let number = given.value("n").unwrap_or("10");
    let Ok(number) = number.parse::<usize>() else {
        process.complain(&format!("invalid number of lines: '{number}'"));
        return 1;
    };
    for (_, text) in texts(process, &given.operands, &mut status) {
        let lines: Vec<&str> = text.lines().collect();
        let part = if from_start {
            lines.get(..number.min(lines.len()))
        } else {
            lines.get(lines.len().saturating_sub(number)..)
        };
        for line in part.unwrap_or_default() {
            process.print(line);
        }
    }
    status
}

fn wc(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut status = 0;
    for (path, text) in texts(process, &given.operands, &mut status) {
        let all = !(given.has("l") || given.has("w") || given.has("c"));
        let mut counts = Vec::new();
        if all || given.has("l") {
            counts.push(text.matches('\n').count());
        }
        if all || given.has("w") {
            counts.push(text.split_whitespace().count());
        }
        if all || given.has("c") {
            counts.push(text.len());
        }
        let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let name = if path == "-" {
            String::new()
        } else {
            format!(" {path}")
        };
        process.print(&format!("{}{name}", counts.join(" ")));
    }
    status
}

fn grep(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((pattern, paths)) = given.operands.split_first() else {
        process.complain("no pattern");
        return 2;
    };
    let fold = |text: &str| {
        if given.has("i") {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let wanted = fold(pattern);
    let alternatives: Vec<&str> = if given.has("E") {
        wanted.split('|').collect()
    } else {
        vec![wanted.as_str()]
    };
    if !given.has("F")
        && let Some(special) = wanted.chars().find(|c| "[]*+?\\(){}".contains(*c))
    {
        process.machine.console.notice(&format!(
            "grep here looks for plain text, ^, $ and (with -E) |; `{special}` is taken as it stands"
        ));
    }
    let mut status = 0;
    let mut found = 0;
    for (path, text) in texts(process, paths, &mut status) {
        for (number, line) in text.lines().enumerate() {
            let folded = fold(line);
            let hit = alternatives.iter().any(|part| matches(&folded, part));
            if hit == given.has("v") {
                continue;
            }
            found += 1;
            if given.has("q") || given.has("c") {
                continue;
            }
            let mut shown = String::new();
            if paths.len() > 1 {
                {
                    let _ = write!(shown, "{path}:");
                }
            }
            if given.has("n") {
                {
                    let _ = write!(shown, "{}:", number + 1);
                }
            }
            shown.push_str(if given.has("o") { pattern } else { line });
            process.print(&shown);
        }
    }
    if given.has("c") {
        process.print(&found.to_string());
    }
    match (status, found) {
        (0, 0) => 1,
        (0, _) => 0,
        _ => 2,
    }
}

/// Whether a line holds a pattern of plain text with `^` and `$` at its ends.
fn matches(line: &str, pattern: &str) -> bool {
    let (start, pattern) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (end, pattern) = match pattern.strip_suffix('$') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    match (start, end) {
        (true, true) => line == pattern,
        (true, false) => line.starts_with(pattern),
        (false, true) => line.ends_with(pattern),
        (false, false) => line.contains(pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_may_be_tied_to_the_ends_of_the_line() {
        assert!(matches("apparmor=\"DENIED\"", "DENIED"));
        assert!(matches("a b", "^a"));
        assert!(!matches("b a", "^a"));
        assert!(matches("b a", "a$"));
        assert!(matches("a", "^a$"));
    }
}
