//! A seccomp file: read as the runtime reads it, built as libseccomp builds
//! it, and looked through for what it does not do although it seems to.

use super::line_and_column;
use crate::message::{Diagnostic, Fix, Severity, Span, TextEdit};
use seccomp::{Arch, BuildOptions, Format, Profile, ProfileError, ReadContext, Reading};

/// The profile that a text holds, unless it cannot be read or asks for no
/// filter, and what was found in it.
pub fn read(text: &str) -> (Option<Profile>, Vec<Diagnostic>) {
    let context = ReadContext::new(Arch::X86_64);
    let profile = match seccomp::read(text.as_bytes(), Format::Oci, &context) {
        Ok(Reading::Profile(profile)) => profile,
        Ok(Reading::Off) => return (None, Vec::new()),
        Err(error) => return (None, vec![failure(text, error)]),
    };
    let mut found = Vec::new();
    if let Err(error) = seccomp::check_listener(&profile) {
        found.push(failure(text, error));
    }
    let options = BuildOptions::new(Arch::X86_64);
    match seccomp::build(&profile, options) {
        Err(error) => found.push(failure(text, error)),
        Ok(filter) => {
            let lints = seccomp::lint(&profile, &filter, options);
            found.extend(lints.into_iter().map(|one| finding(text, one)));
        }
    }
    (Some(profile), found)
}

/// Why the runtime does not start a container with this file.
pub fn failure(text: &str, error: ProfileError) -> Diagnostic {
    let (line, column) = line_and_column(text, error.span.start);
    Diagnostic {
        code: format!("seccomp-{}", error.class.name()),
        severity: Severity::Error,
        span: Span {
            start: error.span.start,
            end: error.span.end,
        },
        line,
        column,
        title: error.sentence,
        why: "A container that asks for this file does not start.".to_owned(),
        tool_wording: Some(error.message).filter(|message| !message.is_empty()),
        fix: None,
    }
}

fn finding(text: &str, found: seccomp::Diagnostic) -> Diagnostic {
    let (line, column) = line_and_column(text, found.span.start);
    Diagnostic {
        code: found.code.to_owned(),
        severity: match found.severity {
            seccomp::Severity::Error => Severity::Error,
            seccomp::Severity::Warning => Severity::Warning,
            seccomp::Severity::Advice => Severity::Hint,
        },
        span: Span {
            start: found.span.start,
            end: found.span.end,
        },
        line,
        column,
        title: found.sentence,
        why: found.why,
        tool_wording: found.tool_wording,
        fix: found.fix.map(|fix| Fix {
            label: fix.label,
            edits: fix
                .edits
                .into_iter()
                .map(|edit| TextEdit {
                    start: edit.span.start,
                    end: edit.span.end,
                    text: edit.text,
                })
                .collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_forgets_the_newer_call_is_read_and_remarked_on() {
        let text = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}"#;
        let (profile, found) = read(text);
        assert!(profile.is_some());
        assert!(
            found
                .iter()
                .any(|found| found.severity != Severity::Error && found.title.contains("mkdirat")),
            "{found:?}"
        );
    }

    #[test]
    fn what_libseccomp_refuses_is_an_error_at_its_place() {
        let text = "{\n\"defaultAction\": \"SCMP_ACT_WRONG\"}";
        let (_, found) = read(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].severity, found[0].line), (Severity::Error, 2));
    }
}
