//! An API server: its version and configuration, and what it answers to the
//! creation of an object.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    FieldError, annotation, controller,
    eras::{self, FieldValidation, GateOff},
    policy::{self, AdmissionPolicy, PolicyBinding},
    psa::{self, Level, Mode, Policy, Violation},
    sync, validation,
};
use crate::{
    client::{Client, Validate},
    diagnostic::Span,
    object::{Container, Kind, Pod, Profile},
    schema::{Decoded, decode},
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
    pub namespaces: BTreeMap<String, BTreeMap<String, String>>,
    /// The handlers of runtime classes, by their names.
    pub runtime_classes: BTreeMap<String, String>,
    /// The policies that are stored.
    pub policies: Vec<AdmissionPolicy>,
    /// What puts them to use.
    pub bindings: Vec<PolicyBinding>,
}

/// `PodSecurityConfiguration`: defaults and exemptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSecurity {
    /// The policy of namespaces that do not say.
    pub defaults: Policy,
    /// Users whose requests are not looked at.
    pub exempt_users: BTreeSet<String>,
    /// Namespaces that are not looked at.
    pub exempt_namespaces: BTreeSet<String>,
    /// Runtime classes whose pods are not looked at.
    pub exempt_runtime_classes: BTreeSet<String>,
}

/// What the server answers to a creation.
#[derive(Clone, Debug, PartialEq)]
pub struct Creation {
    /// The server's version.
    pub version: Version,
    /// What the parts of the server did.
    pub steps: Vec<Step>,
    /// Warnings in headers, which kubectl prints.
    pub warnings: Vec<String>,
    /// The object as stored, or why there is none.
    pub stored: Result<Stored, Refusal>,
    /// Of a controller: what became of the pod that it made from its template.
    pub from_template: Option<Box<Creation>>,
}

/// An object as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The whole object.
    pub value: Value,
    /// The pod, or the pod of its template; nothing for other kinds.
    pub pod: Option<Pod>,
    /// The handler of its runtime class.
    pub handler: Option<String>,
}

/// A part of a document that decoding refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its place.
    pub span: Span,
    /// What the server says of it.
    pub finding: String,
    /// The known field whose name comes nearest, for an unknown one.
    pub nearest: Option<&'static str>,
}

/// Why an object is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: decoding failed.
    BadRequest {
        /// The server's message.
        message: String,
        /// What of it stands where.
        places: Vec<Misfit>,
    },
    /// 422: validation failed.
    Invalid(Vec<FieldError>),
    /// 403: admission refused.
    Forbidden {
        /// The server's message.
        message: String,
        /// The checks of Pod Security that failed, if it was that.
        violations: Vec<Violation>,
    },
    /// 422 or 403: a ValidatingAdmissionPolicy refused.
    Policy {
        /// The plural resource.
        resource: &'static str,
        /// The object's name.
        name: String,
        /// Whether the answer is 422, which is the default, or 403.
        invalid: bool,
        /// The policy's words.
        cause: String,
    },
}

impl ApiServer {
    /// A server of this version as shipped, with the namespace `default`.
    pub fn new(version: Version) -> Self {
        Self {
            version,
            apparmor_gate: true,
            pod_security: PodSecurity::default(),
            namespaces: BTreeMap::from([("default".to_owned(), BTreeMap::new())]),
            runtime_classes: BTreeMap::new(),
            policies: Vec::new(),
            bindings: Vec::new(),
        }
    }

    /// Stores an object that configures the server: a Namespace, a
    /// RuntimeClass, a ValidatingAdmissionPolicy or its binding. Others are
    /// left alone; the answer says whether it was one.
    pub fn configure(&mut self, document: &Value) -> bool {
        let name = document
            .at(&["metadata", "name"])
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
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
            let pod = self.create(&pod, &controller::client(&pod_namespace(stored)));
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
        let metadata = decoded.value.get("metadata");
        let namespace = metadata.and_then(|metadata| crate::object::text(metadata, "namespace"));
        pod.namespace = namespace.unwrap_or_else(|| client.namespace.clone());
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
        if let Some(template) = value_at(&mut decoded.value, place.keys) {
            write_back(template, &pod);
        }
        self.runtime_class(&pod, is_pod, steps)?;
        self.pod_security(&pod, kind, client, steps, warnings)?;
        if let Some(kind) = kind {
            policy::review(self, &decoded.value, (kind, &pod), client, steps, warnings)?;
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

    /// Unknown fields and wrong types.
    fn decoding(
        &self,
        document: &Value,
        kind: Option<Kind>,
        decoded: &Decoded,
        client: &Client,
        steps: &mut Vec<Step>,
        warnings: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let kind_name = kind.map_or("object", Kind::name);
        let version = document
            .get("apiVersion")
            .and_then(Value::as_str)
            .unwrap_or("v1");
        let version = version.rsplit('/').next().unwrap_or(version);
        if let Some(mismatch) = &decoded.mismatch {
            let message = format!(
                "{kind_name} in version \"{version}\" cannot be handled as a {kind_name}: {}",
                mismatch.message
            );
            steps.push(self.step(
                Control::Pod,
                "decode the object",
                Verdict::Refused,
                message.clone(),
                DECODE,
            ));
            return Err(Refusal::BadRequest {
                message,
                places: vec![Misfit {
                    span: mismatch.span,
                    finding: mismatch.message.clone(),
                    nearest: None,
                }],
            });
        }
        if decoded.unknown.is_empty() {
            return Ok(());
        }
        let findings: Vec<String> = decoded
            .unknown
            .iter()
            .map(|unknown| format!("unknown field \"{}\"", unknown.path))
            .collect();
        let server = eras::field_validation(self.version).rule == FieldValidation::Server;
        if client.validate == Validate::Strict {
            let places = decoded
                .unknown
                .iter()
                .zip(&findings)
                .map(|(unknown, finding)| Misfit {
                    span: unknown.span,
                    finding: finding.clone(),
                    nearest: unknown.nearest,
                })
                .collect();
            let (component, message) = if server {
                let message = format!(
                    "{kind_name} in version \"{version}\" cannot be handled as a {kind_name}: strict decoding error: {}",
                    findings.join(", ")
                );
                (Component::ApiServer, message)
            } else {
                (
                    Component::Kubectl,
                    client_side(kind_name, decoded, &client.file),
                )
            };
            let mut step = self.step(
                Control::Pod,
                "decode the object",
                Verdict::Refused,
                message.clone(),
                STRICT,
            );
            if component == Component::Kubectl {
                step.component = component;
                step.version = "".into();
                step.source = "kubectl's client-side OpenAPI check; its wording was not read again";
            }
            steps.push(step);
            return Err(Refusal::BadRequest { message, places });
        }
        let said = server && client.validate == Validate::Warn;
        if said {
            warnings.extend(findings);
        }
        for unknown in &decoded.unknown {
            let control = if unknown.path.contains("appArmorProfile") {
                Control::AppArmor
            } else if unknown.path.contains("seccompProfile") {
                Control::Seccomp
            } else {
                Control::Pod
            };
            let mut message = format!(
                "The field is not known to this release and is not stored: {}.",
                unknown.path
            );
            if let Some(since) = unknown.since {
                message = format!("{message} It came with 1.{since}.");
            }
            message.push_str(if said {
                " The client is sent a warning."
            } else {
                " Nothing is said."
            });
            steps.push(self.step(
                control,
                unknown.path.clone(),
                Verdict::Dropped,
                message,
                DECODE,
            ));
        }
        Ok(())
    }

    /// What the feature gate does when it is off.
    fn gate(&self, pod: &mut Pod, prefix: &str, steps: &mut Vec<Step>) -> Result<(), Refusal> {
        let gate = eras::apparmor_gate_off(self.version);
        let keys: Vec<String> = pod
            .annotations
            .keys()
            .filter(|key| key.starts_with(annotation::APPARMOR_PREFIX))
            .cloned()
            .collect();
        let has_field = pod.spec.security.app_armor.is_some()
            || pod
                .spec
                .all_containers()
                .any(|(_, _, container)| container.security.app_armor.is_some());
        if self.apparmor_gate || (keys.is_empty() && !has_field) {
            return Ok(());
        }
        match gate.rule {
            GateOff::Unknown | GateOff::Locked => Ok(()),
            GateOff::Forbidden => {
                let errors: Vec<FieldError> = keys
                    .iter()
                    .map(|key| {
                        FieldError::forbidden(
                            format!("{prefix}metadata.annotations[{key}]"),
                            "AppArmor is disabled by feature-gate",
                        )
                    })
                    .collect();
                let message = "AppArmor is disabled by feature-gate";
                steps.push(self.step(
                    Control::AppArmor,
                    "store the pod",
                    Verdict::Refused,
                    message,
                    gate.source,
                ));
                Err(Refusal::Invalid(errors))
            }
            GateOff::Stripped => {
                for key in keys {
                    pod.annotations.remove(&key);
                }
                pod.spec.security.app_armor = None;
                for container in containers_mut(pod) {
                    container.security.app_armor = None;
                }
                let message = "The feature gate AppArmor is off: the profiles are deleted from the pod; nothing is said.";
                steps.push(self.step(
                    Control::AppArmor,
                    "store the profiles",
                    Verdict::Dropped,
                    message,
                    gate.source,
                ));
                Ok(())
            }
        }
    }

    /// Annotation to field and back, with the steps that tell it.
    fn sync(&self, pod: &mut Pod, steps: &mut Vec<Step>, warnings: &mut Vec<String>) {
        let before = pod.spec.security.app_armor.clone();
        let synced = sync::apparmor(pod, self.version);
        let source = eras::apparmor_sync(self.version).source;
        for name in &synced.fields {
            let own = pod
                .spec
                .all_containers()
                .find(|(_, _, container)| &container.name == name);
            let own = own.and_then(|(_, _, container)| container.security.app_armor.clone());
            let weaker =
                before.as_ref().is_some_and(confines) && !own.as_ref().is_some_and(confines);
            let (verdict, message) = if weaker {
                (
                    Verdict::Dropped,
                    "The annotation of this container wins over the profile of the whole pod.",
                )
            } else {
                (
                    Verdict::Honoured,
                    "The annotation is copied into the container's field.",
                )
            };
            let asked = before
                .as_ref()
                .map_or_else(|| "copy the annotation".to_owned(), ToString::to_string);
            let mut step = self.step(Control::AppArmor, asked, verdict, message, source);
            step.container = Some(name.clone());
            steps.push(step);
        }
        warnings.extend(synced.warnings);
        let seccomp_before: Vec<String> = seccomp_warnings(pod, self.version, "");
        sync::seccomp(pod, self.version);
        warnings.extend(seccomp_before);
    }

    /// The warnings about a template's annotations; templates are not synced.
    fn template_warnings(&self, pod: &Pod, prefix: &str, warnings: &mut Vec<String>) {
        if eras::apparmor_field(self.version).rule && !pod.is_windows() {
            let security = &pod.spec.security;
            for (_, _, container) in pod.spec.all_containers() {
                let key = format!("{}{}", annotation::APPARMOR_PREFIX, container.name);
                let Some(value) = pod.annotations.get(&key) else {
                    continue;
                };
                let quiet = if self.version.minor == 30 {
                    security.app_armor.is_some() || container.security.app_armor.is_some()
                } else {
                    container.security.app_armor.is_some()
                        || (security.app_armor.is_some()
                            && security.app_armor == annotation::apparmor_field(value))
                };
                if !quiet {
                    warnings.push(sync::deprecation(&key, prefix));
                }
            }
        }
        warnings.extend(seccomp_warnings(pod, self.version, prefix));
    }

    /// The admission plugin RuntimeClass: the class of a pod must exist.
    fn runtime_class(&self, pod: &Pod, is_pod: bool, steps: &mut Vec<Step>) -> Result<(), Refusal> {
        let missing = pod
            .spec
            .runtime_class
            .as_ref()
            .filter(|class| !self.runtime_classes.contains_key(*class));
        let Some(class) = missing.filter(|_| is_pod) else {
            return Ok(());
        };
        let message = format!(
            "pods \"{}\" is forbidden: pod rejected: RuntimeClass \"{class}\" not found",
            pod.name
        );
        let source = "plugin/pkg/admission/runtimeclass";
        steps.push(self.step(
            Control::Pod,
            class.clone(),
            Verdict::Refused,
            message.clone(),
            source,
        ));
        Err(Refusal::Forbidden {
            message,
            violations: Vec::new(),
        })
    }

    /// Pod Security admission.
    fn pod_security(
        &self,
        pod: &Pod,
        kind: Option<Kind>,
        client: &Client,
        steps: &mut Vec<Step>,
        warnings: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let plugin = eras::pod_security(self.version);
        if !plugin.rule {
            return Ok(());
        }
        let config = &self.pod_security;
        let exempt = config.exempt_users.contains(&client.user)
            || config.exempt_namespaces.contains(&pod.namespace)
            || pod
                .spec
                .runtime_class
                .as_ref()
                .is_some_and(|class| config.exempt_runtime_classes.contains(class));
        let empty = BTreeMap::new();
        let labels = self.namespaces.get(&pod.namespace).unwrap_or(&empty);
        let (policy, _) = psa::policy_of(labels, &config.defaults);
        let step = |verdict, message: String| Step {
            component: Component::PodSecurity,
            version: self.version.to_string().into(),
            control: Control::Pod,
            container: None,
            asked: format!("{}:{}", policy.enforce.level.name(), policy.enforce.version).into(),
            verdict,
            message: message.into(),
            source: PSA,
        };
        if exempt {
            steps.push(step(
                Verdict::DoesNotLook,
                "The user, the namespace or the runtime class is exempt.".into(),
            ));
            return Ok(());
        }
        let found = |mode: Mode| {
            let part = policy.of(mode);
            (
                part,
                psa::evaluate(pod, part.level, part.version, self.version.minor),
            )
        };
        let (enforce, violations) = found(Mode::Enforce);
        if kind == Some(Kind::Pod) && !violations.is_empty() {
            let message = format!(
                "pods \"{}\" is forbidden: violates PodSecurity \"{}:{}\": {}",
                pod.name,
                enforce.level.name(),
                enforce.version,
                psa::summary(&violations)
            );
            steps.push(step(Verdict::Refused, message.clone()));
            return Err(Refusal::Forbidden {
                message,
                violations,
            });
        }
        let (warn, violations) = found(Mode::Warn);
        if !violations.is_empty() {
            warnings.push(format!(
                "would violate PodSecurity \"{}:{}\": {}",
                warn.level.name(),
                warn.version,
                psa::summary(&violations)
            ));
        }
        let (verdict, message) = match (kind, enforce.level) {
            (_, Level::Privileged) => (
                Verdict::NothingAsked,
                "The level is privileged: anything goes.",
            ),
            (Some(Kind::Pod), _) => (
                Verdict::Honoured,
                "The pod meets the level. No level requires AppArmor.",
            ),
            _ => (
                Verdict::DoesNotLook,
                "Only pods are refused; an object with a template is warned about at most.",
            ),
        };
        steps.push(step(verdict, message.to_owned()));
        Ok(())
    }

    fn step(
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

const VALIDATION: &str = "pkg/apis/core/validation/validation.go";
const DECODE: &str = "apiserver create handler: decoding drops unknown fields";
const STRICT: &str = "apiserver create handler: fieldValidation=Strict";
const PSA: &str = "kubernetes/pod-security-admission admission.go";

/// Whether a profile asks for any confinement.
fn confines(profile: &Profile) -> bool {
    !profile.is(crate::object::ProfileType::Unconfined)
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

/// What kubectl's own check says where the server cannot report unknown fields.
fn client_side(kind: &str, decoded: &Decoded, file: &str) -> String {
    let findings: Vec<String> = decoded
        .unknown
        .iter()
        .map(|unknown| {
            let (parent, name) = unknown.path.rsplit_once('.').unwrap_or(("", &unknown.path));
            let parent = if parent.is_empty() {
                String::new()
            } else {
                format!(".{parent}")
            };
            format!("ValidationError({kind}{parent}): unknown field \"{name}\"")
        })
        .collect();
    let findings = match &findings[..] {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    format!(
        "error validating \"{file}\": error validating data: {findings}; if you choose to ignore these errors, turn validation off with --validate=false"
    )
}

/// The warnings about seccomp annotations whose field is not set.
fn seccomp_warnings(pod: &Pod, version: Version, prefix: &str) -> Vec<String> {
    let words = eras::seccomp_warning(version).rule;
    if words.is_empty() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    if pod.spec.security.seccomp.is_none() {
        keys.push(annotation::SECCOMP_POD.to_owned());
    }
    for (_, _, container) in pod.spec.all_containers() {
        if container.security.seccomp.is_none() {
            keys.push(format!("{}{}", annotation::SECCOMP_PREFIX, container.name));
        }
    }
    keys.into_iter()
        .filter(|key| pod.annotations.contains_key(key))
        .map(|key| format!("{prefix}metadata.annotations[{key}]: {words}"))
        .collect()
}

fn containers_mut(pod: &mut Pod) -> impl Iterator<Item = &mut Container> {
    let spec = &mut pod.spec;
    spec.init_containers
        .iter_mut()
        .chain(&mut spec.containers)
        .chain(&mut spec.ephemeral_containers)
}

fn value_at<'v>(value: &'v mut Value, keys: &[&str]) -> Option<&'v mut Value> {
    keys.iter().try_fold(value, |value, key| value.get_mut(key))
}

/// Writes what the server changed of a pod back into its tree: annotations
/// and profile fields.
fn write_back(value: &mut Value, pod: &Pod) {
    let metadata = value.map_under("metadata");
    if !pod.annotations.is_empty() {
        let annotations = metadata.map_under("annotations");
        for (key, text) in &pod.annotations {
            if annotations.get(key).and_then(Value::as_str) != Some(text) {
                annotations.set(key, Value::text(text));
            }
        }
    }
    if let Some(annotations) = metadata.get_mut("annotations") {
        annotations.retain_keys(|key| pod.annotations.contains_key(key));
    }
    let Some(spec) = value.get_mut("spec") else {
        return;
    };
    write_profiles(
        spec,
        pod.spec.security.app_armor.as_ref(),
        pod.spec.security.seccomp.as_ref(),
    );
    for (key, containers) in [
        ("initContainers", &pod.spec.init_containers),
        ("containers", &pod.spec.containers),
    ] {
        let Some(items) = spec.get_mut(key) else {
            continue;
        };
        for (item, container) in items.items_mut().iter_mut().zip(containers) {
            write_profiles(
                item,
                container.security.app_armor.as_ref(),
                container.security.seccomp.as_ref(),
            );
        }
    }
}

fn write_profiles(owner: &mut Value, app_armor: Option<&Profile>, seccomp: Option<&Profile>) {
    for (key, profile) in [("appArmorProfile", app_armor), ("seccompProfile", seccomp)] {
        match profile {
            Some(profile) => {
                let current = owner
                    .get("securityContext")
                    .and_then(|context| Profile::read(context.get(key)));
                if current.as_ref() != Some(profile) {
                    owner
                        .map_under("securityContext")
                        .set(key, profile.to_value());
                }
            }
            None => {
                if let Some(context) = owner.get_mut("securityContext") {
                    context.retain_keys(|name| name != key);
                }
            }
        }
    }
}
