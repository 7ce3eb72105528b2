//! Annotation to field and back, on the creation of a pod
//! (`pkg/registry/core/pod/strategy.go`).

use super::{
    annotation::{self, APPARMOR_PREFIX, SECCOMP_POD, SECCOMP_PREFIX},
    eras,
};
use crate::{
    object::{Container, Pod, Profile},
    version::Version,
};

/// Which way AppArmor settings are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppArmorSync {
    /// There is no field.
    None,
    /// Fields become annotations, and annotations fields.
    BothWays,
    /// Annotations become fields.
    AnnotationToField,
}

/// What was copied, and the warnings about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Warnings, in the order of the containers.
    pub warnings: Vec<String>,
    /// Containers that got a field from their annotation.
    pub fields: Vec<String>,
    /// Containers that got an annotation from a field.
    pub annotations: Vec<String>,
}

/// Copies AppArmor settings as an API server of this version does when a pod
/// is created (`applyAppArmorVersionSkew`).
pub fn apparmor(pod: &mut Pod, version: Version) -> Synced {
    let mut synced = Synced::default();
    let direction = eras::apparmor_sync(version).rule;
    if direction == AppArmorSync::None || pod.is_windows() {
        return synced;
    }
    let Pod {
        annotations, spec, ..
    } = pod;
    let pod_profile = spec.security.app_armor.clone();
    for container in spec.init_containers.iter_mut().chain(&mut spec.containers) {
        let key = format!("{APPARMOR_PREFIX}{}", container.name);
        let Some(value) = annotations.get(&key) else {
            if direction == AppArmorSync::BothWays {
                let field = container
                    .security
                    .app_armor
                    .as_ref()
                    .or(pod_profile.as_ref());
                if let Some(value) = field.and_then(annotation::apparmor_annotation) {
                    annotations.insert(key, value);
                    synced.annotations.push(container.name.clone());
                }
            }
            continue;
        };
        if container.security.app_armor.is_some() {
            continue;
        }
        let field = annotation::apparmor_field(value);
        if field.is_some() && field == pod_profile {
            continue;
        }
        synced.warnings.push(deprecation(&key, ""));
        if field.is_some() {
            container.security.app_armor = field;
            synced.fields.push(container.name.clone());
        }
    }
    synced
}

/// The warning about an AppArmor annotation on a path with this prefix.
pub(super) fn deprecation(key: &str, prefix: &str) -> String {
    format!(
        "{prefix}metadata.annotations[{key}]: deprecated since v1.30; use the \"appArmorProfile\" field instead"
    )
}

/// Copies seccomp annotations into absent fields as an API server of this
/// version does when a pod is created (`applySeccompVersionSkew`).
pub fn seccomp(pod: &mut Pod, version: Version) {
    if !eras::seccomp_sync(version).rule {
        return;
    }
    let Pod {
        annotations, spec, ..
    } = pod;
    let from = |key: &str| {
        annotations
            .get(key)
            .and_then(|value| annotation::seccomp_field(value))
    };
    let fill = |field: &mut Option<Profile>, value: Option<Profile>| {
        if field.is_none() {
            *field = value;
        }
    };
    fill(&mut spec.security.seccomp, from(SECCOMP_POD));
    let containers: Vec<&mut Container> = spec
        .init_containers
        .iter_mut()
        .chain(&mut spec.containers)
        .collect();
    for container in containers {
        fill(
            &mut container.security.seccomp,
            from(&format!("{SECCOMP_PREFIX}{}", container.name)),
        );
    }
}
