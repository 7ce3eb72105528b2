//! Input that no sensible program hands over: the kernel's errno, and never a
//! panic.

use kernel::{Arg, Call, Errno, INIT, K612, Pid, Settings, World};

fn world() -> (World, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    let pid = world.fork(INIT).expect("the first process can fork");
    (world, pid)
}

fn call(world: &mut World, pid: Pid, name: &str, args: Vec<Arg>) -> Result<i64, Errno> {
    world.syscall(pid, Call::new(name, args)).result
}

#[test]
fn wild_pointers_are_efault_and_stop_no_call() {
    let (world, pid) = world();
    for name in kernel::call::known() {
        for pointer in [0, 1, -1, i64::MIN, i64::MAX, 0xdead_beef] {
            let mut world = world.clone();
            let _ = call(&mut world, pid, name, vec![Arg::Int(pointer); 6]);
            assert_eq!(world.broken_invariant(), None, "{name}");
        }
    }
    for name in [
        "open", "stat", "mkdir", "unlink", "chmod", "truncate", "chdir",
    ] {
        let mut world = world.clone();
        let wild = vec![Arg::Int(0xdead_beef), Arg::Int(0), Arg::Int(0)];
        assert_eq!(
            call(&mut world, pid, name, wild),
            Err(Errno::EFAULT),
            "{name}"
        );
    }
}

#[test]
fn a_name_may_have_any_bytes_but_two() {
    let (mut world, pid) = world();
    for byte in (1..=255_u8).filter(|byte| *byte != b'/' && *byte != b'.') {
        let path = [&b"/tmp/"[..], &[byte]].concat();
        let made = call(
            &mut world,
            pid,
            "mkdir",
            vec![Arg::bytes(&path), Arg::Int(0o755)],
        );
        assert_eq!(made, Ok(0), "byte {byte}");
    }
    assert_eq!(world.broken_invariant(), None);
}

#[test]
fn long_paths_and_names_are_refused_and_deep_ones_walked() {
    let (mut world, pid) = world();
    let name = vec![b'x'; 256];
    let path = [&b"/tmp/"[..], &name].concat();
    let made = call(
        &mut world,
        pid,
        "mkdir",
        vec![Arg::bytes(&path), Arg::Int(0o755)],
    );
    assert_eq!(made, Err(Errno::ENAMETOOLONG));
    for _ in 0..3000 {
        let down = vec![Arg::from("d"), Arg::Int(0o755)];
        assert_eq!(call(&mut world, pid, "mkdir", down), Ok(0));
        assert_eq!(call(&mut world, pid, "chdir", vec![Arg::from("d")]), Ok(0));
    }
    let moved = vec![Arg::from("/d"), Arg::from("/tmp/e")];
    assert_eq!(call(&mut world, pid, "rename", moved), Ok(0));
    assert_eq!(world.broken_invariant(), None);
}

#[test]
fn thousands_of_mounts_stand_on_one_another() {
    let (mut world, pid) = world();
    for _ in 0..2000 {
        let tmpfs = [Arg::from("none"), Arg::from("/tmp"), Arg::from("tmpfs")];
        let args = [&tmpfs[..], &[Arg::Int(0), Arg::NULL]].concat();
        assert_eq!(call(&mut world, pid, "mount", args), Ok(0));
    }
    let made = call(
        &mut world,
        pid,
        "mkdir",
        vec![Arg::from("/tmp/x"), Arg::Int(0o755)],
    );
    assert_eq!(made, Ok(0));
    assert_eq!(world.broken_invariant(), None);
}
