//! The skeleton of a pod: names, images, volumes, mounts.

use sorted::SortedSet;

use super::names;
use crate::{
    api::FieldError,
    object::{Container, ContainerRole, Pod},
};

/// Checks what every pod needs (`ValidatePodSpec` and its like).
pub(super) fn check(pod: &Pod, prefix: &str, errors: &mut Vec<FieldError>) {
    if prefix.is_empty() {
        check_name(&pod.name, errors);
    }
    if pod.spec.containers.is_empty() {
        errors.push(FieldError::required(format!("{prefix}spec.containers"), ""));
    }
    if !pod.spec.ephemeral_containers.is_empty() {
        errors.push(FieldError::forbidden(
            format!("{prefix}spec.ephemeralContainers"),
            "cannot be set on create",
        ));
    }
    if !["Always", "OnFailure", "Never"].contains(&pod.spec.restart_policy.as_str()) {
        errors.push(FieldError::not_supported(
            format!("{prefix}spec.restartPolicy"),
            &pod.spec.restart_policy,
            &["Always", "Never", "OnFailure"],
        ));
    }
    check_volumes(pod, prefix, errors);
    let mut known = SortedSet::new();
    for (role, index, container) in pod.spec.all_containers() {
        if role == ContainerRole::Ephemeral {
            continue;
        }
        let path = format!("{prefix}spec.{}[{index}]", role.key());
        if !known.insert(container.name.as_str()) && !container.name.is_empty() {
            errors.push(FieldError::duplicate(
                format!("{path}.name"),
                &container.name,
            ));
        }
        check_container(pod, container, &path, errors);
    }
}

fn check_name(name: &str, errors: &mut Vec<FieldError>) {
    if name.is_empty() {
        errors.push(FieldError::required(
            "metadata.name",
            "name or generateName is required",
        ));
        return;
    }
    for problem in names::subdomain(name) {
        errors.push(FieldError::invalid("metadata.name", name, problem));
    }
}

fn check_volumes(pod: &Pod, prefix: &str, errors: &mut Vec<FieldError>) {
    let mut known = SortedSet::new();
    for (index, volume) in pod.spec.volumes.iter().enumerate() {
        let path = format!("{prefix}spec.volumes[{index}]");
        if volume.name.is_empty() {
            errors.push(FieldError::required(format!("{path}.name"), ""));
        } else {
            for problem in names::label(&volume.name) {
                errors.push(FieldError::invalid(
                    format!("{path}.name"),
                    &volume.name,
                    problem,
                ));
            }
            if !known.insert(volume.name.as_str()) {
                errors.push(FieldError::duplicate(format!("{path}.name"), &volume.name));
            }
        }
        if volume.source == "hostPath" {
            let path = format!("{path}.hostPath.path");
            match volume.host_path.as_deref().unwrap_or_default() {
                "" => errors.push(FieldError::required(path, "")),
                host if host.split('/').any(|part| part == "..") => {
                    errors.push(FieldError::invalid(path, host, "must not contain '..'"));
                }
                _ => {}
            }
        }
    }
}

pub(super) fn check_container(
    pod: &Pod,
    container: &Container,
    path: &str,
    errors: &mut Vec<FieldError>,
) {
    if container.name.is_empty() {
        errors.push(FieldError::required(format!("{path}.name"), ""));
    } else {
        for problem in names::label(&container.name) {
            errors.push(FieldError::invalid(
                format!("{path}.name"),
                &container.name,
                problem,
            ));
        }
    }
    if container.image.is_empty() {
        errors.push(FieldError::required(format!("{path}.image"), ""));
    } else if container.image.trim() != container.image {
        errors.push(FieldError::invalid(
            format!("{path}.image"),
            &container.image,
            "must not have leading or trailing whitespace",
        ));
    }
    let mut paths = SortedSet::new();
    for (index, mount) in container.mounts.iter().enumerate() {
        let path = format!("{path}.volumeMounts[{index}]");
        if mount.volume.is_empty() {
            errors.push(FieldError::required(format!("{path}.name"), ""));
        } else if !pod
            .spec
            .volumes
            .iter()
            .any(|volume| volume.name == mount.volume)
        {
            errors.push(FieldError::not_found(format!("{path}.name"), &mount.volume));
        }
        if mount.path.is_empty() {
            errors.push(FieldError::required(format!("{path}.mountPath"), ""));
        } else if !paths.insert(mount.path.as_str()) {
            errors.push(FieldError::invalid(
                format!("{path}.mountPath"),
                &mount.path,
                "must be unique",
            ));
        }
    }
}
