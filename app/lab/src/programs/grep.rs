//! `grep`.

use super::{
    Place, Program, head,
    options::{Given, Options, flag, value},
    pattern,
};
use crate::process::Process;
use kernel::abi;
use regex_lite::Regex;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "grep",
    options: Options::Anywhere(&[
        flag('i', "ignore-case"),
        flag('v', "invert-match"),
        flag('n', "line-number"),
        flag('c', "count"),
        flag('q', "quiet"),
        flag('o', "only-matching"),
        flag('E', "extended-regexp"),
        flag('F', "fixed-strings"),
        flag('r', "recursive"),
        flag('l', "files-with-matches"),
        flag('h', "no-filename"),
        flag('s', "no-messages"),
        value('e', "regexp"),
        value('A', "after-context"),
        value('B', "before-context"),
        value('C', "context"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// Most files that `grep -r` reads.
const MAX_FILES: usize = 1000;

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut paths = given.operands.clone();
    let mut patterns: Vec<String> = given.values("e").map(str::to_owned).collect();
    if patterns.is_empty() {
        if paths.is_empty() {
            let _ = process.write(2, b"Usage: grep [OPTION]... PATTERNS [FILE]...\n");
            return 2;
        }
        patterns.push(paths.remove(0));
    }
    let mut wanted: Vec<Regex> = Vec::new();
    for text in patterns.iter().flat_map(|text| text.split('\n')) {
        let compiled = if given.has("F") {
            pattern::literal(text, given.has("i"))
        } else {
            pattern::compile(text, given.has("E"), given.has("i"))
        };
        match compiled {
            Ok(regex) => wanted.push(regex),
            Err(fault) => {
                process.complain(&fault);
                return 2;
            }
        }
    }
    let named = (paths.len() > 1 || given.has("r")) && !given.has("h");
    if given.has("r") {
        if paths.is_empty() {
            paths.push(".".to_owned());
        }
        let mut files = Vec::new();
        for path in &paths {
            walk(process, path, &mut files);
        }
        paths = files;
    }
    let count = |name: &str| given.value(name).or(given.value("C")).map(str::parse);
    let (Ok(before), Ok(after)) = (count("B").unwrap_or(Ok(0)), count("A").unwrap_or(Ok(0))) else {
        process.complain("invalid context length argument");
        return 2;
    };
    let mut status = 0;
    let mut found = 0;
    for (path, text) in head::texts(process, &paths, &mut status) {
        let lines: Vec<&str> = text.lines().collect();
        let hits: Vec<usize> = (0..lines.len())
            .filter(|index| {
                let line = lines[*index];
                wanted.iter().any(|regex| regex.is_match(line)) != given.has("v")
            })
            .collect();
        let here = hits.len();
        if !(given.has("q") || given.has("c") || given.has("l")) {
            let name = named.then_some(path.as_str());
            show(
                process,
                given,
                &wanted,
                &lines,
                &hits,
                name,
                (before, after),
            );
        }
        if given.has("c") && !given.has("q") {
            let before = if named {
                format!("{path}:")
            } else {
                String::new()
            };
            process.print(&format!("{before}{here}"));
        }
        if given.has("l") && here > 0 {
            process.print(&path);
        }
        found += here;
    }
    match (status, found) {
        (_, 1..) if given.has("q") => 0,
        (0, 0) => 1,
        (0, _) => 0,
        _ => 2,
    }
}

/// Prints the hits with the lines around them; `--` stands between groups that
/// do not touch.
fn show(
    process: &mut Process<'_>,
    given: &Given,
    wanted: &[Regex],
    lines: &[&str],
    hits: &[usize],
    name: Option<&str>,
    (before, after): (usize, usize),
) {
    let mut next = 0;
    for (order, hit) in hits.iter().enumerate() {
        let from = hit.saturating_sub(before).max(next);
        if order > 0 && from > next && before + after > 0 {
            process.print("--");
        }
        // The lines after it end where the next hit begins.
        let limit = hits.get(order + 1).map_or(lines.len(), |next| *next);
        let end = (hit + 1).saturating_add(after).min(limit);
        let shown = lines.iter().enumerate().take(end).skip(from);
        for (index, line) in shown {
            let mark = if index == *hit { ':' } else { '-' };
            let mut start = String::new();
            if let Some(name) = name {
                start.push_str(&format!("{name}{mark}"));
            }
            if given.has("n") {
                start.push_str(&format!("{}{mark}", index + 1));
            }
            if given.has("o") {
                for part in wanted
                    .iter()
                    .flat_map(|regex| regex.find_iter(lines[index]))
                {
                    process.print(&format!("{start}{}", part.as_str()));
                }
            } else {
                process.print(&format!("{start}{line}"));
            }
        }
        next = end.max(next);
    }
}

/// The plain files below a path, in order.
fn walk(process: &mut Process<'_>, path: &str, files: &mut Vec<String>) {
    if files.len() >= MAX_FILES {
        return;
    }
    let Ok(status) = process.stat(path, false) else {
        files.push(path.to_owned());
        return;
    };
    match status.mode & abi::S_IFMT {
        abi::S_IFDIR => {
            for name in process.list(path).unwrap_or_default() {
                walk(
                    process,
                    &format!("{}/{name}", path.trim_end_matches('/')),
                    files,
                );
            }
        }
        abi::S_IFREG => files.push(path.to_owned()),
        _ => {}
    }
}
