//! Objects that configure the cluster: namespaces and nodes with their labels,
//! runtime classes, admission policies and what binds them.

use crate::{
    apply::{Applied, Said, already_exists, marked},
    machine::Machine,
};
use cluster::{
    client::Client,
    object::{Kind, Pod, string_map},
    start::invalid,
    yaml::Value,
};
use sorted::SortedMap;

impl Machine {
    /// Stores an object that configures the cluster. The server has taken it as
    /// a document of the file already and said `created` to it. Nothing for pods
    /// and what makes them.
    pub(crate) fn configure(
        &mut self,
        document: &Value,
        (client, created): (&Client, &str),
        verb: &str,
        dry_run: bool,
    ) -> Option<Applied> {
        let kind = Kind::of(document)?;
        if kind.pod_place().is_some() {
            return None;
        }
        let name = document.text_at(&["metadata", "name"]);
        let api = &self.api;
        let known = match kind {
            Kind::Node => {
                let done = self.label_node(document, name, created, dry_run);
                return Some(Applied::done(done));
            }
            Kind::Namespace => api.namespaces.contains_key(name),
            Kind::RuntimeClass => api.runtime_classes.contains_key(name),
            Kind::ValidatingAdmissionPolicy => {
                api.policies.iter().any(|policy| policy.name == name)
            }
            Kind::ValidatingAdmissionPolicyBinding => {
                api.bindings.iter().any(|binding| binding.name == name)
            }
            _ => return Some(Applied::done(marked(created.to_owned(), dry_run))),
        };
        if known && verb == "create" {
            return Some(Applied::refused(already_exists(kind, name, client)));
        }
        let before = self.api.clone();
        let stored = self.store(kind, document, name);
        let words = match (known, self.api == before) {
            (false, _) => created.to_owned(),
            (true, true) => created.replace(" created", " unchanged"),
            (true, false) => created.replace(" created", " configured"),
        };
        if dry_run {
            self.api = before;
        }
        Some(match stored {
            Ok(warnings) => Applied {
                said: warnings
                    .into_iter()
                    .map(Said::Warning)
                    .chain([Said::Done(marked(words, dry_run))])
                    .collect(),
                errors: Vec::new(),
            },
            Err(words) => Applied::refused(words),
        })
    }

    /// Puts an object into the server: its warnings, or what kubectl prints when
    /// it is refused.
    fn store(&mut self, kind: Kind, document: &Value, name: &str) -> Result<Vec<String>, String> {
        if kind != Kind::Namespace {
            self.api.configure(document);
            return Ok(Vec::new());
        }
        let mut labels = self.api.namespaces.get(name).cloned().unwrap_or_default();
        if let Some(metadata) = document.get("metadata") {
            labels.extend(string_map(metadata, "labels"));
        }
        self.label_namespace(name, labels)
    }

    /// Gives a node the labels of its object. Of the other nodes of the fleet
    /// this one's kubectl knows no more than that they are there.
    fn label_node(&mut self, document: &Value, name: &str, created: &str, dry_run: bool) -> String {
        let before = &self.node.labels;
        let mut labels = before.clone();
        if name == self.node.name
            && let Some(metadata) = document.get("metadata")
        {
            labels.extend(string_map(metadata, "labels"));
        }
        let same = labels == *before;
        let words = created.replace(" created", if same { " unchanged" } else { " configured" });
        if !dry_run {
            self.node.labels = labels;
        }
        marked(words, dry_run)
    }

    /// Gives a namespace its labels, and makes it where there is none: the
    /// warnings, or what kubectl prints when they are refused.
    pub(crate) fn label_namespace(
        &mut self,
        name: &str,
        labels: SortedMap<String, String>,
    ) -> Result<Vec<String>, String> {
        let pods: Vec<Pod> = self.pods.iter().map(|pod| pod.spec.clone()).collect();
        let warnings = self.api.label_namespace(name, labels, &pods);
        let warnings = warnings.map_err(|errors| invalid("Namespace", name, &errors))?;
        Ok(warnings
            .iter()
            .map(|warning| format!("Warning: {warning}"))
            .collect())
    }
}
