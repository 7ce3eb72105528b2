//! Common mistakes: is each refused, at the right line and in the real words?

use std::path::Path;

use apparmor::{Level, SourceSet, compile, diagnostic::Diagnostic, is_refused};
use serde::Deserialize;

use crate::{
    apparmor_parser::{Answer, options, read},
    report::Report,
};

#[derive(Deserialize)]
struct Mistake {
    mistake: String,
    text: String,
    #[serde(rename = "parser_5.0.2")]
    newest: Answer,
}

/// What a real message says: the line, where it names one, and the words.
struct Message {
    line: Option<u32>,
    words: String,
}

/// Replays `mistakes.jsonl`.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let options = options(folder, Level::V5_0)?;
    let mut sources = SourceSet::new();
    sources.insert("abi/4.0", "");
    for line in read(&folder.join("mistakes.jsonl"))?.lines() {
        let mistake: Mistake = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let compiled = compile("stdin", &mistake.text, &sources, &options);
        let refused = is_refused(&compiled.diagnostics);
        let wanted: Vec<Message> = mistake
            .newest
            .messages
            .iter()
            .map(|message| read_message(message))
            .collect();
        let missing: Vec<&Message> = wanted
            .iter()
            .filter(|message| !carried(message, &compiled.diagnostics))
            .collect();
        if refused == mistake.newest.accepted {
            let ours: Vec<&str> = compiled
                .diagnostics
                .iter()
                .map(|d| d.sentence.as_str())
                .collect();
            report.fail(
                &mistake.mistake,
                &format!("accepted: {}; ours: {ours:?}", mistake.newest.accepted),
            );
        } else if refused && !missing.is_empty() {
            let missing: Vec<String> = missing
                .iter()
                .map(|message| format!("line {:?}: {}", message.line, message.words))
                .collect();
            let ours: Vec<_> = compiled
                .diagnostics
                .iter()
                .map(|d| (&d.sentence, &d.tool))
                .collect();
            report.fail(
                &mistake.mistake,
                &format!("missing {missing:?}; ours: {ours:?}"),
            );
        } else {
            report.pass();
        }
    }
    Ok(())
}

fn read_message(message: &str) -> Message {
    let prefix = "AppArmor parser error at line ";
    let parts = message
        .strip_prefix(prefix)
        .and_then(|rest| rest.split_once(": "));
    match parts {
        Some((line, words)) => Message {
            line: line.parse().ok(),
            words: words.to_owned(),
        },
        None => Message {
            line: None,
            words: message.to_owned(),
        },
    }
}

/// Whether a finding carries the message with its line.
fn carried(message: &Message, findings: &[Diagnostic]) -> bool {
    // What the C++ runtime prints when the real parser crashes is not its wording.
    if message.words.contains("std::bad_alloc") {
        return true;
    }
    findings
        .iter()
        .filter_map(|finding| finding.tool.as_ref())
        .any(|tool| {
            let line = message.line.is_none() || tool.line == message.line;
            line && tool.lines.contains(&message.words)
        })
}
