//! The restriction of unprivileged user namespaces that Ubuntu switches on.

use kernel::{Arg, Call, Errno, Event, INIT, K612, Pid, Settings, World};

const NEW_USER: i64 = 0x1000_0000;

/// A world with the restriction, this policy, and an unconfined user's task.
fn world(policy: &str) -> (World, Pid) {
    let settings = Settings {
        restrict_unprivileged_userns: true,
        ..Settings::default()
    };
    let mut world = World::boot(&K612, settings);
    let compiled = apparmor::compile(
        "policy",
        policy,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
    let pid = world.fork(INIT).expect("the first process forks");
    for call in ["setresgid", "setresuid"] {
        let event = world.syscall(
            pid,
            Call::new(call, [1000, 1000, 1000].map(Arg::Int).to_vec()),
        );
        assert_eq!(event.result, Ok(0));
    }
    (world, pid)
}

fn unshare(world: &mut World, pid: Pid) -> Event {
    world.syscall(pid, Call::new("unshare", vec![Arg::Int(NEW_USER)]))
}

#[test]
fn an_unprivileged_task_goes_on_under_the_profile_for_such_namespaces() {
    let (mut world, pid) = world("profile unprivileged_userns { audit deny capability, file, }");
    let event = unshare(&mut world, pid);
    assert_eq!(event.result, Ok(0));
    assert_eq!(
        world.label_text(pid).as_deref(),
        Some("unprivileged_userns (enforce)")
    );
    let record = &event.records[0].text;
    assert!(
        record.contains("info=\"Userns create - transitioning profile\" profile=\"unconfined\""),
        "{record}"
    );
    assert!(record.ends_with("requested=\"userns_create\" target=\"unprivileged_userns\""));
    let refused = world.syscall(
        pid,
        Call::new("sethostname", vec![Arg::from("x"), Arg::Int(1)]),
    );
    assert_eq!(refused.result, Err(Errno::EPERM), "no capability is left");
}

#[test]
fn without_that_profile_the_namespace_is_refused() {
    let (mut world, pid) = world("profile other { file, }");
    let event = unshare(&mut world, pid);
    assert_eq!(event.result, Err(Errno::EACCES));
    assert!(event.records[0].text.contains("denied=\"userns_create\""));
}

#[test]
fn a_task_with_cap_sys_admin_is_not_restricted() {
    let (mut world, _) = world("profile other { file, }");
    let root = world.fork(INIT).expect("the first process forks");
    let event = unshare(&mut world, root);
    assert_eq!(event.result, Ok(0));
    assert!(event.records.is_empty());
}
