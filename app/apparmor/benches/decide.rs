//! How fast a compiled policy answers.

mod processor;

use std::{fmt::Write as _, hint::black_box};

use apparmor::{FilePermissions, Options, SourceSet, compile};
use criterion::Criterion;

/// A path of 40 bytes.
const PATH: &[u8] = b"/srv/app117/releases.d/current/etc/a.yml";

/// A profile of 200 rules, some of which match the path.
fn policy() -> String {
    let mut text = String::from("profile p {\n  /srv/** r,\n  deny /srv/**/secret w,\n");
    for number in 0..198 {
        let _ = writeln!(text, "  owner /srv/app{number}/*.d/** rw,");
    }
    text.push('}');
    text
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let compiled = compile("p", &policy(), &SourceSet::new(), &Options::default());
    let profile = compiled.profiles.first().expect("the policy compiles");
    assert_eq!(PATH.len(), 40);
    let allowed = profile.file(PATH, FilePermissions::WRITE, true);
    assert!(allowed.allowed() && allowed.rules.len() == 1);
    criterion.bench_function("one file decision on a path of 40 bytes", |bencher| {
        bencher.iter(|| profile.file(black_box(PATH), FilePermissions::READ, true));
    });
    criterion.bench_function("the same refused", |bencher| {
        bencher.iter(|| profile.file(black_box(PATH), FilePermissions::WRITE, false));
    });
    criterion.bench_function("the first decision of a fresh profile", |bencher| {
        bencher.iter_batched(
            || compile("p", &policy(), &SourceSet::new(), &Options::default()),
            |compiled| compiled.profiles[0].file(PATH, FilePermissions::READ, true),
            criterion::BatchSize::SmallInput,
        );
    });
    criterion.final_summary();
    if std::env::args().all(|argument| argument != "--test") {
        let time =
            processor::time_of(|| profile.file(black_box(PATH), FilePermissions::READ, true));
        println!("one file decision on a path of 40 bytes: {time:?} of processor time");
    }
}
