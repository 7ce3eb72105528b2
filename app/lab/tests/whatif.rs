//! Every change that is offered was made and run.

mod page;

use lab::message::RowOutcome;
use page::Page;

fn row(page: &Page, node: &str, sentence: &str) -> u32 {
    let trace = &page.node(node).trace;
    let row = trace.iter().rev().find(|row| row.sentence == sentence);
    row.unwrap_or_else(|| panic!("{}", page.trace(node))).id
}

#[test]
fn a_refused_call_passes_without_the_rule_without_the_profile_or_on_another_node() {
    let mut page = Page::open(page::lesson());
    let row = row(&page, "ubuntu", "touch opens /data/x to create it");
    insta::assert_snapshot!("refused_touch", page.what_if("ubuntu", Some(row)));
}

#[test]
fn an_allowed_call_is_refused_with_a_rule_a_field_or_on_another_node() {
    let mut page = Page::open(page::lesson());
    let row = row(
        &page,
        "ubuntu",
        "ln makes /data/note a second name of /tmp/note",
    );
    insta::assert_snapshot!("allowed_link", page.what_if("ubuntu", Some(row)));
}

#[test]
fn a_capability_is_offered_where_one_is_missing() {
    let mut page = Page::open(page::lesson());
    page.edit(
        "k8s-deny-data",
        "  network,",
        "  network,\n  capability,\n  mount,\n",
    );
    page.run("ubuntu", "kubectl exec writer -- mount -t tmpfs tmpfs /tmp");
    let trace = &page.node("ubuntu").trace;
    let row = trace
        .iter()
        .rev()
        .find(|row| row.call.starts_with("mount("));
    let row = row.expect("mount calls mount");
    assert_eq!(row.outcome, RowOutcome::Blocked);
    let id = row.id;
    let text = page.what_if("ubuntu", Some(id));
    assert!(
        text.contains("Add the capability SYS_ADMIN → = 0"),
        "{text}"
    );
}

#[test]
fn a_filter_is_opened_for_a_refused_call_and_closed_for_an_allowed_one() {
    let mut page = Page::open(page::lesson());
    page.only_seccomp();
    let refused = row(&page, "ubuntu", "mkdir makes the directory /data/d");
    insta::assert_snapshot!("refused_mkdir", page.what_if("ubuntu", Some(refused)));
    let allowed = row(&page, "ubuntu", "touch opens /data/x to create it");
    let text = page.what_if("ubuntu", Some(allowed));
    assert!(text.contains("Refuse `openat` in the filter"), "{text}");
}

#[test]
fn a_pod_that_is_refused_starts_with_another_field_or_on_another_node() {
    let mut page = Page::open(page::lesson());
    insta::assert_snapshot!("refused_pod", page.what_if("kind", None));
}

#[test]
fn a_profile_that_is_not_loaded_is_loaded_or_another_one_is_asked_for() {
    let mut page = Page::open(page::lesson());
    page.edit(
        "pod.yaml",
        "localhostProfile: k8s-deny-data",
        "localhostProfile: other",
    );
    insta::assert_snapshot!("profile_not_loaded", page.what_if("ubuntu", None));
}
