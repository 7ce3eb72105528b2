//! Inputs that are far too large or too deep: an answer or an error with a
//! place, and an end.

use seccomp::{
    Arch, BuildOptions, ErrorClass, Format, ProfileError, ReadContext, Reading, build, lint, read,
};

fn start(text: &str) -> Result<usize, ProfileError> {
    let options = BuildOptions::new(Arch::X86_64);
    match read(
        text.as_bytes(),
        Format::Oci,
        &ReadContext::new(Arch::X86_64),
    )? {
        Reading::Off => Ok(0),
        Reading::Profile(profile) => {
            let filter = build(&profile, options)?;
            let findings = lint(&profile, &filter, options);
            Ok(filter.program.len() + findings.len())
        }
    }
}

fn with_rules(rules: &[String]) -> String {
    format!(
        "{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{}]}}",
        rules.join(",")
    )
}

#[test]
fn ten_megabytes_in_a_key_that_nobody_reads_are_passed_over() {
    let filler = "x".repeat(10 << 20);
    let text = format!("{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"comment\": \"{filler}\"}}");
    assert!(start(&text).is_ok());
}

#[test]
fn nesting_beyond_gos_limit_is_an_error_at_its_place() {
    let text = format!("{{\"x\": {}", "[".repeat(1 << 20));
    let error = start(&text).expect_err("too deep");
    assert_eq!(error.class, ErrorClass::JsonSyntax);
    assert_eq!(error.message, "exceeded max depth");
    assert_eq!(error.span.start, 6 + 9_999);
}

#[test]
fn nesting_within_the_limit_is_passed_over_without_a_deep_stack() {
    let text = format!("{{\"x\": {}{}}}", "[".repeat(9_000), "]".repeat(9_000));
    assert!(start(&text).is_ok());
}

#[test]
fn a_hundred_thousand_equal_rules_are_one() {
    let rule = "{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\"}".to_owned();
    assert!(start(&with_rules(&vec![rule; 100_000])).is_ok());
}

#[test]
fn more_rules_than_the_kernel_takes_instructions_for_are_refused() {
    let rules: Vec<String> = (0..1_100)
        .map(|value| {
            format!(
                "{{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": \
                 [{{\"index\": 1, \"value\": {value}, \"op\": \"SCMP_CMP_EQ\"}},\
                  {{\"index\": 2, \"value\": {value}, \"op\": \"SCMP_CMP_EQ\"}}]}}"
            )
        })
        .collect();
    let error = start(&with_rules(&rules)).expect_err("too many");
    assert_eq!(error.class, ErrorClass::KernelEinval);
}

#[test]
fn a_hundred_thousand_different_rules_for_one_call_end_in_an_error() {
    let rules: Vec<String> = (0..100_000)
        .map(|value| {
            format!(
                "{{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": \
                 [{{\"index\": 1, \"value\": {value}, \"op\": \"SCMP_CMP_EQ\"}}]}}"
            )
        })
        .collect();
    let error = start(&with_rules(&rules)).expect_err("too many");
    assert!(matches!(
        error.class,
        ErrorClass::TooLarge | ErrorClass::KernelEinval
    ));
}

#[test]
fn a_rule_order_on_which_libseccomp_never_returns_is_named() {
    let rule = |value: u64| {
        format!(
            "{{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": \
             [{{\"index\": 0, \"value\": 5, \"op\": \"SCMP_CMP_NE\"}},\
              {{\"index\": 1, \"value\": {value}, \"op\": \"SCMP_CMP_EQ\"}}]}}"
        )
    };
    let error = start(&with_rules(&[rule(1 << 32), rule(2 << 32)])).expect_err("hangs");
    assert_eq!(error.class, ErrorClass::LibseccompHangs);
    assert!(start(&with_rules(&[rule(2 << 32), rule(1 << 32)])).is_ok());
}
