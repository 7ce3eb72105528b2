//! `kubectl delete`.

use super::{fail, get::Shown, send::DryRun};
use crate::{
    process::Process,
    programs::{cat, options::Given},
    stop::Deleted,
};
use cluster::{object::Kind, version::Version, yaml};

/// The release whose kubectl says where an object was (kubernetes PR 126619).
const NAMESPACE_TOLD: Version = Version::new(1, 34);

/// An object that is named for deletion.
struct Named {
    kind: Kind,
    /// The namespace that a file gives it.
    namespace: Option<String>,
    name: String,
}

pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let dry_run = match DryRun::of(process, given) {
        Ok(dry_run) => dry_run,
        Err(exit) => return exit,
    };
    let objects = match named(process, given) {
        Ok(objects) => objects,
        Err(exit) => return exit,
    };
    let force = given.has("force");
    if force {
        process.warn("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
    }
    let asked = given.value("n").unwrap_or("default").to_owned();
    let mut waits = false;
    let mut errors = Vec::new();
    for object in objects {
        let namespace = object.namespace.unwrap_or_else(|| asked.clone());
        let place = (object.name.as_str(), namespace.as_str());
        let deleted = match dry_run {
            DryRun::None => process.machine.delete(object.kind, place, force),
            _ => process.machine.clone().delete(object.kind, place, true),
        };
        if let Deleted::Refused(words) = deleted {
            let is_missing = words.contains("(NotFound)");
            if !(is_missing && given.has("ignore-not-found")) {
                errors.push(words);
            }
            continue;
        }
        let how = if force { "force deleted" } else { "deleted" };
        let version = process.machine.node.stack.kubelet.version;
        let from = if object.kind.is_namespaced() && version >= NAMESPACE_TOLD {
            format!(" from {namespace} namespace")
        } else {
            String::new()
        };
        process.print(&format!(
            "{} \"{}\" {how}{from}{}",
            object.kind.singular(),
            object.name,
            dry_run.mark()
        ));
        if let Deleted::Terminating(labels) = deleted {
            waits |= given.value("wait").is_none_or(|wait| wait != "false");
            let labels = labels.join(" and ");
            process.machine.console.notice(&format!(
                "the pod stays: AppArmor refuses the runtime's signals to a process under {labels}"
            ));
        }
    }
    if waits {
        let notice = "kubectl waits for its end on a real cluster; here it goes on";
        process.machine.console.notice(notice);
    }
    for words in &errors {
        process.warn(words);
    }
    u8::from(!errors.is_empty())
}

/// The objects that words and options name.
fn named(process: &mut Process<'_>, given: &Given) -> Result<Vec<Named>, u8> {
    if let Some(path) = given.value("f") {
        let Ok(bytes) = cat::read(process, path) else {
            let words = format!("error: the path \"{path}\" does not exist");
            return Err(fail(process, &words));
        };
        let documents = yaml::parse(&String::from_utf8_lossy(&bytes)).documents;
        return Ok(documents.iter().filter_map(of_document).collect());
    }
    let words = given.operands.as_slice();
    let (kinds, names): (Vec<&str>, Vec<&str>) = match words {
        [] => (Vec::new(), Vec::new()),
        [first, ..] if first.contains('/') => words
            .iter()
            .map(|word| word.split_once('/').unwrap_or((word, "")))
            .unzip(),
        [kind, rest @ ..] => {
            let names: Vec<&str> = rest.iter().map(String::as_str).collect();
            (vec![kind.as_str(); names.len().max(1)], names)
        }
    };
    let Some(first) = kinds.first() else {
        let words = "error: You must provide one or more resources by argument or filename.";
        return Err(fail(process, words));
    };
    let mut known = Vec::new();
    for word in &kinds {
        match kind_of(word) {
            Some(kind) => known.push(kind),
            None if *word == "node" || *word == "nodes" || *word == "events" => {
                let words = format!("error: deleting {word} is not simulated");
                return Err(fail(process, &words));
            }
            None => {
                let words = format!("error: the server doesn't have a resource type \"{word}\"");
                return Err(fail(process, &words));
            }
        }
    }
    if names.is_empty() && given.has("all") {
        let asked = given.value("n").unwrap_or("default");
        return Ok(all(process, kind_of(first).unwrap_or(Kind::Pod), asked));
    }
    if names.is_empty() {
        let words = "error: resource(s) were provided, but no name was specified";
        return Err(fail(process, words));
    }
    let objects = known.into_iter().zip(names);
    Ok(objects
        .map(|(kind, name)| Named {
            kind,
            namespace: None,
            name: name.to_owned(),
        })
        .collect())
}

/// Every pod or controller of a namespace.
fn all(process: &Process<'_>, kind: Kind, namespace: &str) -> Vec<Named> {
    let pods = process.machine.pods.iter();
    let pods = pods.filter(|pod| pod.spec.namespace == namespace);
    pods.filter_map(|pod| of_document(&pod.object(kind)?))
        .collect()
}

/// The kind of a word.
fn kind_of(word: &str) -> Option<Kind> {
    match Shown::named(word) {
        Some(Shown::Pods) => Some(Kind::Pod),
        Some(Shown::Namespaces) => Some(Kind::Namespace),
        Some(Shown::Workloads(kind)) => Some(kind),
        Some(Shown::Nodes | Shown::Events) => None,
        None => {
            let word = word.split_once('.').map_or(word, |(word, _)| word);
            let is_meant =
                |kind: &Kind| kind.plural() == word || kind.name().eq_ignore_ascii_case(word);
            Kind::all().find(is_meant)
        }
    }
}

fn of_document(document: &yaml::Value) -> Option<Named> {
    let text = |key: &str| {
        let value = document.at(&["metadata", key]);
        value.and_then(yaml::Value::as_str).map(str::to_owned)
    };
    Some(Named {
        kind: Kind::of(document)?,
        namespace: text("namespace"),
        name: text("name")?,
    })
}
