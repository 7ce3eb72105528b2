//! `wc`.

use super::{
    Place, Program, head,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "wc",
    options: Options::Anywhere(&[flag('l', "lines"), flag('w', "words"), flag('c', "bytes")]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut status = 0;
    let all = !(given.has("l") || given.has("w") || given.has("c"));
    let shown = [
        all || given.has("l"),
        all || given.has("w"),
        all || given.has("c"),
    ];
    let mut rows: Vec<([usize; 3], String)> = Vec::new();
    for (path, text) in head::texts(process, &given.operands, &mut status) {
        let counts = [
            text.matches('\n').count(),
            text.split_whitespace().count(),
            text.len(),
        ];
        rows.push((counts, path));
    }
    if rows.len() > 1 {
        let mut total = [0; 3];
        for (counts, _) in &rows {
            for (sum, count) in total.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        rows.push((total, "total".to_owned()));
    }
    let columns = shown.iter().filter(|shown| **shown).count();
    let width = match process.userland {
        Userland::Busybox if columns == 1 && rows.len() == 1 => 0,
        Userland::Busybox => 9,
        // Digits of the largest count; seven where the size is not known
        // before (coreutils 9.1, `compute_number_width`).
        Userland::Gnu if columns == 1 && rows.len() == 1 => 1,
        Userland::Gnu if given.operands.is_empty() => 7,
        Userland::Gnu => rows
            .last()
            .map_or(1, |(counts, _)| counts[2].to_string().len()),
    };
    for (counts, path) in rows {
        let counts: Vec<String> = counts
            .iter()
            .zip(shown)
            .filter(|(_, shown)| *shown)
            .map(|(count, _)| format!("{count:>width$}"))
            .collect();
        let name = if given.operands.is_empty() {
            String::new()
        } else {
            format!(" {path}")
        };
        process.print(&format!("{}{name}", counts.join(" ")));
    }
    status
}
