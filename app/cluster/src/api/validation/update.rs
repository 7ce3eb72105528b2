//! Validation of a change to a pod (`ValidatePodUpdate`).

use super::annotations::annotation_update;
use crate::{
    api::FieldError,
    object::string_map,
    yaml::{Value, emit},
};

/// What may change in a pod's spec; images are not followed here.
const SPEC: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// What is refused when a pod's object takes the place of another one. Ephemeral
/// containers are added by a subresource of their own, and are not compared.
pub fn pod_update(old: &Value, new: &Value) -> Vec<FieldError> {
    let annotations = |object: &Value| {
        let metadata = object.get("metadata");
        metadata.map(|metadata| string_map(metadata, "annotations"))
    };
    let spec = |object: &Value| {
        let mut spec = object.get("spec").cloned().unwrap_or_else(Value::map);
        spec.retain_keys(|key| key != "ephemeralContainers");
        emit(&spec)
    };
    let before = annotations(old).unwrap_or_default();
    let mut errors = annotation_update(&before, &annotations(new).unwrap_or_default());
    if spec(old) != spec(new) {
        errors.push(FieldError::forbidden("spec".to_owned(), SPEC));
    }
    errors
}
