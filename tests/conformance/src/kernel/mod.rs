//! Replays recorded kernel scenarios: what three real kernels answered to tens
//! of thousands of calls, and what they left in their logs.

mod arguments;
mod compare;
mod exceptions;
mod flags;
mod machine;
mod operations;
mod policy;
mod record;
mod tally;

use std::{collections::BTreeMap, env, fs, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::report::Report;
use machine::Machine;
use tally::Tally;

/// One file of scenarios.
#[derive(Deserialize)]
struct File {
    group: String,
    scenarios: Vec<Scenario>,
}

/// One scenario: a fresh world and the steps in it.
#[derive(Deserialize)]
struct Scenario {
    id: String,
    steps: Vec<Step>,
}

/// One step: an operation with its arguments, and what each kernel answered.
#[derive(Deserialize)]
struct Step {
    op: String,
    #[serde(rename = "as")]
    task: Option<String>,
    #[serde(default)]
    child: bool,
    save: Option<String>,
    want: Vec<Want>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// The outcome on some kernels.
#[derive(Clone, Default, Deserialize)]
struct Want {
    on: Vec<String>,
    ret: Option<i64>,
    errno: Option<String>,
    ok: Option<String>,
    data: Option<String>,
    stat: Option<Value>,
    stage: Option<String>,
    at: Option<String>,
    got: Option<String>,
    killed: Option<String>,
    note: Option<String>,
    exit: Option<i32>,
    #[serde(default)]
    audit: Vec<String>,
    #[serde(default)]
    state: BTreeMap<String, Value>,
}

/// Replays every scenario below `folder` on each of the three kernels. The
/// environment variable `KERNEL_GROUP` limits the run to groups that begin
/// with its value, `KERNEL_SHOW` sets how many differences of each are shown.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let only = env::var("KERNEL_GROUP").unwrap_or_default();
    let mut paths: Vec<_> = fs::read_dir(folder.join("scenarios"))
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    paths.sort();
    let mut tally = Tally::default();
    for path in paths {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with(&only) {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let file: File = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        for kernel in policy::KERNELS {
            for scenario in &file.scenarios {
                replay(kernel, &file.group, scenario, &mut tally);
            }
        }
    }
    tally.print(report);
    Ok(())
}

fn replay(kernel: &'static policy::Kernel, group: &str, scenario: &Scenario, tally: &mut Tally) {
    let mut machine = Machine::new(kernel, group == "apparmor-off");
    let mut seen = compare::Seen::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        let Some(want) = step
            .want
            .iter()
            .find(|want| want.on.iter().any(|tag| tag == kernel.tag))
        else {
            continue;
        };
        if want.note.as_deref() == Some("not recorded") {
            continue;
        }
        let got = machine.step(step);
        if want.note.as_deref() == Some("gone") {
            continue;
        }
        let differences = compare::compare(step, want, &got, &mut seen);
        let place = format!("{}[{index}] {}", scenario.id, step.op);
        let excepted = exceptions::find(&scenario.id, index, kernel.tag);
        tally.add(kernel.tag, group, &place, step, &differences, excepted);
    }
}
