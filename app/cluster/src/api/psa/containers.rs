//! Who set something: phrases such as `pod and containers "a", "b"`.

use sorted::SortedSet;

use crate::{
    api::go::join_quoted,
    object::{Container, Pod},
};

/// The names of the containers that answer yes, in the order of the plugin:
/// init, regular, ephemeral.
pub(super) fn containers(pod: &Pod, bad: impl Fn(&Container) -> bool) -> Vec<String> {
    pod.spec
        .all_containers()
        .map(|(_, _, container)| container)
        .filter(|container| bad(container))
        .map(|container| container.name.clone())
        .collect()
}

/// `one` or `many`, by count.
pub(super) fn plural(one: &'static str, many: &'static str, count: usize) -> &'static str {
    if count == 1 { one } else { many }
}

/// `container "a"` or `containers "a", "b"`.
pub(super) fn named(names: &[String]) -> String {
    format!(
        "{} {}",
        plural("container", "containers", names.len()),
        join_quoted(names)
    )
}

/// `pod and container "a"`: the pod if it is bad, and the bad containers.
pub(super) fn setters(pod_is_bad: bool, names: &[String]) -> Option<String> {
    match (pod_is_bad, names.is_empty()) {
        (false, true) => None,
        (true, true) => Some("pod".to_owned()),
        (false, false) => Some(named(names)),
        (true, false) => Some(format!("pod and {}", named(names))),
    }
}

/// Collects values into a sorted, quoted list.
pub(super) fn sorted(values: impl IntoIterator<Item = String>) -> Vec<String> {
    values
        .into_iter()
        .collect::<SortedSet<_>>()
        .into_iter()
        .collect()
}
