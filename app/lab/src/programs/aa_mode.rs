//! `aa-complain`, `aa-enforce`, `aa-audit` and `aa-disable`: a profile's mode,
//! changed in its file and in the kernel.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, quiet};
use apparmor::tree::{Item, Profile, Statement};
use kernel::{Errno, abi};

const KNOWN: Options = Options::Anywhere(&[
    value('d', "dir"),
    flag('\0', "no-reload"),
    flag('r', "remove"),
]);

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "aa-complain",
        options: KNOWN,
        run: |process, given| run(process, given, Change::Complain),
        place: Place::Node,
    },
    Program {
        name: "aa-enforce",
        options: KNOWN,
        run: |process, given| run(process, given, Change::Enforce),
        place: Place::Node,
    },
    Program {
        name: "aa-audit",
        options: KNOWN,
        run: |process, given| {
            let on = !given.has("r");
            run(process, given, Change::Audit(on))
        },
        place: Place::Node,
    },
    Program {
        name: "aa-disable",
        options: KNOWN,
        run: |process, given| run(process, given, Change::Disable),
        place: Place::Node,
    },
];

/// Where profiles lie.
pub(super) const FOLDER: &str = "/etc/apparmor.d";

/// What is done to a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Complain,
    Enforce,
    Audit(bool),
    Disable,
}

/// Flags that say in which mode a profile is: there can be only one.
const MODES: [&str; 5] = ["complain", "enforce", "kill", "unconfined", "prompt"];

/// apparmor-utils 3.0, `tools.py` and `aa.py`.
fn run(process: &mut Process<'_>, given: &Given, change: Change) -> u8 {
    let called = process.name.clone();
    if given.operands.is_empty() {
        process.warn(&format!(
            "usage: {called} [-h] [-d DIR] [--no-reload] program [program ...]\n{called}: error: the following arguments are required: program"
        ));
        return 2;
    }
    let folder = given.value("d").unwrap_or(FOLDER).to_owned();
    let mut status = 0;
    for named in &given.operands {
        let Some(path) = find(process, &folder, named) else {
            status = 1;
            continue;
        };
        process.print(&announcement(change, &path));
        let done = match change {
            Change::Disable => disable(process, &folder, &path),
            change => rewrite(process, &path, change),
        };
        if let Err(errno) = done {
            process.warn(&format!("\nERROR: {path}: {}", errno.words()));
            status = 1;
            continue;
        }
        if given.has("no-reload") {
            continue;
        }
        let option = if change == Change::Disable {
            "-R"
        } else {
            "-r"
        };
        status = status.max(reload(process, option, &path));
    }
    status
}

fn announcement(change: Change, path: &str) -> String {
    match change {
        Change::Complain => format!("Setting {path} to complain mode."),
        Change::Enforce => format!("Setting {path} to enforce mode."),
        Change::Audit(true) => format!("Setting {path} to audit mode."),
        Change::Audit(false) => format!("Removing audit mode from {path}."),
        Change::Disable => format!("Disabling {path}."),
    }
}

/// The file of a profile: a path, a file of the folder, or the file that is
/// named after a program.
fn find(process: &mut Process<'_>, folder: &str, named: &str) -> Option<String> {
    let is_file = |process: &mut Process<'_>, path: &str| {
        quiet(process, |process| process.stat(path, true))
            .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFREG)
    };
    let within = format!("{folder}/{named}");
    let mut candidates = vec![within];
    if named.starts_with('/') && !named.starts_with(folder) {
        let program = named.trim_start_matches('/').replace('/', ".");
        candidates = vec![format!("{folder}/{program}")];
        if !is_file(process, named) {
            process.print(&format!(
                "\n{named} does not exist, please double-check the path."
            ));
            return None;
        }
    } else if named.contains('/') {
        candidates = vec![named.to_owned()];
    }
    let found = candidates.into_iter().find(|path| is_file(process, path));
    if found.is_none() {
        process.print(&if named.contains('/') {
            format!("Profile for {named} not found, skipping")
        } else {
            format!(
                "\nCan't find {named} in the system path list. If the name of the application\nis correct, please run 'which {named}' as a user with correct PATH\nenvironment set up in order to find the fully-qualified path and\nuse the full path as parameter."
            )
        });
    }
    found
}

/// Runs the parser, as the tools do.
pub(super) fn reload(process: &mut Process<'_>, option: &str, path: &str) -> u8 {
    let words = ["apparmor_parser", option, path].map(str::to_owned);
    super::run_child(process, &words)
}

fn disable(process: &mut Process<'_>, folder: &str, path: &str) -> Result<(), Errno> {
    let base = path.rsplit('/').next().unwrap_or(path);
    let disabled = format!("{folder}/disable");
    if process.stat(&disabled, true).is_err() {
        process.call("mkdir", [disabled.as_str().into(), 0o755_i32.into()])?;
    }
    let link = format!("{disabled}/{base}");
    match process.call("symlink", [path.into(), link.as_str().into()]) {
        Err(Errno::EEXIST) => Ok(()),
        other => other.map(drop),
    }
}

fn rewrite(process: &mut Process<'_>, path: &str, change: Change) -> Result<(), Errno> {
    let bytes = process.read_file(path)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let changed = with_flags(path, &text, change);
    super::write_file(process, path, &changed)
}

/// The text with every profile in complain mode.
pub(super) fn complaining(path: &str, text: &str) -> String {
    with_flags(path, text, Change::Complain)
}

/// The text with the flags of each of its profiles changed.
fn with_flags(path: &str, text: &str, change: Change) -> String {
    let parsed = apparmor::parse(path, text);
    let mut edits = Vec::new();
    for item in &parsed.tree.items {
        if let Item::Profile(profile) = item {
            collect(profile, text, change, &mut edits);
        }
    }
    let mut text = text.to_owned();
    sorted::sort_by_key(
        &mut edits,
        |(range, _): &(std::ops::Range<usize>, String)| range.start,
    );
    for (range, new) in edits.into_iter().rev() {
        if text.get(range.clone()).is_some() {
            text.replace_range(range, &new);
        }
    }
    text
}

fn collect(
    profile: &Profile,
    text: &str,
    change: Change,
    edits: &mut Vec<(std::ops::Range<usize>, String)>,
) {
    let mut words: Vec<String> = profile
        .flags
        .words
        .iter()
        .map(|flag| flag.text.value.clone())
        .collect();
    match change {
        Change::Complain => {
            words.retain(|word| !MODES.contains(&word.as_str()));
            words.push("complain".to_owned());
        }
        Change::Enforce => words.retain(|word| !MODES.contains(&word.as_str())),
        Change::Audit(on) => {
            words.retain(|word| word != "audit");
            if on {
                words.push("audit".to_owned());
            }
        }
        Change::Disable => {}
    }
    let new = if words.is_empty() {
        String::new()
    } else {
        format!("flags=({})", words.join(", "))
    };
    if let Some(span) = profile.flags.span {
        let mut range = span.range();
        if new.is_empty() {
            // The blank before it goes as well.
            let before = text.get(..range.start).unwrap_or_default();
            range.start = before.trim_end().len();
        }
        edits.push((range, new));
    } else if !new.is_empty() {
        let end = profile.head.range().end;
        let head = text.get(..end).unwrap_or_default();
        let at = head.trim_end_matches('{').trim_end().len();
        edits.push((at..at, format!(" {new}")));
    }
    for statement in &profile.body.statements {
        if let Statement::Profile(inner) = statement {
            collect(inner, text, change, edits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_written_into_the_head_of_each_profile() {
        let text =
            "profile a {\n  file,\n}\n/bin/b flags=(attach_disconnected) {\n  ^hat {\n  }\n}\n";
        let complain = with_flags("x", text, Change::Complain);
        assert_eq!(
            complain,
            "profile a flags=(complain) {\n  file,\n}\n/bin/b flags=(attach_disconnected, complain) {\n  ^hat flags=(complain) {\n  }\n}\n"
        );
        let enforce = with_flags("x", &complain, Change::Enforce);
        assert_eq!(enforce, text);
    }
}
