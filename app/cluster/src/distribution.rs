//! How profiles come to nodes: by hand, by a loader on every node, by the
//! Security Profiles Operator.
//!
//! Everything that starts containers finds a profile by its name alone. Two
//! nodes can hold different rules under one name, and nothing compares them.

use crate::{
    node::{LoadedProfile, Node},
    object::{Kind, text},
    start::Start,
    yaml::Value,
};

/// A profile that is to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileText {
    /// Its name.
    pub name: String,
    /// The mode that its flags give.
    pub mode: LoadedProfile,
}

/// What a DaemonSet loader does on one node: it loads every profile that it
/// was given, over whatever has the name (`apparmor_parser -r`), and removes
/// none. A node without AppArmor is left as it is.
pub fn load_everywhere(node: &mut Node, profiles: &[ProfileText]) {
    if !node.stack.host.apparmor.works() {
        return;
    }
    for profile in profiles {
        node.profiles.insert(profile.name.clone(), profile.mode);
    }
}

/// The operator's state of a profile on a node (`SecurityProfileNodeStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorState {
    /// The profile is loaded.
    Installed,
    /// It is not to be loaded.
    Disabled,
    /// The operator did not load it.
    Error(String),
}

/// What the Security Profiles Operator does with an `AppArmorProfile` object
/// on one node: on its first installation it does not touch a profile that
/// somebody else has loaded.
pub fn reconcile(
    node: &mut Node,
    document: &Value,
    installed_before: bool,
) -> Option<OperatorState> {
    if Kind::of(document) != Some(Kind::AppArmorProfile) {
        return None;
    }
    let name = document.at(&["metadata", "name"])?.as_str()?.to_owned();
    let spec = document.get("spec");
    let field = |key: &str| spec.and_then(|spec| text(spec, key));
    if field("state").as_deref() == Some("Disabled") {
        node.profiles.remove(&name);
        return Some(OperatorState::Disabled);
    }
    if !node.stack.host.apparmor.works() {
        return Some(OperatorState::Error(
            "AppArmor is not enabled on the host".to_owned(),
        ));
    }
    if !installed_before && node.profiles.contains_key(&name) {
        return Some(OperatorState::Error("profile exists".to_owned()));
    }
    let complain = field("mode").as_deref() == Some("Complain");
    node.profiles.insert(
        name,
        if complain {
            LoadedProfile::Complain
        } else {
            LoadedProfile::Enforce
        },
    );
    Some(OperatorState::Installed)
}

/// The containers of a started pod whose profile is not loaded any more. They
/// run on; nothing in the pod's status says so.
pub fn lost<'s>(start: &'s Start, node: &Node) -> Vec<&'s str> {
    let generated = crate::runtime::default_apparmor_name(node.stack.runtime.kind);
    start
        .containers
        .iter()
        .filter(|confinement| {
            confinement
                .apparmor
                .as_deref()
                .is_some_and(|name| name != generated && !node.is_loaded(name))
        })
        .map(|confinement| confinement.container.as_str())
        .collect()
}

/// A profile name that changes with the content: `name-` and eight digits.
///
/// The hash is FNV-1a of 32 bits: it tells versions apart, and is no defence
/// against somebody who wants two texts to collide.
pub fn hashed_name(name: &str, content: &str) -> String {
    let hash = content.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{name}-{hash:08x}")
}
