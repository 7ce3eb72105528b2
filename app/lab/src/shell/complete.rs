//! What a line could become.

use super::builtin;
use crate::{
    process::{Process, quiet},
    programs,
};
use kernel::abi;

/// Where the word at the cursor begins, and what it could become: a command in
/// first place, an option, what the command itself knows, or a path.
pub fn complete(process: &mut Process<'_>, line: &str, cursor: usize) -> (usize, Vec<String>) {
    let before = line.get(..cursor).unwrap_or(line);
    let from = before
        .rfind([' ', '\t', ';', '|', '&', '<', '>', '('])
        .map_or(0, |separator| separator + 1);
    let (head, word) = before.split_at(from);
    let begin = head.rfind([';', '|', '&', '(']).map_or(0, |at| at + 1);
    let earlier: Vec<&str> = head
        .get(begin..)
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let redirected = head.trim_end().ends_with(['<', '>']);
    let mut candidates = match earlier.as_slice() {
        _ if redirected => paths(process, word),
        [] if !word.contains('/') => commands(),
        // What comes after -- is a command of its own.
        [.., "--"] if !word.contains('/') => commands(),
        [name, ..] if word.starts_with('-') => programs::option_names(name),
        ["kubectl", ..] => {
            let mut found = programs::kubectl_candidates(process, &earlier);
            if found.is_empty() {
                found = paths(process, word);
            }
            found
        }
        _ => paths(process, word),
    };
    candidates.retain(|candidate| candidate.starts_with(word));
    sorted::sort(&mut candidates);
    candidates.dedup();
    (from, candidates)
}

fn commands() -> Vec<String> {
    let names = programs::names().into_iter().chain(builtin::names());
    names.map(str::to_owned).collect()
}

/// The names in the folder that the word names so far; directories with a
/// slash, since one goes on from there.
fn paths(process: &mut Process<'_>, word: &str) -> Vec<String> {
    let (folder, prefix) = match word.rsplit_once('/') {
        None => (".", String::new()),
        Some(("", _)) => ("/", "/".to_owned()),
        Some((folder, _)) => (folder, format!("{folder}/")),
    };
    let mut candidates = Vec::new();
    for name in quiet(process, |process| process.list(folder)).unwrap_or_default() {
        let path = format!("{prefix}{name}");
        let directory = quiet(process, |process| process.stat(&path, true))
            .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFDIR);
        candidates.push(if directory { format!("{path}/") } else { path });
    }
    candidates
}
