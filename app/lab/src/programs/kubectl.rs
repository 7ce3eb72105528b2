//! `kubectl`, for the pods of this node.

mod exec;
mod show;

use super::{
    Place, Program,
    options::{self, Given, flag, value},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "kubectl",
    options: super::VERBATIM,
    run,
    place: Place::Node,
}];

/// A subcommand.
struct Subcommand {
    name: &'static str,
    options: &'static [options::Known],
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
    flag('\0', "show-labels"),
];

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "apply",
        options: FILES,
        run: |process, given| send(process, given, "apply"),
    },
    Subcommand {
        name: "create",
        options: FILES,
        run: |process, given| send(process, given, "create"),
    },
    Subcommand {
        name: "get",
        options: OBJECTS,
        run: show::get,
    },
    Subcommand {
        name: "describe",
        options: OBJECTS,
        run: show::describe,
    },
    Subcommand {
        name: "delete",
        options: OBJECTS,
        run: delete,
    },
    Subcommand {
        name: "logs",
        options: OBJECTS,
        run: show::logs,
    },
    Subcommand {
        name: "version",
        options: &[],
        run: show::version,
    },
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let words = given.operands.as_slice();
    let Some((name, rest)) = words.split_first() else {
        usage(process);
        return 0;
    };
    if name == "exec" {
        return exec::run(process, rest);
    }
    let Some(subcommand) = SUBCOMMANDS.iter().find(|known| known.name == name) else {
        let line = format!(
            "error: unknown command \"{name}\" for \"kubectl\"\n\nRun 'kubectl --help' for usage.\n"
        );
        let _ = process.write(2, line.as_bytes());
        usage(process);
        return 1;
    };
    match options::read(rest, subcommand.options) {
        Ok(given) => (subcommand.run)(process, &given),
        Err(wrong) => wrong.tell(process, subcommand.options),
    }
}

fn usage(process: &mut Process<'_>) {
    let names: Vec<_> = SUBCOMMANDS.iter().map(|known| known.name).collect();
    process
        .machine
        .console
        .notice(&format!("kubectl here knows: {} exec", names.join(" ")));
}

/// Prints on standard error, as kubectl does without its name in front.
fn fail(process: &mut Process<'_>, line: &str) -> u8 {
    let _ = process.write(2, format!("{line}\n").as_bytes());
    1
}

/// `apply` and `create`.
fn send(process: &mut Process<'_>, given: &Given, verb: &str) -> u8 {
    let Some(path) = given.value("f") else {
        return fail(process, "error: must specify one of -f and -k");
    };
    let text = match super::cat::read(process, path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => {
            return fail(
                process,
                &format!("error: the path \"{path}\" does not exist"),
            );
        }
    };
    let validate = given.value("validate").unwrap_or("strict").to_owned();
    let dry_run = match given.value("dry-run") {
        None | Some("none") => false,
        Some("server" | "client") => true,
        Some(other) => {
            return fail(
                process,
                &format!(
                    "error: Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
                ),
            );
        }
    };
    let start = process.machine.apply(path, &text, verb, &validate, dry_run);
    for line in start.output {
        let _ = process.write(
            if start.accepted { 1 } else { 2 },
            format!("{line}\n").as_bytes(),
        );
    }
    u8::from(!start.accepted)
}

fn delete(process: &mut Process<'_>, given: &Given) -> u8 {
    let name = match given.operands.as_slice() {
        [kind, name] if matches!(kind.as_str(), "pod" | "pods" | "po") => name.clone(),
        [name] if name.starts_with("pod/") => name.trim_start_matches("pod/").to_owned(),
        _ => {
            return fail(
                process,
                "error: only pods can be deleted here: kubectl delete pod NAME",
            );
        }
    };
    if process.machine.delete_pod(&name) {
        process.print(&format!("pod \"{name}\" deleted"));
        0
    } else {
        fail(
            process,
            &format!("Error from server (NotFound): pods \"{name}\" not found"),
        )
    }
}
