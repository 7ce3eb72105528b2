//! Every finding that the readers of profiles, filters and manifests can
//! make. The wrong texts of the table `diagnostics.txt` are given to the
//! readers, and what they say is shown.

use crate::{
    message::{Severity, TextEdit},
    workspace,
};
use apparmor::{Features, Level, Options, diagnostic::codes, standard::standard};
use cluster::{
    api::ApiServer,
    client::Client,
    node::{self, Node},
    start, yaml,
};
use seccomp::{Arch, Format, ReadContext};

const TABLE: &str = include_str!("diagnostics.txt");

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its stable code.
    pub code: String,
    /// What it is, in a few words or a sentence.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// A text with it; empty where none would fit on a page.
    pub problem: String,
    /// What the reader says about that text.
    pub sentence: String,
    /// What the real tool prints about it.
    pub tool_wording: Option<String>,
    /// The text put right.
    pub correct: String,
}

/// What a reader says about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    code: String,
    severity: Severity,
    sentence: String,
    tool_wording: Option<String>,
    edits: Vec<TextEdit>,
}

/// Every finding, in the order of the table.
pub fn all() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut right = false;
    for line in TABLE.lines() {
        if let Some((code, why)) = head(line) {
            entries.push(Entry {
                code: code.to_owned(),
                title: title(code),
                severity: Severity::Error,
                why,
                problem: String::new(),
                sentence: String::new(),
                tool_wording: None,
                correct: String::new(),
            });
            right = false;
        } else if let Some(entry) = entries.last_mut() {
            if line == "---" {
                right = true;
                continue;
            }
            let text = if right {
                &mut entry.correct
            } else {
                &mut entry.problem
            };
            text.push_str(line);
            text.push('\n');
        }
    }
    for entry in &mut entries {
        complete(entry);
    }
    entries
}

/// `AA0103 Why it matters.`
fn head(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (code, why) = line.split_once(' ')?;
    let apparmor = code
        .strip_prefix("AA")
        .is_some_and(|number| number.len() == 4 && number.parse::<u16>().is_ok());
    let other = ["seccomp-", "yaml-", "api-"]
        .iter()
        .any(|kind| code.starts_with(kind));
    (apparmor || other).then_some((code, why))
}

/// What the table of AppArmor's codes says; others are titled by what their
/// reader says.
fn title(code: &str) -> String {
    let known = codes::ALL
        .iter()
        .find(|(known, _)| known.to_string() == code);
    known.map_or_else(String::new, |(_, about)| about.trim().to_owned())
}

/// Adds what the reader says about the wrong text.
fn complete(entry: &mut Entry) {
    let found = findings(&entry.code, &entry.problem);
    let Some(found) = found.into_iter().find(|found| found.code == entry.code) else {
        if entry.title.is_empty() {
            entry.title = entry.why.to_owned();
            entry.why = "";
        }
        return;
    };
    entry.severity = found.severity;
    if entry.title.is_empty() {
        entry.title.clone_from(&found.sentence);
    }
    if entry.correct.is_empty() {
        entry.correct = edited(&entry.problem, &found.edits);
    }
    entry.sentence = found.sentence;
    entry.tool_wording = found.tool_wording;
}

fn edited(text: &str, edits: &[TextEdit]) -> String {
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        if out.get(edit.start..edit.end).is_some() {
            out.replace_range(edit.start..edit.end, &edit.text);
        }
    }
    out
}

/// What the reader of a kind of code says about a text.
fn findings(code: &str, text: &str) -> Vec<Finding> {
    match code.split('-').next() {
        Some("seccomp") => filter(text),
        Some("yaml" | "api") => manifest(text),
        // Read by an older parser: what only newer ones know.
        _ if code == codes::NOT_AT_THIS_LEVEL.to_string() => profile(
            text,
            &Options::for_features(Level::V3_0, Features::kernel_6_1()),
        ),
        _ => profile(text, &Options::default()),
    }
}

fn profile(text: &str, options: &Options) -> Vec<Finding> {
    let compiled = apparmor::compile("profile", text, &standard(), options);
    compiled
        .diagnostics
        .iter()
        .map(|found| Finding {
            code: found.code.to_string(),
            severity: match found.severity {
                apparmor::diagnostic::Severity::Hint => Severity::Hint,
                apparmor::diagnostic::Severity::Warning => Severity::Warning,
                apparmor::diagnostic::Severity::Error => Severity::Error,
            },
            sentence: found.sentence.clone(),
            tool_wording: found.tool.as_ref().map(|tool| tool.lines.join("\n")),
            edits: found
                .fix
                .iter()
                .flat_map(|fix| &fix.edits)
                .map(|edit| TextEdit {
                    start: edit.span.range().start,
                    end: edit.span.range().end,
                    text: edit.text.clone(),
                })
                .collect(),
        })
        .collect()
}

fn filter(text: &str) -> Vec<Finding> {
    let context = ReadContext::new(Arch::X86_64);
    // What is wrong with a template only a reader of templates finds.
    [Format::Docker, Format::Common]
        .into_iter()
        .filter_map(|format| seccomp::read(text.as_bytes(), format, &context).err())
        .map(|error| workspace::filter::failure(text, error))
        .chain(workspace::filter::read(text).1)
        .map(|found| Finding {
            code: found.code,
            severity: found.severity,
            sentence: found.title,
            tool_wording: found.tool_wording,
            edits: found.fix.map(|fix| fix.edits).unwrap_or_default(),
        })
        .collect()
}

fn manifest(text: &str) -> Vec<Finding> {
    let parsed = yaml::parse(text);
    let created = parsed.documents.first().zip(node::kind("ubuntu-24.04"));
    let created = created.map(|(document, kind)| {
        let api = ApiServer::new(kind.stack.kubelet.version);
        let node = Node::new("node", &kind.stack);
        start::start(document, &Client::kubectl("pod.yaml"), &api, &node).diagnostics
    });
    parsed
        .diagnostics
        .into_iter()
        .chain(created.into_iter().flatten())
        .map(|found| Finding {
            code: found.code.to_owned(),
            severity: match found.severity {
                cluster::diagnostic::Severity::Error => Severity::Error,
                cluster::diagnostic::Severity::Warning => Severity::Warning,
            },
            sentence: found.sentence,
            tool_wording: found.tool_wording,
            edits: found
                .fix
                .into_iter()
                .map(|fix| TextEdit {
                    start: fix.span.start,
                    end: fix.span.end,
                    text: fix.text,
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_wrong_text_is_told_by_its_code_and_the_right_one_is_not() {
        let mut problems = Vec::new();
        for entry in all().iter().filter(|entry| !entry.problem.is_empty()) {
            let wrong = findings(&entry.code, &entry.problem);
            if !wrong.iter().any(|found| found.code == entry.code) {
                problems.push(format!("{} is not found: {wrong:?}", entry.code));
            }
            let right = findings(&entry.code, &entry.correct);
            let bad =
                |found: &Finding| found.code == entry.code || found.severity == Severity::Error;
            if entry.correct.is_empty() || right.iter().any(bad) {
                problems.push(format!(
                    "{} is not put right: {right:?}\n{}",
                    entry.code, entry.correct
                ));
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn every_code_of_the_readers_has_an_entry() {
        let listed: BTreeSet<String> = all().into_iter().map(|entry| entry.code).collect();
        let mut codes: BTreeSet<String> = codes::ALL
            .iter()
            .map(|(code, _)| code.to_string())
            .collect();
        // The other readers name their codes where they make a finding.
        for source in [
            include_str!("../../../seccomp/src/lint.rs"),
            include_str!("../../../cluster/src/yaml/fault.rs"),
            include_str!("../../../cluster/src/yaml/build.rs"),
        ] {
            let quoted = source.split('"').skip(1).step_by(2);
            codes.extend(
                quoted
                    .filter(|text| head(&format!("{text} x").leak()[..]).is_some())
                    .filter(|text| !text.ends_with('-'))
                    .map(str::to_owned),
            );
        }
        let missing: Vec<_> = codes.difference(&listed).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
