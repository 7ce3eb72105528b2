//! What learners are told, word for word.

use apparmor::{
    Options, SourceSet, compile,
    diagnostic::{Diagnostic, Severity},
    expand,
    lint::name_for_pod,
    source::Files,
    standard::standard,
};

/// The cases of a fixture: a name behind `===`, then the text.
fn cases(fixture: &str) -> Vec<(&str, &str)> {
    fixture
        .split("=== ")
        .filter_map(|case| case.split_once('\n'))
        .collect()
}

fn told(text: &str, sources: &SourceSet) -> String {
    let expanded = expand("policy", text, sources, &Options::default());
    let lines = expanded
        .diagnostics
        .iter()
        .map(|finding| line(finding, &expanded.files));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(finding: &Diagnostic, files: &Files) -> String {
    let at = files.position(finding.span);
    let mut line = format!(
        "{:?} {} at {}:{}: {}",
        finding.severity, finding.code, at.line, at.column, finding.sentence
    );
    if let Some(tool) = &finding.tool {
        let place = tool
            .line
            .map_or(String::new(), |line| format!(" at line {line}"));
        let words = tool.lines.join(" / ");
        line = format!(
            "{line}
    apparmor_parser{place}: {words}"
        );
    }
    if let Some(fix) = &finding.fix {
        line = format!("{line}\n    fix: {}", fix.label);
    }
    line
}

fn told_of(fixture: &str) -> String {
    let sources = standard();
    let cases = cases(fixture);
    let told = cases
        .into_iter()
        .map(|(name, text)| format!("== {name}\n{}", told(text, &sources)));
    told.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn each_mistake_is_told_in_one_plain_sentence_and_the_real_words() {
    insta::assert_snapshot!(told_of(include_str!("fixtures/mistakes.txt")));
}

#[test]
fn what_is_accepted_but_surprising_is_told_too() {
    insta::assert_snapshot!(told_of(include_str!("fixtures/lints.txt")));
}

#[test]
fn a_profile_that_is_not_named_as_the_pod_asks_is_told_with_a_fix() {
    let text = "profile k8s-deny-wrte flags=(complain) {\n  file,\n}\n";
    let compiled = compile("p", text, &SourceSet::new(), &Options::default());
    assert_eq!(name_for_pod(&compiled, "k8s-deny-wrte"), None);
    assert_eq!(name_for_pod(&compiled, "localhost/k8s-deny-wrte"), None);
    let finding = name_for_pod(&compiled, "k8s-deny-write").expect("the names differ");
    insta::assert_snapshot!(line(&finding, &compiled.files), @r"
    Warning AA0909 at 1:9: The pod asks for the profile `k8s-deny-write`, but this one is named `k8s-deny-wrte`: a profile is found by its name, not by its file.
        fix: Name it `k8s-deny-write`
    ");
    let edit = &finding.fix.expect("one profile can be renamed").edits[0];
    let mut fixed = text.to_owned();
    fixed.replace_range(edit.span.range(), &edit.text);
    let compiled = compile("p", &fixed, &SourceSet::new(), &Options::default());
    assert_eq!(name_for_pod(&compiled, "k8s-deny-write"), None);
}

#[test]
fn a_fix_leaves_a_policy_without_that_mistake() {
    let sources = standard();
    for (name, text) in cases(include_str!("fixtures/mistakes.txt")) {
        let expanded = expand("policy", text, &sources, &Options::default());
        let Some(finding) = expanded
            .diagnostics
            .iter()
            .find(|finding| finding.fix.is_some())
        else {
            continue;
        };
        let mut fixed = text.to_owned();
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits).rev() {
            fixed.replace_range(edit.span.range(), &edit.text);
        }
        let again = expand("policy", &fixed, &sources, &Options::default());
        let same = again
            .diagnostics
            .iter()
            .filter(|other| other.code == finding.code)
            .count();
        let before = expanded
            .diagnostics
            .iter()
            .filter(|other| other.code == finding.code)
            .count();
        assert!(same < before, "{name}: the fix changes nothing\n{fixed}");
    }
}

#[test]
fn a_missing_comma_is_one_finding_at_that_rule() {
    let rules = [
        "file",
        "network inet stream",
        "capability net_bind_service",
        "deny /data/** w",
        "owner /home/*/.cache/** rw",
        "/usr/bin/env ix",
        "/usr/bin/id Px -> id",
        "rw /run/app.sock",
        "link /a -> /b",
        "signal (send, receive) set=(term) peer=unconfined",
        "ptrace read peer=p",
        "unix (send, receive) type=stream peer=(label=q)",
        "dbus send bus=system path=/org/x",
        "mount fstype=tmpfs -> /mnt/",
        "umount /mnt/",
        "pivot_root /old/",
        "change_profile -> q",
        "set rlimit nofile <= 1024",
        "userns create",
        "io_uring sqpoll",
        "mqueue read /q",
        "allow all",
        "audit deny /etc/shadow r",
    ];
    for left_out in 0..rules.len() {
        let mut text = "profile p {\n".to_owned();
        for (number, rule) in rules.iter().enumerate() {
            let comma = if number == left_out { "" } else { "," };
            text.push_str(&format!("  {rule}{comma}\n"));
        }
        text.push_str("}\n");
        let expanded = expand("p", &text, &SourceSet::new(), &Options::default());
        let errors: Vec<String> = expanded
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| line(finding, &expanded.files))
            .collect();
        assert_eq!(errors.len(), 1, "{}: {errors:#?}", rules[left_out]);
        assert!(
            errors[0].contains("comma"),
            "{}: {errors:#?}",
            rules[left_out]
        );
    }
}
