//! Hovers, completions, suggestions and the standard files.

use apparmor::{
    Options, SourceSet,
    complete::complete,
    expand,
    format::format as lay_out,
    hover::hover,
    is_refused,
    standard::{abstraction_names, standard},
    suggest::{Record, Width, suggest},
};

/// The text without its `|`, and where that stood.
fn cursor(text: &str) -> (String, usize) {
    let at = text.find('|').unwrap_or(text.len());
    (text.replacen('|', "", 1), at)
}

fn completions(text: &str) -> Vec<String> {
    let (text, at) = cursor(text);
    let completion = complete(&text, at, &SourceSet::new());
    completion
        .candidates
        .into_iter()
        .map(|candidate| candidate.text)
        .collect()
}

fn suggestions(line: &str) -> Vec<(Width, String)> {
    let record = Record::read(line).expect("an AppArmor record");
    suggest(&record)
        .into_iter()
        .map(|suggestion| (suggestion.width, suggestion.rule))
        .collect()
}

#[test]
fn every_abstraction_loads_by_itself() {
    let sources = standard();
    assert!(abstraction_names().count() >= 40);
    for name in abstraction_names() {
        let text = format!(
            "include <tunables/global>\nprofile p {{\n  include <abstractions/{name}>\n}}\n"
        );
        let expanded = expand("policy", &text, &sources, &Options::default());
        assert!(
            !is_refused(&expanded.diagnostics),
            "{name}: {:?}",
            expanded.diagnostics
        );
    }
}

#[test]
fn permission_letters_are_explained_one_by_one() {
    let (text, at) = cursor("profile p {\n  /a r|ix,\n}\n");
    let hover = hover(&text, at).map(|hover| hover.text).unwrap_or_default();
    assert!(
        hover.contains("`r` reads") && hover.contains("`ix` runs the program under this profile"),
        "{hover}"
    );
}

#[test]
fn keywords_are_explained() {
    let (text, at) = cursor("profile p {\n  de|ny /a w,\n}\n");
    assert!(hover(&text, at).is_some_and(|hover| hover.text.starts_with("Takes permissions away")));
}

#[test]
fn a_path_is_not_explained() {
    let (text, at) = cursor("profile p {\n  /a|b r,\n}\n");
    assert_eq!(hover(&text, at), None);
}

#[test]
fn a_rule_is_completed_inside_of_a_profile_only() {
    assert!(completions("profile p {\n  capa|").contains(&"capability".to_owned()));
    assert!(!completions("capa|").contains(&"capability".to_owned()));
}

#[test]
fn every_word_that_is_offered_is_explained_where_it_then_stands() {
    let places = [
        ("|", ""),
        ("profile p {\n  |", ""),
        ("profile p flags=(|", ") {\n}\n"),
        ("profile p {\n  /a |", ",\n}\n"),
        ("profile p {\n  unix |", ",\n}\n"),
        ("profile p {\n  dbus |", ",\n}\n"),
        ("profile p {\n  mqueue |", ",\n}\n"),
        ("profile p {\n  ptrace |", ",\n}\n"),
        ("profile p {\n  signal |", ",\n}\n"),
        ("profile p {\n  io_uring |", ",\n}\n"),
        ("profile p {\n  mount |", ",\n}\n"),
    ];
    let mut unexplained = Vec::new();
    for (before, after) in places {
        let (text, at) = cursor(before);
        for offered in completions(before) {
            let rest = if offered == "include" {
                " <a>\n"
            } else {
                after
            };
            let text = format!("{text}{offered}{rest}");
            if hover(&text, at).is_none() {
                unexplained.push(format!("{before} {offered}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn capabilities_follow_the_word_capability() {
    assert_eq!(completions("profile p {\n  capability net_r|"), ["net_raw"]);
}

#[test]
fn abstractions_follow_an_include() {
    assert!(
        completions("profile p {\n  include <abstractions/name|")
            .contains(&"abstractions/nameservice>".to_owned())
    );
}

#[test]
fn letters_follow_a_path() {
    assert!(completions("profile p {\n  /etc/hosts r|").contains(&"rw".to_owned()));
}

#[test]
fn variables_of_the_text_are_offered() {
    assert_eq!(
        completions("@{DATA}=/data\nprofile p {\n  @{DA|"),
        ["@{DATA}"]
    );
}

#[test]
fn a_refused_file_is_suggested_exactly_by_pattern_and_by_abstraction() {
    let line = r#"audit: type=1400 audit(1.0:1): apparmor="DENIED" operation="open" class="file" profile="p" name="/etc/resolv.conf" pid=1 comm="cat" requested_mask="r" denied_mask="r" fsuid=1000 ouid=0"#;
    let suggestions = suggestions(line);
    assert_eq!(
        suggestions.first(),
        Some(&(Width::Exact, "/etc/resolv.conf r,".to_owned()))
    );
    assert!(suggestions.contains(&(Width::Globbed, "/etc/*.conf r,".to_owned())));
    assert!(suggestions.contains(&(
        Width::Abstraction,
        "include <abstractions/nameservice>".to_owned()
    )));
}

#[test]
fn creating_and_removing_are_suggested_as_writing_by_the_owner() {
    let line = r#"apparmor="DENIED" operation="mknod" class="file" profile="p" name="/data/x" pid=1 comm="touch" requested_mask="c" denied_mask="c" fsuid=0 ouid=0"#;
    assert_eq!(
        suggestions(line).first(),
        Some(&(Width::Exact, "owner /data/x w,".to_owned()))
    );
}

#[test]
fn a_name_in_hexadecimal_is_read_and_quoted() {
    let line = r#"apparmor="DENIED" operation="open" class="file" profile="p" name=2F746D702F6120622F pid=1 comm="ls" requested_mask="r" denied_mask="r" fsuid=0 ouid=1"#;
    assert_eq!(
        suggestions(line).first(),
        Some(&(Width::Exact, "\"/tmp/a b/\" r,".to_owned()))
    );
}

#[test]
fn capabilities_sockets_and_signals_are_suggested_as_one_rule() {
    let capability = r#"apparmor="DENIED" operation="capable" class="cap" profile="p" pid=1 comm="x" capability=21  capname="sys_admin""#;
    assert_eq!(
        suggestions(capability),
        [(Width::Exact, "capability sys_admin,".to_owned())]
    );
    let socket = r#"apparmor="DENIED" operation="create" class="net" profile="p" pid=1 comm="ping" family="inet" sock_type="raw" protocol=1 requested_mask="create" denied_mask="create""#;
    assert_eq!(
        suggestions(socket),
        [(Width::Exact, "network inet raw,".to_owned())]
    );
    let signal = r#"apparmor="DENIED" operation="signal" class="signal" profile="p" pid=1 comm="kill" requested_mask="send" denied_mask="send" signal=term peer="unconfined""#;
    assert_eq!(
        suggestions(signal),
        [(
            Width::Exact,
            "signal (send) set=(term) peer=unconfined,".to_owned()
        )]
    );
}

#[test]
fn a_change_of_profile_and_io_uring_are_suggested_as_one_rule() {
    let change = r#"apparmor="DENIED" operation="change_profile" class="file" profile="a" name="c" pid=1 comm="x" target="c""#;
    assert_eq!(
        suggestions(change),
        [(Width::Exact, "change_profile -> c,".to_owned())]
    );
    let polling = r#"apparmor="DENIED" operation="uring_sqpoll" class="io_uring" profile="m" pid=1 comm="x" requested="sqpoll" denied="sqpoll""#;
    assert_eq!(
        suggestions(polling),
        [(Width::Exact, "io_uring sqpoll,".to_owned())]
    );
}

#[test]
fn a_text_that_other_white_space_would_break_is_not_laid_out() {
    for text in ["@{A}=#a", "profile a { }\ninclude \n#"] {
        let parsed = apparmor::parse("p", text);
        assert!(
            !is_refused(&parsed.diagnostics),
            "{text:?} is sound as it is"
        );
        assert_eq!(lay_out(text), None, "{text:?}");
    }
    assert_eq!(lay_out("@{A}=a").as_deref(), Some("@{A}=a\n"));
}
