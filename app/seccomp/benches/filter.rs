//! How long it takes to build the default filter, and to ask it.

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
    println!(
        "containerd's default: {} instructions",
        filter.program.len()
    );
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

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    filter(&mut criterion);
    criterion.final_summary();
}
