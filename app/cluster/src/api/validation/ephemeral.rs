//! An ephemeral container that is added to a pod (`validateEphemeralContainers`).

use super::{pod::check_container, profiles, security};
use crate::{
    api::FieldError,
    object::{ContainerRole, Pod},
    version::Version,
    yaml::Value,
};

/// What an ephemeral container may not have (`allowedEphemeralContainerFields`):
/// nothing that a pod relies on.
const NOT_ALLOWED: [&str; 8] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// What is wrong with the last ephemeral container of a pod, which `added`
/// describes; the others are there already.
pub(crate) fn ephemeral(pod: &Pod, added: &Value, version: Version) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let Some((index, container)) = pod.spec.ephemeral_containers.iter().enumerate().next_back()
    else {
        return errors;
    };
    let path = format!("spec.ephemeralContainers[{index}]");
    check_container(pod, container, &path, &mut errors);
    let others = || {
        let mut all: Vec<_> = pod.spec.all_containers().collect();
        all.pop();
        all
    };
    if others()
        .iter()
        .any(|(_, _, one)| one.name == container.name)
    {
        errors.push(FieldError::duplicate(
            format!("{path}.name"),
            &container.name,
        ));
    }
    let is_target = |(role, _, one): &(ContainerRole, usize, &crate::object::Container)| {
        *role != ContainerRole::Ephemeral && one.name == container.target
    };
    if !container.target.is_empty() && !others().iter().any(is_target) {
        errors.push(FieldError::not_found(
            format!("{path}.targetContainerName"),
            &container.target,
        ));
    }
    for key in NOT_ALLOWED {
        if added.get(key).is_some_and(is_set) {
            errors.push(FieldError::forbidden(
                format!("{path}.{key}"),
                "cannot be set for an Ephemeral Container",
            ));
        }
    }
    let mounts = added
        .get("volumeMounts")
        .map(Value::items)
        .unwrap_or_default();
    for (mount_index, mount) in mounts.iter().enumerate() {
        for key in ["subPath", "subPathExpr"] {
            if mount.get(key).is_some_and(is_set) {
                errors.push(FieldError::forbidden(
                    format!("{path}.volumeMounts[{mount_index}].{key}"),
                    "cannot be set for an Ephemeral Container",
                ));
            }
        }
    }
    // The rules for security contexts look at the whole pod; what they say of the
    // rest of it was said when it was created.
    let mut all = Vec::new();
    security::check(pod, version, "", &mut all);
    profiles::check(pod, version, "", &mut all);
    errors.extend(
        all.into_iter()
            .filter(|error| error.field.starts_with(&path)),
    );
    errors
}

/// Whether a value is more than Go's zero value.
fn is_set(value: &Value) -> bool {
    use crate::yaml::Data;
    match &value.data {
        Data::Null => false,
        Data::String(text) => !text.is_empty(),
        Data::List(items) => !items.is_empty(),
        Data::Map(entries) => !entries.is_empty(),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => true,
    }
}
