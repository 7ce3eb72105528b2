//! Compares a step's outcome with the recorded one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Step, Want, machine::Outcome};

/// What differs in one step.
#[derive(Default)]
pub struct Differences {
    /// Return value, errno, stage, death.
    pub outcome: Option<String>,
    /// Whether data that was read is the same, where it was recorded.
    pub data: Option<bool>,
    /// Records that both have.
    pub records_right: usize,
    /// Records that either has.
    pub records_all: usize,
    /// States that are as recorded.
    pub states_right: usize,
    /// States that were recorded or changed.
    pub states_all: usize,
    /// Everything in words.
    pub lines: Vec<String>,
}

/// Capability records of a scenario so far: the kernel may leave out repeats.
#[derive(Default)]
pub struct Seen(BTreeSet<String>);

/// Compares outcome, states and records.
pub fn compare(step: &Step, want: &Want, got: &Outcome, seen: &mut Seen) -> Differences {
    let mut differences = Differences::default();
    let wanted = outcome_text(want);
    let actual = got.text();
    if wanted != actual {
        differences
            .lines
            .push(format!("want {wanted}, got {actual}"));
        differences.outcome = Some(actual);
    }
    if let (Some(data), true) = (&want.data, want.ret.is_some_and(|ret| ret >= 0)) {
        let volatile = step
            .fields
            .get("path")
            .and_then(Value::as_str)
            .is_some_and(|path| path.starts_with("/proc/") && !path.contains("/attr/"));
        if !volatile {
            let same = got.data.as_deref() == Some(data);
            differences.data = Some(same);
            if !same {
                differences
                    .lines
                    .push(format!("want data {data:?}, got {:?}", got.data));
            }
        }
    }
    compare_states(want, got, &mut differences);
    compare_records(want, got, seen, &mut differences);
    differences
}

fn outcome_text(want: &Want) -> String {
    if let Some(signal) = &want.killed {
        return format!("killed {signal}");
    }
    if let Some(exit) = want.exit {
        return format!("exit {exit}");
    }
    if let Some(note) = &want.note {
        return note.clone();
    }
    let mut text = match (&want.ok, want.ret) {
        (Some(kind), _) => kind.clone(),
        (None, Some(ret)) => ret.to_string(),
        (None, None) => "nothing".to_owned(),
    };
    for part in [&want.errno, &want.stage, &want.at, &want.got]
        .into_iter()
        .flatten()
    {
        text.push(' ');
        text.push_str(part);
    }
    if let Some(stat) = &want.stat {
        text.push_str(&stat_text(stat));
    }
    text
}

fn stat_text(stat: &Value) -> String {
    format!(
        " mode={} nlink={} uid={} gid={} size={}",
        stat["mode"].as_str().unwrap_or_default(),
        stat["nlink"],
        stat["uid"],
        stat["gid"],
        stat["size"]
    )
}

fn compare_states(want: &Want, got: &Outcome, differences: &mut Differences) {
    let names: BTreeSet<&String> = want.state.keys().chain(got.states.keys()).collect();
    for name in names {
        differences.states_all += 1;
        let (wanted, actual) = (want.state.get(name), got.states.get(name));
        if wanted == actual {
            differences.states_right += 1;
        } else {
            differences.lines.push(format!(
                "state of {name}: want {}, got {}",
                wanted.map_or_else(|| "none".to_owned(), Value::to_string),
                actual.map_or_else(|| "none".to_owned(), Value::to_string)
            ));
        }
    }
}

fn compare_records(want: &Want, got: &Outcome, seen: &mut Seen, differences: &mut Differences) {
    let mut wanted: Vec<&str> = want.audit.iter().map(String::as_str).collect();
    let mut extra: Vec<&str> = Vec::new();
    let mut right = 0;
    for record in &got.records {
        if let Some(at) = wanted.iter().position(|line| line == record) {
            wanted.remove(at);
            right += 1;
        } else if !(is_capable(record) && seen.0.contains(record)) {
            extra.push(record);
        }
    }
    for line in want.audit.iter().chain(&got.records) {
        if is_capable(line) {
            seen.0.insert(line.clone());
        }
    }
    differences.records_right = right;
    differences.records_all = right + wanted.len().max(extra.len());
    differences
        .lines
        .extend(wanted.iter().map(|line| format!("missing record {line}")));
    differences
        .lines
        .extend(extra.iter().map(|line| format!("extra record {line}")));
    if wanted.is_empty()
        && extra.is_empty()
        && want.audit.len() == got.records.len()
        && want.audit != got.records
    {
        differences
            .lines
            .push("records in another order".to_owned());
    }
}

fn is_capable(line: &str) -> bool {
    line.contains("operation=\"capable\"")
}
