//! The first lesson's lab, asked as the pages ask it.

mod page;

use lab::{
    document::DocumentFile,
    message::{Language, Outcome, RowOutcome},
};
use page::Page;

#[test]
fn the_two_nodes_answer_the_same_pod_differently() {
    let page = Page::open(page::lesson());
    assert_eq!(
        page.node("ubuntu").outcome,
        Outcome::Enforced,
        "{}",
        page.node("ubuntu").sentence
    );
    assert_eq!(page.node("kind").outcome, Outcome::RefusedToStart);
    insta::assert_snapshot!("ubuntu_trace", page.trace("ubuntu"));
    assert_eq!(page.trace("kind"), "");
}

#[test]
fn without_the_deny_line_the_file_is_made() {
    let mut page = Page::open(page::lesson());
    page.edit("k8s-deny-data", "deny /data/** w,", "");
    let touch = page
        .node("ubuntu")
        .trace
        .iter()
        .find(|row| row.call.contains("openat"));
    assert_eq!(touch.map(|row| row.outcome), Some(RowOutcome::Allowed));
}

#[test]
fn a_pod_that_asks_for_nothing_runs_unprotected_where_there_is_no_apparmor() {
    let mut page = Page::open(page::lesson());
    page.edit(
        "pod.yaml",
        "    appArmorProfile:\n      type: Localhost\n      localhostProfile: k8s-deny-data\n",
        "",
    );
    assert_eq!(
        page.node("kind").outcome,
        Outcome::SilentlyUnprotected,
        "{}",
        page.node("kind").sentence
    );
    insta::assert_snapshot!("kind_unprotected_trace", page.trace("kind"));
}

#[test]
fn a_name_that_no_file_has_is_remarked_on_where_the_profile_is_named() {
    let mut page = Page::open(page::lesson());
    page.edit(
        "pod.yaml",
        "localhostProfile: k8s-deny-data",
        "localhostProfile: k8s-deny-date",
    );
    let found = &page.file("k8s-deny-data").diagnostics;
    let [found] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(found.title.contains("`k8s-deny-date`"), "{found:?}");
    let fix = found.fix.as_ref().expect("it can be named so");
    assert_eq!(fix.edits[0].text, "k8s-deny-date");
    page.edit("pod.yaml", "k8s-deny-date", "k8s-deny-data");
    assert!(page.file("k8s-deny-data").diagnostics.is_empty());
}

#[test]
fn the_kubelet_refuses_a_profile_that_the_host_cannot_enforce() {
    let mut page = Page::open(page::lesson());
    let kind = page.node("kind");
    let refused = kind
        .chain
        .iter()
        .find(|step| step.decided)
        .expect("a step decided");
    assert_eq!(refused.component, "kubelet");
    assert!(
        refused
            .words
            .contains("Cannot enforce AppArmor: AppArmor is not enabled on the host"),
        "{}",
        refused.words
    );
    let (output, exit) = page.run(
        "kind",
        "kubectl get pods; kubectl exec writer -- touch /data/x",
    );
    assert_eq!(exit, 1);
    insta::assert_snapshot!("kind_kubectl", output);
}

#[test]
fn a_filter_that_forbids_mkdir_lets_touch_pass() {
    let mut page = Page::open(page::lesson());
    page.only_seccomp();
    insta::assert_snapshot!("seccomp_trace", page.trace("kind"));
    let file = page
        .view
        .files
        .iter()
        .find(|file| file.path == "no-mkdir.json");
    assert!(
        file.is_some_and(|file| !file.deciding.is_empty()),
        "the filter's entry is marked"
    );
}

#[test]
fn a_file_that_a_profile_includes_counts_from_the_start_and_after_each_edit() {
    let mut lesson = page::lesson();
    lesson.files.push(DocumentFile {
        path: "local".to_owned(),
        language: Language::AppArmor,
        node_path: "/etc/apparmor.d/local/deny-data".to_owned(),
        editable: true,
        text: "deny /data/** w,\n".to_owned(),
        solution: None,
    });
    let mut page = Page::open(lesson);
    let touched = |page: &Page| {
        let trace = &page.node("ubuntu").trace;
        let touch = trace.iter().find(|row| row.call.contains("openat"));
        touch.map(|row| row.outcome)
    };
    assert_eq!(page.file("local").diagnostics, []);
    page.edit(
        "k8s-deny-data",
        "deny /data/** w,",
        "include if exists <local/deny-data>",
    );
    assert_eq!(touched(&page), Some(RowOutcome::Blocked));
    page.edit("local", "/data/**", "/date/**");
    assert_eq!(touched(&page), Some(RowOutcome::Allowed));
    page.edit("local", "w,", "w");
    let found = &page.file("local").diagnostics;
    assert!(found[0].title.contains("comma"), "{found:?}");
    assert_eq!(found[0].line, 1);
    assert_eq!(page.file("k8s-deny-data").diagnostics.len(), 1);
}
