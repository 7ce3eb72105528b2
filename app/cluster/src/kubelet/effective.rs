//! Which AppArmor profile a container gets, and how the runtime is told
//! (`pkg/security/apparmor/helpers.go`, `pkg/kubelet/kuberuntime/helpers.go`).

use super::{CriProfile, eras};
use crate::{
    api::{annotation, go},
    object::{Container, Pod, Profile, ProfileType},
    version::Version,
};

/// The profile of a container: its own field, then its annotation, then the
/// pod's field (`GetProfile`). Kubelets without the field read the annotation.
///
/// A value that is no profile counts as absent. An annotation with an empty
/// name is kept, so that [`super::admit`] can refuse it.
pub fn apparmor_profile(pod: &Pod, container: &Container, version: Version) -> Option<Profile> {
    let key = format!("{}{}", annotation::APPARMOR_PREFIX, container.name);
    let annotated = pod
        .annotations
        .get(&key)
        .and_then(|value| from_annotation(value));
    if !eras::kubelet(version).rule.field {
        return annotated;
    }
    container
        .security
        .app_armor
        .clone()
        .or(annotated)
        .or_else(|| pod.spec.security.app_armor.clone())
}

/// The kubelet's own reading of an annotation, which lets empty and padded
/// names through, as the API's does not.
fn from_annotation(value: &str) -> Option<Profile> {
    match value.strip_prefix(annotation::LOCALHOST_PREFIX) {
        Some(name) => Some(Profile::localhost(name)),
        None => annotation::apparmor_field(value),
    }
}

/// The profile as it goes over CRI: the message and the old string.
///
/// The error is the kubelet's own; nothing is sent then.
pub fn apparmor_to_cri(profile: Option<&Profile>) -> Result<(Option<CriProfile>, String), String> {
    let Some(profile) = profile else {
        return Ok((None, String::new()));
    };
    let Some(kind) = profile.profile_type() else {
        return Err(format!(
            "unknown apparmor profile type: {}",
            go::quote(&profile.kind)
        ));
    };
    let (localhost_ref, old) = match kind {
        ProfileType::RuntimeDefault => (String::new(), annotation::RUNTIME_DEFAULT.to_owned()),
        ProfileType::Unconfined => (String::new(), annotation::UNCONFINED.to_owned()),
        ProfileType::Localhost => {
            let name = profile
                .localhost
                .clone()
                .ok_or_else(|| "missing localhost apparmor profile name".to_owned())?;
            let old = format!("{}{name}", annotation::LOCALHOST_PREFIX);
            (name, old)
        }
    };
    Ok((
        Some(CriProfile {
            kind,
            localhost_ref,
        }),
        old,
    ))
}
