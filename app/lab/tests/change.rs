//! What an edit's answer carries, and what follows it.

mod page;

use lab::{
    desk::Desk,
    message::{
        AnswerOutcome, Ask, Changed, NodeChange, NodeView, Outcome, PROTOCOL, Request, Response,
        RowOutcome,
    },
};
use page::{Page, lesson};
use proptest::prelude::*;
use std::sync::LazyLock;

const PROFILE: &str = "k8s-deny-data";

fn ask(desk: &mut Desk, request: Request) -> Response {
    let ask = Ask {
        version: PROTOCOL,
        id: 1,
        request,
    };
    match desk.answer(ask).outcome {
        AnswerOutcome::Response(response) => response,
        AnswerOutcome::Error(failure) => panic!("{}", failure.message),
    }
}

/// The lesson's lab, open, and the answer to an edit of its profile.
fn edited(from: &str, to: &str) -> (Desk, Changed) {
    let mut desk = Desk::default();
    let document = lesson();
    let file = document.files.iter().find(|file| file.path == PROFILE);
    let text = file
        .expect("the lab has the profile")
        .text
        .replace(from, to);
    ask(&mut desk, Request::open(document));
    let edit = Request::Edit {
        path: PROFILE.to_owned(),
        text,
    };
    match ask(&mut desk, edit) {
        Response::Changed(changed) => (desk, changed),
        other => panic!("not a change: {other:?}"),
    }
}

#[test]
fn a_comment_changes_the_file_alone() {
    let (_, changed) = edited("\n}", "\n  # nothing\n}");
    assert_eq!(changed.files.len(), 1);
    for node in &changed.nodes {
        assert!(node.outcome.is_none() && node.chain.is_none() && node.log.is_none());
        let rules = node.rows.iter().map(|row| &row.evidence);
        assert!(rules.into_iter().all(|evidence| evidence.change.is_none()));
    }
}

#[test]
fn an_edited_file_is_told_even_when_nothing_about_it_is_new() {
    let (_, changed) = edited("", "");
    assert_eq!(changed.files.len(), 1);
    assert_eq!(changed.files[0].path, PROFILE);
}

#[test]
fn verdicts_come_first_and_what_would_turn_them_round_follows() {
    let (mut desk, changed) = edited("deny /data/** w,", "deny /data/** wl,");
    let explained = |nodes: &[NodeChange]| -> Vec<bool> {
        let rows = nodes.iter().flat_map(|node| &node.rows);
        rows.filter(|row| row.outcome == RowOutcome::Blocked)
            .map(|row| row.evidence.change.is_some())
            .collect()
    };
    assert_eq!(explained(&changed.nodes), [false; 3]);
    let later = desk.work(1).expect("there is something to tell");
    let AnswerOutcome::Response(Response::Changed(later)) = later.outcome else {
        panic!("not a change");
    };
    assert_eq!(explained(&later.nodes), [true; 3]);
    assert!(later.files.is_empty());
    assert_eq!(desk.work(1), None);
}

#[test]
fn a_row_behind_a_gap_is_passed_over() {
    let node = &*NODE;
    let mut last = node.trace.last().expect("the workload made calls").clone();
    last.step += 7;
    let mut after = node.clone();
    NodeChange {
        id: node.id.clone(),
        calls: node.trace.len(),
        rows: vec![last],
        ..NodeChange::default()
    }
    .apply(&mut after);
    assert_eq!(after, *node);
}

static NODE: LazyLock<NodeView> = LazyLock::new(|| Page::open(lesson()).node("ubuntu").clone());

/// A state of a node: the lesson's, with some of its parts taken away.
fn state(parts: (usize, bool, bool, bool)) -> NodeView {
    let (calls, refused, forgetful, silent) = parts;
    let mut state = NODE.clone();
    state.trace.truncate(calls);
    if refused {
        state.outcome = Outcome::RefusedToStart;
        state.sentence = String::from("It did not start.");
        state.chain.pop();
    }
    if forgetful {
        state.profiles.clear();
    }
    if silent {
        state.log.clear();
        for row in &mut state.trace {
            row.evidence.audit = None;
        }
    }
    state
}

proptest! {
    #[test]
    fn the_change_between_two_states_makes_one_of_the_other(
        before in (0_usize..6, any::<bool>(), any::<bool>(), any::<bool>()),
        after in (0_usize..6, any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let (mut before, after) = (state(before), state(after));
        match NodeChange::between(&before, &after) {
            Some(change) => change.apply(&mut before),
            None => prop_assert_eq!(&before, &after),
        }
        prop_assert_eq!(before, after);
    }
}
