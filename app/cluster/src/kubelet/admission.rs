//! Whether the kubelet lets a pod in (`pkg/security/apparmor/validate.go`,
//! `pkg/kubelet/lifecycle/handlers.go`).

use super::{
    effective::apparmor_profile,
    eras::{self, KubeletEra, Refusal, Required},
};
use crate::{
    api::{annotation, go},
    object::{Pod, ProfileType},
    status::{ContainerStatus, Phase, PodEvent, PodStatus},
    version::Version,
};

/// A pod that is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What the validator says: `AppArmor is not enabled on the host`.
    pub validator: String,
    /// `Cannot enforce AppArmor: ` and the validator's words.
    pub message: String,
    /// The status that the pod has from now on.
    pub status: PodStatus,
    /// The event about it, for the releases that write one.
    pub event: Option<PodEvent>,
    /// Whether the pod is tried again.
    pub retried: bool,
}

/// Whether a pod is let in: an error is why it is not.
///
/// `host_error` is what [`super::host_check`] found when the kubelet started;
/// `loaded` tells whether a profile of this name is loaded, in any mode.
pub fn admit(
    pod: &Pod,
    version: Version,
    host_error: Option<&str>,
    loaded: &dyn Fn(&str) -> bool,
) -> Result<(), Box<Rejection>> {
    let era = eras::kubelet(version).rule;
    if era.host == eras::HostCheck::None || !is_required(pod, era) {
        return Ok(());
    }
    let problem = match host_error {
        Some(error) => Some(error.to_owned()),
        None => profile_problem(pod, version, era, loaded),
    };
    match problem {
        Some(problem) => Err(Box::new(rejection(pod, era, problem))),
        None => Ok(()),
    }
}

/// Whether the pod needs AppArmor on the host (`isRequired`).
///
/// Go yields the annotations of a pod in random order and looks at the first;
/// here it is the first by name.
pub(crate) fn is_required(pod: &Pod, era: KubeletEra) -> bool {
    let first = pod
        .annotations
        .iter()
        .find(|(key, _)| key.starts_with(annotation::APPARMOR_PREFIX))
        .map(|(_, value)| value.as_str());
    let confined = |profile: &crate::object::Profile| !profile.is(ProfileType::Unconfined);
    match era.required {
        Required::AnyAnnotation => first.is_some(),
        Required::FirstAnnotation => first.is_some_and(|value| value != annotation::UNCONFINED),
        Required::Fields => {
            pod.spec.security.app_armor.as_ref().is_some_and(confined)
                || pod.spec.all_containers().any(|(_, _, container)| {
                    container.security.app_armor.as_ref().is_some_and(confined)
                })
                || first.is_some_and(|value| value != annotation::UNCONFINED)
        }
    }
}

/// What is wrong with a container's profile, on a host that has AppArmor.
fn profile_problem(
    pod: &Pod,
    version: Version,
    era: KubeletEra,
    loaded: &dyn Fn(&str) -> bool,
) -> Option<String> {
    for (_, _, container) in pod.spec.all_containers() {
        if era.field {
            let empty = apparmor_profile(pod, container, version).filter(|profile| {
                profile.is(ProfileType::Localhost)
                    && profile
                        .localhost
                        .as_deref()
                        .is_none_or(|name| name.trim().is_empty())
            });
            if let Some(profile) = empty {
                let name = profile
                    .localhost
                    .as_deref()
                    .map_or_else(|| "nil".to_owned(), |name| format!("*{name}"));
                let dump = format!(
                    "&AppArmorProfile{{Type:{},LocalhostProfile:{name},}}",
                    profile.kind
                );
                return Some(format!(
                    "invalid empty AppArmor profile name: {}",
                    go::quote(&dump)
                ));
            }
            continue;
        }
        let key = format!("{}{}", annotation::APPARMOR_PREFIX, container.name);
        let Some(value) = pod.annotations.get(&key) else {
            continue;
        };
        if let Some(problem) = crate::api::validation::apparmor_format(value, version) {
            return Some(problem);
        }
        let Some(name) = value.strip_prefix(annotation::LOCALHOST_PREFIX) else {
            continue;
        };
        if era.loaded_check && !loaded(name) {
            return Some(format!("profile {} is not loaded", go::quote(name)));
        }
        if !era.loaded_check && name.trim().is_empty() {
            return Some(format!(
                "invalid empty AppArmor profile name: {}",
                go::quote(value)
            ));
        }
    }
    None
}

fn rejection(pod: &Pod, era: KubeletEra, validator: String) -> Rejection {
    let message = format!("Cannot enforce AppArmor: {validator}");
    let waiting = |reason: &str| {
        pod.spec
            .all_containers()
            .map(|(role, _, container)| ContainerStatus::waiting(&container.name, role, reason))
            .collect()
    };
    let failed = |words: String| PodStatus {
        phase: Phase::Failed,
        reason: "AppArmor".to_owned(),
        message: words,
        containers: Vec::new(),
    };
    let event = PodEvent {
        warning: true,
        reason: "AppArmor",
        from: "kubelet",
        message: message.clone(),
    };
    let (status, event) = match era.refusal {
        Refusal::HardAtFirst => (failed(format!("Pod {message}")), None),
        Refusal::Soft => {
            let status = PodStatus {
                phase: Phase::Pending,
                reason: "AppArmor".to_owned(),
                message: message.clone(),
                containers: waiting("Blocked"),
            };
            (status, None)
        }
        Refusal::Hard => (failed(format!("Pod was rejected: {message}")), Some(event)),
    };
    Rejection {
        validator,
        message,
        status,
        event,
        retried: era.refusal == Refusal::Soft,
    }
}
