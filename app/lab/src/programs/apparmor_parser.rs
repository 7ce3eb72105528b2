//! `apparmor_parser`: profiles into the kernel and out of it.

use super::{
    Place, Program, aa_mode,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, quiet};
use apparmor::{
    SourceSet,
    diagnostic::Severity,
    source::Found,
    tree::{Body, Include, Item, Statement},
};
use kernel::{abi, settings::Presence};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "apparmor_parser",
    options: Options::Anywhere(&[
        flag('r', "replace"),
        flag('a', "add"),
        flag('R', "remove"),
        flag('Q', "skip-kernel-load"),
        flag('K', "skip-cache"),
        flag('W', "write-cache"),
        flag('T', "skip-read-cache"),
        flag('C', "Complain"),
        flag('N', "names"),
        flag('p', "preprocess"),
        flag('q', "quiet"),
        flag('v', "verbose"),
        flag('V', "version"),
        value('I', "Include"),
        value('b', "base"),
        value('j', "jobs"),
        flag('\0', "abort-on-error"),
    ]),
    run,
    place: Place::Node,
}];

/// What the parser says on a kernel without AppArmor.
const NO_KERNEL: &str = "Warning: unable to find a suitable fs in /proc/mounts, is it mounted?\nUse --subdomainfs to override.\n";
/// Most files of the policy folder that includes are looked up in.
const MAX_SOURCES: usize = 1000;

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.has("V") {
        let level = process.machine.apparmor.options.level;
        process.print(&format!("AppArmor parser version {}", version(level)));
        process.print("Copyright (C) 1999-2008 Novell Inc.");
        process.print("Copyright 2009-2018 Canonical Ltd.");
        return 0;
    }
    let actions = ["a", "r", "R"].iter().filter(|name| given.has(name));
    if actions.count() > 1 {
        process.complain("Too many actions given on the command line.");
        return 1;
    }
    let sources = sources(process, given.value("b").unwrap_or(aa_mode::FOLDER));
    let mut paths = Vec::new();
    for path in &given.operands {
        let directory = quiet(process, |process| process.stat(path, true))
            .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFDIR);
        if directory {
            for name in process.list(path).unwrap_or_default() {
                let inner = format!("{}/{name}", path.trim_end_matches('/'));
                let plain = quiet(process, |process| process.stat(&inner, true))
                    .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFREG);
                if plain && !name.starts_with('.') && name != "README" {
                    paths.push(inner);
                }
            }
        } else {
            paths.push(path.clone());
        }
    }
    if given.operands.is_empty() {
        paths.push("-".to_owned());
    }
    let mut status = 0;
    for path in paths {
        let done = one(process, given, &sources, &path);
        if done != 0 {
            status = done;
            if given.has("abort-on-error") {
                break;
            }
        }
    }
    status
}

/// The policy folder as it lies on the disk now.
fn sources(process: &mut Process<'_>, folder: &str) -> SourceSet {
    let mut sources = SourceSet::new();
    quiet(process, |process| {
        let mut folders = vec![String::new()];
        let mut count = 0;
        while let Some(below) = folders.pop() {
            let Ok(names) = process.list(&format!("{folder}/{below}")) else {
                continue;
            };
            for name in names {
                count += 1;
                if count > MAX_SOURCES {
                    return;
                }
                let inner = format!("{below}{name}");
                let path = format!("{folder}/{inner}");
                let Ok(status) = process.stat(&path, true) else {
                    continue;
                };
                if status.mode & abi::S_IFMT == abi::S_IFDIR {
                    folders.push(format!("{inner}/"));
                } else if let Ok(bytes) = process.read_file(&path) {
                    sources.insert(inner, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
    });
    sources
}

fn one(process: &mut Process<'_>, given: &Given, sources: &SourceSet, path: &str) -> u8 {
    let Ok(bytes) = super::cat::read(process, path) else {
        process.warn(&format!("File {path} not found, skipping..."));
        return 2;
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if given.has("p") {
        let mut shown = String::new();
        preprocess(&text, sources, 0, &mut shown);
        let _ = process.write(1, shown.as_bytes());
        return 0;
    }
    let options = process.machine.apparmor.options.clone();
    let text = if given.has("C") {
        aa_mode::complaining(path, &text)
    } else {
        text
    };
    let compiled = apparmor::compile(path, &text, sources, &options);
    let mut failed = false;
    // The parser stops at its first complaint about a place.
    let mut last = String::new();
    for diagnostic in &compiled.diagnostics {
        let error = diagnostic.severity == Severity::Error;
        if let Some(tool) = &diagnostic.tool
            && (error || !given.has("q"))
        {
            let said = said(path, diagnostic.severity, tool);
            if said != last {
                let _ = process.write(2, said.as_bytes());
                last = said;
            }
        }
        failed |= error;
    }
    if failed {
        return 1;
    }
    if given.has("N") {
        for profile in &compiled.profiles {
            process.print(profile.name());
        }
        return 0;
    }
    if given.has("Q") {
        return 0;
    }
    if process.machine.world.settings().apparmor != Presence::On {
        let _ = process.write(2, NO_KERNEL.as_bytes());
        return 1;
    }
    for profile in &compiled.profiles {
        let name = profile.name();
        let loaded = process.machine.world.policy().find(name).is_some();
        if given.has("R") {
            if profile.name().contains("//") {
                continue;
            }
            if process.machine.world.remove_profile(name).is_none() {
                process.complain(&format!(
                    "Unable to remove \"{name}\".  Profile doesn't exist"
                ));
                return 254;
            }
            if given.has("v") {
                process.print(&format!("Removal succeeded for \"{name}\"."));
            }
        } else if loaded && !given.has("r") {
            process.complain(&format!(
                "Unable to add \"{name}\".  Profile already exists"
            ));
            return 239;
        }
    }
    if !given.has("R") {
        process.machine.world.load_profiles(&compiled.profiles);
        if given.has("v") {
            for profile in &compiled.profiles {
                let what = if given.has("r") {
                    "Replacement"
                } else {
                    "Addition"
                };
                process.print(&format!("{what} succeeded for \"{}\".", profile.name()));
            }
        }
    }
    0
}

/// How deep includes are followed.
const MAX_INCLUDES: usize = 32;
/// Longest text that is shown, in bytes.
const MAX_SHOWN: usize = 512 * 1024;

/// The text with each include replaced by what it names (`-p`).
fn preprocess(text: &str, sources: &SourceSet, depth: usize, shown: &mut String) {
    if shown.len() > MAX_SHOWN || depth > MAX_INCLUDES {
        return;
    }
    let tree = apparmor::parse("", text).tree;
    let mut includes = Vec::new();
    for item in &tree.items {
        match item {
            Item::Include(include) => includes.push(include),
            Item::Profile(profile) => in_body(&profile.body, &mut includes),
            _ => {}
        }
    }
    sorted::sort_by_key(&mut includes, |include| include.span.range().start);
    let mut end = 0;
    for include in includes {
        let range = include.span.range();
        let path = &include.path.value;
        shown.push_str(text.get(end..range.start).unwrap_or_default());
        shown.push_str(&format!(" \n\n##included <{path}>\n"));
        match sources.find_magic(path) {
            Some(Found::File(file)) => preprocess(&file.text, sources, depth + 1, shown),
            Some(Found::Folder(files)) => {
                for file in files {
                    preprocess(&file.text, sources, depth + 1, shown);
                }
            }
            None => {}
        }
        end = range.end;
    }
    shown.push_str(text.get(end..).unwrap_or_default());
}

fn in_body<'t>(body: &'t Body, includes: &mut Vec<&'t Include>) {
    for statement in &body.statements {
        match statement {
            Statement::Include(include) => includes.push(include),
            Statement::Profile(profile) => in_body(&profile.body, includes),
            Statement::Block(block) => in_body(&block.body, includes),
            Statement::Conditional(conditional) => {
                let branches = conditional.branches.iter().map(|(_, body)| body);
                for body in branches.chain(&conditional.otherwise) {
                    in_body(body, includes);
                }
            }
            Statement::Abi(_) | Statement::Rule(_) => {}
        }
    }
}

/// A diagnostic as the parser prints it.
fn said(path: &str, severity: Severity, tool: &apparmor::diagnostic::ToolMessage) -> String {
    let prefix = match (severity, tool.line) {
        (Severity::Error, Some(line)) => {
            format!("AppArmor parser error for {path} in profile {path} at line {line}: ")
        }
        (Severity::Error, None) => format!("AppArmor parser error for {path}: "),
        (_, Some(line)) => format!("Warning from {path} ({path} line {line}): "),
        (_, None) => format!("Warning from {path}: "),
    };
    let mut text = String::new();
    for (index, line) in tool.lines.iter().enumerate() {
        if index == 0 {
            text.push_str(&prefix);
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn version(level: apparmor::Level) -> &'static str {
    match level {
        apparmor::Level::V3_0 => "3.0.8",
        apparmor::Level::V4_1 => "4.1.0",
        apparmor::Level::V5_0 => "5.0.2",
    }
}
