//! Audit records of the kernel's log.

use super::line;
use crate::{
    message::{ComparedLine, LineVerdict},
    node::Node,
};

/// Fields that differ on any two machines.
const OWN: [&str; 6] = ["pid", "audit", "ses", "auid", "ip", "capname"];

/// A record as its fields in order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    text: String,
    fields: Vec<(String, String)>,
    found: bool,
}

pub(super) fn compare(node: &Node, pasted: &str) -> Vec<ComparedLine> {
    let mut predicted: Vec<Record> = node
        .machine
        .kernel_log()
        .iter()
        .filter_map(|text| record(text))
        .filter(|record| !is_status(record))
        .collect();
    let subjects: Vec<String> = node
        .machine
        .world
        .policy()
        .profiles()
        .map(|profile| profile.name.to_string())
        .collect();
    let mut lines = Vec::new();
    for text in pasted.lines() {
        let Some(real) = record(text) else {
            lines.push(line(text, LineVerdict::Unrelated, ""));
            continue;
        };
        if is_status(&real) {
            lines.push(line(
                text,
                LineVerdict::Unrelated,
                "A profile was loaded, replaced or removed.",
            ));
            continue;
        }
        let free = |record: &&mut Record| !record.found;
        let same = predicted
            .iter_mut()
            .filter(free)
            .find(|record| differences(record, &real).is_empty());
        if let Some(record) = same {
            record.found = true;
            lines.push(line(text, LineVerdict::Same, ""));
            continue;
        }
        let about = |record: &Record| {
            ["operation", "profile", "name"].map(|key| value(record, key).map(str::to_owned))
        };
        let near = predicted
            .iter_mut()
            .filter(free)
            .find(|record| about(record) == about(&real));
        if let Some(record) = near {
            record.found = true;
            lines.push(line(
                text,
                LineVerdict::Different,
                format!("Predicted {}.", differences(record, &real).join(", ")),
            ));
        } else if value(&real, "profile").is_some_and(|name| ours(&subjects, name)) {
            // The same event once more says nothing new: programs try again.
            let again = predicted
                .iter()
                .any(|record| differences(record, &real).is_empty());
            lines.push(if again {
                line(
                    text,
                    LineVerdict::Same,
                    "Once more than predicted: something tried again.",
                )
            } else {
                line(
                    text,
                    LineVerdict::Unexpected,
                    "The simulator predicts no such line.",
                )
            });
        } else {
            lines.push(line(
                text,
                LineVerdict::Unrelated,
                "About a profile that the lab does not have.",
            ));
        }
    }
    for record in predicted.iter().filter(|record| !record.found) {
        lines.push(line(
            &record.text,
            LineVerdict::Missing,
            "Predicted, and not in the text.",
        ));
    }
    lines
}

fn ours(subjects: &[String], name: &str) -> bool {
    subjects
        .iter()
        .any(|subject| name == subject || name.starts_with(&format!("{subject}//")))
}

fn is_status(record: &Record) -> bool {
    value(record, "apparmor") == Some("STATUS")
}

fn value<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    let found = record.fields.iter().find(|(known, _)| known == key);
    found.map(|(_, value)| value.as_str())
}

/// The fields of an AppArmor or seccomp record; nothing for another line.
fn record(text: &str) -> Option<Record> {
    let start = text.find("apparmor=").or_else(|| {
        text.contains("type=1326")
            .then(|| text.find("auid="))
            .flatten()
    })?;
    let mut fields = Vec::new();
    let mut rest = text.get(start..)?;
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.trim().to_owned();
        let (value, following) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        if key.contains(' ') || key.is_empty() {
            break;
        }
        fields.push((key, value.to_owned()));
        rest = following.trim_start();
    }
    Some(Record {
        text: text.to_owned(),
        fields,
        found: false,
    })
}

/// What was predicted otherwise: `denied_mask="w" instead of "c"`.
fn differences(predicted: &Record, real: &Record) -> Vec<String> {
    let mut found = Vec::new();
    for (key, was) in &predicted.fields {
        if OWN.contains(&key.as_str()) {
            continue;
        }
        match value(real, key) {
            Some(is) if is == was => {}
            Some(is) => found.push(format!("{key}=\"{was}\" instead of \"{is}\"")),
            // Kernels before 6.7 do not name the class.
            None if key == "class" => {}
            None => found.push(format!("{key}=\"{was}\", which is not there")),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_with_its_quotes_and_without_its_time() {
        let text = "[   12.5] audit: type=1400 audit(1.2:3): apparmor=\"DENIED\" operation=\"mknod\" profile=\"a b\" name=\"/x\" pid=7 denied_mask=\"c\"";
        let found = record(text).expect("it is a record");
        assert_eq!(value(&found, "profile"), Some("a b"));
        assert_eq!(value(&found, "pid"), Some("7"));
        assert_eq!(record("[1.0] usb 1-1: new device"), None);
    }

    #[test]
    fn a_process_id_is_no_difference_and_a_mask_is_one() {
        let of = |pid, mask| {
            record(&format!(
                "apparmor=\"DENIED\" operation=\"open\" pid={pid} denied_mask=\"{mask}\""
            ))
            .expect("it is a record")
        };
        assert!(differences(&of(1, "w"), &of(2, "w")).is_empty());
        assert_eq!(
            differences(&of(1, "w"), &of(1, "r")),
            ["denied_mask=\"w\" instead of \"r\""]
        );
    }
}
