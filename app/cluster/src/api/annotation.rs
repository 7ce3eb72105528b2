//! The annotations that chose profiles before there were fields.

use crate::object::{Profile, ProfileType};

/// The prefix of AppArmor annotations; the container's name follows.
pub const APPARMOR_PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
/// The pod's seccomp annotation.
pub const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// The prefix of seccomp annotations of containers.
pub const SECCOMP_PREFIX: &str = "container.seccomp.security.alpha.kubernetes.io/";
/// The value that asks for the runtime's default.
pub const RUNTIME_DEFAULT: &str = "runtime/default";
/// The older seccomp spelling of the same.
pub const DOCKER_DEFAULT: &str = "docker/default";
/// The value that asks for no profile.
pub const UNCONFINED: &str = "unconfined";
/// The prefix that asks for a profile of the node.
pub const LOCALHOST_PREFIX: &str = "localhost/";

/// The longest `localhostProfile` of AppArmor in bytes
/// (`MaxLocalhostProfileLength` in `pkg/apis/core/validation`).
pub const MAX_APPARMOR_NAME: usize = 4095;

/// The field that an AppArmor annotation stands for; nothing for values that
/// cannot be a valid field (`ApparmorFieldForAnnotation` in `pkg/api/pod`).
pub fn apparmor_field(value: &str) -> Option<Profile> {
    match value {
        RUNTIME_DEFAULT => Some(Profile::of(ProfileType::RuntimeDefault)),
        UNCONFINED => Some(Profile::of(ProfileType::Unconfined)),
        _ => {
            let name = value.strip_prefix(LOCALHOST_PREFIX)?;
            let valid = !name.is_empty() && name.trim() == name && name.len() <= MAX_APPARMOR_NAME;
            valid.then(|| Profile::localhost(name))
        }
    }
}

/// The annotation that an AppArmor field stands for; nothing for fields that
/// no annotation can express (`appArmorAnnotationForField`).
pub fn apparmor_annotation(field: &Profile) -> Option<String> {
    match field.profile_type()? {
        ProfileType::RuntimeDefault => Some(RUNTIME_DEFAULT.to_owned()),
        ProfileType::Unconfined => Some(UNCONFINED.to_owned()),
        ProfileType::Localhost => {
            Some(format!("{LOCALHOST_PREFIX}{}", field.localhost.as_deref()?))
        }
    }
}

/// The field that a seccomp annotation stands for
/// (`SeccompFieldForAnnotation` in `pkg/api/pod`).
pub fn seccomp_field(value: &str) -> Option<Profile> {
    match value {
        RUNTIME_DEFAULT | DOCKER_DEFAULT => Some(Profile::of(ProfileType::RuntimeDefault)),
        UNCONFINED => Some(Profile::of(ProfileType::Unconfined)),
        _ => {
            let file = value.strip_prefix(LOCALHOST_PREFIX)?;
            (!file.is_empty()).then(|| Profile::localhost(file))
        }
    }
}
