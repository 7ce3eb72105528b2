//! What the server changed of a pod, back in its tree.

use crate::{
    object::{Pod, Profile},
    yaml::Value,
};

/// Writes what the server changed of a pod back into its tree: annotations
/// and profile fields.
pub(super) fn write_back(value: &mut Value, pod: &Pod) {
    let metadata = value.map_under("metadata");
    if !pod.annotations.is_empty() {
        let annotations = metadata.map_under("annotations");
        for (key, text) in &pod.annotations {
            if annotations.get(key).and_then(Value::as_str) != Some(text) {
                annotations.set(key, Value::text(text));
            }
        }
    }
    if let Some(annotations) = metadata.get_mut("annotations") {
        annotations.retain_keys(|key| pod.annotations.contains_key(key));
    }
    let Some(spec) = value.get_mut("spec") else {
        return;
    };
    write_profiles(
        spec,
        pod.spec.security.app_armor.as_ref(),
        pod.spec.security.seccomp.as_ref(),
    );
    for (key, containers) in [
        ("initContainers", &pod.spec.init_containers),
        ("containers", &pod.spec.containers),
    ] {
        let Some(items) = spec.get_mut(key) else {
            continue;
        };
        for (item, container) in items.items_mut().iter_mut().zip(containers) {
            write_profiles(
                item,
                container.security.app_armor.as_ref(),
                container.security.seccomp.as_ref(),
            );
        }
    }
}

fn write_profiles(owner: &mut Value, app_armor: Option<&Profile>, seccomp: Option<&Profile>) {
    for (key, profile) in [("appArmorProfile", app_armor), ("seccompProfile", seccomp)] {
        match profile {
            Some(profile) => {
                let current = owner
                    .get("securityContext")
                    .and_then(|context| Profile::read(context.get(key)));
                if current.as_ref() != Some(profile) {
                    owner
                        .map_under("securityContext")
                        .set(key, profile.to_value());
                }
            }
            None => {
                if let Some(context) = owner.get_mut("securityContext") {
                    context.retain_keys(|name| name != key);
                }
            }
        }
    }
}
