//! Texts that are too much: a finding with a code, never a hang or a crash.

use apparmor::{Options, SourceSet, diagnostic::Code, expand};

fn codes(text: &str, sources: &SourceSet) -> Vec<Code> {
    let expanded = expand("policy", text, sources, &Options::default());
    expanded
        .diagnostics
        .iter()
        .map(|finding| finding.code)
        .collect()
}

fn last_code(text: &str) -> Option<Code> {
    codes(text, &SourceSet::new()).last().copied()
}

#[test]
fn ten_megabytes_are_refused_unread() {
    assert_eq!(last_code(&"/a r,\n".repeat(2_000_000)), Some(Code(1)));
}

#[test]
fn a_hundred_thousand_braces_end_at_the_depth_limit() {
    assert_eq!(last_code(&"profile a { ".repeat(100_000)), Some(Code(2)));
    assert_eq!(
        last_code(&format!("profile a {{ {}", "deny { ".repeat(100_000))),
        Some(Code(2))
    );
    assert_eq!(
        last_code(&format!("profile a {{ {}", "if true { ".repeat(100_000))),
        Some(Code(2))
    );
    assert_eq!(
        last_code(&format!("$A={}", "(".repeat(100_000))),
        Some(Code(2))
    );
}

#[test]
fn mistakes_without_end_are_told_up_to_a_limit() {
    assert_eq!(
        last_code(&format!("profile a {{\n{}}}\n", "?? r,\n".repeat(10_000))),
        Some(Code(3))
    );
}

#[test]
fn profiles_that_include_themselves_end_at_the_include_limit() {
    let sources: SourceSet = [("loop", "profile x {\n  include <loop>\n}\n")]
        .into_iter()
        .collect();
    assert!(codes("include <loop>\n", &sources).contains(&Code(5)));
}

#[test]
fn variables_that_multiply_end_at_the_value_limit() {
    let doubled: String = (0..20)
        .map(|n| format!("@{{A{}}}=@{{A{n}}}@{{A{n}}}\n", n + 1))
        .collect::<Vec<_>>()
        .concat();
    let text = format!("@{{A0}}=a b c d\n{doubled}profile p {{\n  /@{{A20}} r,\n}}\n");
    assert_eq!(last_code(&text), Some(Code(7)));
}

#[test]
fn a_variable_used_ten_thousand_times_ends_at_the_length_limit() {
    let text = format!(
        "@{{A}}={}\nprofile p {{\n  /{} r,\n}}\n",
        "a".repeat(100_000),
        "@{A}".repeat(10_000)
    );
    assert_eq!(last_code(&text), Some(Code(7)));
}

#[test]
fn fifty_nested_alternations_are_refused_as_the_real_parser_refuses_them() {
    let text = format!(
        "profile p {{\n  /{}x{} r,\n}}\n",
        "{a,".repeat(50),
        "}".repeat(50)
    );
    assert_eq!(last_code(&text), Some(Code(604)));
}
