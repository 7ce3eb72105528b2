//! From an edit to its verdicts, as the worker answers it: a request in JSON
//! in, an answer in JSON out. The goals in the browser are 4 ms at the 95th
//! percentile for the first lesson's lab and 50 ms for 2,000 rules.

#![allow(missing_docs, reason = "the macros of criterion make items without")]

use criterion::{Criterion, criterion_group, criterion_main};
use lab::{
    desk::Desk,
    document::{self, Document},
    message::{Ask, PROTOCOL, Request},
};
use std::{fmt::Write as _, fs, hint::black_box, path::Path};

const PROFILE: &str = "k8s-deny-data";

fn lesson() -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons/two-guards");
    let text = fs::read_to_string(folder.join("lab.yaml")).expect("the lesson has a lab");
    document::read(&text, |path| fs::read_to_string(folder.join(path)).ok()).expect("the lab reads")
}

/// The lab with so many rules more in its profile.
fn with_rules(count: usize) -> Document {
    let mut document = lesson();
    let mut rules = String::new();
    for number in 0..count {
        let folder = number % 97;
        let _ = writeln!(rules, "  /srv/app{folder}/data{number}/** r,");
    }
    let file = document
        .files
        .iter_mut()
        .find(|file| file.path == PROFILE)
        .expect("the lab has the profile");
    let end = file.text.rfind('}').expect("it ends in a brace");
    file.text.insert_str(end, &rules);
    document
}

fn ask(desk: &mut Desk, request: Request) -> String {
    let ask = Ask {
        version: PROTOCOL,
        id: 1,
        request,
    };
    desk.answer_json(&serde_json::to_string(&ask).expect("a request is JSON"))
}

/// Two texts that differ in a verdict, one after the other.
fn edits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("edit");
    group.sample_size(50);
    for (name, document) in [
        ("the first lesson's lab", lesson()),
        ("a profile of 2,000 rules", with_rules(2_000)),
    ] {
        let text = document
            .files
            .iter()
            .find(|file| file.path == PROFILE)
            .map(|file| file.text.clone())
            .expect("the lab has the profile");
        let other = text.replace("deny /data/** w,", "deny /data/** wl,");
        let mut desk = Desk::default();
        ask(&mut desk, Request::open(document));
        let mut texts = [other, text].into_iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = Request::Edit {
                    path: PROFILE.to_owned(),
                    text: texts.next().unwrap_or_default(),
                };
                black_box(ask(&mut desk, request))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, edits);
criterion_main!(benches);
