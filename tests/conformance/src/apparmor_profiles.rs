//! Profiles from the field: does each load?

use std::path::Path;

use apparmor::{Features, Level, Options, compile, is_refused};
use serde::Deserialize;

use crate::{apparmor_parser::read, report::Report, sources::read_folder};

#[derive(Deserialize)]
struct Case {
    file: String,
    accepted: bool,
    messages: Vec<String>,
}

/// The folders that are laid over Debian's policy folder.
const OVERLAY: &[&str] = &["abstractions", "tunables", "mappings", "namespaces"];

/// Replays the folder, its policy folders laid over each other.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let debian = read_folder(&folder.join("debian"))?;
    let mut overlaid = debian.clone();
    for part in OVERLAY {
        let path = folder.join("roddhjav").join(part);
        if path.is_dir() {
            let over = read_folder(&path)?;
            for name in over.paths().map(str::to_owned).collect::<Vec<_>>() {
                if let Some(text) = over.text(&name) {
                    overlaid.insert(format!("{part}/{name}"), text);
                }
            }
        }
    }
    let options = Options {
        level: Level::V5_0,
        kernel: Features::kernel_6_12(),
        pinned: None,
        overriding: None,
    };
    let cases: Vec<Case> = serde_json::from_str(&read(&folder.join("index.json"))?)
        .map_err(|error| error.to_string())?;
    for case in cases {
        let text = read(&folder.join(&case.file))?;
        let sources = if case.file.starts_with("roddhjav/") {
            &overlaid
        } else {
            &debian
        };
        let compiled = compile(&case.file, &text, sources, &options);
        if is_refused(&compiled.diagnostics) == case.accepted {
            let ours: Vec<String> = compiled
                .diagnostics
                .iter()
                .filter(|finding| finding.severity == apparmor::diagnostic::Severity::Error)
                .take(3)
                .map(|finding| {
                    let file = compiled
                        .files
                        .get(finding.span.file)
                        .map_or("", |file| file.name.as_str());
                    let line = compiled.files.line(finding.span);
                    format!(
                        "{file}:{line} {} {} {:?}",
                        finding.code, finding.sentence, finding.tool
                    )
                })
                .collect();
            report.fail(
                &case.file,
                &format!(
                    "accepted: {} {:?}; ours: {ours:?}",
                    case.accepted, case.messages
                ),
            );
        } else {
            report.pass();
        }
    }
    Ok(())
}
