//! What holds for every sequence of system calls, whatever their arguments.

use std::sync::Arc;

use kernel::{
    Arg, Call, Event, Fate, INIT, K61, K73, K612, Pid, Release, Settings, Verdict, World,
};
use proptest::prelude::*;

/// A profile that refuses a part of what the sequences try.
const PROFILE: &str =
    "profile p {\n  /** r,\n  /tmp/** rwlk,\n  deny /tmp/d/** w,\n  capability chown,\n}\n";

fn world(release: &'static Release, confined: bool) -> (World, Pid) {
    let mut world = World::boot(release, Settings::default());
    world
        .place_file("/tmp/a", b"a", 0o644, 0, 0)
        .expect("a fresh world takes a file");
    world
        .place_directory("/tmp/d", 0o755, 0, 0)
        .expect("a fresh world takes a directory");
    world
        .place_symlink("/tmp/l", b"../tmp/a")
        .expect("a fresh world takes a link");
    let pid = world.fork(INIT).expect("the first process can fork");
    if confined {
        let compiled = apparmor::compile(
            "p",
            PROFILE,
            &apparmor::SourceSet::new(),
            &apparmor::Options::default(),
        );
        world.load_profiles(&compiled.profiles);
        let opened = world.syscall(
            pid,
            Call::new(
                "openat",
                vec![
                    Arg::Int(-100),
                    Arg::from("/proc/self/attr/current"),
                    Arg::Int(1),
                    Arg::Int(0),
                ],
            ),
        );
        let file = opened.result.expect("the attribute opens");
        let text = Arg::from("changeprofile p");
        let written = world.syscall(
            pid,
            Call::new("write", vec![Arg::Int(file), text, Arg::Int(15)]),
        );
        assert_eq!(written.result, Ok(15));
    }
    (world, pid)
}

fn names() -> impl Strategy<Value = &'static str> {
    let known: Vec<&str> = kernel::call::known().chain(["nosuch"]).collect();
    prop::sample::select(known)
}

fn arg() -> impl Strategy<Value = Arg> {
    let paths = prop::sample::select(vec![
        "/tmp/a",
        "/tmp/b",
        "/tmp/d",
        "/tmp/d/x",
        "/tmp/l",
        "/",
        "",
        "..",
        "tmp/../tmp/a/",
        "/proc/self/root/tmp",
        "/proc/self/fd/0",
        "/dev/null",
        "/sys/kernel/security/apparmor/profiles",
        "tmpfs",
    ]);
    prop_oneof![
        4 => paths.prop_map(Arg::from),
        3 => (-3_i64..70).prop_map(Arg::Int),
        1 => any::<i64>().prop_map(Arg::Int),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Arg::bytes(&bytes)),
        1 => (0_usize..64).prop_map(Arg::Room),
    ]
}

fn calls() -> impl Strategy<Value = Vec<(&'static str, Vec<Arg>)>> {
    prop::collection::vec((names(), prop::collection::vec(arg(), 0..6)), 1..30)
}

fn releases() -> impl Strategy<Value = &'static Release> {
    prop::sample::select(vec![&K61, &K612, &K73])
}

fn run(world: &mut World, pid: Pid, calls: &[(&str, Vec<Arg>)]) -> Vec<Event> {
    calls
        .iter()
        .map(|(name, args)| world.syscall(pid, Call::new(name, args.clone())))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_breaks_an_invariant(release in releases(), confined: bool, calls in calls()) {
        let (mut world, pid) = world(release, confined);
        run(&mut world, pid, &calls);
        prop_assert_eq!(world.broken_invariant(), None);
    }

    #[test]
    fn a_refused_call_changes_nothing_but_the_log(release in releases(), confined: bool, calls in calls()) {
        let (mut world, pid) = world(release, confined);
        for (name, args) in &calls {
            let before = world.fingerprint();
            let event = world.syscall(pid, Call::new(name, args.clone()));
            let denied = event.gates.last().is_some_and(|gate| matches!(gate.verdict, Verdict::Denied(_)));
            // A queue stays when its opening is refused (recorded: mqueue), and a
            // received message is gone when a file in it is refused.
            let keeps = ["mq_open", "recvmsg", "io_uring_enter"].contains(name);
            if event.result.is_err() && denied && !keeps && event.fate == Fate::Lives {
                prop_assert_eq!(before, world.fingerprint(), "{} {:?}", event.call, event.result);
            }
        }
    }

    #[test]
    fn no_label_widens_under_no_new_privs(release in releases(), calls in calls()) {
        let (mut world, pid) = world(release, true);
        let args = vec![Arg::Int(38), Arg::Int(1), Arg::Int(0), Arg::Int(0), Arg::Int(0)];
        let set = world.syscall(pid, Call::new("prctl", args));
        prop_assert_eq!(set.result, Ok(0));
        for (name, args) in &calls {
            let label = world.task(pid).map(|task| task.credentials.label.clone());
            let event = world.syscall(pid, Call::new(name, args.clone()));
            let (Some(label), Some(task)) = (label, world.task(pid)) else {
                continue;
            };
            let now = task.credentials.label.profiles();
            prop_assert!(
                label.profiles().iter().all(|profile| now.contains(profile)),
                "{} widened the label", event.call
            );
        }
    }

    #[test]
    fn a_clone_is_a_snapshot(release in releases(), confined: bool, first in calls(), second in calls()) {
        let (mut world, pid) = world(release, confined);
        run(&mut world, pid, &first);
        let snapshot = world.clone();
        let before = snapshot.fingerprint();
        let results: Vec<_> = run(&mut world, pid, &second).iter().map(|event| event.result).collect();
        prop_assert_eq!(before, snapshot.fingerprint());
        let mut again = snapshot.clone();
        let repeated: Vec<_> = run(&mut again, pid, &second).iter().map(|event| event.result).collect();
        prop_assert_eq!(results, repeated);
        prop_assert_eq!(world.fingerprint(), again.fingerprint());
    }
}

#[test]
fn forty_links_are_followed_and_the_forty_first_is_refused() {
    let (mut world, pid) = world(&K612, false);
    world
        .place_file("/tmp/l0", b"", 0o644, 0, 0)
        .expect("a file");
    for number in 1..=41 {
        let target = format!("/tmp/l{}", number - 1);
        world
            .place_symlink(&format!("/tmp/l{number}"), target.as_bytes())
            .expect("a link");
    }
    let mut open = |path: &str| {
        let args = vec![Arg::Int(-100), Arg::from(path), Arg::Int(0), Arg::Int(0)];
        world.syscall(pid, Call::new("openat", args)).result
    };
    assert!(open("/tmp/l40").is_ok());
    assert_eq!(open("/tmp/l41"), Err(kernel::Errno::ELOOP));
}

#[test]
fn a_path_of_4096_bytes_is_too_long() {
    let (mut world, pid) = world(&K612, false);
    let path: Arc<[u8]> = Arc::from(vec![b'/'; 4096]);
    let event = world.syscall(
        pid,
        Call::new("stat", vec![Arg::Memory(path), Arg::Room(144)]),
    );
    assert_eq!(event.result, Err(kernel::Errno::ENAMETOOLONG));
}

#[test]
fn the_posts_deny_rule_stops_touch_and_not_a_hard_link() {
    let (mut world, pid) = world(&K612, false);
    world
        .place_directory("/data", 0o755, 0, 0)
        .expect("a directory");
    world
        .place_directory("/ok", 0o755, 0, 0)
        .expect("a directory");
    world
        .place_file("/ok/f", b"o", 0o644, 0, 0)
        .expect("a file");
    let text = "profile k8s-deny-data flags=(attach_disconnected) {\n  file,\n  network,\n  deny /data/** w,\n  deny /data/ w,\n}\n";
    let compiled = apparmor::compile(
        "p",
        text,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
    let call =
        |world: &mut World, name: &str, args: Vec<Arg>| world.syscall(pid, Call::new(name, args));
    let attr = vec![
        Arg::Int(-100),
        Arg::from("/proc/self/attr/current"),
        Arg::Int(1),
        Arg::Int(0),
    ];
    let file = call(&mut world, "openat", attr).result.expect("opens");
    let text = "changeprofile k8s-deny-data";
    let args = vec![
        Arg::Int(file),
        Arg::from(text),
        Arg::from(text.len() as u64),
    ];
    assert!(call(&mut world, "write", args).result.is_ok());
    assert_eq!(
        world.label_text(pid).as_deref(),
        Some("k8s-deny-data (enforce)")
    );

    let touch = vec![
        Arg::Int(-100),
        Arg::from("/data/x"),
        Arg::Int(0o101),
        Arg::Int(0o644),
    ];
    let event = call(&mut world, "openat", touch);
    assert_eq!(event.result, Err(kernel::Errno::EACCES));
    assert!(event.records.is_empty(), "a plain deny is quiet");
    assert_eq!(
        event.deciding().map(|gate| gate.kind),
        Some(kernel::GateKind::AppArmor)
    );

    let event = call(
        &mut world,
        "link",
        vec![Arg::from("/ok/f"), Arg::from("/data/hl")],
    );
    assert_eq!(event.result, Ok(0));
}
