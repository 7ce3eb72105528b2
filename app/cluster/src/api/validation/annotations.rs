//! Annotations: their keys, and the values of those that choose profiles.

use sorted::SortedMap;

use super::names;
use crate::{
    api::{
        FieldError,
        annotation::{
            APPARMOR_PREFIX, DOCKER_DEFAULT, LOCALHOST_PREFIX, RUNTIME_DEFAULT, SECCOMP_POD,
            SECCOMP_PREFIX, UNCONFINED,
        },
        eras, go,
    },
    object::Pod,
    version::Version,
};

/// Checks the annotations of a new pod (`ValidateAnnotations`,
/// `ValidatePodSpecificAnnotations`).
pub(super) fn check(pod: &Pod, version: Version, prefix: &str, errors: &mut Vec<FieldError>) {
    let path = format!("{prefix}metadata.annotations");
    for (key, value) in &pod.annotations {
        for problem in names::qualified_name(&key.to_lowercase()) {
            errors.push(FieldError::invalid(&path, key, problem));
        }
        if key == SECCOMP_POD || key.starts_with(SECCOMP_PREFIX) {
            seccomp(value, &format!("{path}.{key}"), errors);
        }
        if let Some(container) = key.strip_prefix(APPARMOR_PREFIX)
            && eras::apparmor_annotation(version).rule
        {
            let path = format!("{path}[{key}]");
            if !pod
                .spec
                .all_containers()
                .any(|(_, _, known)| known.name == container)
            {
                errors.push(FieldError::invalid(&path, container, "container not found"));
            }
            if let Some(problem) = apparmor_format(value, version) {
                errors.push(FieldError::invalid(&path, value, problem));
            }
        }
    }
}

/// What is wrong with the value of an AppArmor annotation
/// (`ValidateAppArmorProfileFormat`).
pub(crate) fn apparmor_format(value: &str, version: Version) -> Option<String> {
    let known = value.is_empty()
        || value == RUNTIME_DEFAULT
        || value.starts_with(LOCALHOST_PREFIX)
        || (value == UNCONFINED && eras::unconfined_annotation(version).rule);
    (!known).then(|| format!("invalid AppArmor profile name: {}", go::quote(value)))
}

/// Checks the value of a seccomp annotation (`ValidateSeccompProfile`).
fn seccomp(value: &str, path: &str, errors: &mut Vec<FieldError>) {
    if [RUNTIME_DEFAULT, DOCKER_DEFAULT, UNCONFINED].contains(&value) {
        return;
    }
    match value.strip_prefix(LOCALHOST_PREFIX) {
        Some(file) => descending_path(file, path, errors),
        None => errors.push(FieldError::invalid(
            path,
            value,
            "must be a valid seccomp profile",
        )),
    }
}

/// Checks a path that must stay below a folder (`validateLocalDescendingPath`).
pub(super) fn descending_path(file: &str, path: &str, errors: &mut Vec<FieldError>) {
    if file.starts_with('/') {
        errors.push(FieldError::invalid(path, file, "must be a relative path"));
    }
    if file.split('/').any(|part| part == "..") {
        errors.push(FieldError::invalid(path, file, "must not contain '..'"));
    }
}

/// What is refused when a pod's annotations change
/// (`ValidatePodSpecificAnnotationUpdates`).
pub fn annotation_update(
    old: &SortedMap<String, String>,
    new: &SortedMap<String, String>,
) -> Vec<FieldError> {
    let refused =
        |key: &str, detail| FieldError::forbidden(format!("metadata.annotations[{key}]"), detail);
    let changed = old
        .iter()
        .filter(|(key, value)| key.starts_with(APPARMOR_PREFIX) && new.get(*key) != Some(value))
        .map(|(key, _)| refused(key, "may not remove or update AppArmor annotations"));
    let added = new
        .keys()
        .filter(|key| key.starts_with(APPARMOR_PREFIX) && !old.contains_key(*key))
        .map(|key| refused(key, "may not add AppArmor annotations"));
    changed.chain(added).collect()
}
