//! What a manifest declares, wherever it does: also where nobody reads it.

use crate::{
    api::annotation::{self, APPARMOR_PREFIX, SECCOMP_POD, SECCOMP_PREFIX},
    diagnostic::Span,
    object::{ContainerRole, Kind, Pod, Profile, ProfileType, pod_template},
    step::Control,
    yaml::Value,
};

/// Where a control is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclaredIn {
    /// A container's field.
    ContainerField,
    /// A container's annotation.
    Annotation,
    /// The pod's field.
    PodField,
    /// The pod's annotation (seccomp only).
    PodAnnotation,
    /// An annotation of a controller, not of its pods: nobody reads it.
    ControllerAnnotation,
    /// An annotation whose key is nearly right: nobody reads it.
    Lookalike,
}

/// A control that a manifest declares for a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Which control.
    pub control: Control,
    /// For which container; nothing where no container of the pod is meant.
    pub container: Option<String>,
    /// Where.
    pub place: DeclaredIn,
    /// What is asked for, nothing where the value is no profile.
    pub profile: Option<Profile>,
    /// The value as written, or the field path.
    pub words: String,
    /// Its place in the source.
    pub span: Span,
}

impl Declared {
    /// Whether it asks for confinement.
    pub fn confines(&self) -> bool {
        self.profile
            .as_ref()
            .is_some_and(|profile| !profile.is(ProfileType::Unconfined))
    }
}

/// Every control that a document declares, in the order in which components
/// would prefer them for each container.
pub fn declared(document: &Value) -> Vec<Declared> {
    let Some(template) = pod_template(document) else {
        return Vec::new();
    };
    let pod = Pod::read(template);
    let prefix = Kind::of(document)
        .and_then(Kind::pod_place)
        .map_or("", |place| place.prefix);
    let mut found = Vec::new();
    for (role, index, container) in pod.spec.all_containers() {
        for control in [Control::AppArmor, Control::Seccomp] {
            of_container(
                document,
                prefix,
                &pod,
                (role, index),
                container,
                control,
                &mut found,
            );
        }
    }
    let controller = document.get("metadata").filter(|_| !prefix.is_empty());
    for (metadata, place) in [
        (template.get("metadata"), DeclaredIn::Lookalike),
        (controller, DeclaredIn::ControllerAnnotation),
    ] {
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        for entry in annotations.map(Value::entries).unwrap_or_default() {
            let exact = is_exact(&entry.key, &pod);
            let control = match control_of(&entry.key) {
                Some(control) if place == DeclaredIn::ControllerAnnotation || !exact => control,
                _ => continue,
            };
            let value = entry.value.as_str().unwrap_or_default();
            found.push(Declared {
                control,
                container: None,
                place,
                profile: from_annotation(control, value),
                words: format!("{}: {value}", entry.key),
                span: entry.key_span,
            });
        }
    }
    found
}

fn of_container(
    document: &Value,
    prefix: &str,
    pod: &Pod,
    (role, index): (ContainerRole, usize),
    container: &crate::object::Container,
    control: Control,
    found: &mut Vec<Declared>,
) {
    let (field, own, whole, key, pod_key) = match control {
        Control::Seccomp => (
            "seccompProfile",
            &container.security.seccomp,
            &pod.spec.security.seccomp,
            format!("{SECCOMP_PREFIX}{}", container.name),
            Some(SECCOMP_POD),
        ),
        _ => (
            "appArmorProfile",
            &container.security.app_armor,
            &pod.spec.security.app_armor,
            format!("{APPARMOR_PREFIX}{}", container.name),
            None,
        ),
    };
    let mut add = |place, profile: Option<Profile>, words: String, path: String| {
        found.push(Declared {
            control,
            container: Some(container.name.clone()),
            place,
            profile,
            words,
            span: crate::yaml::span_of(document, &path),
        });
    };
    if let Some(profile) = own {
        let path = format!(
            "{prefix}spec.{}[{index}].securityContext.{field}",
            role.key()
        );
        add(
            DeclaredIn::ContainerField,
            Some(profile.clone()),
            path.clone(),
            path,
        );
    }
    if let Some(value) = pod.annotations.get(&key) {
        let path = format!("{prefix}metadata.annotations[{key}]");
        add(
            DeclaredIn::Annotation,
            from_annotation(control, value),
            format!("{key}: {value}"),
            path,
        );
    }
    if let Some(profile) = whole {
        let path = format!("{prefix}spec.securityContext.{field}");
        add(
            DeclaredIn::PodField,
            Some(profile.clone()),
            path.clone(),
            path,
        );
    }
    if let Some((pod_key, value)) = pod_key.and_then(|key| Some((key, pod.annotations.get(key)?))) {
        let path = format!("{prefix}metadata.annotations[{pod_key}]");
        add(
            DeclaredIn::PodAnnotation,
            from_annotation(control, value),
            format!("{pod_key}: {value}"),
            path,
        );
    }
}

fn from_annotation(control: Control, value: &str) -> Option<Profile> {
    match control {
        Control::Seccomp => annotation::seccomp_field(value),
        _ => annotation::apparmor_field(value),
    }
}

/// Which control the key of an annotation is meant for.
fn control_of(key: &str) -> Option<Control> {
    let key = key.to_lowercase();
    if key.contains("apparmor") && key.contains("security") {
        Some(Control::AppArmor)
    } else if key.contains("seccomp") && key.contains("security") {
        Some(Control::Seccomp)
    } else {
        None
    }
}

/// Whether some component reads the key for a container of this pod.
fn is_exact(key: &str, pod: &Pod) -> bool {
    if key == SECCOMP_POD || key.starts_with(APPARMOR_PREFIX) {
        return true;
    }
    key.strip_prefix(SECCOMP_PREFIX).is_some_and(|name| {
        pod.spec
            .all_containers()
            .any(|(_, _, container)| container.name == name)
    })
}
