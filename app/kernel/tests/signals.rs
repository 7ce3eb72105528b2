//! Signals to the first process of a pid namespace.

use kernel::{Arg, Call, INIT, K612, Pid, Settings, World};

const NEW_PID: i64 = 0x2000_0000;
const SIGHUP: i64 = 1;
const SIGKILL: i64 = 9;
const SIGTERM: i64 = 15;

/// A world, the first process of a new pid namespace in it, and a second one.
fn world() -> (World, Pid, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    let outer = world.fork(INIT).expect("the node's first process forks");
    let event = world.syscall(outer, Call::new("unshare", vec![Arg::Int(NEW_PID)]));
    assert_eq!(event.result, Ok(0));
    let first = world.fork(outer).expect("it forks into the namespace");
    let second = world.fork(first).expect("the first process forks");
    (world, first, second)
}

fn kill(world: &mut World, from: Pid, to: i64, signal: i64) {
    let event = world.syscall(
        from,
        Call::new("kill", vec![Arg::Int(to), Arg::Int(signal)]),
    );
    assert_eq!(event.result, Ok(0), "the signal may be sent");
}

fn is_running(world: &World, pid: Pid) -> bool {
    let event = world.clone().syscall(pid, Call::new("getpid", vec![]));
    event.result.is_ok()
}

#[test]
fn from_inside_of_the_namespace_nothing_ends_its_first_process() {
    let (mut world, first, second) = world();
    for signal in [SIGHUP, SIGTERM, SIGKILL] {
        kill(&mut world, second, 1, signal);
        assert!(is_running(&world, first), "signal {signal}");
    }
}

#[test]
fn from_outside_only_a_signal_that_cannot_be_caught_ends_it() {
    let (mut world, first, _) = world();
    kill(&mut world, INIT, i64::from(first.0), SIGTERM);
    assert!(is_running(&world, first), "it does not catch SIGTERM");
    kill(&mut world, INIT, i64::from(first.0), SIGKILL);
    assert!(!is_running(&world, first), "SIGKILL from outside ends it");
}

#[test]
fn another_process_ends_by_any_of_them() {
    let (mut world, first, second) = world();
    kill(&mut world, first, 2, SIGHUP);
    assert!(!is_running(&world, second));
}
