//! What stops a text from being read, in a sentence and in kubectl's words.

use crate::diagnostic::{Diagnostic, Severity, Span, line_and_column};

/// Why reading stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The text is longer than [`super::MAX_TEXT`].
    TooLong(usize),
    /// Nesting deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// More than [`super::MAX_VALUES`] values, aliases counted each time.
    TooManyValues { by_alias: bool },
    /// More than [`super::MAX_DOCUMENTS`] documents.
    TooManyDocuments,
    /// An alias to an anchor that is still open.
    Recursive(String),
    /// A list or mapping as a key.
    KeyIsNotScalar,
    /// `<<` with something other than a mapping.
    BadMerge,
    /// A control character.
    Control(char),
    /// The scanner's own complaint.
    Syntax(String),
}

impl Fault {
    /// The finding, with the words of kubectl where they are known.
    pub(super) fn diagnostic(self, text: &str, span: Span) -> Diagnostic {
        let (line, _) = line_and_column(text, span.start);
        let indented_by_tab = text
            .lines()
            .nth(line.saturating_sub(1))
            .is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'));
        let (code, sentence, go_yaml) = self.words(indented_by_tab);
        let tool_wording = go_yaml.map(|words| match code {
            "yaml-too-long" => words,
            "yaml-key" => format!("error converting YAML to JSON: {words}"),
            "yaml-alias-bomb" | "yaml-alias" | "yaml-merge" | "yaml-control" => {
                format!("error converting YAML to JSON: yaml: {words}")
            }
            _ => format!("error converting YAML to JSON: yaml: line {line}: {words}"),
        });
        Diagnostic {
            code,
            severity: Severity::Error,
            span,
            sentence,
            tool_wording,
            fix: None,
        }
    }

    /// Code, sentence, and what go-yaml says.
    fn words(self, indented_by_tab: bool) -> (&'static str, String, Option<String>) {
        match self {
            Self::TooLong(length) => (
                "yaml-too-long",
                format!(
                    "The text has {length} bytes; the API server takes at most {} in one request.",
                    super::MAX_TEXT
                ),
                Some(format!("Request entity too large: limit is {}", super::MAX_TEXT)),
            ),
            Self::TooDeep => (
                "yaml-too-deep",
                format!("Lists and mappings nest deeper here than the {} levels that are read.", super::MAX_DEPTH),
                None,
            ),
            Self::TooManyValues { by_alias: true } => (
                "yaml-alias-bomb",
                "The aliases of this text would unfold to too many values.".to_owned(),
                Some("document contains excessive aliasing".to_owned()),
            ),
            Self::TooManyValues { by_alias: false } => (
                "yaml-too-many-values",
                format!("The text holds more than the {} values that are read.", super::MAX_VALUES),
                None,
            ),
            Self::TooManyDocuments => (
                "yaml-too-many-documents",
                format!("The text holds more than the {} documents that are read.", super::MAX_DOCUMENTS),
                None,
            ),
            Self::Recursive(name) => (
                "yaml-alias",
                format!("The alias `*{name}` stands inside the very value that it repeats."),
                Some(format!("anchor '{name}' value contains itself")),
            ),
            Self::KeyIsNotScalar => (
                "yaml-key",
                "A key must be a plain word or a quoted string; here a list or a mapping stands as a key.".to_owned(),
                Some("Unsupported map key".to_owned()),
            ),
            Self::BadMerge => (
                "yaml-merge",
                "Only a mapping, or a list of mappings, can be merged with `<<`.".to_owned(),
                Some("map merge requires map or sequence of maps as the value".to_owned()),
            ),
            Self::Control(character) => (
                "yaml-control",
                format!(
                    "The character U+{:04X} cannot be seen, and YAML does not allow it.",
                    u32::from(character)
                ),
                Some("control characters are not allowed".to_owned()),
            ),
            Self::Syntax(_) if indented_by_tab => (
                "yaml-tab",
                "YAML is indented with spaces; this line begins with a tab.".to_owned(),
                Some("found character that cannot start any token".to_owned()),
            ),
            Self::Syntax(info) => {
                let known = KNOWN.iter().find(|known| info.contains(known.scanner));
                let sentence = match known {
                    Some(known) => known.sentence.to_owned(),
                    None => format!("This is not YAML: {info}."),
                };
                ("yaml-syntax", sentence, known.map(|known| known.go_yaml.to_owned()))
            }
        }
    }
}

/// A complaint that the scanner and go-yaml (both after libyaml) share.
struct Known {
    scanner: &'static str,
    sentence: &'static str,
    go_yaml: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        scanner: "mapping values are not allowed",
        sentence: "A colon followed by a space makes a key, and no key can stand here: check the indentation, or quote the text.",
        go_yaml: "mapping values are not allowed in this context",
    },
    Known {
        scanner: "simple key expect",
        sentence: "This line has neither a colon after its key nor a dash before it.",
        go_yaml: "could not find expected ':'",
    },
    Known {
        scanner: "did not find expected key",
        sentence: "The indentation of this line fits no mapping that is open here.",
        go_yaml: "did not find expected key",
    },
    Known {
        scanner: "did not find expected '-' indicator",
        sentence: "The indentation of this line fits no list that is open here.",
        go_yaml: "did not find expected '-' indicator",
    },
    Known {
        scanner: "unknown anchor",
        sentence: "No anchor of this name stands before this alias.",
        go_yaml: "unknown anchor",
    },
    Known {
        scanner: "unexpected end of stream",
        sentence: "The text ends before this quoted string does.",
        go_yaml: "found unexpected end of stream",
    },
    Known {
        scanner: "expected ',' or ']'",
        sentence: "This list in brackets is not closed.",
        go_yaml: "did not find expected ',' or ']'",
    },
    Known {
        scanner: "expected ',' or '}'",
        sentence: "This mapping in braces is not closed.",
        go_yaml: "did not find expected ',' or '}'",
    },
];
