//! Calls that enter by another door than that of 64-bit programs, and
//! operations that enter by none: those of `io_uring`.

use std::sync::Arc;

use kernel::{
    Answer, Arg, Call, Entry, Errno, GateKind, INIT, K61, K612, Pid, Release, Settings, Submission,
    Verdict, World, event::Event,
};

fn world(release: &'static Release) -> (World, Pid) {
    let mut world = World::boot(release, Settings::default());
    for directory in ["/ok", "/data"] {
        world
            .place_directory(directory, 0o755, 0, 0)
            .expect("a fresh world takes a directory");
    }
    world
        .place_file("/ok/f", b"text", 0o644, 0, 0)
        .expect("a fresh world takes a file");
    let pid = world.fork(INIT).expect("the first process can fork");
    (world, pid)
}

fn confine(world: &mut World, pid: Pid, text: &str) {
    let compiled = apparmor::compile(
        "p",
        text,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
    let file = open(world, pid, "/proc/self/attr/current").expect("it opens");
    assert_eq!(write(world, pid, file, "changeprofile p"), Ok(15));
}

/// Opens a file to write.
fn open(world: &mut World, pid: Pid, path: &str) -> Result<i64, Errno> {
    let args = vec![Arg::from(path), Arg::Int(1), Arg::Int(0)];
    call(world, pid, "open", args).result
}

fn write(world: &mut World, pid: Pid, file: i64, text: &str) -> Result<i64, Errno> {
    let length = i64::try_from(text.len()).expect("a short text");
    let args = vec![Arg::Int(file), Arg::from(text), Arg::Int(length)];
    call(world, pid, "write", args).result
}

fn call(world: &mut World, pid: Pid, name: &str, args: Vec<Arg>) -> Event {
    world.syscall(pid, Call::new(name, args))
}

fn ring(world: &mut World, pid: Pid) -> Result<i64, Errno> {
    let parameters = Arg::bytes([0; 120]);
    call(world, pid, "io_uring_setup", vec![Arg::Int(8), parameters]).result
}

fn submit(world: &mut World, pid: Pid, ring: i64, name: &str, args: Vec<Arg>) -> Event {
    let entry = Submission::new(name, args).expect("the model has the operation");
    let args = vec![
        Arg::Int(ring),
        Arg::Int(1),
        Arg::Int(1),
        Arg::Int(1),
        Arg::Submissions([entry].into()),
        Arg::Int(0),
    ];
    call(world, pid, "io_uring_enter", args)
}

#[test]
fn a_number_means_another_call_at_each_entry() {
    let named = |entry, number| Call::numbered(entry, number, [Arg::NULL; 0]).name;
    assert_eq!(named(Entry::X86_64, 83), "mkdir");
    assert_eq!(named(Entry::I386, 39), "mkdir");
    assert_eq!(named(Entry::I386, 83), "symlink");
    assert_eq!(named(Entry::Aarch64, 34), "mkdirat");
    assert_eq!(named(Entry::X32, 0x53 | 1 << 30), "mkdir");
}

#[test]
fn calls_of_32_bit_programs_do_what_they_have_become() {
    let (mut world, pid) = world(&K612);
    let mut enter = |name: &str, args: Vec<Arg>| {
        let event = world.syscall(pid, Call::through(Entry::I386, name, args));
        (event.result, event.answer)
    };
    assert_eq!(
        enter("mkdir", vec![Arg::from("/ok/d"), Arg::Int(0o755)]).0,
        Ok(0)
    );
    assert_eq!(
        enter(
            "truncate64",
            vec![Arg::from("/ok/f"), Arg::Int(2), Arg::Int(0)]
        )
        .0,
        Ok(0)
    );
    let (_, answer) = enter("stat64", vec![Arg::from("/ok/f"), Arg::Room(96)]);
    assert!(matches!(answer, Answer::Status(status) if status.size == 2));
    assert_eq!(
        enter("truncate", vec![Arg::from("/ok/f"), Arg::Int(0xffff_ffff)]).0,
        Err(Errno::EINVAL),
        "a length of 32 bits is signed"
    );
    let words = [1_u32, 1, 0].map(u32::to_le_bytes).concat();
    let socket = enter("socketcall", vec![Arg::Int(1), Arg::bytes(words)]).0;
    assert!(socket.is_ok(), "{socket:?}");
    assert_eq!(
        enter("umount", vec![Arg::from("/ok")]).0,
        Err(Errno::EINVAL)
    );
    assert_eq!(
        enter("stat", vec![Arg::Int(77), Arg::Room(96)]).0,
        Err(Errno::EFAULT)
    );
}

#[test]
fn an_entry_lacks_what_its_table_lacks() {
    let (mut world, pid) = world(&K612);
    let mkdir = |entry| Call::through(entry, "mkdir", vec![Arg::from("/ok/d"), Arg::Int(0o755)]);
    let event = world.syscall(pid, mkdir(Entry::Aarch64));
    assert_eq!(event.result, Err(Errno::ENOSYS));
    assert!(event.deciding().is_some(), "it says why");
    assert_eq!(
        world.syscall(pid, mkdir(Entry::X32)).result,
        Err(Errno::ENOSYS)
    );
    world.settings_mut().x32 = true;
    assert_eq!(world.syscall(pid, mkdir(Entry::X32)).result, Ok(0));
    let event = world.syscall(pid, Call::numbered(Entry::X86_64, 4095, [Arg::NULL; 0]));
    assert_eq!(event.result, Err(Errno::ENOSYS));
}

#[test]
fn apparmor_is_asked_about_an_operation_of_a_ring() {
    let (mut world, pid) = world(&K612);
    confine(
        &mut world,
        pid,
        "profile p { file, deny /data/** w, deny /data/ w, }",
    );
    let ring = ring(&mut world, pid).expect("a ring");
    let directory = |path: &str| vec![Arg::Int(-100), Arg::from(path), Arg::Int(0o755)];
    let event = submit(&mut world, pid, ring, "MKDIRAT", directory("/data/d"));
    assert_eq!(event.call.name, "io_uring_enter");
    assert_eq!(event.result, Ok(1), "the ring took it");
    let denied = -i64::from(Errno::EACCES.number());
    assert_eq!(event.answer, Answer::Completions(vec![denied]));
    let gate = event.deciding().expect("a gate refused it");
    assert_eq!(gate.kind, GateKind::AppArmor);
    assert_eq!(gate.verdict, Verdict::Denied(Errno::EACCES));
    let event = submit(&mut world, pid, ring, "MKDIRAT", directory("/ok/d"));
    assert_eq!(event.answer, Answer::Completions(vec![0]));
    assert!(world.locate("/ok/d").is_some());
    assert!(world.locate("/data/d").is_none());
}

#[test]
fn a_filter_sees_a_ring_being_entered_and_none_of_its_operations() {
    let (mut world, pid) = world(&K612);
    let text = br#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}"#;
    world
        .install_filter(pid, filter(text), false)
        .expect("the task runs");
    let directory = |path: &str| vec![Arg::Int(-100), Arg::from(path), Arg::Int(0o755)];
    let called = call(&mut world, pid, "mkdirat", directory("/ok/d"));
    assert_eq!(called.result, Err(Errno::EPERM));
    let ring = ring(&mut world, pid).expect("a ring");
    let event = submit(&mut world, pid, ring, "MKDIRAT", directory("/ok/d"));
    assert_eq!(event.answer, Answer::Completions(vec![0]));
    assert!(world.locate("/ok/d").is_some());
    let text = br#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["io_uring_enter"], "action": "SCMP_ACT_ERRNO"}]}"#;
    world
        .install_filter(pid, filter(text), false)
        .expect("the task runs");
    let event = submit(&mut world, pid, ring, "MKDIRAT", directory("/ok/e"));
    assert_eq!(event.result, Err(Errno::EPERM));
    assert!(world.locate("/ok/e").is_none());
}

fn filter(text: &[u8]) -> Arc<seccomp::Filter> {
    let context = seccomp::ReadContext::new(seccomp::Arch::X86_64);
    let Ok(seccomp::Reading::Profile(profile)) =
        seccomp::read(text, seccomp::Format::Oci, &context)
    else {
        panic!("the profile reads");
    };
    let options = seccomp::BuildOptions::new(seccomp::Arch::X86_64);
    Arc::new(seccomp::build(&profile, options).expect("the profile builds"))
}

#[test]
fn settings_of_the_gates_are_files_with_a_range() {
    let (mut old, pid) = world(&K61);
    let path = "/proc/sys/kernel/io_uring_disabled";
    let opened = open(&mut old, pid, path);
    assert_eq!(opened, Err(Errno::ENOENT), "6.1 has no such setting");
    let (mut world, pid) = world(&K612);
    let file = open(&mut world, pid, path).expect("it opens");
    assert_eq!(write(&mut world, pid, file, "3\n"), Err(Errno::EINVAL));
    assert_eq!(write(&mut world, pid, file, "no\n"), Err(Errno::EINVAL));
    assert_eq!(write(&mut world, pid, file, "2\n"), Ok(2));
    assert_eq!(ring(&mut world, pid), Err(Errno::EPERM));
    let file = open(&mut world, pid, "/proc/sys/kernel/yama/ptrace_scope").expect("it opens");
    assert_eq!(write(&mut world, pid, file, "3"), Ok(1));
    let lowered = write(&mut world, pid, file, "0");
    assert_eq!(lowered, Err(Errno::EINVAL), "it cannot be lowered again");
}

#[test]
fn a_ring_reads_writes_and_removes() {
    let (mut world, pid) = world(&K612);
    let ring = ring(&mut world, pid).expect("a ring");
    let mut one =
        |name: &str, args: Vec<Arg>| match submit(&mut world, pid, ring, name, args).answer {
            Answer::Completions(list) => list[0],
            other => panic!("{other:?}"),
        };
    let open = vec![Arg::Int(-100), Arg::from("/ok/f"), Arg::Int(2), Arg::Int(0)];
    let file = one("OPENAT", open);
    assert!(file >= 0);
    let write = vec![Arg::Int(file), Arg::from("TE"), Arg::Int(2), Arg::Int(0)];
    assert_eq!(one("WRITE", write), 2);
    let read = vec![Arg::Int(file), Arg::Room(9), Arg::Int(9), Arg::Int(-1)];
    assert_eq!(one("READ", read), 4);
    assert_eq!(one("CLOSE", vec![Arg::Int(file)]), 0);
    let link = vec![
        Arg::Int(-100),
        Arg::from("/ok/f"),
        Arg::Int(-100),
        Arg::from("/ok/g"),
    ];
    assert_eq!(one("LINKAT", link), 0);
    let unlink = vec![Arg::Int(-100), Arg::from("/ok/f"), Arg::Int(0)];
    assert_eq!(one("UNLINKAT", unlink), 0);
    assert_eq!(world.file_bytes("/ok/g"), Some(&b"TExt"[..]));
}

#[test]
fn rings_can_be_switched_off_from_6_6_on() {
    for (release, result) in [(&K61, Ok(0)), (&K612, Err(Errno::EPERM))] {
        let (mut world, pid) = world(release);
        world.settings_mut().io_uring_disabled = 2;
        assert_eq!(ring(&mut world, pid), result, "{}", release.name);
    }
}
