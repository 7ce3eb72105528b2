//! What the gates behind a refusal would have said.

use kernel::{Arg, Call, GateKind, INIT, K612, Pid, Settings, Verdict, World};

const CWD: i64 = -100;
const WRITE_ONLY: i64 = 1;

/// A world with a file that root owns, and a confined task of another user.
fn world() -> (World, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    world
        .place_file("/data/f", b"x", 0o644, 0, 0)
        .expect("a fresh world takes a file");
    let text = "profile p { file, deny /data/** w, }";
    let compiled = apparmor::compile(
        "p",
        text,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
    let pid = world.fork(INIT).expect("the first process forks");
    let attribute = open(&mut world, pid, "/proc/self/attr/current");
    let command = "changeprofile p";
    let length = i64::try_from(command.len()).expect("a short command");
    let written = world.syscall(
        pid,
        Call::new(
            "write",
            vec![Arg::Int(attribute), Arg::from(command), Arg::Int(length)],
        ),
    );
    assert_eq!(written.result, Ok(length));
    let other = world.syscall(
        pid,
        Call::new("setresuid", [1000, 1000, 1000].map(Arg::Int).to_vec()),
    );
    assert!(other.result.is_err(), "the profile grants no setuid");
    (world, pid)
}

fn open(world: &mut World, pid: Pid, path: &str) -> i64 {
    let event = world.syscall(pid, opening(path));
    event.result.expect("the file opens")
}

fn opening(path: &str) -> Call {
    Call::new(
        "openat",
        vec![
            Arg::Int(CWD),
            Arg::from(path),
            Arg::Int(WRITE_ONLY),
            Arg::Int(0),
        ],
    )
}

#[test]
fn a_refusal_by_the_mode_bits_hides_what_apparmor_would_have_said_until_one_asks() {
    let (mut world, pid) = world();
    // Nobody but the owner may write, and the caller's root has no override.
    world
        .place_file("/data/g", b"x", 0o444, 5, 5)
        .expect("the world takes a file");
    let call = opening("/data/g");
    let event = world.clone().syscall(pid, call.clone());
    let deciding = event.deciding().map(|gate| gate.kind);
    assert_eq!(
        deciding,
        Some(GateKind::AppArmor),
        "no capability is granted"
    );

    let before = world.log().count();
    let gates = world.every_gate(pid, &call);
    let last = gates.last().expect("gates were asked");
    assert_eq!(last.kind, GateKind::AppArmor);
    assert!(matches!(last.verdict, Verdict::Denied(_)));
    let mode = gates.iter().find(|gate| gate.kind == GateKind::Dac);
    assert!(mode.is_some_and(|gate| !matches!(gate.verdict, Verdict::Allowed)));
    assert_eq!(world.log().count(), before, "asking changes nothing");
}

#[test]
fn asking_every_gate_of_an_allowed_call_gives_the_gates_of_the_call() {
    let (world, pid) = world();
    let call = Call::new("getpid", Vec::new());
    let event = world.clone().syscall(pid, call.clone());
    let kinds = |gates: &[kernel::Gate]| gates.iter().map(|gate| gate.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&world.every_gate(pid, &call)), kinds(&event.gates));
}

#[test]
fn what_is_missing_stays_missing_whoever_asks() {
    let (world, pid) = world();
    let gates = world.every_gate(pid, &opening("/data/none"));
    let last = gates.last().expect("the walk was noted");
    assert!(matches!(last.verdict, Verdict::Failed(_)));
}

#[test]
fn a_task_that_is_not_there_is_asked_nothing() {
    let (world, _) = world();
    assert!(world.every_gate(Pid(4000), &opening("/data/f")).is_empty());
}
