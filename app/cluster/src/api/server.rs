//! An API server: its version and configuration, and the creation of an object
//! step by step.

use sorted::SortedMap;

use super::{
    Creation, FieldError, PodSecurity, Refusal, Stored, controller, eras,
    policy::Request,
    policy::{self, AdmissionPolicy, PolicyBinding},
    validation::{self, VALIDATION},
    write_back::write_back,
};
use crate::{
    client::Client,
    object::{Kind, Pod},
    schema::decode,
    step::{Component, Control, Step, Verdict},
    version::Version,
    yaml::Value,
};

/// An API server.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiServer {
    /// Its version.
    pub version: Version,
    /// The feature gate `AppArmor` (and with it `AppArmorFields`), which
    /// could be turned off up to 1.30.
    pub apparmor_gate: bool,
    /// The configuration of Pod Security admission.
    pub pod_security: PodSecurity,
    /// The labels of each namespace.
    pub namespaces: SortedMap<String, SortedMap<String, String>>,
    /// The handlers of runtime classes, by their names.
    pub runtime_classes: SortedMap<String, String>,
    /// The policies that are stored.
    pub policies: Vec<AdmissionPolicy>,
    /// What puts them to use.
    pub bindings: Vec<PolicyBinding>,
}

impl ApiServer {
    /// A server of this version as shipped, with the namespaces that it makes.
    pub fn new(version: Version) -> Self {
        let namespaces = eras::first_namespaces(version).rule.iter();
        Self {
            version,
            apparmor_gate: true,
            pod_security: PodSecurity::default(),
            namespaces: namespaces
                .map(|&name| (name.to_owned(), SortedMap::new()))
                .collect(),
            runtime_classes: SortedMap::new(),
            policies: Vec::new(),
            bindings: Vec::new(),
        }
    }

    /// Stores an object that configures the server: a Namespace, a
    /// RuntimeClass, a ValidatingAdmissionPolicy or its binding. Others are
    /// left alone; the answer says whether it was one.
    pub fn configure(&mut self, document: &Value) -> bool {
        let name = document.text_at(&["metadata", "name"]).to_owned();
        match Kind::of(document) {
            Some(Kind::Namespace) => {
                let metadata = document.get("metadata");
                let labels = metadata.map(|metadata| crate::object::string_map(metadata, "labels"));
                self.create_namespace(&name, labels.unwrap_or_default())
                    .is_ok()
            }
            Some(Kind::RuntimeClass) => {
                let handler = crate::object::text(document, "handler").unwrap_or_default();
                self.runtime_classes.insert(name, handler);
                true
            }
            Some(Kind::ValidatingAdmissionPolicy) => {
                self.policies.retain(|policy| policy.name != name);
                self.policies.push(AdmissionPolicy::read(document));
                true
            }
            Some(Kind::ValidatingAdmissionPolicyBinding) => {
                self.bindings.retain(|binding| binding.name != name);
                self.bindings.push(PolicyBinding::read(document));
                true
            }
            _ => false,
        }
    }

    /// Deletes an object that configures the server, but for namespaces; whether
    /// there was one.
    pub fn forget(&mut self, kind: Kind, name: &str) -> bool {
        match kind {
            Kind::RuntimeClass => self.runtime_classes.remove(name).is_some(),
            Kind::ValidatingAdmissionPolicy => {
                let before = self.policies.len();
                self.policies.retain(|policy| policy.name != name);
                self.policies.len() < before
            }
            Kind::ValidatingAdmissionPolicyBinding => {
                let before = self.bindings.len();
                self.bindings.retain(|binding| binding.name != name);
                self.bindings.len() < before
            }
            _ => false,
        }
    }

    /// Answers the creation of an object. The pod that a controller makes of
    /// its template is created right after it, by the controller.
    pub fn create(&self, document: &Value, client: &Client) -> Creation {
        let mut creation = Creation {
            version: self.version,
            steps: Vec::new(),
            warnings: Vec::new(),
            stored: Err(Refusal::Invalid(Vec::new())),
            from_template: None,
        };
        creation.stored = self.store(
            document,
            client,
            &mut creation.steps,
            &mut creation.warnings,
        );
        if let Ok(stored) = &creation.stored
            && let Some(pod) = controller::pod_of_template(&stored.value)
        {
            let controller = controller::client(&stored.value, &pod_namespace(stored));
            let pod = self.create(&pod, &controller);
            creation.from_template = Some(Box::new(pod));
        }
        creation
    }

    fn store(
        &self,
        document: &Value,
        client: &Client,
        steps: &mut Vec<Step>,
        warnings: &mut Vec<String>,
    ) -> Result<Stored, Refusal> {
        let kind = Kind::of(document);
        let mut decoded = decode(document, self.version);
        self.decoding(document, kind, &decoded, client, steps, warnings)?;
        let metadata = decoded.value.get("metadata");
        let namespace = metadata.and_then(|metadata| crate::object::text(metadata, "namespace"));
        let namespace = namespace.unwrap_or_else(|| client.namespace.clone());
        if kind.is_some_and(Kind::is_namespaced) {
            self.namespace_lifecycle(&namespace, steps)?;
        }
        let Some(place) = kind.and_then(Kind::pod_place) else {
            return Ok(Stored {
                value: decoded.value,
                pod: None,
                handler: None,
            });
        };
        let Some(template) = decoded.value.at(place.keys) else {
            return Err(Refusal::Invalid(vec![FieldError::required(
                place.prefix.trim_end_matches('.').to_owned(),
                "",
            )]));
        };
        let mut pod = Pod::read(template);
        let is_pod = kind == Some(Kind::Pod);
        pod.namespace = namespace;
        // The request's address names the namespace; the stored object has it too.
        let metadata = decoded.value.map_under("metadata");
        if metadata.get("namespace").is_none() {
            metadata.set("namespace", Value::text(&pod.namespace));
        }
        self.gate(&mut pod, place.prefix, steps)?;
        if is_pod {
            self.sync(&mut pod, steps, warnings);
        } else {
            self.template_warnings(&pod, place.prefix, warnings);
        }
        let errors = validation::pod(&pod, self.version, place.prefix);
        let errors = dedup(errors);
        if !errors.is_empty() {
            let message = errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            steps.push(self.step(
                Control::Pod,
                "store the pod",
                Verdict::Refused,
                message,
                VALIDATION,
            ));
            return Err(Refusal::Invalid(errors));
        }
        let mut keys = place.keys.iter();
        let template = keys.try_fold(&mut decoded.value, |value, key| value.get_mut(key));
        if let Some(template) = template {
            write_back(template, &pod);
        }
        self.runtime_class(&pod, is_pod, steps)?;
        self.pod_security(&pod, kind, client, steps, warnings)?;
        if let Some(kind) = kind {
            let request = Request {
                operation: "CREATE",
                resource: kind.plural(),
            };
            let object = (&decoded.value, None);
            policy::review(self, object, request, &pod, client, steps, warnings)?;
        }
        let handler = pod
            .spec
            .runtime_class
            .as_ref()
            .and_then(|class| self.runtime_classes.get(class))
            .cloned();
        Ok(Stored {
            value: decoded.value,
            pod: Some(pod),
            handler,
        })
    }
    pub(super) fn step(
        &self,
        control: Control,
        asked: impl Into<std::borrow::Cow<'static, str>>,
        verdict: Verdict,
        message: impl Into<std::borrow::Cow<'static, str>>,
        source: &'static str,
    ) -> Step {
        Step {
            component: Component::ApiServer,
            version: self.version.to_string().into(),
            control,
            container: None,
            asked: asked.into(),
            verdict,
            message: message.into(),
            source,
        }
    }
}

fn pod_namespace(stored: &Stored) -> String {
    stored
        .pod
        .as_ref()
        .map_or_else(|| "default".to_owned(), |pod| pod.namespace.clone())
}

/// The errors without repetitions, as kubectl lists them.
fn dedup(errors: Vec<FieldError>) -> Vec<FieldError> {
    let mut unique: Vec<FieldError> = Vec::with_capacity(errors.len());
    for error in errors {
        if !unique.contains(&error) {
            unique.push(error);
        }
    }
    unique
}
