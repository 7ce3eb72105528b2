//! What may be written at a position.

use crate::{
    source::SourceSet,
    standard::abstraction_names,
    vocabulary::{CAPABILITIES, FAMILIES, NETWORK_TYPES, RLIMITS, SIGNALS},
};

/// How many candidates are offered at most.
pub const MAX_CANDIDATES: usize = 200;

/// One thing that may stand at the position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is inserted in place of the range.
    pub text: String,
    /// What it is, in a few words.
    pub kind: &'static str,
}

/// The candidates at a position, and the bytes that one of them replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// First byte of what is replaced.
    pub start: usize,
    /// One past its last byte: the position.
    pub end: usize,
    /// The candidates, those that fit the word already begun.
    pub candidates: Vec<Candidate>,
}

const RULES: &[&str] = &[
    "all",
    "allow",
    "audit",
    "capability",
    "change_profile",
    "dbus",
    "deny",
    "file",
    "hat",
    "if",
    "include",
    "io_uring",
    "link",
    "mount",
    "mqueue",
    "network",
    "other",
    "owner",
    "pivot_root",
    "priority=",
    "profile",
    "prompt",
    "ptrace",
    "remount",
    "set rlimit",
    "signal",
    "umount",
    "unix",
    "userns",
];

const OUTSIDE: &[&str] = &["abi", "alias", "include", "profile"];

const LETTERS: &[&str] = &[
    "r", "w", "rw", "a", "k", "l", "m", "mr", "ix", "rix", "px", "Px", "cx", "Cx", "ux", "Ux",
    "pix", "Pix", "cix", "Cix", "pux", "PUx", "cux", "CUx", "x",
];

const FLAGS: &[&str] = &[
    "attach_disconnected",
    "audit",
    "chroot_relative",
    "complain",
    "default_allow",
    "enforce",
    "interruptible",
    "kill",
    "kill.signal=",
    "mediate_deleted",
    "no_attach_disconnected",
    "prompt",
    "unconfined",
];

/// Looks at the line before the position. `sources` gives the files that may be included.
pub fn complete(text: &str, position: usize, sources: &SourceSet) -> Completion {
    let before = text.get(..position).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let inside = before.matches('{').count() > before.matches('}').count();
    let word_start = line
        .rfind([' ', '\t', '(', ',', '=', '<'])
        .map_or(0, |at| at + 1);
    let word = line.get(word_start..).unwrap_or_default();
    let words: Vec<&str> = line
        .get(..word_start)
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let candidates = if let Some(variable) = word.rfind("@{") {
        let typed = word.get(variable + 2..).unwrap_or_default();
        let start = position - word.len() + variable;
        let names = variables(text)
            .into_iter()
            .filter(|name| name.starts_with(typed));
        let candidates = names
            .map(|name| candidate(format!("@{{{name}}}"), "variable"))
            .collect();
        return Completion {
            start,
            end: position,
            candidates,
        };
    } else {
        candidates(&words, line, inside, sources)
    };
    let fitting = candidates
        .into_iter()
        .filter(|candidate| candidate.text.starts_with(word));
    Completion {
        start: position - word.len(),
        end: position,
        candidates: fitting.take(MAX_CANDIDATES).collect(),
    }
}

fn candidate(text: impl Into<String>, kind: &'static str) -> Candidate {
    Candidate {
        text: text.into(),
        kind,
    }
}

fn all(words: &[&str], kind: &'static str) -> Vec<Candidate> {
    words.iter().map(|word| candidate(*word, kind)).collect()
}

fn candidates(words: &[&str], line: &str, inside: bool, sources: &SourceSet) -> Vec<Candidate> {
    if line.contains("flags=(") {
        return all(FLAGS, "flag");
    }
    let rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| {
            !matches!(
                *word,
                "audit" | "deny" | "allow" | "prompt" | "owner" | "other"
            )
        })
        .collect();
    match rest.as_slice() {
        [] if inside => all(RULES, "rule"),
        [] => all(OUTSIDE, "word"),
        ["include" | "#include", ..] => {
            let mut paths: Vec<String> = abstraction_names()
                .map(|name| format!("abstractions/{name}>"))
                .collect();
            paths.extend(sources.paths().map(|path| format!("{path}>")));
            sorted::sort(&mut paths);
            paths.dedup();
            paths
                .into_iter()
                .map(|path| candidate(path, "file"))
                .collect()
        }
        ["capability", ..] => all(CAPABILITIES, "capability"),
        ["network"] => {
            let families = FAMILIES
                .iter()
                .map(|(family, _)| candidate(*family, "family"));
            families
                .chain(NETWORK_TYPES.iter().map(|kind| candidate(*kind, "type")))
                .collect()
        }
        ["network", _] => all(NETWORK_TYPES, "type"),
        ["signal", ..] if line.contains("set=") => SIGNALS
            .iter()
            .map(|(signal, _)| candidate(*signal, "signal"))
            .collect(),
        ["signal", ..] => all(&["send", "receive", "set=", "peer="], "signal"),
        ["ptrace", ..] => all(&["read", "trace", "readby", "tracedby", "peer="], "ptrace"),
        ["unix", ..] => all(
            &[
                "type=",
                "addr=",
                "peer=(label=",
                "create",
                "connect",
                "send",
                "receive",
            ],
            "unix",
        ),
        ["dbus", ..] => all(
            &[
                "bus=",
                "path=",
                "interface=",
                "member=",
                "name=",
                "peer=(name=",
                "send",
                "receive",
                "bind",
            ],
            "dbus",
        ),
        ["mqueue", ..] => all(
            &[
                "type=posix",
                "type=sysv",
                "label=",
                "create",
                "open",
                "delete",
                "read",
                "write",
                "getattr",
                "setattr",
            ],
            "mqueue",
        ),
        ["io_uring", ..] => all(&["sqpoll", "override_creds"], "io_uring"),
        ["userns", ..] => all(&["create"], "userns"),
        ["change_profile", ..] => all(&["->"], "target"),
        ["set", "rlimit"] => RLIMITS
            .iter()
            .map(|(limit, _)| candidate(*limit, "limit"))
            .collect(),
        ["mount" | "remount", ..] => all(&["fstype=", "options=(", "options in ("], "condition"),
        [path] | ["file", path] if path.starts_with('/') || path.starts_with("@{") => {
            all(LETTERS, "permissions")
        }
        _ => Vec::new(),
    }
}

/// The names of variables that the text or the usual tunables declare.
fn variables(text: &str) -> Vec<String> {
    let standard = [
        "HOME",
        "HOMEDIRS",
        "PROC",
        "etc_ro",
        "etc_rw",
        "multiarch",
        "pid",
        "pids",
        "profile_name",
        "run",
        "sys",
        "tid",
        "uid",
    ];
    let mut names: Vec<String> = standard.map(str::to_owned).to_vec();
    for line in text.lines() {
        if let Some((name, _)) = line
            .trim_start()
            .strip_prefix("@{")
            .and_then(|rest| rest.split_once('}'))
        {
            names.push(name.to_owned());
        }
    }
    sorted::sort(&mut names);
    names.dedup();
    names
}
