//! Validation of a new pod, with the API server's own words
//! (`pkg/apis/core/validation/validation.go`).

mod annotations;
mod ephemeral;
mod names;
mod pod;
mod profiles;
mod security;
mod update;

pub use annotations::annotation_update;
pub(crate) use annotations::apparmor_format;
pub(crate) use ephemeral::ephemeral;
pub use update::pod_update;

use super::FieldError;
use crate::{object::Pod, version::Version};

/// Where validation was read.
pub(super) const VALIDATION: &str = "pkg/apis/core/validation/validation.go";

/// What an API server of this version refuses in a new pod, in no meaningful
/// order: Go's own order of annotation errors is random.
///
/// `prefix` is empty for a pod and `spec.template.` for a pod template.
pub fn pod(pod: &Pod, version: Version, prefix: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    annotations::check(pod, version, prefix, &mut errors);
    pod::check(pod, prefix, &mut errors);
    security::check(pod, version, prefix, &mut errors);
    profiles::check(pod, version, prefix, &mut errors);
    errors
}
