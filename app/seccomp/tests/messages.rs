//! What learners read, in full: findings, errors, a filter as text.

use std::fmt::Write as _;

use seccomp::{
    Arch, BuildOptions, Format, Profile, ReadContext, Reading, build, disassemble, line_and_column,
    lint, read,
};

fn profile(text: &str) -> Profile {
    match read(
        text.as_bytes(),
        Format::Oci,
        &ReadContext::new(Arch::X86_64),
    ) {
        Ok(Reading::Profile(profile)) => profile,
        other => panic!("{other:?}"),
    }
}

#[test]
fn findings_say_what_and_why_and_how_to_mend_it() {
    let text = include_str!("fixtures/lints.json");
    let profile = profile(text);
    let options = BuildOptions::new(Arch::X86_64);
    let filter = build(&profile, options).expect("builds");
    let mut shown = String::new();
    for found in lint(&profile, &filter, options) {
        let (line, column) = line_and_column(text, found.span.start);
        let at = &text[found.span.clone()];
        let _ = writeln!(
            shown,
            "{line}:{column} {} {:?} at {at:?}\n  {}\n  {}",
            found.code, found.severity, found.sentence, found.why
        );
        if let Some(fix) = found.fix {
            let _ = writeln!(shown, "  fix: {}", fix.label);
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn errors_are_in_the_words_of_the_tool_with_a_plain_sentence_beside_them() {
    let mut shown = String::new();
    for text in [
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\",}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\"",
        "{\"defaultAction\": 1}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": \"read\"}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"errnoRet\": -1}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"args\": [{\"value\": 1.5}]}]}",
        "{\"defaultAction\": \"SCMP_ACT_DENY\"}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"amd64\"]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_S390X\"]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": [\"LOG\"]}",
        "{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}",
        "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 5000}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"index\": 6, \"op\": \"SCMP_CMP_EQ\"}]}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"index\": 0, \"op\": \"==\"}]}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"\"], \"action\": \"SCMP_ACT_KILL\"}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4095}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}]}, {\"names\": [\"read\"], \"action\": \"SCMP_ACT_TRAP\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}]}]}",
    ] {
        let context = ReadContext::new(Arch::X86_64);
        let error = match read(text.as_bytes(), Format::Oci, &context) {
            Err(error) => error,
            Ok(Reading::Profile(profile)) => {
                build(&profile, BuildOptions::new(Arch::X86_64)).expect_err(text)
            }
            Ok(Reading::Off) => panic!("{text}"),
        };
        let _ = writeln!(
            shown,
            "{text}\n  {} {:?} at {:?}\n  {}\n  {}",
            error.class.name(),
            error.class.stage(),
            &text[error.span.clone()],
            error.message,
            error.sentence
        );
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_filter_reads_as_text_with_the_rules_it_carries_out() {
    let profile = profile(
        r#"{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"], "syscalls": [
            {"names": ["read", "socket"], "action": "SCMP_ACT_ALLOW"},
            {"names": ["mkdir"], "action": "SCMP_ACT_LOG", "args": [
                {"index": 1, "value": 511, "op": "SCMP_CMP_LE"}]}]}"#,
    );
    let filter = build(&profile, BuildOptions::new(Arch::X86_64)).expect("builds");
    let mut shown = String::new();
    for line in disassemble(&filter) {
        let rules: Vec<String> = line
            .rules
            .iter()
            .map(|rule| profile.describe(*rule))
            .collect();
        let row = format!(
            "{:3} {:36} {:24} {}",
            line.number,
            line.text,
            line.meaning,
            rules.join("; ")
        );
        let _ = writeln!(shown, "{}", row.trim_end());
    }
    insta::assert_snapshot!(shown);
}
