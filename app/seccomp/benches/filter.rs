//! How long it takes to build the default filter, and to ask it; and how long
//! the programs of the defaults are, beside libseccomp's.

use std::hint::black_box;

use criterion::Criterion;
use seccomp::{
    Arch, BuildOptions, Format, ReadContext, Reading, SeccompData, build,
    defaults::{self, Runtime},
    read, syscalls,
};

fn filter(criterion: &mut Criterion) {
    let context = ReadContext::new(Arch::X86_64);
    let options = BuildOptions::new(Arch::X86_64);
    let default = defaults::of(Runtime::Containerd, (2, 3)).expect("known");
    let text = default.json(&context);
    let compile = || match read(text.as_bytes(), Format::Oci, &context) {
        Ok(Reading::Profile(profile)) => build(&profile, options).expect("builds"),
        other => panic!("{other:?}"),
    };
    let filter = compile();
    criterion.bench_function("compile containerd's default", |bencher| {
        bencher.iter(|| black_box(compile()));
    });
    for name in ["read", "clone", "uretprobe", "mount"] {
        let data = SeccompData {
            nr: syscalls::number(Arch::X86_64, name)
                .expect("exists")
                .cast_signed(),
            arch: Arch::X86_64.audit(),
            ..SeccompData::default()
        };
        criterion.bench_function(&format!("decide {name}"), |bencher| {
            bencher.iter(|| black_box(filter.decide(black_box(&data))));
        });
    }
    let data = SeccompData {
        nr: 0,
        arch: Arch::X86_64.audit(),
        ..SeccompData::default()
    };
    criterion.bench_function("decide read, with its reason", |bencher| {
        bencher.iter(|| black_box(filter.run(black_box(&data))));
    });
}

/// Prints the instructions of every default's program: libseccomp's as recorded, ours, and
/// ours with runc's prologue in front.
fn lengths() {
    let context = ReadContext::new(Arch::X86_64);
    let recorded: Vec<usize> = include_str!("../tests/fixtures/libseccomp_lengths.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit('\t').next()?.parse().ok())
        .collect();
    println!("default profile        libseccomp     ours   percent   with prologue");
    for (default, recorded) in defaults::all().zip(recorded) {
        let (profile, _) = default.resolve(&context);
        let length = |stub| {
            let options = BuildOptions {
                stub,
                ..BuildOptions::new(Arch::X86_64)
            };
            build(&profile, options).expect("builds").program.len()
        };
        let (major, minor) = default.since;
        println!(
            "{:<20} {recorded:>12} {:>8} {:>9} {:>15}",
            format!("{} {major}.{minor}", default.runtime.name()),
            length(false),
            length(false) * 100 / recorded,
            length(true)
        );
    }
    println!();
}

fn main() {
    lengths();
    let mut criterion = Criterion::default().configure_from_args();
    filter(&mut criterion);
    criterion.final_summary();
}
