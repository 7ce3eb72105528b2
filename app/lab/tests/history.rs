//! Looking back and going back: exact, whatever was done.

mod page;

use lab::message::WorldChangeKind;
use page::Page;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

/// Command lines that change files, processes, mounts and policy.
const LINES: [&str; 10] = [
    "kubectl exec writer -- touch /tmp/a",
    "kubectl exec writer -- touch /data/a",
    "kubectl exec writer -- mkdir /tmp/d",
    "kubectl exec writer -- ln /tmp/note /data/b",
    "kubectl exec writer -- mv /tmp/a /tmp/d",
    "kubectl exec writer -- rm /tmp/note",
    "echo hello > /root/file; cat /root/file",
    "cd /tmp; mkdir -p e; cd e",
    "apparmor_parser -R /etc/apparmor.d/k8s-deny-data",
    "apparmor_parser -r /etc/apparmor.d/k8s-deny-data",
];

fn few() -> TestRunner {
    TestRunner::new(Config {
        cases: 6,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn the_same_lines_give_the_same_trace_down_to_the_last_number() {
    few()
        .run(&prop::collection::vec(0..LINES.len(), 1..5), |lines| {
            let run = || {
                let mut page = Page::open(page::lesson());
                let said: Vec<_> = lines
                    .iter()
                    .map(|at| page.run("ubuntu", LINES[*at]))
                    .collect();
                (said, page.view)
            };
            prop_assert_eq!(run(), run());
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn going_back_and_doing_it_again_is_as_if_nothing_had_happened() {
    let lines = prop::collection::vec(0..LINES.len(), 1..5);
    few()
        .run(&(lines, 0_usize..5), |(lines, back)| {
            let mut page = Page::open(page::lesson());
            let mut starts = Vec::new();
            for at in &lines {
                starts.push(page.node("ubuntu").trace.len());
                page.run("ubuntu", LINES[*at]);
            }
            let rows: Vec<u32> = page.node("ubuntu").trace.iter().map(|row| row.id).collect();
            let worlds: Vec<_> = rows.iter().map(|row| page.look("ubuntu", *row)).collect();
            let after = page.view.clone();
            let back = back.min(lines.len() - 1);
            page.rewind("ubuntu", rows[starts[back]]);
            prop_assert_eq!(page.node("ubuntu").trace.len(), starts[back]);
            for at in &lines[back..] {
                page.run("ubuntu", LINES[*at]);
            }
            prop_assert_eq!(&page.view, &after);
            for (row, world) in rows.iter().zip(&worlds) {
                prop_assert_eq!(&page.look("ubuntu", *row), world);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn the_world_before_a_call_tells_what_the_call_will_change() {
    let mut page = Page::open(page::lesson());
    page.run("ubuntu", "kubectl exec writer -- touch /tmp/new");
    let row = page
        .node("ubuntu")
        .trace
        .iter()
        .find(|row| row.sentence == "touch opens /tmp/new to create it")
        .expect("touch creates the file")
        .id;
    let world = page.look("ubuntu", row);
    assert!(!world.tree.iter().any(|entry| entry.path == "/tmp/new"));
    let kinds: Vec<_> = world
        .changes
        .iter()
        .map(|change| (change.kind, change.about.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            (WorldChangeKind::Appeared, "/tmp/new"),
            (WorldChangeKind::Opened, "3")
        ]
    );
    let blocked = page
        .node("ubuntu")
        .trace
        .iter()
        .find(|row| row.answer == "EACCES");
    let blocked = blocked.expect("the workload was refused something").id;
    assert_eq!(
        page.look("ubuntu", blocked).changes,
        [],
        "a quiet refusal changes nothing"
    );
}

#[test]
fn a_world_lists_the_mounts_of_its_caller_from_the_call_on_that_makes_them() {
    let mut page = Page::open(page::lesson());
    page.run("ubuntu", "mount --bind /etc /tmp");
    let rows: Vec<u32> = page.node("ubuntu").trace.iter().map(|row| row.id).collect();
    let last = rows.last().expect("calls were made");
    let places = |page: &mut Page, row| -> Vec<String> {
        let mounts = page.look("ubuntu", row).mounts;
        mounts.into_iter().map(|mount| mount.at).collect()
    };
    let before = places(&mut page, rows[0]);
    assert!(before.contains(&"/".to_owned()), "{before:?}");
    assert!(!before.contains(&"/tmp".to_owned()), "{before:?}");
    let after = places(&mut page, last + 1);
    assert!(after.contains(&"/tmp".to_owned()), "{after:?}");
}
