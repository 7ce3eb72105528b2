//! How fast the simulated kernel answers, what a clone costs, and how much memory a large world
//! takes.

#![expect(missing_docs, reason = "criterion's macro makes a public function")]

use std::fmt::Write as _;

use criterion::{BatchSize, Criterion, criterion_group};
use kernel::{Arg, Call, INIT, K612, Pid, Settings, World};

/// How many files are opened before the next fresh world.
const OPENED: usize = 100;

/// Six components.
const PATH: &str = "/a/b/c/d/e/f";

/// Puts a small file into a world.
fn place(world: &mut World, path: &str) {
    world
        .place_file(path, b"x", 0o644, 0, 0)
        .expect("a world takes a file");
}

/// `openat` with these flags.
fn open(path: &str, flags: i64) -> Call {
    let args = vec![
        Arg::Int(-100),
        Arg::from(path),
        Arg::Int(flags),
        Arg::Int(0),
    ];
    Call::new("openat", args)
}

/// A confined task under a profile of 200 rules, in a world of 2,000 inodes.
fn container() -> (World, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    for number in 0..1900 {
        let path = format!("/usr/lib/d{}/f{number}", number % 40);
        place(&mut world, &path);
    }
    place(&mut world, PATH);
    let mut text = String::from("profile p {\n  /a/** r,\n  /proc/** rw,\n");
    for number in 0..198 {
        writeln!(text, "  /srv/app{number}/*.d/** rw,").expect("a string takes text");
    }
    text.push('}');
    let compiled = apparmor::compile(
        "p",
        &text,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
    let pid = world.fork(INIT).expect("the first process can fork");
    let file = world
        .syscall(pid, open("/proc/self/attr/current", 1))
        .result
        .expect("the attribute opens");
    let write = vec![Arg::Int(file), Arg::from("changeprofile p"), Arg::Int(15)];
    world
        .syscall(pid, Call::new("write", write))
        .result
        .expect("the profile is loaded");
    world
        .syscall(pid, Call::new("close", [file]))
        .result
        .expect("the file is open");
    (world, pid)
}

fn openat(criterion: &mut Criterion) {
    let (mut world, pid) = container();
    let call = open(PATH, 0);
    let before = world.clone();
    criterion.bench_function("100 openat, 200 rules, 6 components", |bencher| {
        bencher.iter_batched_ref(
            || before.clone(),
            |world| {
                for _ in 0..OPENED {
                    world
                        .syscall(pid, call.clone())
                        .result
                        .expect("the profile allows it");
                }
            },
            BatchSize::SmallInput,
        );
    });
    criterion.bench_function("openat and close, 200 rules, 6 components", |bencher| {
        bencher.iter(|| {
            let file = world
                .syscall(pid, call.clone())
                .result
                .expect("the profile allows it");
            world.syscall(pid, Call::new("close", [file])).result
        });
    });
}

fn refused(criterion: &mut Criterion) {
    let (mut world, pid) = container();
    let call = open(PATH, 1);
    criterion.bench_function("openat refused with a record", |bencher| {
        bencher.iter(|| world.syscall(pid, call.clone()).result);
    });
}

fn clone(criterion: &mut Criterion) {
    let (world, _) = container();
    criterion.bench_function("clone of a world of 2,000 inodes", |bencher| {
        bencher.iter(|| world.clone());
    });
}

/// The resident memory of this process, in bytes (`VmRSS` of `/proc/self/status`).
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        field.and_then(|field| field.trim_end_matches("kB").trim().parse::<usize>().ok());
    1024 * kilobytes.expect("a Linux that counts memory")
}

/// What a world of 100,000 inodes takes, with a clone of it in which every directory was changed.
fn memory() {
    let before = resident();
    let mut world = World::boot(&K612, Settings::default());
    for number in 0..100_000 {
        let path = format!("/srv/d{}/file-number-{number}", number % 1000);
        place(&mut world, &path);
    }
    let alone = resident() - before;
    let mut other = world.clone();
    for number in 0..1000 {
        place(&mut other, &format!("/srv/d{number}/new"));
    }
    let both = resident() - before;
    println!(
        "100,000 inodes: {} MB, with a changed clone {} MB",
        alone >> 20,
        both >> 20
    );
}

criterion_group!(benches, openat, refused, clone);

fn main() {
    memory();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
