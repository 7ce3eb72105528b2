//! `systemctl`: the node's services, as far as they matter here.

use super::{
    Place, Program, aa_mode,
    options::{Given, Options, flag, value},
};
use crate::process::Process;
use cluster::node::RuntimeKind;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "systemctl",
    options: Options::Anywhere(&[
        flag('\0', "no-pager"),
        flag('l', "full"),
        flag('q', "quiet"),
        value('n', "lines"),
        value('p', "property"),
    ]),
    run,
    place: Place::Node,
}];

/// A service.
struct Unit {
    name: &'static str,
    title: &'static str,
    program: &'static str,
    /// Runs once and stays active.
    once: bool,
    active: bool,
    /// Why systemd did not start it.
    unmet: Option<&'static str>,
}

const VERBS: [&str; 8] = [
    "status",
    "is-active",
    "is-enabled",
    "is-failed",
    "restart",
    "start",
    "reload",
    "stop",
];

fn units(process: &Process<'_>) -> Vec<Unit> {
    let apparmor = process.machine.has_apparmor();
    let (runtime, title) = match process.machine.node.stack.runtime.kind {
        RuntimeKind::CriO => ("crio", "Container Runtime Interface for OCI (CRI-O)"),
        _ => ("containerd", "containerd container runtime"),
    };
    let service = |name, title, program| Unit {
        name,
        title,
        program,
        once: false,
        active: true,
        unmet: None,
    };
    vec![
        service(
            "kubelet",
            "kubelet: The Kubernetes Node Agent",
            "/usr/bin/kubelet",
        ),
        service(
            runtime,
            title,
            if runtime == "crio" {
                "/usr/bin/crio"
            } else {
                "/usr/bin/containerd"
            },
        ),
        Unit {
            once: true,
            active: apparmor,
            unmet: (!apparmor).then_some("ConditionSecurity=apparmor was not met"),
            ..service(
                "apparmor",
                "Load AppArmor profiles",
                "/lib/apparmor/apparmor.systemd",
            )
        },
    ]
}

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((verb, names)) = given.operands.split_first() else {
        return list(process);
    };
    if verb == "list-units" {
        return list(process);
    }
    if !VERBS.contains(&verb.as_str()) {
        process.warn(&format!("Unknown command verb {verb}."));
        let verbs = VERBS.join(", ");
        process.machine.console.notice(&format!(
            "simulated verbs of systemctl: {verbs}, list-units"
        ));
        return 1;
    }
    if names.is_empty() {
        process.warn("Too few arguments.");
        return 1;
    }
    let mut status = 0;
    for name in names {
        let base = name.strip_suffix(".service").unwrap_or(name);
        let unit = units(process).into_iter().find(|unit| unit.name == base);
        status = status.max(match unit {
            Some(unit) => act(process, given, verb, &unit),
            None => unknown(process, verb, base),
        });
    }
    status
}

fn unknown(process: &mut Process<'_>, verb: &str, name: &str) -> u8 {
    let known: Vec<&str> = units(process).iter().map(|unit| unit.name).collect();
    process.machine.console.notice(&format!(
        "services that are simulated: {}",
        known.join(", ")
    ));
    match verb {
        "status" => {
            process.warn(&format!("Unit {name}.service could not be found."));
            4
        }
        "is-active" | "is-failed" => {
            process.print("inactive");
            4
        }
        "is-enabled" => {
            process.warn(&format!(
                "Failed to get unit file state for {name}.service: No such file or directory"
            ));
            1
        }
        verb => {
            process.warn(&format!(
                "Failed to {verb} {name}.service: Unit {name}.service not found."
            ));
            5
        }
    }
}

fn list(process: &mut Process<'_>) -> u8 {
    process.print("  UNIT                LOAD   ACTIVE SUB     DESCRIPTION");
    for unit in units(process) {
        let (active, sub) = state(&unit);
        process.print(&format!(
            "  {:<19} loaded {active:<6} {sub:<7} {}",
            format!("{}.service", unit.name),
            unit.title
        ));
    }
    0
}

fn state(unit: &Unit) -> (&'static str, &'static str) {
    match (unit.active, unit.once) {
        (true, true) => ("active", "exited"),
        (true, false) => ("active", "running"),
        (false, _) => ("inactive", "dead"),
    }
}

fn act(process: &mut Process<'_>, given: &Given, verb: &str, unit: &Unit) -> u8 {
    match verb {
        "status" => status(process, unit),
        "is-active" => {
            if !given.has("q") {
                process.print(state(unit).0);
            }
            if unit.active { 0 } else { 3 }
        }
        "is-failed" => {
            process.print(state(unit).0);
            1
        }
        "is-enabled" => {
            process.print("enabled");
            0
        }
        // The service loads everything that lies in the folder.
        "restart" | "start" | "reload" if unit.name == "apparmor" => {
            if !unit.active {
                return 0;
            }
            aa_mode::reload(process, "-r", aa_mode::FOLDER)
        }
        "stop" => {
            process.machine.console.notice(&format!(
                "{} goes on: a node without it is not simulated",
                unit.name
            ));
            0
        }
        _ => 0,
    }
}

fn status(process: &mut Process<'_>, unit: &Unit) -> u8 {
    let (active, sub) = state(unit);
    let mark = if unit.active { "●" } else { "○" };
    let mut lines = vec![
        format!("{mark} {}.service - {}", unit.name, unit.title),
        format!(
            "     Loaded: loaded (/usr/lib/systemd/system/{}.service; enabled; preset: enabled)",
            unit.name
        ),
    ];
    let since = "since Thu 2026-01-01 00:00:00 UTC; 1min ago";
    lines.push(if unit.active {
        format!("     Active: {active} ({sub}) {since}")
    } else {
        format!("     Active: {active} ({sub})")
    });
    if let Some(unmet) = unit.unmet {
        lines.push(format!("  Condition: start condition unmet at Thu 2026-01-01 00:00:00 UTC; 1min ago\n             └─ {unmet}"));
    }
    if unit.active && !unit.once {
        let base = unit.program.rsplit('/').next().unwrap_or(unit.program);
        lines.push(format!("   Main PID: 642 ({base})"));
        lines.push(format!("     CGroup: /system.slice/{}.service", unit.name));
        lines.push(format!("             └─642 {}", unit.program));
    }
    for line in lines {
        process.print(&line);
    }
    if unit.name == "kubelet" {
        // What the kubelet wrote of pods that it turned away.
        let mut said = Vec::new();
        for pod in &process.machine.pods {
            let warnings = pod.start.events.iter().filter(|event| event.warning);
            said.extend(warnings.map(|event| {
                format!(
                    "Jan 01 00:01:00 {} kubelet[642]: pod=\"{}/{}\" {}: {}",
                    pod.start.node, pod.spec.namespace, pod.start.pod, event.reason, event.message
                )
            }));
        }
        if !said.is_empty() {
            process.print("");
        }
        for line in said {
            process.print(&line);
        }
    }
    if unit.active { 0 } else { 3 }
}
