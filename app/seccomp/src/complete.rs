//! What may be written at a place of an OCI profile that may be half written,
//! and what a name in it means: from the tables that reading uses.

use crate::{action::Action, arch::Arch, profile::Span, read::KEYS, syscalls};

/// How many candidates are offered at most.
pub const MAX_CANDIDATES: usize = 200;

/// What may stand at a position, and the bytes that it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The word that is replaced, without its quotation marks.
    pub span: Span,
    /// The candidates that begin with that word.
    pub candidates: Vec<&'static str>,
}

/// Looks at the string that holds the byte `at`; nothing is offered outside strings.
pub fn complete(text: &str, at: usize) -> Completion {
    let Some(place) = place(text, at) else {
        return Completion::default();
    };
    let typed = text.get(place.span.start..at).unwrap_or_default();
    let [root, rule, argument] = KEYS;
    let mut candidates: Vec<&'static str> = match (place.key, place.of) {
        (Some("names"), _) => syscalls::all().map(syscalls::Syscall::name).collect(),
        (Some("action" | "defaultAction"), _) => ACTIONS.map(Action::oci_name).to_vec(),
        (Some("architectures"), _) => ARCHITECTURES.map(Arch::oci_name).to_vec(),
        (Some("op"), _) => OPERATORS.to_vec(),
        (None, None) => root.to_vec(),
        (None, Some("syscalls")) => rule.to_vec(),
        (None, Some("args")) => argument.to_vec(),
        _ => Vec::new(),
    };
    candidates.retain(|candidate| candidate.starts_with(typed));
    candidates.truncate(MAX_CANDIDATES);
    Completion {
        span: place.span,
        candidates,
    }
}

/// What the name at the byte `at` means, and its place.
pub fn describe(text: &str, at: usize) -> Option<(Span, String)> {
    let place = place(text, at)?;
    let rest = text.get(place.span.start..)?;
    let word = rest.split('"').next()?;
    let span = place.span.start..place.span.start + word.len();
    let words = match place.key? {
        "names" => signature(syscalls::find(word)?),
        "action" | "defaultAction" => meaning(Action::from_oci(word, None)?).to_owned(),
        _ => return None,
    };
    Some((span, words))
}

const ACTIONS: [Action; 8] = [
    Action::Allow,
    Action::Errno(0),
    Action::KillProcess,
    Action::KillThread,
    Action::Log,
    Action::Notify,
    Action::Trace(0),
    Action::Trap(0),
];

const OPERATORS: [&str; 7] = [
    "SCMP_CMP_EQ",
    "SCMP_CMP_GE",
    "SCMP_CMP_GT",
    "SCMP_CMP_LE",
    "SCMP_CMP_LT",
    "SCMP_CMP_MASKED_EQ",
    "SCMP_CMP_NE",
];

const ARCHITECTURES: [Arch; 5] = [
    Arch::X86_64,
    Arch::I386,
    Arch::X32,
    Arch::Aarch64,
    Arch::Arm,
];

/// The call as a manual page would head it, and its number here.
fn signature(call: syscalls::Syscall) -> String {
    let arguments = call.arguments().map_or_else(
        || "…".to_owned(),
        |arguments| {
            arguments
                .map(|argument| argument.name)
                .collect::<Vec<_>>()
                .join(", ")
        },
    );
    let number = call.number(Arch::X86_64).map_or_else(
        || "not a call of x86_64".to_owned(),
        |number| format!("number {number} on x86_64"),
    );
    let since = call
        .since()
        .map_or_else(String::new, |since| format!(", since Linux {since}"));
    format!("{}({arguments}): {number}{since}.", call.name())
}

/// What an action does, for whoever reads a profile.
fn meaning(action: Action) -> &'static str {
    match action {
        Action::KillProcess => "Every thread of the process dies with SIGSYS.",
        Action::KillThread => "The calling thread dies with SIGSYS.",
        Action::Trap(_) => "The thread gets SIGSYS and may handle it; the call does not run.",
        Action::Errno(_) => {
            "The call does not run and fails with `errnoRet`, EPERM where none is given."
        }
        Action::Notify => "A supervisor decides; without one the call fails with ENOSYS.",
        Action::Trace(_) => "A ptrace tracer decides; without one the call fails with ENOSYS.",
        Action::Log => "The call runs and is logged.",
        Action::Allow => "The call runs.",
    }
}

/// A string of the text.
struct Place<'t> {
    /// From its first letter to the cursor.
    span: Span,
    /// The key whose value it is or stands in; `None` for a key.
    key: Option<&'t str>,
    /// The key whose value the object around it is; `None` for the outermost.
    of: Option<&'t str>,
}

/// Follows strings and brackets up to the byte `at`.
fn place(text: &str, at: usize) -> Option<Place<'_>> {
    let mut open: Vec<(u8, Option<&str>)> = Vec::new();
    // The key whose value comes next, and the last string that was closed.
    let (mut key, mut last) = (None, None);
    let bytes = text.as_bytes().get(..at)?;
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        match byte {
            b'"' => {
                let begin = index + 1;
                let length = string(bytes.get(begin..)?);
                let Some(length) = length else {
                    let (bracket, of) = open.last().copied()?;
                    let object = bracket == b'{';
                    return Some(Place {
                        span: begin..at,
                        key: if object { key } else { of },
                        of: if object { outer(&open) } else { None },
                    });
                };
                last = text.get(begin..begin + length);
                index = begin + length;
            }
            b':' => key = last.take(),
            b',' => key = None,
            b'{' | b'[' => open.push((byte, key.take())),
            b'}' | b']' => {
                open.pop();
            }
            _ => {}
        }
        index += 1;
    }
    None
}

/// The key whose value the innermost object is, lists looked through.
fn outer<'t>(open: &[(u8, Option<&'t str>)]) -> Option<&'t str> {
    open.iter().rev().find_map(|(_, key)| *key)
}

/// The length of a string whose quotation mark has been read, if it ends.
fn string(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    bytes.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is offered at the `|` of a text.
    fn offered(marked: &str) -> Vec<&'static str> {
        let at = marked.find('|').expect("it has a mark");
        complete(&marked.replace('|', ""), at).candidates
    }

    #[test]
    fn names_actions_and_keys_are_offered_where_they_belong() {
        let inside =
            r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["open", "mkd|"]}]}"#;
        assert_eq!(offered(inside), ["mkdir", "mkdirat"]);
        assert_eq!(
            offered(r#"{"defaultAction": "SCMP_ACT_KILL|"#),
            ["SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD"]
        );
        assert_eq!(
            offered(r#"{"architectures": ["SCMP_ARCH_A|"]"#),
            ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
        );
        assert_eq!(offered(r#"{"sys|"#), ["syscalls"]);
        assert_eq!(
            offered(r#"{"syscalls": [{"names": ["x"], "act|"#),
            ["action"]
        );
        assert_eq!(offered(r#"{"syscalls": [{"args": [{"o|"#), ["op"]);
        assert_eq!(offered(r#"{"syscalls": |"#), Vec::<&str>::new());
    }

    #[test]
    fn every_operator_that_is_offered_is_one_that_reading_knows() {
        for name in OPERATORS {
            assert!(crate::profile::Operator::from_oci(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_name_says_what_it_stands_for() {
        let text = r#"{"syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_LOG"}]}"#;
        let at = |word: &str| describe(text, text.find(word).expect("it is there") + 2);
        let (span, words) = at("mkdir").expect("it is known");
        assert_eq!(&text[span], "mkdir");
        assert_eq!(
            words,
            "mkdir(pathname, mode): number 83 on x86_64, since Linux 1.0."
        );
        assert_eq!(
            at("SCMP_ACT_LOG").map(|(_, words)| words).as_deref(),
            Some("The call runs and is logged.")
        );
        assert_eq!(at("action"), None);
    }
}
