//! Searching in a lab, asked as the pages ask.

mod page;

use lab::message::{
    AnswerOutcome, Attacker, Goal, Request, Response, RowOutcome, SearchOrder, SearchState,
};
use page::Page;
use std::fmt::Write as _;

fn order(goal: Goal, depth: u8) -> SearchOrder {
    SearchOrder {
        goal,
        attacker: Attacker::Container {
            pod: String::new(),
            container: String::new(),
        },
        nodes: Vec::new(),
        depth,
    }
}

fn readme_changes() -> Goal {
    Goal::BytesChange {
        path: "/data/readme".to_owned(),
    }
}

fn file_appears() -> Goal {
    Goal::FileAppears {
        directory: "/data".to_owned(),
    }
}

#[test]
fn the_pod_of_the_first_lesson_keeps_its_file_from_three_calls() {
    let mut page = Page::open(page::lesson());
    let found = page.search(order(readme_changes(), 3));
    assert_eq!(found.state, SearchState::NoneWithin, "{}", found.sentence);
    insta::assert_snapshot!("none_within", found.sentence);
}

#[test]
fn a_link_into_the_directory_is_found_and_replays_with_its_gates() {
    let mut page = Page::open(page::lesson());
    let found = page.search(order(file_appears(), 3));
    assert_eq!(found.state, SearchState::Found, "{}", found.sentence);
    let attack = found.attack.expect("an attack was found");
    let mut story = format!("{}\n{}\n", found.sentence, attack.script.join("\n"));
    for row in &attack.steps {
        let _ = writeln!(story, "{} → {}", row.sentence, row.answer);
        for gate in &row.gates {
            let _ = writeln!(
                story,
                "    {:?} {:?}: {}",
                gate.gate, gate.verdict, gate.sentence
            );
        }
    }
    // Which inode it is depends on what else lies on the node.
    let words = story.split("inode ").enumerate();
    let story: String = words
        .map(|(index, part)| match index {
            0 => part.to_owned(),
            _ => format!(
                "inode N{}",
                part.trim_start_matches(|c: char| c.is_ascii_digit())
            ),
        })
        .collect();
    insta::assert_snapshot!("link_into_data", story);
    page.replay();
    let row = page
        .node("ubuntu")
        .trace
        .last()
        .expect("the trace has rows");
    assert_eq!(row.command, lab::session::ATTACK);
    assert_eq!(row.outcome, RowOutcome::Allowed);
    let (output, _) = page.run("ubuntu", "kubectl exec writer -- ls /data");
    assert!(output.contains('x'), "{output}");
}

#[test]
fn an_attacker_who_may_choose_the_node_finds_the_one_that_says_nothing() {
    let mut page = Page::open(page::lesson());
    // Nothing asked for: on ubuntu the runtime's own profile, on kind none, silently.
    page.edit(
        "pod.yaml",
        "    appArmorProfile:\n      type: Localhost\n      localhostProfile: k8s-deny-data\n",
        "",
    );
    let found = page.search(order(Goal::Unconfined, 3));
    assert_eq!(found.state, SearchState::Found, "{}", found.sentence);
    let attack = found.attack.expect("an attack was found");
    assert_eq!(attack.node, "kind");
    assert_eq!(found.nodes.len(), 2);
    insta::assert_snapshot!("silent_node", found.sentence);
}

#[test]
fn a_pod_that_does_not_run_cannot_be_attacked() {
    let mut page = Page::open(page::lesson());
    let mut order = order(readme_changes(), 2);
    order.nodes = vec!["kind".to_owned()];
    let found = page.search(order);
    assert_eq!(found.state, SearchState::Impossible);
    insta::assert_snapshot!("refused_pod", found.sentence);
}

#[test]
fn a_goal_about_a_file_that_is_not_there_is_told_so() {
    let mut page = Page::open(page::lesson());
    let goal = Goal::BytesChange {
        path: "/nowhere".to_owned(),
    };
    let mut order = order(goal, 2);
    order.nodes = vec!["ubuntu".to_owned()];
    let found = page.search(order);
    assert_eq!(found.state, SearchState::Impossible);
    assert_eq!(found.sentence, "The attacker sees no /nowhere.");
}

#[test]
fn a_search_ends_when_it_is_stopped_and_when_the_files_change() {
    let mut page = Page::open(page::lesson());
    let last = |page: &mut Page| {
        let view = loop {
            // What would turn refusals round is told before.
            match page.work().expect("a last word").outcome {
                AnswerOutcome::Response(Response::Search(view)) => break view,
                AnswerOutcome::Response(Response::Changed(_)) => {}
                other => panic!("not a search: {other:?}"),
            }
        };
        assert!(page.work().is_none());
        (view.state, view.sentence)
    };
    let deep = || Request::Search {
        order: order(readme_changes(), 6),
    };
    page.ask(deep());
    assert!(page.work().is_some());
    page.ask(Request::StopSearch);
    let (state, sentence) = last(&mut page);
    assert_eq!(state, SearchState::Stopped);
    assert!(
        sentence.starts_with("The search was stopped."),
        "{sentence}"
    );
    page.ask(deep());
    page.ask(Request::Edit {
        path: "k8s-deny-data".to_owned(),
        text: "profile k8s-deny-data {}\n".to_owned(),
    });
    assert_eq!(last(&mut page).0, SearchState::Stopped);
}

#[test]
fn the_alphabet_is_listed_for_the_reference_page() {
    let mut page = Page::open(page::lesson());
    let Response::Alphabet { letters, left_out } = page.ask(Request::Alphabet) else {
        panic!("not the alphabet");
    };
    let mut text = String::new();
    for letter in letters {
        let _ = writeln!(
            text,
            "{} ({}) on {}",
            letter.does,
            letter.calls.join(", "),
            letter.on
        );
    }
    let _ = writeln!(text, "\nNot tried:\n{}", left_out.join("\n"));
    insta::assert_snapshot!("alphabet", text);
}
