//! Kubernetes: the cases that upstream's own tests and code give
//! (`kube/validation`, `kube/psa`, `kube/real-pods`).

use std::{collections::BTreeSet, fs, path::Path};

use cluster::{
    api::{
        ApiServer, FieldError,
        psa::{self, Level, PolicyVersion},
        sync, validation,
    },
    client::{Client, Validate},
    kubelet::{self, CriProfile},
    node::{Node, kind},
    object::{Container, Pod, Profile, ProfileType},
    runtime::{Answer, containerd},
    start::start,
    version::Version,
    yaml,
};
use serde_json::Value;

use crate::report::Report;

/// The oldest release whose code the cases were computed from.
const OLDEST: u16 = 8;
/// The newest release that the cases speak of.
const NEWEST: u16 = 36;

/// What the API server refuses, and annotations that change.
pub fn validation(folder: &Path, report: &mut Report) -> Result<(), String> {
    let cases = read(folder)?;
    for case in list(&cases, "validation") {
        let pod = pod(&case["pod"]);
        for version in versions(&case["k8s_version"], true) {
            let errors = validation::pod(&pod, version, "");
            check(
                report,
                case,
                errors_agree(&errors, &case["expect"]),
                version,
            );
        }
    }
    for case in list(&cases, "annotation_updates") {
        let annotations = |key: &str| {
            let entries = case[key].as_object().into_iter().flatten();
            entries
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect()
        };
        let errors = validation::annotation_update(
            &annotations("old_annotations"),
            &annotations("new_annotations"),
        );
        check(
            report,
            case,
            errors_agree(&errors, &case["expect"]),
            Version::new(1, NEWEST),
        );
    }
    Ok(())
}

/// What becomes of annotations and fields when a pod is created.
pub fn sync(folder: &Path, report: &mut Report) -> Result<(), String> {
    let cases = read(folder)?;
    for case in list(&cases, "sync") {
        for version in versions(&case["k8s_version"], true) {
            let mut pod = pod(&case["in"]);
            let synced = sync::apparmor(&mut pod, version);
            let wanted = self::pod(&case["out"]);
            let warnings: BTreeSet<&str> = synced.warnings.iter().map(String::as_str).collect();
            let wanted_warnings: BTreeSet<&str> = strings(&case["warnings"]).collect();
            let difference = if pod != wanted {
                Some(format!("the pod is {pod:?}, not {wanted:?}"))
            } else if warnings != wanted_warnings {
                Some(format!(
                    "the warnings are {warnings:?}, not {wanted_warnings:?}"
                ))
            } else {
                None
            };
            check(report, case, difference, version);
        }
    }
    Ok(())
}

/// What kubelets let in, and what they ask runtimes for.
pub fn kubelet(folder: &Path, report: &mut Report) -> Result<(), String> {
    let cases = read(folder)?;
    for case in list(&cases, "kubelet_admission") {
        let pod = pod(&case["pod"]);
        let node = &case["node"];
        let host_error = (node["apparmor_host_ok"] != Value::Bool(true))
            .then(|| node["host_error"].as_str().unwrap_or_default());
        let loaded: BTreeSet<&str> = strings(&node["loaded_profiles"]).collect();
        for version in versions(&case["k8s_version"], false) {
            let admission =
                kubelet::admit(&pod, version, host_error, &|name| loaded.contains(name));
            check(
                report,
                case,
                admission_agrees(admission.err().as_deref(), &case["expect"]),
                version,
            );
        }
    }
    for case in list(&cases, "kubelet_effective_profile") {
        let name = text(&case["container"]);
        let mut pod = Pod::default();
        let mut container = Container {
            name: name.to_owned(),
            ..Container::default()
        };
        container.security.app_armor = profile(&case["container_field"]);
        pod.spec.security.app_armor = profile(&case["pod_field"]);
        if let Some(value) = case["annotation"].as_str() {
            let key = format!("{}{name}", cluster::api::annotation::APPARMOR_PREFIX);
            pod.annotations.insert(key, value.to_owned());
        }
        for version in versions(&case["k8s_version"], true) {
            let found = kubelet::apparmor_profile(&pod, &container, version);
            let wanted = profile(&case["expect"]);
            check(
                report,
                case,
                (found != wanted).then(|| format!("{found:?}, not {wanted:?}")),
                version,
            );
        }
    }
    for case in list(&cases, "kubelet_seccomp") {
        let versions = text(&case["k8s_version"]);
        let patched = versions.starts_with("patched");
        let version = if patched {
            Version::with_patch(1, 27, 2)
        } else {
            Version::new(1, 23)
        };
        let mut pod = Pod::default();
        let mut container = Container::default();
        container.security.seccomp = profile(&case["container_field"]);
        pod.spec.security.seccomp = profile(&case["pod_field"]);
        let asked = kubelet::seccomp_profile(&pod, &container, version);
        let default = case["kubelet_seccomp_default"] == Value::Bool(true);
        let answer =
            kubelet::seccomp_to_cri(asked.as_ref(), default, kubelet::seccomp_patched(version));
        check(
            report,
            case,
            seccomp_agrees(&answer, &case["expect"]),
            version,
        );
    }
    Ok(())
}

/// What goes over CRI, and what containerd makes of it.
pub fn runtime(folder: &Path, report: &mut Report) -> Result<(), String> {
    let cases = read(folder)?;
    for case in list(&cases, "kubelet_to_cri") {
        let expect = &case["expect"];
        let difference = match kubelet::apparmor_to_cri(profile(&case["profile"]).as_ref()) {
            Err(error) => (Some(error.as_str()) != expect["error"].as_str()).then_some(error),
            Ok((message, old)) => {
                let wanted = cri_profile(&expect["apparmor"], "profile_type");
                let same = expect["error"].is_null()
                    && message == wanted
                    && old == text(&expect["apparmor_profile"]);
                (!same).then(|| format!("{message:?} and {old:?}"))
            }
        };
        check(report, case, difference, Version::new(1, NEWEST));
    }
    for case in list(&cases, "cri_spec_opts") {
        let difference = spec_opts(case).err();
        check(report, case, difference, Version::new(1, NEWEST));
    }
    Ok(())
}

/// One case of containerd's spec options.
fn spec_opts(case: &Value) -> Result<(), String> {
    let (input, expect) = (&case["in"], &case["expect"]);
    let apparmor = case["control"] == "apparmor";
    let privileged = input["privileged"] == Value::Bool(true);
    let request = match (
        cri_profile(&input["security_profile"], "type"),
        input["profile_string"].as_str(),
    ) {
        (Some(request), _) => Ok(Some(request)),
        (None, Some(old)) if apparmor => containerd::apparmor_from_string(old),
        (None, Some(old)) => containerd::seccomp_from_string(
            old,
            input["unset_seccomp_profile"].as_str().unwrap_or_default(),
        ),
        (None, None) => Ok(None),
    };
    let loaded: BTreeSet<&str> = strings(&input["loaded_profiles"]).collect();
    let profile = request.and_then(|request| {
        let answer: Answer = if apparmor {
            let enabled = input["apparmor_enabled"] == Value::Bool(true);
            containerd::apparmor(request.as_ref(), privileged, enabled, &|name| {
                loaded.contains(name)
            })
        } else {
            let enabled = input["seccomp_enabled"] == Value::Bool(true);
            containerd::seccomp(request.as_ref(), privileged, enabled)
        };
        answer.profile
    });
    let wanted = if expect["ok"] == Value::Bool(true) {
        Ok(expect["profile"].as_str().map(str::to_owned))
    } else {
        Err(text(&expect["error"]).to_owned())
    };
    if profile == wanted {
        Ok(())
    } else {
        Err(format!("{profile:?}, not {wanted:?}"))
    }
}

/// Pod Security: verdict, violated checks, and the message.
pub fn pod_security(folder: &Path, report: &mut Report) -> Result<(), String> {
    let index = json(&folder.join("index.json"))?;
    for case in list(&index, "cases") {
        let file = text(&case["file"]);
        let source =
            fs::read_to_string(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
        let (level, version) = (text(&case["level"]), text(&case["version"]));
        let (Some(level), Some(version)) = (Level::parse(level), PolicyVersion::parse(version))
        else {
            report.fail(file, "no such level or version");
            continue;
        };
        let parsed = yaml::parse(&source);
        let Some(document) = parsed.documents.first() else {
            report.fail(file, &format!("does not parse: {:?}", parsed.diagnostics));
            continue;
        };
        let violations = psa::evaluate(&Pod::read(document), level, version, psa::NEWEST);
        let found: Vec<&str> = violations.iter().map(|violation| violation.check).collect();
        let wanted: Vec<&str> = strings(&case["violated_checks"]).collect();
        let message = format!(
            "violates PodSecurity \"{}:{version}\": {}",
            level.name(),
            psa::summary(&violations)
        );
        let wanted_message = case["message_by_rule"].as_str();
        if found != wanted || (found.is_empty() != (case["expected"] == "pass")) {
            report.fail(file, &format!("violates {found:?}, not {wanted:?}"));
        } else if wanted_message.is_some_and(|wanted| wanted != message) {
            report.fail(file, &format!("says {message:?}, not {wanted_message:?}"));
        } else {
            report.pass();
        }
    }
    Ok(())
}

/// Manifests found in public: each parses, and yields a chain on three nodes.
pub fn manifests(folder: &Path, report: &mut Report) -> Result<(), String> {
    let index = json(&folder.join("index.json"))?;
    for item in list(&index, "items") {
        let file = text(&item["file"]);
        let source =
            fs::read_to_string(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
        let parsed = yaml::parse(&source);
        let problem = parsed
            .diagnostics
            .iter()
            .find(|finding| finding.severity == cluster::diagnostic::Severity::Error);
        if let Some(problem) = problem {
            report.fail(file, &format!("does not parse: {}", problem.sentence));
            continue;
        }
        let mut chains = 0;
        let mut client = Client::kubectl(file);
        client.validate = Validate::Warn;
        for document in &parsed.documents {
            for id in ["ubuntu-24.04", "kind-docker-desktop", "rhel-9"] {
                let Some(kind) = kind(id) else {
                    return Err(format!("no kind of node is called {id}"));
                };
                let node = Node::new(id, &kind.stack);
                let mut api = ApiServer::new(node.stack.kubelet.version);
                // Who sent it had made its namespace before.
                let namespace = document.at(&["metadata", "namespace"]);
                if let Some(namespace) = namespace.and_then(|namespace| namespace.as_str()) {
                    api.namespaces.entry(namespace.to_owned()).or_default();
                }
                chains += usize::from(!start(document, &client, &api, &node).chain.is_empty());
            }
        }
        if chains > 0 && chains == 3 * parsed.documents.len() {
            report.pass();
        } else {
            report.fail(
                file,
                &format!("{chains} chains of {} documents", parsed.documents.len()),
            );
        }
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Value, String> {
    json(&folder.join("cases.json"))
}

fn json(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn list<'v>(cases: &'v Value, name: &str) -> &'v [Value] {
    cases[name]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// A pod as the manifest reader has it from JSON.
fn pod(value: &Value) -> Pod {
    let parsed = yaml::parse(&value.to_string());
    parsed.documents.first().map(Pod::read).unwrap_or_default()
}

fn profile(value: &Value) -> Option<Profile> {
    let kind = value
        .as_object()?
        .get("type")
        .map(text)
        .unwrap_or_default()
        .to_owned();
    Some(Profile {
        kind,
        localhost: value["localhostProfile"].as_str().map(str::to_owned),
    })
}

fn cri_profile(value: &Value, key: &str) -> Option<CriProfile> {
    let kind = ProfileType::ALL
        .into_iter()
        .find(|kind| kind.name() == value[key])?;
    Some(CriProfile {
        kind,
        localhost_ref: text(&value["localhost_ref"]).to_owned(),
    })
}

/// The releases at which a case is run: both ends of a range. Of an open
/// range the first, and the newest where `open_ended` says so: kubelet cases
/// name a first release whose answers later ones do not all share.
fn versions(range: &Value, open_ended: bool) -> Vec<Version> {
    let range = text(range);
    let minor = |text: &str| {
        text.strip_prefix("1.")
            .and_then(|minor| minor.parse::<u16>().ok())
    };
    let (first, last) = if let Some(first) = range.strip_suffix('+') {
        let first = minor(first).unwrap_or(OLDEST).max(OLDEST);
        (first, if open_ended { NEWEST } else { first })
    } else if let Some((first, last)) = range.split_once('-') {
        (
            minor(first).unwrap_or(OLDEST).max(OLDEST),
            minor(last).unwrap_or(NEWEST),
        )
    } else {
        let only = minor(range).unwrap_or(NEWEST);
        (only, only)
    };
    let mut versions = vec![Version::new(1, first)];
    if last > first {
        versions.push(Version::new(1, last));
    }
    versions
}

/// Counts one answer.
fn check(report: &mut Report, case: &Value, difference: Option<String>, version: Version) {
    match difference {
        None => report.pass(),
        Some(difference) => {
            report.fail(&format!("{} at {version}", text(&case["id"])), &difference);
        }
    }
}

/// Whether errors are the recorded ones, as sets.
fn errors_agree(errors: &[FieldError], expect: &Value) -> Option<String> {
    let wanted = list(expect, "errors");
    let fits = |error: &FieldError, wanted: &Value| {
        let message = error.to_string();
        let same_words = match wanted["message"].as_str() {
            Some(words) => message == words,
            None => {
                message.starts_with(text(&wanted["message_prefix"]))
                    && message.ends_with(text(&wanted["detail"]))
            }
        };
        same_words && error.field == text(&wanted["field"]) && error.kind.reason() == wanted["type"]
    };
    let mut unique: Vec<&FieldError> = errors.iter().collect();
    unique.sort();
    unique.dedup();
    let same = unique.len() == wanted.len()
        && unique
            .iter()
            .all(|error| wanted.iter().any(|wanted| fits(error, wanted)))
        && wanted
            .iter()
            .all(|wanted| unique.iter().any(|error| fits(error, wanted)));
    (!same).then(|| {
        let found: Vec<String> = unique.iter().map(ToString::to_string).collect();
        format!("{found:?}, not {}", Value::from(wanted.to_vec()))
    })
}

/// Whether words are the recorded ones, where `<…>` in these stands for anything.
fn words_agree(found: &str, wanted: &Value) -> bool {
    let wanted = text(wanted);
    match (wanted.find('<'), wanted.rfind('>')) {
        (Some(start), Some(end)) if start < end => {
            found.starts_with(&wanted[..start]) && found.ends_with(&wanted[end + 1..])
        }
        _ => found == wanted,
    }
}

fn admission_agrees(rejection: Option<&kubelet::Rejection>, expect: &Value) -> Option<String> {
    let admitted = expect["admit"] == Value::Bool(true);
    let same = match rejection {
        None => admitted,
        Some(_) if admitted => false,
        Some(rejection) => {
            let status = &expect["pod_status"];
            let waiting =
                rejection
                    .status
                    .containers
                    .iter()
                    .all(|container| match &container.state {
                        cluster::status::ContainerState::Waiting { reason, .. } => {
                            status["container_waiting_reason"] == reason.as_str()
                        }
                        _ => false,
                    });
            let event = match (&rejection.event, expect["event"].is_object()) {
                (None, wanted) => !wanted,
                (Some(event), true) => {
                    event.warning
                        && event.reason == text(&expect["event"]["reason"])
                        && words_agree(&event.message, &expect["event"]["message"])
                }
                (Some(_), false) => false,
            };
            words_agree(&rejection.validator, &expect["validator_error"])
                && words_agree(&rejection.message, &expect["message"])
                && rejection.status.phase.name() == status["phase"]
                && rejection.status.reason == text(&status["reason"])
                && words_agree(&rejection.status.message, &status["message"])
                && rejection.status.display() == text(&expect["kubectl_get_status"])
                && waiting
                && event
        }
    };
    (!same).then(|| format!("{rejection:?}, not {expect}"))
}

fn seccomp_agrees(answer: &Result<CriProfile, &'static str>, expect: &Value) -> Option<String> {
    let same = match answer {
        Err(error) => expect["error"] == *error,
        Ok(profile) => {
            let wanted = &expect["profile"];
            let reference = wanted["localhost_ref"].as_str().unwrap_or_default();
            let reference = reference.replace("<kubelet root>/seccomp", kubelet::SECCOMP_ROOT);
            profile.kind.name() == text(&wanted["type"]) && profile.localhost_ref == reference
        }
    };
    (!same).then(|| format!("{answer:?}, not {expect}"))
}
