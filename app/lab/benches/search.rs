//! How fast the search for a way past the guards is, on the first lesson's pod.

#![expect(missing_docs, reason = "criterion's macro makes a public function")]

use criterion::{Criterion, criterion_group, criterion_main};
use lab::{
    desk::Desk,
    document,
    message::{
        AnswerOutcome, Ask, Attacker, Goal, PROTOCOL, Request, Response, SearchOrder, SearchState,
        SearchView,
    },
};
use std::{fs, path::Path, time::Instant};

/// System calls in a slice, as the worker drives it.
const SLICE: u64 = 5000;

fn ask(desk: &mut Desk, request: Request) {
    let answer = desk.answer(Ask {
        version: PROTOCOL,
        id: 1,
        request,
    });
    let AnswerOutcome::Response(_) = answer.outcome else {
        panic!("{answer:?}");
    };
}

/// A desk with the first lesson's lab.
fn lesson() -> Desk {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons/two-guards");
    let text = fs::read_to_string(folder.join("lab.yaml")).expect("the lesson has a lab");
    let document = document::read(&text, |path| fs::read_to_string(folder.join(path)).ok())
        .expect("the lab reads");
    let mut desk = Desk::default();
    ask(&mut desk, Request::open(document));
    desk
}

/// The whole space of attacks on the file in the pod's directory.
fn search(desk: &mut Desk, depth: u8) -> SearchView {
    let order = SearchOrder {
        goal: Goal::BytesChange {
            path: "/data/readme".to_owned(),
        },
        attacker: Attacker::Container {
            pod: String::new(),
            container: String::new(),
        },
        nodes: vec!["ubuntu".to_owned()],
        depth,
    };
    ask(desk, Request::Search { order });
    loop {
        let answer = desk.work(SLICE).expect("a search is under way");
        let AnswerOutcome::Response(Response::Search(view)) = answer.outcome else {
            panic!("not a search");
        };
        if view.state != SearchState::Running {
            assert_eq!(view.state, SearchState::NoneWithin, "{}", view.sentence);
            return *view;
        }
    }
}

fn first_lesson(criterion: &mut Criterion) {
    let mut desk = lesson();
    for depth in [4, 5, 6] {
        let begun = Instant::now();
        let view = search(&mut desk, depth);
        let seconds = begun.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more digits")]
        let rate = view.calls as f64 / seconds;
        println!(
            "depth {depth}: {} calls tried, {} different states, {} KB, {seconds:.3} s, {rate:.0} calls/s",
            view.calls,
            view.states,
            view.memory / 1024,
        );
    }
    let mut group = criterion.benchmark_group("search");
    group.sample_size(10);
    group.bench_function(
        "the first lesson's pod, all attacks of 4 calls",
        |bencher| {
            bencher.iter(|| search(&mut desk, 4));
        },
    );
    group.finish();
}

criterion_group!(benches, first_lesson);
criterion_main!(benches);
