//! Objects that configure the cluster: namespaces and nodes with their labels,
//! runtime classes, admission policies and what binds them.

use crate::{machine::Machine, pods::Applied};
use cluster::{
    api::FieldError,
    object::{Kind, Pod, string_map},
    yaml::Value,
};
use std::collections::BTreeMap;

impl Machine {
    /// Stores an object that configures the cluster. The server has taken it as
    /// a document already and said `created` to it. Nothing for other objects.
    pub(crate) fn configure(
        &mut self,
        document: &Value,
        created: &str,
        verb: &str,
        dry_run: bool,
    ) -> Option<Applied> {
        let kind = Kind::of(document)?;
        let name = document
            .at(&["metadata", "name"])
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind == Kind::Node {
            let output = vec![self.label_node(document, name, created, dry_run)];
            return Some(Applied {
                accepted: true,
                output,
            });
        }
        let api = &self.api;
        let known = match kind {
            Kind::Namespace => api.namespaces.contains_key(name),
            Kind::RuntimeClass => api.runtime_classes.contains_key(name),
            Kind::ValidatingAdmissionPolicy => {
                api.policies.iter().any(|policy| policy.name == name)
            }
            Kind::ValidatingAdmissionPolicyBinding => {
                api.bindings.iter().any(|binding| binding.name == name)
            }
            _ if kind.pod_place().is_some() => return None,
            _ => {
                return Some(Applied {
                    accepted: true,
                    output: vec![created.to_owned()],
                });
            }
        };
        if known && verb == "create" {
            return Some(Applied {
                accepted: false,
                output: vec![format!(
                    "Error from server (AlreadyExists): {} \"{name}\" already exists",
                    kind.plural()
                )],
            });
        }
        let before = self.api.clone();
        let mut output = Vec::new();
        if kind == Kind::Namespace {
            let mut labels = before.namespaces.get(name).cloned().unwrap_or_default();
            if let Some(metadata) = document.get("metadata") {
                labels.extend(string_map(metadata, "labels"));
            }
            match self.label_namespace(name, labels) {
                Ok(warnings) => output.extend(warnings),
                Err(words) => {
                    return Some(Applied {
                        accepted: false,
                        output: vec![words],
                    });
                }
            }
        } else {
            self.api.configure(document);
        }
        let words = match (known, self.api == before) {
            (false, _) => created.to_owned(),
            (true, true) => created.replace(" created", " unchanged"),
            (true, false) => created.replace(" created", " configured"),
        };
        output.push(if dry_run {
            format!("{words} (server dry run)")
        } else {
            words
        });
        if dry_run {
            self.api = before;
        }
        Some(Applied {
            accepted: true,
            output,
        })
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
        if !dry_run {
            self.node.labels = labels;
        }
        created.replace(" created", if same { " unchanged" } else { " configured" })
    }

    /// Gives a namespace its labels, and makes it where there is none: the
    /// warnings, or what kubectl prints when they are refused.
    pub(crate) fn label_namespace(
        &mut self,
        name: &str,
        labels: BTreeMap<String, String>,
    ) -> Result<Vec<String>, String> {
        let pods: Vec<Pod> = self.pods.iter().map(|pod| pod.spec.clone()).collect();
        let done = self.api.label_namespace(name, labels, &pods);
        done.map(|warnings| {
            let warnings = warnings.into_iter();
            warnings
                .map(|warning| format!("Warning: {warning}"))
                .collect()
        })
        .map_err(|errors| invalid(name, &errors))
    }
}

/// What kubectl prints of a namespace that the server finds invalid.
fn invalid(name: &str, errors: &[FieldError]) -> String {
    let intro = format!("The Namespace \"{name}\" is invalid:");
    match errors {
        [only] => format!("{intro} {only}"),
        _ => errors
            .iter()
            .fold(intro, |all, error| format!("{all}\n* {error}")),
    }
}
