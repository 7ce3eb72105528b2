//! The parser's own test suite: does a text load?

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::Path,
};

use apparmor::{Features, Level, Options, SourceSet, compile, is_refused};
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::{report::Report, sources::read_folder};

/// What one release of the real parser answered.
#[derive(Deserialize)]
pub struct Answer {
    /// It loaded the text.
    pub accepted: bool,
    /// What it printed.
    #[serde(default)]
    pub messages: Vec<String>,
}

#[derive(Deserialize)]
struct Case {
    file: String,
    #[serde(rename = "parser_5.0.2")]
    newest: Answer,
    #[serde(rename = "parser_4.1.0")]
    older: Answer,
}

#[derive(Deserialize)]
struct Generated {
    file: String,
    text: String,
    #[serde(rename = "parser_5.0.2")]
    newest: bool,
    #[serde(rename = "parser_4.1.0")]
    older: bool,
}

/// The settings of a verdict: `-M features.all`.
pub fn options(folder: &Path, level: Level) -> Result<Options, String> {
    let text = read(&folder.join("features_files/features.all"))?;
    let features = Features::parse(&text).map_err(|error| error.to_string())?;
    Ok(Options::for_features(level, features))
}

/// Reads a file as text; bytes that are none become the replacement character.
pub fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Replays the folder: both kinds of cases at both levels.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let sources = suite_sources(folder)?;
    let levels = [
        (Level::V5_0, options(folder, Level::V5_0)?),
        (Level::V4_1, options(folder, Level::V4_1)?),
    ];
    let cases: Vec<Case> = serde_json::from_str(&read(&folder.join("index.json"))?)
        .map_err(|error| error.to_string())?;
    for case in cases {
        let text = without_directives(&read(&folder.join(&case.file))?);
        for (level, options) in &levels {
            let answer = if *level == Level::V5_0 {
                &case.newest
            } else {
                &case.older
            };
            compare(
                &case.file,
                &text,
                &sources,
                options,
                answer.accepted,
                &answer.messages,
                report,
            );
        }
    }
    let packed =
        File::open(folder.join("generated.jsonl.gz")).map_err(|error| error.to_string())?;
    let mut lines = String::new();
    GzDecoder::new(packed)
        .read_to_string(&mut lines)
        .map_err(|error| error.to_string())?;
    for line in lines.lines() {
        let case: Generated = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let text = without_directives(&case.text);
        for (level, options) in &levels {
            let accepted = if *level == Level::V5_0 {
                case.newest
            } else {
                case.older
            };
            compare(&case.file, &text, &sources, options, accepted, &[], report);
        }
    }
    Ok(())
}

/// The suite's files as the real parser saw them: started in a folder named `tst`
/// that holds `simple_tests`, which is searched for what stands in `<>`.
pub fn suite_sources(folder: &Path) -> Result<SourceSet, String> {
    let files = read_folder(&folder.join("simple_tests"))?;
    let mut sources = SourceSet::new();
    for name in files.paths() {
        for start in ["simple_tests", "../tst/simple_tests"] {
            sources.insert(
                format!("{start}/{name}"),
                files.text(name).unwrap_or_default(),
            );
        }
    }
    sources.search_in("simple_tests");
    Ok(sources)
}

/// The suite's own lines are not part of a text.
fn without_directives(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with("#="))
        .collect()
}

fn compare(
    case: &str,
    text: &str,
    sources: &SourceSet,
    options: &Options,
    accepted: bool,
    messages: &[String],
    report: &mut Report,
) {
    let compiled = compile("stdin", text, sources, options);
    let refused = is_refused(&compiled.diagnostics);
    if refused != accepted {
        report.pass();
        return;
    }
    let ours: BTreeMap<String, &str> = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.to_string(), diagnostic.sentence.as_str()))
        .collect();
    let level = options.level;
    report.fail(
        case,
        &format!(
            "at {level:?} the real parser {}: {messages:?}; ours: {ours:?}",
            if accepted { "accepts" } else { "refuses" }
        ),
    );
}
