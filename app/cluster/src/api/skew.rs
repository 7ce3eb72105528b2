//! The two ways to declare a profile side by side: what the server copies from
//! one to the other, told as steps, and what it warns about.

use super::{ApiServer, annotation, eras, sync};
use crate::{
    object::{Pod, Profile, ProfileType},
    step::{Control, Step, Verdict},
    version::Version,
};

impl ApiServer {
    /// Annotation to field and back, with the steps that tell it.
    pub(super) fn sync(&self, pod: &mut Pod, steps: &mut Vec<Step>, warnings: &mut Vec<String>) {
        let before = pod.spec.security.app_armor.clone();
        let synced = sync::apparmor(pod, self.version);
        let source = eras::apparmor_sync(self.version).source;
        for name in &synced.fields {
            let own = pod
                .spec
                .all_containers()
                .find(|(_, _, container)| &container.name == name);
            let own = own.and_then(|(_, _, container)| container.security.app_armor.clone());
            let weaker =
                before.as_ref().is_some_and(confines) && !own.as_ref().is_some_and(confines);
            let (verdict, message) = if weaker {
                (
                    Verdict::Dropped,
                    "The annotation of this container wins over the profile of the whole pod.",
                )
            } else {
                (
                    Verdict::Honoured,
                    "The annotation is copied into the container's field.",
                )
            };
            let asked = before
                .as_ref()
                .map_or_else(|| "copy the annotation".to_owned(), ToString::to_string);
            let mut step = self.step(Control::AppArmor, asked, verdict, message, source);
            step.container = Some(name.clone());
            steps.push(step);
        }
        warnings.extend(synced.warnings);
        let seccomp_before: Vec<String> = seccomp_warnings(pod, self.version, "");
        sync::seccomp(pod, self.version);
        warnings.extend(seccomp_before);
    }

    /// The warnings about a template's annotations; templates are not synced.
    pub(super) fn template_warnings(&self, pod: &Pod, prefix: &str, warnings: &mut Vec<String>) {
        if eras::apparmor_field(self.version).rule && !pod.is_windows() {
            let security = &pod.spec.security;
            for (_, _, container) in pod.spec.all_containers() {
                let key = format!("{}{}", annotation::APPARMOR_PREFIX, container.name);
                let Some(value) = pod.annotations.get(&key) else {
                    continue;
                };
                let quiet = if self.version.minor == 30 {
                    security.app_armor.is_some() || container.security.app_armor.is_some()
                } else {
                    container.security.app_armor.is_some()
                        || (security.app_armor.is_some()
                            && security.app_armor == annotation::apparmor_field(value))
                };
                if !quiet {
                    warnings.push(sync::deprecation(&key, prefix));
                }
            }
        }
        warnings.extend(seccomp_warnings(pod, self.version, prefix));
    }
}

/// Whether a profile asks for any confinement.
fn confines(profile: &Profile) -> bool {
    !profile.is(ProfileType::Unconfined)
}

/// The warnings about seccomp annotations whose field is not set.
fn seccomp_warnings(pod: &Pod, version: Version, prefix: &str) -> Vec<String> {
    let words = eras::seccomp_warning(version).rule;
    if words.is_empty() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    if pod.spec.security.seccomp.is_none() {
        keys.push(annotation::SECCOMP_POD.to_owned());
    }
    for (_, _, container) in pod.spec.all_containers() {
        if container.security.seccomp.is_none() {
            keys.push(format!("{}{}", annotation::SECCOMP_PREFIX, container.name));
        }
    }
    keys.into_iter()
        .filter(|key| pod.annotations.contains_key(key))
        .map(|key| format!("{prefix}metadata.annotations[{key}]: {words}"))
        .collect()
}
