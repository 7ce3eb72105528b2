//! `aa-status`: what the kernel holds.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::Process;
use sorted::SortedMap;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "aa-status",
    options: Options::Anywhere(&[
        flag('\0', "enabled"),
        flag('\0', "profiled"),
        flag('\0', "enforced"),
        flag('\0', "complaining"),
    ]),
    run: aa_status,
    place: Place::Node,
}];

/// Where the kernel lists its profiles.
const PROFILES: &str = "/sys/kernel/security/apparmor/profiles";
/// The modes in the order in which `aa-status` 4.0 prints them.
const MODES: [&str; 5] = ["enforce", "complain", "prompt", "kill", "unconfined"];

fn aa_status(process: &mut Process<'_>, given: &Given) -> u8 {
    if process.stat("/sys/module/apparmor", true).is_err() {
        let _ = process.write(2, b"apparmor not present.\n");
        return 1;
    }
    process.print("apparmor module is loaded.");
    let Ok(bytes) = process.read_file(PROFILES) else {
        process.print("apparmor filesystem is not mounted.");
        return 3;
    };
    if given.has("enabled") {
        return 0;
    }
    let mut loaded: SortedMap<String, Vec<String>> = SortedMap::new();
    for line in String::from_utf8_lossy(&bytes).lines() {
        if let Some((name, mode)) = split(line) {
            loaded.entry(mode).or_default().push(name);
        }
    }
    let all: usize = loaded.values().map(Vec::len).sum();
    process.print(&format!("{all} profiles are loaded."));
    for mode in MODES {
        let names = loaded.get(mode).cloned().unwrap_or_default();
        process.print(&format!("{} profiles are in {mode} mode.", names.len()));
        for name in names {
            process.print(&format!("   {name}"));
        }
    }
    let confined = confined(process);
    process.print(&format!(
        "{} processes have profiles defined.",
        confined.len()
    ));
    for mode in MODES {
        let of_mode: Vec<_> = confined.iter().filter(|task| task.mode == mode).collect();
        let what = match mode {
            "unconfined" => "unconfined but have a profile defined".to_owned(),
            mode => format!("in {mode} mode"),
        };
        process.print(&format!("{} processes are {what}.", of_mode.len()));
        for task in of_mode {
            process.print(&format!(
                "   {} ({}) {}",
                task.program, task.pid, task.label
            ));
        }
    }
    let mixed = confined.iter().filter(|task| task.mode == "mixed").count();
    process.print(&format!("{mixed} processes are in mixed mode."));
    0
}

/// A process under a profile.
struct Confined {
    pid: String,
    program: String,
    label: String,
    mode: String,
}

/// The processes whose label is a profile, by `/proc`.
fn confined(process: &mut Process<'_>) -> Vec<Confined> {
    let mut confined = Vec::new();
    let mut pids = process.list("/proc").unwrap_or_default();
    pids.retain(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    sorted::sort_by_key(&mut pids, |name| name.parse::<u32>().unwrap_or(0));
    for pid in pids {
        let Ok(bytes) = process.read_file(&format!("/proc/{pid}/attr/current")) else {
            continue;
        };
        if let Some((label, mode)) = split(String::from_utf8_lossy(&bytes).trim_end()) {
            let exe = super::ln::target(process, &format!("/proc/{pid}/exe"));
            confined.push(Confined {
                program: exe.unwrap_or_default(),
                pid,
                label,
                mode,
            });
        }
    }
    confined
}

/// `NAME (MODE)`.
fn split(line: &str) -> Option<(String, String)> {
    let (name, mode) = line.trim_end().strip_suffix(')')?.rsplit_once(" (")?;
    Some((name.to_owned(), mode.to_owned()))
}
