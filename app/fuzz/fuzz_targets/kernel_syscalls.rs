//! Sequences of calls made from any bytes, on one of three kernels, by a
//! confined or an unconfined task. After each call the world is sound, a
//! refused call has changed nothing but the log, and no label has widened under
//! `no_new_privs`; a second run from a snapshot gives the same answers and
//! comes to the same world.

#![no_main]

use std::sync::LazyLock;

use kernel::{
    Arg, Call, Entry, Errno, Event, Fate, INIT, K61, K73, K612, Pid, Settings, Verdict, World,
};
use libfuzzer_sys::fuzz_target;

const PROFILE: &str = "profile p flags=(attach_disconnected) {
  /** r, /tmp/** rwlkmix, /proc/** rw, deny /tmp/d/** w, audit /tmp/e/** rw,
  capability chown, capability sys_admin, capability setuid, mount, umount,
  pivot_root, network unix, signal, ptrace, change_profile -> q, userns,
}
profile q { /** rwix, signal, }
";

const PATHS: [&str; 20] = [
    "/tmp/a",
    "/tmp/b",
    "/tmp/d",
    "/tmp/d/x",
    "/tmp/l",
    "/tmp/e",
    "/",
    "",
    "..",
    ".",
    "tmp/../tmp/a/",
    "/proc/self/root/tmp",
    "/proc/self/fd/3",
    "/proc/self/attr/current",
    "/proc/self/attr/exec",
    "/dev/null",
    "/sys/kernel/security/apparmor/profiles",
    "tmpfs",
    "overlay",
    "lowerdir=/tmp/d,upperdir=/tmp/e,workdir=/tmp",
];

const TEXTS: [&str; 6] = [
    "changeprofile q",
    "stack q",
    "exec q",
    "exec p",
    "user.x",
    "security.capability",
];

/// The worlds that sequences begin in.
static WORLDS: LazyLock<Vec<(World, Pid)>> = LazyLock::new(|| {
    let compiled = apparmor::compile(
        "p",
        PROFILE,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    let mut worlds = Vec::new();
    for release in [&K61, &K612, &K73] {
        for confined in [false, true] {
            let mut world = World::boot(release, Settings::default());
            for (path, mode) in [("/tmp/a", 0o4755), ("/tmp/e/f", 0o644), ("/tmp/d/g", 0o600)] {
                world
                    .place_file(path, b"text", mode, 0, 0)
                    .expect("a fresh world takes a file");
            }
            world
                .place_symlink("/tmp/l", b"../tmp/a")
                .expect("a fresh world takes a link");
            let pid = world.fork(INIT).expect("the first process can fork");
            world.load_profiles(&compiled.profiles);
            if confined {
                enter(&mut world, pid);
            }
            assert_eq!(world.broken_invariant(), None);
            worlds.push((world, pid));
        }
    }
    worlds
});

fn enter(world: &mut World, pid: Pid) {
    let open = vec![
        Arg::from("/proc/self/attr/current"),
        Arg::Int(1),
        Arg::Int(0),
    ];
    let file = call(world, pid, "open", open).expect("the attribute opens");
    let write = vec![Arg::Int(file), Arg::from("changeprofile p"), Arg::Int(15)];
    call(world, pid, "write", write).expect("the profile is loaded");
    call(world, pid, "close", vec![Arg::Int(file)]).expect("the file is open");
}

fn call(world: &mut World, pid: Pid, name: &str, args: Vec<Arg>) -> Result<i64, Errno> {
    world.syscall(pid, Call::new(name, args)).result
}

/// Takes the input apart, byte by byte; zeros after its end.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn word(&mut self) -> i64 {
        i64::from_le_bytes(std::array::from_fn(|_| self.next()))
    }

    fn some(&mut self) -> Vec<u8> {
        let length = usize::from(self.next() % 40);
        (0..length).map(|_| self.next()).collect()
    }

    fn arg(&mut self) -> Arg {
        match self.next() % 16 {
            0..=4 => Arg::from(PATHS[usize::from(self.next()) % PATHS.len()]),
            5 => Arg::from(TEXTS[usize::from(self.next()) % TEXTS.len()]),
            6..=8 => Arg::Int(i64::from(self.next() % 8)),
            9 => Arg::Int(-100),
            10 => Arg::Int(1 << (self.next() % 32)),
            11 => Arg::Int(self.word()),
            12 => Arg::bytes(self.some()),
            13 => Arg::Room(usize::from(self.next())),
            14 => Arg::Strings([self.some().into(), self.some().into()].into()),
            _ => Arg::Message(self.some().into(), [i32::from(self.next() % 8)].into()),
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let names: Vec<&str> = kernel::call::known().collect();
    let mut bytes = Bytes(input);
    let start = usize::from(bytes.next()) % WORLDS.len();
    let (snapshot, first) = &WORLDS[start];
    let mut world = snapshot.clone();
    let mut calls = Vec::new();
    while !bytes.0.is_empty() && calls.len() < 48 {
        let number = usize::from(bytes.next()) | usize::from(bytes.next() & 1) << 8;
        let name = names[number % names.len()];
        let entry = match bytes.next() {
            0..=7 => Entry::I386,
            8..=9 => Entry::X32,
            10..=11 => Entry::Aarch64,
            _ => Entry::X86_64,
        };
        let args: Vec<Arg> = (0..bytes.next() % 7).map(|_| bytes.arg()).collect();
        // Mostly the first task, now and then one that it has made.
        let pid = Pid(first.0 + u32::from(bytes.next() / 100));
        calls.push((pid, Call::through(entry, name, args)));
    }
    let mut results = Vec::new();
    for (pid, call) in &calls {
        results.push(step(&mut world, *pid, call).result);
    }
    assert_eq!(world.broken_invariant(), None);
    let mut again = snapshot.clone();
    for ((pid, call), result) in calls.iter().zip(results) {
        assert_eq!(again.syscall(*pid, call.clone()).result, result);
    }
    assert!(world == again, "a second run comes to another world");
    assert_eq!(snapshot.broken_invariant(), None);
});

/// Makes one call and checks what must hold of it.
fn step(world: &mut World, pid: Pid, call: &Call) -> Event {
    let before = world.fingerprint();
    let bound = world
        .task(pid)
        .filter(|task| task.no_new_privs)
        .map(|task| {
            (
                task.credentials.label.clone(),
                world.label_text(pid).unwrap_or_default(),
            )
        });
    let event = world.syscall(pid, call.clone());
    let denied = event
        .gates
        .last()
        .is_some_and(|gate| matches!(gate.verdict, Verdict::Denied(_)));
    // A queue stays when its opening is refused (recorded: mqueue), and a
    // receiver's message is gone when a file in it is refused.
    let keeps = ["mq_open", "recvmsg"].contains(&&*event.call.name);
    if event.result.is_err() && denied && !keeps && event.fate == Fate::Lives {
        assert!(
            before == world.fingerprint(),
            "{} was refused and changed something",
            event.call
        );
    }
    if let (Some((label, text)), Some(task)) = (bound, world.task(pid))
        && text != "unconfined"
    {
        let now = task.credentials.label.profiles();
        assert!(
            label.profiles().iter().all(|profile| now.contains(profile)),
            "{} widened the label {text}",
            event.call
        );
    }
    event
}
