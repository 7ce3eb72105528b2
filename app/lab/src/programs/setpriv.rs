//! `setpriv`: a program with fewer privileges.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::process::{Process, Userland};
use kernel::{Arg, Capability, CapabilitySet, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "setpriv",
    options: Options::Leading(&[
        flag('d', "dump"),
        flag('\0', "no-new-privs"),
        flag('\0', "nnp"),
        value('\0', "reuid"),
        value('\0', "regid"),
        value('\0', "ruid"),
        value('\0', "rgid"),
        flag('\0', "clear-groups"),
        flag('\0', "keep-groups"),
        value('\0', "bounding-set"),
        value('\0', "inh-caps"),
        value('\0', "ambient-caps"),
        value('\0', "apparmor-profile"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// What util-linux exits with when it may not do what it was told
/// (`SETPRIV_EXIT_PRIVERR`).
const REFUSED: u8 = 127;
/// `prctl(2)`.
const PR_SET_NO_NEW_PRIVS: i32 = 38;
/// `prctl(2)`.
const PR_CAPBSET_DROP: i32 = 24;
/// `prctl(2)`, with `PR_CAP_AMBIENT_RAISE` and `PR_CAP_AMBIENT_LOWER`.
const PR_CAP_AMBIENT: i32 = 47;
/// `_LINUX_CAPABILITY_VERSION_3`.
const CAPABILITY_VERSION: u32 = 0x2008_0522;

/// The order of util-linux 2.38 (`setpriv.c`).
fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    if given.has("d") {
        dump(process);
        return 0;
    }
    if given.operands.is_empty() {
        process.complain("No program specified");
        return 1;
    }
    if let Err((status, words)) = change(process, given) {
        process.complain(&words);
        return status;
    }
    super::go_on(process, &given.operands)
}

type Refusal = (u8, String);

fn change(process: &mut Process<'_>, given: &Given) -> Result<(), Refusal> {
    let refused = |what: &str| {
        let what = what.to_owned();
        move |errno: kernel::Errno| (REFUSED, format!("{what}: {}", errno.words()))
    };
    if given.has("no-new-privs") || given.has("nnp") {
        let arguments = [
            PR_SET_NO_NEW_PRIVS.into(),
            Arg::from(1_i32),
            Arg::NULL,
            Arg::NULL,
            Arg::NULL,
        ];
        process
            .call("prctl", arguments)
            .map_err(refused("disallow granting new privileges failed"))?;
    }
    if let Some(profile) = given.value("apparmor-profile") {
        let path = "/proc/self/attr/exec";
        let text = format!("exec {profile}");
        let fd = process
            .open(path, abi::O_RDWR, 0)
            .map_err(refused(&format!("cannot open {path}")))?;
        let written = process.write(fd, text.as_bytes());
        process.close(fd);
        written.map_err(refused(&format!("write failed: {path}")))?;
    }
    let group = number(given, &["regid", "rgid"])?;
    let user = number(given, &["reuid", "ruid"])?;
    if group.is_some() && !given.has("clear-groups") && !given.has("keep-groups") {
        return Err((
            1,
            "--[re]gid requires --keep-groups, --clear-groups, --init-groups, or --groups"
                .to_owned(),
        ));
    }
    if let Some(gid) = group {
        process
            .call("setresgid", [gid.into(), gid.into(), gid.into()])
            .map_err(refused("setresgid failed"))?;
    }
    if given.has("clear-groups") {
        process
            .call("setgroups", [Arg::NULL, Arg::NULL])
            .map_err(refused("setgroups failed"))?;
    }
    if let Some(uid) = user {
        process
            .call("setresuid", [uid.into(), uid.into(), uid.into()])
            .map_err(refused("setresuid failed"))?;
    }
    if let Some(list) = given.value("bounding-set") {
        for (add, capability) in capabilities(list)? {
            if add {
                continue;
            }
            let number = Arg::from(u32::from(capability.number()));
            process
                .call("prctl", [PR_CAPBSET_DROP.into(), number])
                .map_err(refused("apply bounding set"))?;
        }
    }
    if let Some(list) = given.value("inh-caps") {
        inheritable(process, &capabilities(list)?)
            .map_err(refused("set process securebits failed"))?;
    }
    if let Some(list) = given.value("ambient-caps") {
        for (add, capability) in capabilities(list)? {
            let operation = if add { 2_i32 } else { 3_i32 };
            let number = Arg::from(u32::from(capability.number()));
            let arguments = [
                PR_CAP_AMBIENT.into(),
                operation.into(),
                number,
                Arg::NULL,
                Arg::NULL,
            ];
            process
                .call("prctl", arguments)
                .map_err(refused("failed to change ambient capabilities"))?;
        }
    }
    Ok(())
}

fn number(given: &Given, names: &[&str]) -> Result<Option<u32>, Refusal> {
    for name in names {
        if let Some(text) = given.value(name) {
            let number = match text {
                "root" => Some(0),
                "nobody" | "nogroup" => Some(65534),
                text => text.parse().ok(),
            };
            return match number {
                Some(number) => Ok(Some(number)),
                None => Err((1, format!("failed to parse {name}: '{text}'"))),
            };
        }
    }
    Ok(None)
}

/// `+chown,-all`: what is added and what is taken away.
fn capabilities(list: &str) -> Result<Vec<(bool, Capability)>, Refusal> {
    let mut changes = Vec::new();
    for word in list.split(',') {
        let (add, name) = match (word.strip_prefix('+'), word.strip_prefix('-')) {
            (Some(name), _) => (true, name),
            (_, Some(name)) => (false, name),
            _ => return Err((1, "bad capability string".to_owned())),
        };
        if name == "all" {
            changes.extend(Capability::ALL.iter().map(|capability| (add, *capability)));
            continue;
        }
        let name = name.strip_prefix("cap_").unwrap_or(name);
        match Capability::from_name(name) {
            Some(capability) => changes.push((add, capability)),
            None => return Err((1, format!("unknown capability \"{name}\""))),
        }
    }
    Ok(changes)
}

fn inheritable(
    process: &mut Process<'_>,
    changes: &[(bool, Capability)],
) -> Result<(), kernel::Errno> {
    let Some(own) = process
        .machine
        .world
        .task(process.pid)
        .map(|task| task.credentials.clone())
    else {
        return Err(kernel::Errno::ESRCH);
    };
    let mut set = own.inheritable;
    for (add, capability) in changes {
        set = if *add {
            set.with(*capability)
        } else {
            set.without(*capability)
        };
    }
    let halves = |set: CapabilitySet| {
        let bytes = set.bits().to_le_bytes();
        (
            [bytes[0], bytes[1], bytes[2], bytes[3]],
            [bytes[4], bytes[5], bytes[6], bytes[7]],
        )
    };
    let sets = [halves(own.effective), halves(own.permitted), halves(set)];
    let mut data: Vec<u8> = sets.iter().flat_map(|(low, _)| *low).collect();
    data.extend(sets.iter().flat_map(|(_, high)| *high));
    let mut header = CAPABILITY_VERSION.to_le_bytes().to_vec();
    header.extend([0; 4]);
    process
        .call("capset", [Arg::bytes(header), Arg::bytes(data)])
        .map(drop)
}

/// `--dump` (util-linux 2.38; BusyBox 1.35 says less).
fn dump(process: &mut Process<'_>) {
    let Some(task) = process.machine.world.task(process.pid) else {
        return;
    };
    let (own, no_new_privs) = (task.credentials.clone(), task.no_new_privs);
    let label = process.machine.world.label_text(process.pid);
    let list = |set: CapabilitySet| {
        let held = Capability::ALL.iter().filter(|one| set.has(**one));
        let names: Vec<&str> = held.map(|one| one.name()).collect();
        if names.is_empty() {
            "[none]".to_owned()
        } else {
            names.join(",")
        }
    };
    let groups: Vec<String> = own.groups.iter().map(ToString::to_string).collect();
    let groups = if groups.is_empty() {
        "[none]".to_owned()
    } else {
        groups.join(",")
    };
    for line in [
        format!("uid: {}", own.uid.real),
        format!("euid: {}", own.uid.effective),
        format!("gid: {}", own.gid.real),
        format!("egid: {}", own.gid.effective),
        format!("Supplementary groups: {groups}"),
        format!("no_new_privs: {}", u8::from(no_new_privs)),
        format!("Inheritable capabilities: {}", list(own.inheritable)),
        format!("Ambient capabilities: {}", list(own.ambient)),
        format!("Capability bounding set: {}", list(own.bounding)),
    ] {
        process.print(&line);
    }
    if process.userland == Userland::Gnu {
        process.print("Securebits: [none]");
        process.print("Parent death signal: [none]");
        if let Some(label) = label {
            process.print(&format!("AppArmor profile: {label}"));
        }
    }
}
