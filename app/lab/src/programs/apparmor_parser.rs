//! `apparmor_parser`, `aa-complain`, `aa-enforce`: profiles into the kernel and out of it.

use super::{
    Place, Program,
    options::{Given, flag, value},
};
use crate::process::Process;
use apparmor::diagnostic::Severity;
use kernel::settings::Presence;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "apparmor_parser",
    options: &[
        flag('r', "replace"),
        flag('a', "add"),
        flag('R', "remove"),
        flag('Q', "skip-kernel-load"),
        flag('K', "skip-cache"),
        flag('W', "write-cache"),
        flag('T', "skip-read-cache"),
        flag('C', "Complain"),
        flag('N', "names"),
        flag('v', "verbose"),
        flag('V', "version"),
        value('I', "Include"),
        value('b', "base"),
    ],
    run,
    place: Place::Node,
}];

/// What the parser says on a kernel without AppArmor.
const NO_KERNEL: &str = "Warning: unable to find a suitable fs in /proc/mounts, is it mounted?\nUse --subdomainfs to override.\n";

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.has("V") {
        let level = process.machine.apparmor.options.level;
        process.print(&format!("AppArmor parser version {}", version(level)));
        return 0;
    }
    let standard_input = ["-".to_owned()];
    let paths = if given.operands.is_empty() {
        &standard_input[..]
    } else {
        &given.operands
    };
    let mut status = 0;
    for path in paths {
        let done = one(process, given, path);
        if done != 0 {
            status = done;
        }
    }
    status
}

fn one(process: &mut Process<'_>, given: &Given, path: &str) -> u8 {
    let Ok(bytes) = super::cat::read(process, path) else {
        let line = format!("File {path} not found, skipping...\n");
        let _ = process.write(2, line.as_bytes());
        return 1;
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let sources = process.machine.apparmor.sources.clone();
    let options = process.machine.apparmor.options.clone();
    let compiled = apparmor::compile(path, &text, &sources, &options);
    let mut failed = false;
    for diagnostic in &compiled.diagnostics {
        if let Some(tool) = &diagnostic.tool {
            let said = said(path, diagnostic.severity, tool);
            let _ = process.write(2, said.as_bytes());
        }
        failed |= diagnostic.severity == Severity::Error;
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
    if given.has("C") {
        process.machine.console.notice(
            "-C is not simulated: write flags=(complain) into the profile, or use aa-complain",
        );
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
                let line = format!(
                    "{}: Unable to remove \"{name}\".  Profile doesn't exist\n",
                    process.name
                );
                let _ = process.write(2, line.as_bytes());
                return 254;
            }
            if given.has("v") {
                process.print(&format!("Removal succeeded for \"{name}\"."));
            }
        } else if loaded && !given.has("r") {
            let line = format!(
                "{}: Unable to add \"{name}\".  Profile already exists\n",
                process.name
            );
            let _ = process.write(2, line.as_bytes());
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
