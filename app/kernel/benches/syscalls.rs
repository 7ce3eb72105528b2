//! How fast the simulated kernel answers, and what a clone costs.

#![expect(missing_docs, reason = "criterion's macro makes a public function")]

use std::fmt::Write as _;

use criterion::{Criterion, criterion_group, criterion_main};
use kernel::{Arg, Call, INIT, K612, Pid, Settings, World};

/// A confined task under a profile of 200 rules, in a world of 2,000 inodes.
fn container() -> (World, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    for number in 0..1900 {
        let path = format!("/usr/lib/d{}/f{number}", number % 40);
        world
            .place_file(&path, b"x", 0o644, 0, 0)
            .expect("a fresh world takes a file");
    }
    world
        .place_file("/a/b/c/d/e/f", b"x", 0o644, 0, 0)
        .expect("a fresh world takes a file");
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
    let open = vec![
        Arg::Int(-100),
        Arg::from("/proc/self/attr/current"),
        Arg::Int(1),
        Arg::Int(0),
    ];
    let file = world
        .syscall(pid, Call::new("openat", open))
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
    let open = vec![
        Arg::Int(-100),
        Arg::from("/a/b/c/d/e/f"),
        Arg::Int(0),
        Arg::Int(0),
    ];
    let call = Call::new("openat", open);
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
    let open = vec![
        Arg::Int(-100),
        Arg::from("/a/b/c/d/e/f"),
        Arg::Int(1),
        Arg::Int(0),
    ];
    let call = Call::new("openat", open);
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

criterion_group!(benches, openat, refused, clone);
criterion_main!(benches);
