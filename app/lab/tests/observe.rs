//! Observe, converge, enforce, as the pages ask for it.

mod page;

use lab::message::{Observation, Request, Response, Width};
use page::Page;

/// The first lesson's pod under a profile that allows reading and little else.
fn page() -> Page {
    let mut page = Page::open(page::lesson());
    page.edit("k8s-deny-data", "  file,  ", "  /** rmix,");
    page.edit("k8s-deny-data", "  deny /data/** w,", "");
    page.edit("k8s-deny-data", "  deny /data/ w,", "");
    page
}

fn observe(page: &mut Page) -> Observation {
    let request = Request::Observe {
        node: "ubuntu".to_owned(),
    };
    match page.ask(request) {
        Response::Observed(seen) => *seen,
        other => panic!("not an observation: {other:?}"),
    }
}

#[test]
fn a_workload_is_watched_and_rules_of_several_widths_are_tried_in_enforce_mode() {
    let mut page = page();
    let seen = observe(&mut page);
    let mut story = format!("{}\n", seen.sentence);
    for one in &seen.seen {
        let rules: Vec<_> = one
            .rules
            .iter()
            .map(|one| format!("{:?} {}", one.width, one.rule))
            .collect();
        story += &format!(
            "{}x {}: {}\n",
            one.count,
            one.commands.join("; "),
            rules.join(" | ")
        );
    }
    for profile in &seen.profiles {
        story += &format!("{:?}: {}\n", profile.width, profile.rules.join(" "));
        for refused in &profile.refused {
            story += &format!("    still refused: {refused}\n");
        }
    }
    insta::assert_snapshot!("three_widths", story);
    // What is proposed can be applied, and then nothing is refused any more.
    let exact = seen.profiles.iter().find(|one| one.width == Width::Exact);
    let exact = exact.expect("there is a narrow profile").clone();
    assert_eq!(exact.refused, Vec::<String>::new());
    let text = page.view.files.iter().find(|file| file.path == exact.file);
    let mut text = text.expect("the lab has the file").text.clone();
    for edit in exact.edits.iter().rev() {
        text.replace_range(edit.start..edit.end, &edit.text);
    }
    page.replace(&exact.file, &text);
    assert!(
        !page.trace("ubuntu").contains("EACCES"),
        "{}",
        page.trace("ubuntu")
    );
}

#[test]
fn a_plain_deny_is_in_force_while_the_profile_only_complains() {
    let mut page = Page::open(page::lesson());
    let seen = observe(&mut page);
    assert!(
        seen.denied
            .iter()
            .any(|words| words == "touch opens /data/x to create it: EACCES"),
        "{:?}",
        seen.denied
    );
}

#[test]
fn a_filter_of_the_calls_that_were_seen_lets_the_same_workload_run() {
    let mut page = page();
    let seen = observe(&mut page);
    assert!(seen.calls.contains(&"mkdir".to_owned()), "{:?}", seen.calls);
    let filter = seen.filter.expect("a filter is proposed");
    assert!(
        !filter.text.contains("\"mount\""),
        "what was not seen is not allowed"
    );
    // The profile refuses some of it, but the filter nothing.
    assert!(
        filter.refused.iter().all(|words| !words.contains("EPERM")),
        "{:?}",
        filter.refused
    );
}
