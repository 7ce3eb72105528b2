//! What the components look like, state by state: the HTML that they render.

use lab::message::{ChainVerdict, GateVerdict, NodeView, Outcome, RowOutcome, View};
use leptos::prelude::*;
use site::component::{Badge, Mark, NodeCard, Row, diagnostics};

/// The sample view that the engine's crate keeps beside its messages.
fn sample() -> View {
    serde_json::from_str(include_str!("../../lab/tests/fixtures/view.json"))
        .expect("the sample fits the types")
}

fn node(outcome: Outcome) -> NodeView {
    sample()
        .nodes
        .into_iter()
        .find(|node| node.outcome == outcome)
        .expect("the sample has such a node")
}

/// Renders a component; one element per line, so that a difference is small.
fn html<T: IntoView + 'static>(make: impl FnOnce() -> T) -> String {
    let owner = Owner::new();
    let html = owner.with(|| make().into_view().to_html());
    owner.cleanup();
    html.replace("<!>", "").replace("><", ">\n<")
}

#[test]
fn a_badge_is_an_icon_and_a_word_for_every_outcome() {
    let marks = [
        Mark::Allowed,
        Mark::Blocked,
        Mark::Failed,
        Mark::Enforced,
        Mark::Unconfined,
        Mark::Refused,
        Mark::Silent,
        Mark::Invalid,
    ];
    let badges: Vec<_> = marks
        .into_iter()
        .map(|mark| html(move || view! { <Badge mark /> }))
        .collect();
    insta::assert_snapshot!(badges.join("\n\n"));
}

#[test]
fn a_node_that_enforces_shows_both_rails_arriving() {
    insta::assert_snapshot!(html(
        || view! { <NodeCard node=Some(node(Outcome::Enforced)) /> }
    ));
}

#[test]
fn a_node_that_refuses_quotes_the_component_that_stopped_the_pod() {
    insta::assert_snapshot!(html(
        || view! { <NodeCard node=Some(node(Outcome::RefusedToStart)) /> }
    ));
}

#[test]
fn a_silently_unprotected_node_shows_where_the_profile_was_dropped() {
    let mut node = node(Outcome::Enforced);
    node.outcome = Outcome::SilentlyUnprotected;
    node.chain[4].verdict = ChainVerdict::Dropped;
    node.chain[5].verdict = ChainVerdict::NothingAsked;
    node.chain[6].verdict = ChainVerdict::NothingAsked;
    insta::assert_snapshot!(html(|| view! { <NodeCard node=Some(node) folded=true /> }));
}

#[test]
fn a_blocked_call_shows_its_gates_rule_and_smallest_change() {
    let view = sample();
    let files = view.files.iter();
    let files: Vec<_> = files
        .map(|file| (file.path.clone(), file.text.clone()))
        .collect();
    let row = view.nodes[0]
        .trace
        .iter()
        .find(|row| row.outcome == RowOutcome::Blocked)
        .expect("the sample has a blocked call")
        .clone();
    insta::assert_snapshot!(html(move || {
        let files = Callback::new(move |()| files.clone());
        view! { <Row row=Some(row) node="ubuntu" alarm=false files /> }
    }));
}

#[test]
fn a_call_that_nobody_guarded_is_an_alarm_only_on_a_silently_unprotected_node() {
    let mut row = sample().nodes[0].trace[0].clone();
    for gate in &mut row.gates {
        gate.verdict = GateVerdict::NoProfile;
    }
    let show = |alarm| {
        let row = row.clone();
        html(move || {
            let files = Callback::new(|()| Vec::new());
            view! { <Row row=Some(row) node="kind" alarm files /> }
        })
    };
    assert!(show(true).contains(r#"data-outcome="silently unprotected""#));
    assert!(show(false).contains(r#"data-outcome="allowed""#));
    assert!(!show(false).contains("missing"));
}

#[test]
fn a_diagnostic_names_its_place_and_says_why() {
    let file = sample()
        .files
        .into_iter()
        .find(|file| !file.diagnostics.is_empty())
        .expect("the sample has a diagnostic");
    insta::assert_snapshot!(diagnostics(&file).0.replace("><", ">\n<"));
}
