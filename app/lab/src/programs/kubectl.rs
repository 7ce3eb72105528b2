//! `kubectl`, for the pods of this node.

mod debug;
mod delete;
mod exec;
mod explain;
mod get;
mod label;
mod output;
mod selector;
mod send;
mod show;

use super::{
    Place, Program,
    options::{self, Given, Options, Wrong, flag, value},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "kubectl",
    options: Options::Verbatim,
    run,
    place: Place::Node,
}];

/// A subcommand.
struct Subcommand {
    name: &'static str,
    options: Options,
    run: fn(&mut Process<'_>, &Given) -> u8,
}

const FILES: &[options::Known] = &[
    value('f', "filename"),
    value('n', "namespace"),
    value('\0', "dry-run"),
    value('\0', "validate"),
    value('o', "output"),
];
const OBJECTS: &[options::Known] = &[
    value('o', "output"),
    value('n', "namespace"),
    value('l', "selector"),
    flag('A', "all-namespaces"),
    value('f', "filename"),
    value('\0', "field-selector"),
    flag('\0', "show-labels"),
    flag('\0', "no-headers"),
    flag('w', "watch"),
];
const DELETE: &[options::Known] = &[
    value('f', "filename"),
    value('n', "namespace"),
    flag('\0', "all"),
    flag('\0', "force"),
    flag('\0', "now"),
    flag('\0', "ignore-not-found"),
    flag('\0', "wait"),
    value('\0', "grace-period"),
    value('\0', "dry-run"),
];
const LOGS: &[options::Known] = &[
    value('c', "container"),
    value('n', "namespace"),
    flag('f', "follow"),
    flag('p', "previous"),
    value('\0', "tail"),
];
const RUN: &[options::Known] = &[
    value('\0', "image"),
    value('\0', "restart"),
    value('n', "namespace"),
    value('\0', "dry-run"),
    value('o', "output"),
    flag('\0', "command"),
];
const LABEL: &[options::Known] = &[
    flag('\0', "overwrite"),
    flag('\0', "list"),
    flag('\0', "all"),
    value('\0', "dry-run"),
    value('n', "namespace"),
];
const EXPLAIN: &[options::Known] = &[flag('\0', "recursive"), value('\0', "api-version")];

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "apply",
        options: Options::Anywhere(FILES),
        run: |process, given| send::manifest(process, given, "apply"),
    },
    Subcommand {
        name: "create",
        options: Options::Anywhere(FILES),
        run: |process, given| send::manifest(process, given, "create"),
    },
    Subcommand {
        name: "debug",
        options: Options::Verbatim,
        run: debug::run,
    },
    Subcommand {
        name: "delete",
        options: Options::Anywhere(DELETE),
        run: delete::run,
    },
    Subcommand {
        name: "describe",
        options: Options::Anywhere(OBJECTS),
        run: show::describe,
    },
    Subcommand {
        name: "exec",
        options: Options::Verbatim,
        run: exec::run,
    },
    Subcommand {
        name: "explain",
        options: Options::Anywhere(EXPLAIN),
        run: explain::run,
    },
    Subcommand {
        name: "get",
        options: Options::Anywhere(OBJECTS),
        run: get::get,
    },
    Subcommand {
        name: "label",
        options: Options::Anywhere(LABEL),
        run: label::run,
    },
    Subcommand {
        name: "logs",
        options: Options::Anywhere(LOGS),
        run: show::logs,
    },
    Subcommand {
        name: "run",
        options: Options::Leading(RUN),
        run: send::run,
    },
    Subcommand {
        name: "version",
        options: Options::Anywhere(&[]),
        run: show::version,
    },
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let words = given.operands.as_slice();
    let Some((name, rest)) = words.split_first() else {
        usage(process);
        return 0;
    };
    let Some(subcommand) = SUBCOMMANDS.iter().find(|known| known.name == name) else {
        let line = format!(
            "error: unknown command \"{name}\" for \"kubectl\"\n\nRun 'kubectl --help' for usage."
        );
        process.warn(&line);
        usage(process);
        return 1;
    };
    // Meanwhile the kubelet has tried again what it could not do.
    process.machine.stop_again();
    process.machine.start_again();
    let rest = match subcommand.options {
        Options::Verbatim => rest.to_vec(),
        _ => rest.iter().map(|word| without_equals(word)).collect(),
    };
    match subcommand.options.read(&rest) {
        Ok(given) => (subcommand.run)(process, &given),
        Err(wrong) => {
            process.warn(&match &wrong {
                Wrong::Unknown(name) if name.starts_with('-') => {
                    format!("error: unknown flag: {name}")
                }
                Wrong::Unknown(letter) => {
                    format!("error: unknown shorthand flag: '{letter}' in -{letter}")
                }
                Wrong::NoValue(name) => format!("error: flag needs an argument: --{name}"),
            });
            let called = format!("kubectl {name}");
            options::notice(process, &called, subcommand.options.known());
            1
        }
    }
}

/// `-o=yaml` as `-oyaml`: kubectl's letters may have their values after a sign
/// (`github.com/spf13/pflag`).
fn without_equals(word: &str) -> String {
    let mut letters = word.chars();
    let is_short = letters.next() == Some('-') && letters.next().is_some_and(char::is_alphabetic);
    match word.split_at_checked(2) {
        Some((option, value)) if is_short && value.starts_with('=') => {
            format!("{option}{}", &value[1..])
        }
        _ => word.to_owned(),
    }
}

fn usage(process: &mut Process<'_>) {
    let names: Vec<_> = SUBCOMMANDS.iter().map(|known| known.name).collect();
    process
        .machine
        .console
        .notice(&format!("kubectl here knows: {}", names.join(" ")));
}

/// Prints on standard error, as kubectl does without its name in front.
fn fail(process: &mut Process<'_>, line: &str) -> u8 {
    process.warn(line);
    1
}

/// What the word after `words` (the first being `kubectl`) could be; empty
/// where it is not kubectl's to say.
pub fn candidates(process: &Process<'_>, words: &[&str]) -> Vec<String> {
    let pods = || process.machine.pods.iter().map(|pod| pod.start.pod.clone());
    let plain: Vec<&str> = words
        .iter()
        .copied()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    match plain.as_slice() {
        [] => SUBCOMMANDS
            .iter()
            .map(|known| known.name.to_owned())
            .collect(),
        ["exec" | "logs" | "debug"] => pods().collect(),
        ["get" | "describe" | "delete" | "label"] => KINDS.map(str::to_owned).to_vec(),
        [_, "pod" | "pods" | "po"] => pods().collect(),
        [_, "node" | "nodes" | "no"] => vec![process.machine.host.clone()],
        ["explain"] => vec!["pod".to_owned()],
        _ => Vec::new(),
    }
}

/// The kinds of object that are simulated.
const KINDS: [&str; 3] = ["pods", "nodes", "events"];
