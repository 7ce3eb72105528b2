//! Texts that are too much: a finding with a code, never a hang or a crash.

use apparmor::{Options, SourceSet, compile, diagnostic::Code, expand, is_refused};

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

fn profile_of(rules: impl IntoIterator<Item = String>) -> String {
    let rules: String = rules.into_iter().collect();
    format!("profile p {{\n{rules}}}\n")
}

fn last_code_compiled(text: &str) -> Option<Code> {
    let compiled = compile("policy", text, &SourceSet::new(), &Options::default());
    compiled.diagnostics.last().map(|finding| finding.code)
}

#[test]
fn a_long_variable_used_by_many_rules_ends_at_the_total_limit() {
    let rules = profile_of((0..2_000).map(|_| "/@{A} r,\n".to_owned()));
    let text = format!("@{{A}}={}\n{rules}", "a".repeat(100_000));
    assert_eq!(last_code(&text), Some(Code(7)));
}

#[test]
fn an_attachment_that_explodes_is_refused() {
    let text = format!("profile a /**a{} {{\n}}\n", "?".repeat(20));
    assert_eq!(last_code_compiled(&text), Some(Code(607)));
}

#[test]
fn exec_rules_that_overlap_without_end_are_refused() {
    let mode = |number: usize| ["ix", "px", "cx", "ux"][number % 4];
    let text = profile_of((0..5_000).map(|number| format!("/*a{number}*b* {},\n", mode(number))));
    assert_eq!(last_code_compiled(&text), Some(Code(607)));
}

#[test]
fn alternations_that_multiply_are_compiled_as_they_are_written() {
    let text = profile_of([format!("/{} r,\n", "{a,b,aa,bb}".repeat(2_000))]);
    assert_eq!(last_code_compiled(&text), None);
}

#[test]
fn lints_without_end_are_told_up_to_a_limit() {
    let text = profile_of((0..1_000).map(|n| format!("/a{n} ux,\n")));
    assert_eq!(last_code(&text), Some(Code(3)));
    assert!(!is_refused(
        &compile("policy", &text, &SourceSet::new(), &Options::default()).diagnostics
    ));
}
