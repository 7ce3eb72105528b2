//! Which seccomp profile a container gets (`getSeccompProfile` in
//! `pkg/kubelet/kuberuntime/helpers.go`).

use super::{CriProfile, SECCOMP_ROOT, eras};
use crate::{
    api::annotation,
    object::{Container, Pod, Profile, ProfileType},
    version::Version,
};

/// The profile that the pod asks for this container: the container's field,
/// else the pod's; kubelets up to 1.26 read annotations where there is no field.
pub fn seccomp_profile(pod: &Pod, container: &Container, version: Version) -> Option<Profile> {
    let annotated = |key: &str| {
        eras::seccomp_annotations(version)
            .rule
            .then(|| pod.annotations.get(key))
            .flatten()
            .and_then(|value| annotation::seccomp_field(value))
    };
    container
        .security
        .seccomp
        .clone()
        .or_else(|| annotated(&format!("{}{}", annotation::SECCOMP_PREFIX, container.name)))
        .or_else(|| pod.spec.security.seccomp.clone())
        .or_else(|| annotated(annotation::SECCOMP_POD))
}

/// Whether a kubelet refuses an empty Localhost name; before the fixes of
/// CVE-2023-2431 it took it for Unconfined.
pub fn seccomp_patched(version: Version) -> bool {
    match version.minor {
        minor if minor < 24 => false,
        24 => version.patch >= 14,
        25 => version.patch >= 10,
        26 => version.patch >= 5,
        27 => version.patch >= 2,
        _ => true,
    }
}

/// The profile as it goes over CRI, the kubelet's setting filled in.
///
/// The error is the kubelet's own, a container configuration error.
pub fn seccomp_to_cri(
    profile: Option<&Profile>,
    seccomp_default: bool,
    patched: bool,
) -> Result<CriProfile, &'static str> {
    let of = |kind| CriProfile {
        kind,
        localhost_ref: String::new(),
    };
    let Some(kind) = profile.and_then(Profile::profile_type) else {
        return Ok(of(if seccomp_default {
            ProfileType::RuntimeDefault
        } else {
            ProfileType::Unconfined
        }));
    };
    if kind != ProfileType::Localhost {
        return Ok(of(kind));
    }
    match profile
        .and_then(|profile| profile.localhost.as_deref())
        .filter(|file| !file.is_empty())
    {
        Some(file) => Ok(CriProfile {
            kind,
            localhost_ref: format!("{SECCOMP_ROOT}/{file}"),
        }),
        None if patched => Err("localhostProfile must be set if seccompProfile type is Localhost."),
        None => Ok(of(ProfileType::Unconfined)),
    }
}
