//! `kubectl get`.

use super::{fail, output, selector::Selector};
use crate::{node::Pod, process::Process, programs::options::Given};
use cluster::{
    object::{Kind, string_map},
    start::Start,
    view::{self, Columns, Table},
    yaml::Value,
};
use sorted::SortedMap;

/// The age of everything: no time passes between commands.
pub(super) const AGE: &str = "1s";

/// A kind of object that can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Pods,
    Nodes,
    Events,
    Namespaces,
    /// What makes pods of a template.
    Workloads(Kind),
}

impl Shown {
    /// The name in the singular, with the group.
    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Pods => "pod",
            Self::Nodes => "node",
            Self::Events => "event",
            Self::Namespaces => "namespace",
            Self::Workloads(Kind::DaemonSet) => "daemonset.apps",
            Self::Workloads(Kind::ReplicaSet) => "replicaset.apps",
            Self::Workloads(Kind::StatefulSet) => "statefulset.apps",
            Self::Workloads(_) => "deployment.apps",
        }
    }

    /// The name in the plural with the group, as errors of the server write it.
    pub(super) fn plural(self) -> String {
        match self {
            Self::Workloads(kind) => kind.qualified(),
            _ => format!("{}s", self.singular()),
        }
    }

    /// Whether its objects are in namespaces.
    pub(super) fn is_namespaced(self) -> bool {
        !matches!(self, Self::Nodes | Self::Namespaces)
    }

    /// The first field of a field selector that the server does not select by
    /// (`pkg/apis/core/v1/conversion.go`).
    fn unknown_field(self, selector: &str) -> Option<&str> {
        let known: &[&str] = match self {
            Self::Pods => &["spec.nodeName", "spec.restartPolicy", "status.phase"],
            Self::Nodes => &["spec.unschedulable"],
            Self::Namespaces => &["status.phase"],
            Self::Workloads(_) => &[],
            Self::Events => &[
                "involvedObject.kind",
                "involvedObject.name",
                "involvedObject.namespace",
                "reason",
                "type",
            ],
        };
        let always = ["metadata.name", "metadata.namespace"];
        field_terms(selector)
            .map(|(key, ..)| key)
            .find(|key| !known.contains(key) && !always.contains(key))
    }

    /// The kind of a word, by its names in the server's discovery.
    pub(super) fn named(word: &str) -> Option<Self> {
        let word = word.split_once('.').map_or(word, |(word, _)| word);
        Some(match word {
            "deployment" | "deployments" | "deploy" => Self::Workloads(Kind::Deployment),
            "daemonset" | "daemonsets" | "ds" => Self::Workloads(Kind::DaemonSet),
            "statefulset" | "statefulsets" | "sts" => Self::Workloads(Kind::StatefulSet),
            "replicaset" | "replicasets" | "rs" => Self::Workloads(Kind::ReplicaSet),
            "pod" | "pods" | "po" => Self::Pods,
            "node" | "nodes" | "no" => Self::Nodes,
            "event" | "events" | "ev" => Self::Events,
            "namespace" | "namespaces" | "ns" => Self::Namespaces,
            _ => return None,
        })
    }
}

/// The kind of object and the names after it.
pub(super) fn kind(process: &mut Process<'_>, given: &Given) -> Result<(Shown, Vec<String>), u8> {
    let Some((first, rest)) = given.operands.split_first() else {
        return Err(fail(
            process,
            "error: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples",
        ));
    };
    let (kind, mut names) = match first.split_once('/') {
        Some((kind, name)) => (kind, vec![name.to_owned()]),
        None => (first.as_str(), Vec::new()),
    };
    names.extend_from_slice(rest);
    if let Some(shown) = Shown::named(kind) {
        return Ok((shown, names));
    }
    let is_simulated =
        Kind::all().any(|known| known.plural() == kind || known.name().eq_ignore_ascii_case(kind));
    if is_simulated {
        let notice = format!("{kind} cannot be asked for here");
        process.machine.console.notice(&notice);
        return Err(1);
    }
    let words = format!("error: the server doesn't have a resource type \"{kind}\"");
    Err(fail(process, &words))
}

/// An object, and the pod that it is, if it is one.
pub(super) struct Item {
    object: Value,
    /// How the pod was started, and what came of it.
    pub pod: Option<Pod>,
}

impl Item {
    fn labels(&self) -> SortedMap<String, String> {
        let metadata = self.object.get("metadata");
        metadata.map_or_else(SortedMap::new, |metadata| string_map(metadata, "labels"))
    }
}

/// What the words ask for.
pub(super) struct Found {
    /// The objects that are there, in the server's order.
    pub there: Vec<Item>,
    /// What is said of those that are not.
    missing: Vec<String>,
}

impl Found {
    /// Says what is missing; the exit code.
    pub(super) fn exit(self, process: &mut Process<'_>) -> u8 {
        for words in &self.missing {
            process.warn(words);
        }
        u8::from(!self.missing.is_empty())
    }
}

/// Every object of a kind, by namespace and name.
fn all(process: &Process<'_>, shown: Shown) -> Vec<Item> {
    let machine = &process.machine;
    let plain = |object| Item { object, pod: None };
    let mut pods: Vec<&Pod> = machine.pods.iter().collect();
    match shown {
        Shown::Pods => {
            let place = |pod: &&Pod| (pod.spec.namespace.clone(), pod.start.pod.clone());
            sorted::sort_by_key(&mut pods, place);
            pods.into_iter()
                .filter_map(|pod| {
                    Some(Item {
                        object: view::pod_object(&pod.start)?,
                        pod: Some(pod.clone()),
                    })
                })
                .collect()
        }
        Shown::Events => {
            let events = pods.into_iter().flat_map(|pod| {
                let events = pod.start.events.iter();
                events.filter_map(|event| view::event_object(&pod.start, event))
            });
            events.map(plain).collect()
        }
        Shown::Workloads(kind) => {
            let mut items: Vec<Item> = pods
                .into_iter()
                .filter_map(|pod| {
                    Some(Item {
                        object: view::workload(&pod.start, kind)?,
                        pod: Some(pod.clone()),
                    })
                })
                .collect();
            let place = |item: &Item| {
                let metadata = |key| item.object.text_at(&["metadata", key]).to_owned();
                (metadata("namespace"), metadata("name"))
            };
            sorted::sort_by_key(&mut items, place);
            items
        }
        Shown::Nodes => vec![plain(view::node_object(&machine.node))],
        Shown::Namespaces => {
            let names = machine.api.namespaces.keys();
            names
                .map(|name| {
                    let labels = machine.api.namespace_labels(name);
                    plain(view::namespace_object(name, &labels))
                })
                .collect()
        }
    }
}

/// The objects that the words and options ask for; the exit code where they
/// cannot be followed.
pub(super) fn found(
    process: &mut Process<'_>,
    given: &Given,
    shown: Shown,
    names: &[String],
) -> Result<Found, u8> {
    let asked = (shown.is_namespaced() && !given.has("A"))
        .then(|| given.value("n").unwrap_or("default").to_owned());
    let selectors = [given.value("l"), given.value("field-selector")];
    if !names.is_empty() && selectors.iter().any(Option::is_some) {
        let words = "error: name cannot be provided when a selector is specified";
        return Err(fail(process, words));
    }
    if !names.is_empty() && given.has("A") {
        let words = "error: a resource cannot be retrieved by name across all namespaces";
        return Err(fail(process, words));
    }
    let [labels, fields] = selectors.map(|text| text.unwrap_or_default().to_owned());
    let selector = match (Selector::read(&labels), shown.unknown_field(&fields)) {
        (Ok(selector), None) => selector,
        (Err(error), _) => {
            let error = format!("unable to parse requirement: {error}");
            return Err(fail(
                process,
                &not_listed(shown, [&labels, &fields], &error),
            ));
        }
        (_, Some(field)) => {
            let error = format!("field label not supported: {field}");
            return Err(fail(
                process,
                &not_listed(shown, [&labels, &fields], &error),
            ));
        }
    };
    let mut there = all(process, shown);
    there.retain(|item| {
        let own = item.object.text_at(&["metadata", "namespace"]);
        asked.as_ref().is_none_or(|asked| asked == own)
            && selector.selects(&item.labels())
            && has_fields(item, &fields)
    });
    if names.is_empty() {
        return Ok(Found {
            there,
            missing: Vec::new(),
        });
    }
    let mut found = Found {
        there: Vec::new(),
        missing: Vec::new(),
    };
    for name in names {
        let is_meant = |item: &Item| item.object.text_at(&["metadata", "name"]) == name;
        match there.iter().position(is_meant) {
            Some(index) => found.there.push(there.remove(index)),
            None => found.missing.push(format!(
                "Error from server (NotFound): {} \"{name}\" not found",
                shown.plural()
            )),
        }
    }
    Ok(found)
}

/// What is printed of a list that the server refuses (`EnhanceListError` of
/// `k8s.io/cli-runtime`).
fn not_listed(shown: Shown, [labels, fields]: [&str; 2], error: &str) -> String {
    format!(
        "Error from server (BadRequest): Unable to find \"/v1, Resource={}\" that match label selector \"{labels}\", field selector \"{fields}\": {error}",
        shown.plural()
    )
}

/// The keys, values and signs of a field selector.
fn field_terms(selector: &str) -> impl Iterator<Item = (&str, &str, bool)> {
    let terms = selector.split(',').filter(|term| !term.is_empty());
    terms.map(|term| {
        let (key, value) = term.split_once('=').unwrap_or((term, ""));
        let value = value.trim_start_matches('=');
        match key.strip_suffix('!') {
            Some(key) => (key, value, false),
            None => (key, value, true),
        }
    })
}

fn has_fields(item: &Item, selector: &str) -> bool {
    field_terms(selector).all(|(key, value, equal)| {
        let keys: Vec<&str> = key.split('.').collect();
        (item.object.text_at(&keys) == value) == equal
    })
}

/// The kinds that one word names: several with commas, or the category `all`.
fn several(word: &str) -> Option<Vec<Shown>> {
    if word == "all" {
        return Some(vec![
            Shown::Pods,
            Shown::Workloads(Kind::DaemonSet),
            Shown::Workloads(Kind::Deployment),
            Shown::Workloads(Kind::ReplicaSet),
            Shown::Workloads(Kind::StatefulSet),
        ]);
    }
    let words = word.contains(',').then(|| word.split(','))?;
    words.map(Shown::named).collect()
}

pub(super) fn get(process: &mut Process<'_>, given: &Given) -> u8 {
    let first = given.operands.first().map_or("", String::as_str);
    let (kinds, names) = match several(first) {
        Some(kinds) => (kinds, given.operands[1..].to_vec()),
        None => match kind(process, given) {
            Ok((shown, names)) => (vec![shown], names),
            Err(status) => return status,
        },
    };
    let mut all = Vec::new();
    for shown in kinds {
        match found(process, given, shown, &names) {
            Ok(found) => all.push((shown, found)),
            Err(status) => return status,
        }
    }
    let format = given.value("o").unwrap_or_default();
    let is_there = all.iter().any(|(_, found)| !found.there.is_empty());
    let is_missing = all.iter().any(|(_, found)| !found.missing.is_empty());
    let mut status = 0;
    match format {
        "" | "wide" if !is_there && !is_missing => {
            let is_namespaced = all.iter().any(|(shown, _)| shown.is_namespaced());
            let words = match given.value("n").unwrap_or("default") {
                asked if is_namespaced && !given.has("A") => {
                    format!("No resources found in {asked} namespace.")
                }
                _ => "No resources found".to_owned(),
            };
            process.warn(&words);
        }
        "" | "wide" => tables(process, given, &all),
        "name" => {
            for (shown, found) in &all {
                let objects: Vec<&Value> = found.there.iter().map(|item| &item.object).collect();
                status = output::print(process, format, &objects, false, shown.singular());
            }
        }
        _ => {
            let items = all.iter().flat_map(|(_, found)| &found.there);
            let objects: Vec<&Value> = items.map(|item| &item.object).collect();
            let single = names.len() == 1 && all.len() == 1;
            status = output::print(process, format, &objects, single, "");
        }
    }
    for (_, found) in all {
        status = found.exit(process).max(status);
    }
    status
}

/// Prints the table of each kind that there is something of.
fn tables(process: &mut Process<'_>, given: &Given, all: &[(Shown, Found)]) {
    let mut texts = Vec::new();
    for (shown, found) in all.iter().filter(|(_, found)| !found.there.is_empty()) {
        let columns = Columns {
            namespace: given.has("A") && shown.is_namespaced(),
            labels: given.has("show-labels"),
            kind: if all.len() > 1 { shown.singular() } else { "" },
        };
        let wide = given.value("o") == Some("wide");
        let table = table(process, *shown, &found.there, columns, wide);
        let headings = usize::from(given.has("no-headers"));
        let lines: Vec<&str> = table.lines().skip(headings).collect();
        texts.push(lines.join("\n"));
    }
    for line in texts.join("\n\n").lines() {
        process.print(line);
    }
}

fn table(
    process: &Process<'_>,
    shown: Shown,
    items: &[Item],
    columns: Columns,
    wide: bool,
) -> String {
    let starts = || -> Vec<Start> {
        let pods = items.iter().filter_map(|item| item.pod.as_ref());
        pods.map(|pod| pod.start.clone()).collect()
    };
    match shown {
        Shown::Pods => view::pods(&starts(), columns, AGE),
        Shown::Workloads(kind) => view::workloads(kind, &starts(), columns, AGE),
        Shown::Nodes => {
            let nodes = std::slice::from_ref(&process.machine.node);
            view::nodes(nodes, columns, wide, AGE)
        }
        Shown::Namespaces => {
            let mut table = Table::with(columns, &["NAME", "STATUS", "AGE"]);
            for item in items {
                let name = item.object.text_at(&["metadata", "name"]).to_owned();
                let cells = vec![name, "Active".to_owned(), AGE.to_owned()];
                table.object("", &item.labels(), cells);
            }
            table.print()
        }
        Shown::Events => {
            let headings = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
            let mut table = Table::with(columns, &headings);
            for item in items {
                let cells = vec![
                    AGE.to_owned(),
                    item.object.text_at(&["type"]).to_owned(),
                    item.object.text_at(&["reason"]).to_owned(),
                    format!(
                        "{}/{}",
                        item.object
                            .text_at(&["involvedObject", "kind"])
                            .to_lowercase(),
                        item.object.text_at(&["involvedObject", "name"])
                    ),
                    item.object.text_at(&["message"]).to_owned(),
                ];
                let namespace = item.object.text_at(&["metadata", "namespace"]);
                table.object(namespace, &item.labels(), cells);
            }
            table.print()
        }
    }
}
