//! Sending manifests: `kubectl apply` and `create`, and what the node makes of
//! what is stored.

use crate::{machine::Machine, node::Pod};
use cluster::{
    api::validation::pod_update,
    client::Client,
    object::Kind,
    start::{Start, before_sending, invalid},
    yaml::{Parsed, Value, emit},
};

/// What came of sending a manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// What the client prints as the server answers.
    pub said: Vec<Said>,
    /// What it prints at the end of what was refused.
    pub errors: Vec<String>,
}

/// What the client prints of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What was done, on standard output.
    Done(String),
    /// A warning of the server, on standard error.
    Warning(String),
}

impl Applied {
    /// Something was done.
    pub(crate) fn done(words: String) -> Self {
        Self {
            said: vec![Said::Done(words)],
            errors: Vec::new(),
        }
    }

    /// Something was refused.
    pub(crate) fn refused(words: String) -> Self {
        Self {
            said: Vec::new(),
            errors: vec![words],
        }
    }

    /// Whether the server took everything.
    pub fn is_accepted(&self) -> bool {
        self.errors.is_empty()
    }
}

/// What kubectl prints of an object that is there already.
pub(crate) fn already_exists(kind: Kind, name: &str, client: &Client) -> String {
    format!(
        "Error from server (AlreadyExists): {}{} \"{name}\" already exists",
        client.source_of_error(),
        kind.qualified()
    )
}

/// What was done, marked where it was done in a dry run of the server.
pub(crate) fn marked(words: String, dry_run: bool) -> String {
    if dry_run {
        format!("{words} (server dry run)")
    } else {
        words
    }
}

impl Machine {
    /// `kubectl apply` or `create` of a manifest, and what the node makes of it.
    pub fn apply(
        &mut self,
        client: &Client,
        parsed: &Parsed,
        verb: &str,
        dry_run: bool,
    ) -> Applied {
        let file = &client.file;
        let wordings = parsed.diagnostics.iter();
        let faults: Vec<String> = wordings
            .filter(|found| found.severity == cluster::diagnostic::Severity::Error)
            .map(|found| {
                let words = found.tool_wording.as_ref().unwrap_or(&found.sentence);
                format!("error: error parsing {file}: {words}")
            })
            .collect();
        if !faults.is_empty() {
            return Applied {
                said: Vec::new(),
                errors: faults,
            };
        }
        if parsed.documents.is_empty() {
            return Applied::refused(format!("error: no objects passed to {verb}"));
        }
        let mut applied = Applied::default();
        for document in &parsed.documents {
            let one = self.apply_one(document, client, verb, dry_run);
            applied.said.extend(one.said);
            applied.errors.extend(one.errors);
        }
        applied
    }

    fn apply_one(
        &mut self,
        document: &Value,
        client: &Client,
        verb: &str,
        dry_run: bool,
    ) -> Applied {
        self.tell_node();
        let there = self.stored_as(document, client);
        // kubectl compares with what was sent the last time, and sends nothing
        // when that was the same (`last-applied-configuration`).
        if let Some(index) = there
            && verb == "apply"
            && before_sending(document, client).is_none()
            && emit(&self.pods[index].sent) == emit(document)
        {
            let words = format!("{} unchanged", resource(document));
            return Applied::done(marked(words, dry_run));
        }
        let start = cluster::start::start(document, client, &self.api, &self.node);
        let warnings = start.warnings.iter();
        let warnings: Vec<Said> = warnings
            .map(|warning| Said::Warning(format!("Warning: {warning}")))
            .collect();
        let mut applied = self.stored(document, start, there, (client, verb, dry_run));
        applied.said.splice(0..0, warnings);
        applied
    }

    /// Puts the server's answer to a document to work.
    fn stored(
        &mut self,
        document: &Value,
        start: Start,
        there: Option<usize>,
        (client, verb, dry_run): (&Client, &str, bool),
    ) -> Applied {
        let Some(object) = &start.object else {
            let words = start.client_output.clone();
            self.add(Pod {
                spec: cluster::object::Pod::default(),
                containers: Vec::new(),
                sent: document.clone(),
                start,
            });
            return Applied::refused(words);
        };
        // The warnings stand before it.
        let created = start.client_output.rsplit('\n').next().unwrap_or_default();
        if let Some(done) = self.configure(document, (client, created), verb, dry_run) {
            return done;
        }
        let words = marked(created.to_owned(), dry_run);
        match there {
            Some(_) if verb == "create" => {
                let kind = Kind::of(object).unwrap_or(Kind::Pod);
                Applied::refused(already_exists(kind, name_of(object), client))
            }
            Some(index) if Kind::of(object) == Some(Kind::Pod) => {
                match self.update(index, document, object, dry_run) {
                    Ok(()) => Applied::done(words.replacen(" created", " configured", 1)),
                    Err(words) => Applied::refused(words),
                }
            }
            Some(index) => {
                // The pods of the template before make room for new ones.
                if !dry_run {
                    let mut old = self.pods.remove(index);
                    self.stop(&mut old);
                    self.place(document, start.clone());
                }
                Applied::done(words.replacen(" created", " configured", 1))
            }
            None => {
                if !dry_run {
                    self.place(document, start);
                }
                Applied::done(words)
            }
        }
    }

    /// Changes a pod that is there: what it is to run stays, and so does what the
    /// server and others have written beside it.
    fn update(
        &mut self,
        index: usize,
        document: &Value,
        object: &Value,
        dry_run: bool,
    ) -> Result<(), String> {
        let pod = &self.pods[index];
        let old = pod.start.object.clone().unwrap_or_else(Value::map);
        let mut new = object.clone();
        for key in ["annotations", "labels"] {
            let merged = merged(&old, &pod.sent, object, key);
            let metadata = new.map_under("metadata");
            if merged.entries().is_empty() {
                metadata.retain_keys(|known| known != key);
            } else {
                metadata.set(key, merged);
            }
        }
        let errors = pod_update(&old, &new);
        if !errors.is_empty() {
            return Err(invalid("Pod", name_of(object), &errors));
        }
        if !dry_run {
            let pod = &mut self.pods[index];
            let metadata = new.get("metadata").cloned();
            if let (Some(object), Some(metadata)) = (&mut pod.start.object, metadata) {
                object.set("metadata", metadata);
                pod.spec = cluster::object::Pod::read(object);
            }
            pod.sent = document.clone();
        }
        Ok(())
    }

    /// Starts what a pod runs, and has it among the pods of the node.
    pub(crate) fn place(&mut self, document: &Value, start: Start) {
        let mut pod = Pod {
            spec: of_node(&start),
            containers: Vec::new(),
            sent: document.clone(),
            start,
        };
        self.quietly(|machine| machine.run_containers(&mut pod));
        self.add(pod);
    }

    /// Adds a pod. What was refused before it is not looked at any more.
    fn add(&mut self, pod: Pod) {
        self.pods.retain(|pod| pod.start.object.is_some());
        self.pods.push(pod);
    }

    /// Where the object is that a document names, if it is stored.
    fn stored_as(&self, document: &Value, client: &Client) -> Option<usize> {
        let namespace = |value: &Value| {
            let named = value.at(&["metadata", "namespace"]).and_then(Value::as_str);
            named.unwrap_or(&client.namespace).to_owned()
        };
        let kind = Kind::of(document)?;
        self.pods.iter().position(|pod| {
            pod.start.object.as_ref().is_some_and(|object| {
                Kind::of(object) == Some(kind)
                    && name_of(object) == name_of(document)
                    && namespace(object) == namespace(document)
            })
        })
    }
}

/// The pod that a start puts on the node: of a controller, the one that it made;
/// without one, no more than the namespace is known.
fn of_node(start: &Start) -> cluster::object::Pod {
    start.stored_pod().unwrap_or_else(|| {
        let stored = start.object.as_ref().map(cluster::object::Pod::read);
        cluster::object::Pod {
            namespace: stored.unwrap_or_default().namespace,
            ..cluster::object::Pod::default()
        }
    })
}

/// `metadata.name`.
fn name_of(object: &Value) -> &str {
    object.text_at(&["metadata", "name"])
}

/// An object as kubectl names it: `pod/web`, `deployment.apps/web`.
pub(crate) fn resource(object: &Value) -> String {
    let kind = Kind::of(object).map_or("object", Kind::name).to_lowercase();
    let version = object.get("apiVersion").and_then(Value::as_str);
    let group = version.and_then(|version| version.split_once('/'));
    let group = group.map_or_else(String::new, |(group, _)| format!(".{group}"));
    format!("{kind}{group}/{}", name_of(object))
}

/// A mapping of strings after a three-way merge: what the manifest says now,
/// and of what is stored all that the manifest did not say before.
fn merged(old: &Value, sent: &Value, new: &Value, key: &str) -> Value {
    let under = |object: &Value| object.at(&["metadata", key]).cloned();
    let before = under(sent);
    let mut merged = under(old).unwrap_or_else(Value::map);
    merged.retain_keys(|key| before.as_ref().is_none_or(|sent| sent.get(key).is_none()));
    let now = under(new);
    for entry in now.iter().flat_map(Value::entries) {
        merged.set(&entry.key, entry.value.clone());
    }
    merged
}
