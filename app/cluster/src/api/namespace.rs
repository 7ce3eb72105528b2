//! Namespaces: creating and labelling them, and what Pod Security says to it.

use sorted::SortedMap;

use super::{
    ApiServer, FieldError, Refusal, eras,
    psa::{self, Level},
};
use crate::{
    object::Pod,
    step::{Control, Step, Verdict},
};

/// The label that has a namespace's name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

impl ApiServer {
    /// The admission plugin NamespaceLifecycle: the namespace of what is created
    /// must be there.
    pub(super) fn namespace_lifecycle(
        &self,
        namespace: &str,
        steps: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        if self.namespaces.contains_key(namespace) {
            return Ok(());
        }
        let message = format!("namespaces \"{namespace}\" not found");
        steps.push(self.step(
            Control::Pod,
            format!("create in {namespace}"),
            Verdict::Refused,
            message.clone(),
            "apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go",
        ));
        Err(Refusal::NotFound { message })
    }

    /// The labels of a namespace, that included which the server sets.
    pub fn namespace_labels(&self, name: &str) -> SortedMap<String, String> {
        let Some(own) = self.namespaces.get(name) else {
            return SortedMap::new();
        };
        let mut labels = own.clone();
        if eras::namespace_name_label(self.version).rule {
            labels.insert(NAME_LABEL.to_owned(), name.to_owned());
        }
        labels
    }

    /// Creates a namespace, unless its labels are refused.
    pub fn create_namespace(
        &mut self,
        name: &str,
        labels: SortedMap<String, String>,
    ) -> Result<(), Vec<FieldError>> {
        if eras::pod_security(self.version).rule {
            let errors = psa::namespace_errors(&labels);
            if !errors.is_empty() {
                return Err(errors);
            }
        }
        self.namespaces.insert(name.to_owned(), labels);
        Ok(())
    }

    /// Deletes a namespace; the error is the server's. Its pods are the caller's to
    /// delete (`immortalNamespaces` of NamespaceLifecycle).
    pub fn delete_namespace(&mut self, name: &str) -> Result<(), String> {
        const IMMORTAL: [&str; 3] = ["default", "kube-public", "kube-system"];
        if IMMORTAL.contains(&name) {
            return Err(format!(
                "Error from server (Forbidden): namespaces \"{name}\" is forbidden: this namespace may not be deleted"
            ));
        }
        match self.namespaces.remove(name) {
            Some(_) => Ok(()),
            None => Err(format!(
                "Error from server (NotFound): namespaces \"{name}\" not found"
            )),
        }
    }

    /// Changes a namespace's labels; the warnings name the pods in it that
    /// would not be let in again. They go on running.
    pub fn label_namespace(
        &mut self,
        name: &str,
        labels: SortedMap<String, String>,
        pods: &[Pod],
    ) -> Result<Vec<String>, Vec<FieldError>> {
        if !eras::pod_security(self.version).rule {
            self.namespaces.insert(name.to_owned(), labels);
            return Ok(Vec::new());
        }
        let empty = SortedMap::new();
        let old = self.namespaces.get(name).unwrap_or(&empty);
        let errors = psa::new_namespace_errors(old, &labels);
        if !errors.is_empty() {
            return Err(errors);
        }
        let before = psa::policy_of(old, &self.pod_security.defaults).0.enforce;
        let after = psa::policy_of(&labels, &self.pod_security.defaults)
            .0
            .enforce;
        let mut warnings = Vec::new();
        if after != before && after.level != Level::Privileged {
            let mut found: Vec<(String, Vec<&str>)> = Vec::new();
            for pod in pods.iter().filter(|pod| pod.namespace == name) {
                let violations = psa::evaluate(pod, after.level, after.version, self.version.minor);
                if violations.is_empty() {
                    continue;
                }
                let reasons: Vec<&str> = violations
                    .iter()
                    .map(|violation| violation.reason.as_str())
                    .collect();
                let reasons = reasons.join(", ");
                match found.iter_mut().find(|(known, _)| *known == reasons) {
                    Some((_, names)) => names.push(&pod.name),
                    None => found.push((reasons, vec![&pod.name])),
                }
            }
            if !found.is_empty() {
                warnings.push(format!(
                    "existing pods in namespace \"{name}\" violate the new PodSecurity enforce level \"{}:{}\"",
                    after.level.name(),
                    after.version
                ));
            }
            for (reasons, names) in found {
                let others = match names.len() {
                    1 => String::new(),
                    2 => " (and 1 other pod)".to_owned(),
                    count => format!(" (and {} other pods)", count - 1),
                };
                warnings.push(format!("{}{others}: {reasons}", names[0]));
            }
        }
        self.namespaces.insert(name.to_owned(), labels);
        Ok(warnings)
    }
}
