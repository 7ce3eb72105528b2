//! Profile fields, and their agreement with annotations.

use super::annotations::descending_path;
use crate::{
    api::{
        FieldError,
        annotation::{
            APPARMOR_PREFIX, DOCKER_DEFAULT, LOCALHOST_PREFIX, MAX_APPARMOR_NAME, RUNTIME_DEFAULT,
            SECCOMP_POD, SECCOMP_PREFIX, UNCONFINED,
        },
        eras,
    },
    object::{Pod, Profile, ProfileType},
    version::Version,
};

/// Checks every profile field of a pod, and that it agrees with the annotation.
pub(super) fn check(pod: &Pod, version: Version, prefix: &str, errors: &mut Vec<FieldError>) {
    let place = |list: &str| format!("{prefix}spec.{list}");
    let pod_context = place("securityContext");
    if let Some(profile) = &pod.spec.security.app_armor {
        apparmor(
            profile,
            version,
            &format!("{pod_context}.appArmorProfile"),
            errors,
        );
    }
    if let Some(profile) = &pod.spec.security.seccomp {
        let path = format!("{pod_context}.seccompProfile");
        seccomp(profile, &path, errors);
        if let Some(value) = pod.annotations.get(SECCOMP_POD) {
            agrees(value, profile, &path, "seccomp", errors);
        }
    }
    for (role, index, container) in pod.spec.all_containers() {
        let context = format!(
            "{}.securityContext",
            place(&format!("{}[{index}]", role.key()))
        );
        let apparmor_path = format!("{context}.appArmorProfile");
        if let Some(profile) = &container.security.app_armor {
            apparmor(profile, version, &apparmor_path, errors);
        }
        if let Some(profile) = &container.security.seccomp {
            let path = format!("{context}.seccompProfile");
            seccomp(profile, &path, errors);
            if let Some(value) = pod
                .annotations
                .get(&format!("{SECCOMP_PREFIX}{}", container.name))
            {
                agrees(value, profile, &path, "seccomp", errors);
            }
        }
        let effective = container.security.app_armor.as_ref().or(pod
            .spec
            .security
            .app_armor
            .as_ref());
        let annotation = pod
            .annotations
            .get(&format!("{APPARMOR_PREFIX}{}", container.name));
        if let (Some(value), Some(profile), false) = (annotation, effective, pod.is_windows()) {
            agrees(value, profile, &apparmor_path, "apparmor", errors);
        }
    }
}

/// Checks an `appArmorProfile` (`ValidateAppArmorProfileField`).
fn apparmor(profile: &Profile, version: Version, path: &str, errors: &mut Vec<FieldError>) {
    let name_path = format!("{path}.localhostProfile");
    match profile.profile_type() {
        Some(ProfileType::Localhost) => {
            let name = profile.localhost.as_deref().unwrap_or_default();
            if name.trim() != name {
                errors.push(FieldError::invalid(
                    &name_path,
                    name,
                    "must not be padded with whitespace",
                ));
            } else if name.is_empty() {
                errors.push(FieldError::required(
                    &name_path,
                    "must be set when AppArmor type is Localhost",
                ));
            }
            if name.len() > MAX_APPARMOR_NAME {
                errors.push(FieldError::too_long(
                    &name_path,
                    eras::too_long_apparmor(version).rule.to_owned(),
                ));
            }
            return;
        }
        Some(_) => {}
        None if profile.kind.is_empty() => {
            errors.push(FieldError::required(
                format!("{path}.type"),
                "type is required when appArmorProfile is set",
            ));
        }
        None => unknown_type(profile, path, errors),
    }
    let refused = profile
        .localhost
        .as_ref()
        .filter(|_| profile.profile_type().is_some());
    if let Some(name) = refused {
        errors.push(FieldError::invalid(
            &name_path,
            name,
            "can only be set when AppArmor type is Localhost",
        ));
    }
}

/// Checks a `seccompProfile` (`validateSeccompProfileField`).
fn seccomp(profile: &Profile, path: &str, errors: &mut Vec<FieldError>) {
    if profile.kind.is_empty() {
        errors.push(FieldError::required(
            format!("{path}.type"),
            "type is required when seccompProfile is set",
        ));
    } else if profile.profile_type().is_none() {
        unknown_type(profile, path, errors);
    }
    let file_path = format!("{path}.localhostProfile");
    match (profile.is(ProfileType::Localhost), &profile.localhost) {
        (true, None) => {
            errors.push(FieldError::required(
                file_path,
                "must be set when seccomp type is Localhost",
            ));
        }
        (true, Some(file)) => descending_path(file, &file_path, errors),
        (false, Some(file)) => {
            let dump =
                serde_json::json!({ "type": profile.kind, "localhostProfile": file }).to_string();
            errors.push(FieldError::invalid_dump(
                file_path,
                dump,
                "can only be set when seccomp type is Localhost",
            ));
        }
        (false, None) => {}
    }
}

fn unknown_type(profile: &Profile, path: &str, errors: &mut Vec<FieldError>) {
    let supported = ProfileType::ALL.map(ProfileType::name);
    errors.push(FieldError::not_supported(
        format!("{path}.type"),
        &profile.kind,
        &supported,
    ));
}

/// Checks that an annotation and a field ask for the same
/// (`validateAppArmorAnnotationsAndFieldsMatch…`, `validateSeccompAnnotationsAndFieldsMatch`).
fn agrees(
    annotation: &str,
    field: &Profile,
    path: &str,
    control: &str,
    errors: &mut Vec<FieldError>,
) {
    let same_type = match field.profile_type() {
        Some(ProfileType::Unconfined) => annotation == UNCONFINED,
        Some(ProfileType::RuntimeDefault) => {
            annotation == RUNTIME_DEFAULT || (control == "seccomp" && annotation == DOCKER_DEFAULT)
        }
        Some(ProfileType::Localhost) => match annotation.strip_prefix(LOCALHOST_PREFIX) {
            Some(name) => {
                if field.localhost.as_deref() != Some(name) {
                    errors.push(FieldError::forbidden(
                        format!("{path}.localhostProfile"),
                        &format!("{control} profile in annotation and field must match"),
                    ));
                }
                true
            }
            None => false,
        },
        None => true,
    };
    if !same_type {
        errors.push(FieldError::forbidden(
            format!("{path}.type"),
            &format!("{control} type in annotation and field must match"),
        ));
    }
}
