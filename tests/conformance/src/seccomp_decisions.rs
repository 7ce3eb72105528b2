//! `seccomp-decisions`: recorded answers of filters that libseccomp built.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use seccomp::{
    Action, Arch, BuildOptions, Filter, Format, MAX_ERRNO, ProfileError, ReadContext, Reading,
    SeccompData, build, read,
};
use serde::Deserialize;

use crate::report::Report;

#[derive(Deserialize)]
struct Case {
    id: String,
    profiles: Vec<String>,
    format: String,
    native: String,
    caps: Vec<String>,
    kernel: String,
    arch: Option<String>,
    nr: Option<i32>,
    args: Option<Vec<String>>,
    expect: Expected,
    ret: Option<u32>,
    class: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    error: Option<String>,
    message: Option<String>,
    seccomp: Option<String>,
    action: Option<String>,
    errno: Option<u16>,
}

/// A profile becomes a filter, nothing, or an error.
type Built = Result<Option<Filter>, ProfileError>;

/// Runs every case of `DIR/cases.jsonl`.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let cases =
        fs::read_to_string(folder.join("cases.jsonl")).map_err(|error| error.to_string())?;
    let mut built: HashMap<String, Built> = HashMap::new();
    let mut classes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut words = (0, 0);
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).map_err(|error| error.to_string())?;
        for profile in &case.profiles {
            let key = key(&case, profile);
            if let std::collections::hash_map::Entry::Vacant(vacant) = built.entry(key) {
                let path = folder.join("profiles").join(format!("{profile}.json"));
                let text = fs::read(&path).map_err(|error| format!("{path:?}: {error}"))?;
                vacant.insert(build_one(&text, &case));
            }
        }
        let answers: Vec<&Built> = case
            .profiles
            .iter()
            .filter_map(|profile| built.get(&key(&case, profile)))
            .collect();
        let outcome = compare(&case, &answers, &mut words);
        let class = case.class.as_deref().unwrap_or("invalid or off");
        let tally = classes.entry(class.to_owned()).or_default();
        tally.1 += 1;
        match outcome {
            Ok(()) => {
                tally.0 += 1;
                report.pass();
            }
            Err(difference) => report.fail(&case.id, &format!("{class}: {difference}")),
        }
    }
    for (class, (passed, total)) in classes {
        println!("  {class}: {passed} of {total}");
    }
    println!("  error texts equal: {} of {}", words.0, words.1);
    Ok(())
}

fn key(case: &Case, profile: &str) -> String {
    format!(
        "{profile} {} {} {:?} {}",
        case.format, case.native, case.caps, case.kernel
    )
}

fn build_one(text: &[u8], case: &Case) -> Built {
    let native = Arch::from_name(&case.native).unwrap_or(Arch::X86_64);
    let kernel = case
        .kernel
        .split_once('.')
        .map_or((0, 0), |(major, minor)| {
            (major.parse().unwrap_or(0), minor.parse().unwrap_or(0))
        });
    let context = ReadContext {
        native,
        capabilities: case.caps.iter().cloned().collect(),
        kernel,
    };
    let format = match case.format.as_str() {
        "docker" => Format::Docker,
        "common" => Format::Common,
        _ => Format::Oci,
    };
    match read(text, format, &context)? {
        Reading::Off => Ok(None),
        Reading::Profile(profile) => build(&profile, BuildOptions::new(native)).map(Some),
    }
}

fn compare(case: &Case, built: &[&Built], words: &mut (usize, usize)) -> Result<(), String> {
    let error = built.iter().find_map(|one| one.as_ref().err());
    if let Some(expected) = &case.expect.error {
        let Some(error) = error else {
            return Err(format!("expected the error {expected}, got a filter"));
        };
        if let Some(message) = &case.expect.message {
            words.1 += 1;
            if *message == error.message {
                words.0 += 1;
            } else {
                println!(
                    "  text of {}: {:?}, ours {:?}",
                    case.id, message, error.message
                );
            }
        }
        return if error.class.name() == expected {
            Ok(())
        } else {
            Err(format!(
                "expected the error {expected}, got {}",
                error.class.name()
            ))
        };
    }
    if let Some(error) = error {
        return Err(format!("unexpected error {}: {error}", error.class.name()));
    }
    let filters: Vec<&Filter> = built
        .iter()
        .filter_map(|one| one.as_ref().ok()?.as_ref())
        .collect();
    if case.expect.seccomp.is_some() {
        return if filters.is_empty() {
            Ok(())
        } else {
            Err("expected seccomp to be off".to_owned())
        };
    }
    decide(case, &filters)
}

fn decide(case: &Case, filters: &[&Filter]) -> Result<(), String> {
    let arch = case.arch.as_deref().and_then(Arch::from_name);
    let mut data = SeccompData {
        nr: case.nr.unwrap_or_default(),
        arch: arch.map_or(0, Arch::audit),
        ..SeccompData::default()
    };
    for (to, from) in data.args.iter_mut().zip(case.args.iter().flatten()) {
        *to = u64::from_str_radix(from.trim_start_matches("0x"), 16)
            .map_err(|error| error.to_string())?;
    }
    let answer = seccomp::combine(filters.iter().copied(), &data);
    let name = match answer.action {
        Action::Notify => "NOTIFY",
        other => other.oci_name().trim_start_matches("SCMP_ACT_"),
    };
    let errno = match answer.action {
        Action::Errno(errno) => Some(errno.min(MAX_ERRNO)),
        _ => None,
    };
    let value = answer.action.to_return();
    if Some(name) == case.expect.action.as_deref()
        && errno == case.expect.errno
        && case.ret.is_none_or(|ret| ret == value)
    {
        return Ok(());
    }
    Err(format!(
        "{} {:?} {:?}: expected {:?} {:?}, got {} ({:?})",
        case.arch.as_deref().unwrap_or(""),
        case.nr,
        case.profiles,
        case.expect.action,
        case.expect.errno,
        answer.action,
        answer
            .verdicts
            .iter()
            .map(|verdict| verdict.reason)
            .collect::<Vec<_>>(),
    ))
}
