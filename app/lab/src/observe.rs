//! Observe, converge, enforce: a workload is run under a profile that only
//! complains and a filter that only logs; from what the kernel wrote down
//! follow rules of three widths and a filter, each tried in force.

use crate::{
    document::{Document, DocumentFile},
    message::{
        Converged, ConvergedFilter, Language, Observation, Outcome, Proposal, RowOutcome, Seen,
        TextEdit, Width,
    },
    node::Node,
    view,
    whatif::{applied, end_of_profile, filter_field},
    workspace::Workspace,
};
use apparmor::suggest;
use sorted::SortedSet;

/// Most kinds of record that are proposed for.
pub const MAX_SEEN: usize = 200;

/// Where the observing filter lies when the pod has none of its own.
const OBSERVER: &str = "observe.json";
const SECCOMP: &str = "/var/lib/kubelet/seccomp/";
/// Allows and logs every call.
const LOGGING: &str = "{ \"defaultAction\": \"SCMP_ACT_LOG\" }\n";

/// Calls that every real program makes and simulated ones leave out: those of
/// the dynamic loader and of the C library's start and end, as strace shows them
/// of Debian 12's `true`, `ls` and `sh` (glibc 2.36, x86-64).
const UNSEEN: [&str; 21] = [
    "access",
    "arch_prctl",
    "brk",
    "close",
    "execve",
    "exit_group",
    "futex",
    "getrandom",
    "mmap",
    "mprotect",
    "munmap",
    "newfstatat",
    "openat",
    "pread64",
    "prlimit64",
    "read",
    "rseq",
    "rt_sigaction",
    "rt_sigreturn",
    "set_robust_list",
    "set_tid_address",
];

/// Runs the workload, and what was typed, on a fresh copy of the node, and
/// proposes.
pub fn observe(
    node: &Node,
    typed: &[String],
    workspace: &Workspace,
    document: &Document,
) -> Observation {
    let mut observation = Observation {
        node: node.spec.id.clone(),
        ..Observation::default()
    };
    let used = used_profile(node, workspace);
    let Some((file, name)) = used else {
        "The pod asks for no profile of the lab, so there is none to complain."
            .clone_into(&mut observation.sentence);
        observe_calls(&mut observation, node, typed, workspace, document);
        return observation;
    };
    let mut complaining = workspace.clone();
    let flags = complain(&text_of(workspace, &file), &name);
    complaining.edit(&file, &applied(&text_of(workspace, &file), &flags));
    let seen = run(node, typed, &complaining, document);
    observation.denied = refusals(&seen, &complaining);
    let groups = groups(&seen, &name);
    observation.sentence = match (seen.outcome(), groups.len()) {
        (Outcome::RefusedToStart | Outcome::Invalid, _) => seen.sentence(),
        (_, 0) => format!("`{name}` complained about nothing: its rules allow all that was done."),
        (_, 1) => format!("`{name}` complained about one kind of access."),
        (_, count) => format!("`{name}` complained about {count} kinds of access."),
    };
    observation.seen = groups;
    for width in [Width::Exact, Width::Globbed, Width::Abstraction] {
        let rules = rules(&observation.seen, width);
        let known = |known: &Converged| known.rules == rules;
        if rules.is_empty() || observation.profiles.iter().any(known) {
            continue;
        }
        let Some((_, end)) = end_of_profile(&name, workspace) else {
            continue;
        };
        let mut edits = enforce(&text_of(workspace, &file), &name);
        edits.push(TextEdit {
            start: end,
            end,
            text: rules.iter().map(|rule| format!("  {rule}\n")).collect(),
        });
        let mut enforcing = workspace.clone();
        enforcing.edit(&file, &applied(&text_of(workspace, &file), &edits));
        let after = run(node, typed, &enforcing, document);
        observation.profiles.push(Converged {
            width,
            rules,
            file: file.clone(),
            edits,
            refused: refusals(&after, &enforcing),
        });
    }
    observe_calls(&mut observation, node, typed, workspace, document);
    observation
}

/// The file and the name of the profile that the pod's first process runs under.
fn used_profile(node: &Node, workspace: &Workspace) -> Option<(String, String)> {
    let pod = node.machine.pods.first()?;
    let name = pod
        .containers
        .first()
        .and_then(|container| container.confinement.apparmor.clone())?;
    let files = workspace.of(Language::AppArmor);
    files
        .filter(|file| file.about.editable)
        .find(|file| file.profiles().iter().any(|profile| profile.name() == name))
        .map(|file| (file.about.path.clone(), name.clone()))
}

fn text_of(workspace: &Workspace, path: &str) -> String {
    workspace
        .file(path)
        .map_or(String::new(), |file| file.text.to_string())
}

/// A fresh copy of the node, with the workload and what was typed run on it.
fn run(node: &Node, typed: &[String], workspace: &Workspace, document: &Document) -> Node {
    let mut node = node.fresh();
    node.start(workspace, &document.image);
    for command in &document.workload {
        node.run_in_pod(command);
    }
    for command in typed {
        node.run(command);
    }
    node
}

/// What was refused, in words.
fn refusals(node: &Node, workspace: &Workspace) -> Vec<String> {
    let rows = view::rows(&node.machine, workspace);
    let refused = rows.iter().filter(|row| row.outcome == RowOutcome::Blocked);
    let mut words: Vec<String> = refused
        .map(|row| format!("{}: {}", row.sentence, row.answer))
        .collect();
    if matches!(node.outcome(), Outcome::RefusedToStart | Outcome::Invalid) {
        words.push(node.sentence());
    }
    words.dedup();
    words
}

/// What a profile let pass and wrote down, each kind once.
fn groups(node: &Node, profile: &str) -> Vec<Seen> {
    let mut groups: Vec<(suggest::Record, Seen)> = Vec::new();
    for recorded in &node.machine.journal {
        for record in &recorded.event.records {
            let line = record.to_string();
            let Some(read) = suggest::Record::read(&line).filter(|read| read.profile == profile)
            else {
                continue;
            };
            let command = recorded.command.to_string();
            if let Some((_, seen)) = groups.iter_mut().find(|(known, _)| *known == read) {
                seen.count += 1;
                if !seen.commands.contains(&command) {
                    seen.commands.push(command);
                }
            } else if groups.len() < MAX_SEEN {
                let rules = suggest::suggest(&read).into_iter().map(|one| Proposal {
                    width: width(one.width),
                    rule: one.rule,
                });
                let seen = Seen {
                    record: line,
                    count: 1,
                    commands: vec![command],
                    rules: rules.collect(),
                };
                groups.push((read, seen));
            }
        }
    }
    groups.into_iter().map(|(_, seen)| seen).collect()
}

fn width(width: suggest::Width) -> Width {
    match width {
        suggest::Width::Exact => Width::Exact,
        suggest::Width::Globbed => Width::Globbed,
        suggest::Width::Abstraction => Width::Abstraction,
    }
}

/// One rule for each kind of access: the first of the width, or of the widest
/// that is narrower.
fn rules(seen: &[Seen], wanted: Width) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for one in seen {
        let fitting = one.rules.iter().filter(|rule| rule.width <= wanted);
        let widest = fitting.clone().map(|rule| rule.width).max();
        let rule = fitting.clone().find(|rule| Some(rule.width) == widest);
        if let Some(rule) = rule
            && !rules.contains(&rule.rule)
        {
            rules.push(rule.rule.clone());
        }
    }
    rules
}

/// What `aa-complain` does to a file: the flag in the profile's header.
pub fn complain(text: &str, name: &str) -> Vec<TextEdit> {
    let Some((header, end)) = header(text, name) else {
        return Vec::new();
    };
    let words = text.get(header..end).unwrap_or_default();
    let insert = |at: usize, text: &str| {
        vec![TextEdit {
            start: at,
            end: at,
            text: text.to_owned(),
        }]
    };
    match words.find("flags=(") {
        Some(flags)
            if words
                .get(flags..)
                .is_some_and(|flags| flags.contains("complain")) =>
        {
            Vec::new()
        }
        Some(flags) => insert(header + flags + "flags=(".len(), "complain, "),
        None => insert(end, "flags=(complain) "),
    }
}

/// What `aa-enforce` does to a file: the flag taken out again.
pub fn enforce(text: &str, name: &str) -> Vec<TextEdit> {
    let Some((header, end)) = header(text, name) else {
        return Vec::new();
    };
    let words = text.get(header..end).unwrap_or_default();
    for flag in [
        "flags=(complain) ",
        "flags=(complain)",
        "complain, ",
        "complain,",
        ", complain",
        ",complain",
    ] {
        if let Some(at) = words.find(flag) {
            return vec![TextEdit {
                start: header + at,
                end: header + at + flag.len(),
                text: String::new(),
            }];
        }
    }
    Vec::new()
}

/// Where a profile's header begins, and where its brace is.
fn header(text: &str, name: &str) -> Option<(usize, usize)> {
    let start = [
        format!("profile {name}"),
        format!("profile \"{name}\""),
        name.to_owned(),
    ]
    .iter()
    .find_map(|words| text.find(words.as_str()))?;
    let brace = start + text.get(start..)?.find('{')?;
    Some((start, brace))
}

/// The same for system calls, with a filter.
fn observe_calls(
    observation: &mut Observation,
    node: &Node,
    typed: &[String],
    workspace: &Workspace,
    document: &Document,
) {
    let Some((logging, place)) = with_filter(node, workspace, LOGGING) else {
        return;
    };
    let seen = run(node, typed, &logging, document);
    let mut calls = SortedSet::new();
    for record in seen
        .machine
        .world
        .log()
        .filter(|record| record.kind == kernel::audit::SECCOMP)
    {
        let number = record
            .text
            .split(" syscall=")
            .nth(1)
            .and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
        let name = number.and_then(|number| seccomp::syscalls::name(seccomp::Arch::X86_64, number));
        calls.extend(name.map(str::to_owned));
    }
    if calls.is_empty() {
        return;
    }
    let added: Vec<String> = UNSEEN
        .iter()
        .filter(|name| !calls.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    let all: SortedSet<&String> = calls.iter().chain(&added).collect();
    let names: Vec<String> = all
        .iter()
        .map(|name| format!("        \"{name}\""))
        .collect();
    let text = format!(
        "{{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"architectures\": [\"SCMP_ARCH_X86_64\"],\n  \"syscalls\": [\n    {{\n      \"names\": [\n{}\n      ],\n      \"action\": \"SCMP_ACT_ALLOW\"\n    }}\n  ]\n}}\n",
        names.join(",\n")
    );
    let mut enforcing = logging;
    enforcing.edit(&place, &text);
    let after = run(node, typed, &enforcing, document);
    observation.filter = Some(ConvergedFilter {
        text,
        added,
        refused: refusals(&after, &enforcing)
            .into_iter()
            .filter(|words| !observation.denied.contains(words))
            .collect(),
    });
    observation.calls = calls.into_iter().collect();
}

/// The workspace with another filter for the pod, and the file that it is in:
/// the pod's own file, or a new one when it asks for none.
fn with_filter(node: &Node, workspace: &Workspace, text: &str) -> Option<(Workspace, String)> {
    let mut changed = workspace.clone();
    let pod = node.machine.pods.first()?;
    let container = pod.containers.first()?;
    if let cluster::start::SeccompInForce::Localhost(path) = &container.confinement.seccomp {
        let path = workspace.path_of(path)?.to_owned();
        changed.edit(&path, text);
        return Some((changed, path));
    }
    let (file, edits) = filter_field(OBSERVER, workspace)?;
    let manifest = applied(&text_of(workspace, &file), &edits);
    changed.edit(&file, &manifest);
    changed.add(
        DocumentFile {
            path: OBSERVER.to_owned(),
            language: Language::Seccomp,
            node_path: format!("{SECCOMP}{OBSERVER}"),
            editable: true,
            text: String::new(),
            solution: None,
        },
        text,
    );
    Some((changed, OBSERVER.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaining_and_enforcing_are_each_others_reverse() {
        for text in [
            "profile p {\n}\n",
            "profile p flags=(attach_disconnected) {\n}\n",
            "#include <tunables/global>\nprofile \"p\" /bin/p flags=(audit,attach_disconnected) {\n}\n",
        ] {
            let complaining = applied(text, &complain(text, "p"));
            assert!(complaining.contains("complain"), "{complaining}");
            assert_eq!(applied(&complaining, &enforce(&complaining, "p")), text);
            assert_eq!(complain(&complaining, "p"), []);
            assert_eq!(enforce(text, "p"), []);
        }
    }
}
