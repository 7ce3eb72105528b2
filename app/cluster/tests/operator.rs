//! What the Security Profiles Operator does with its objects on a node.

use cluster::{
    distribution::{OperatorState, reconcile},
    node::{LoadedProfile, Node, kind},
    yaml::parse,
};

/// The operator's state of a profile, and what is loaded afterwards.
fn after(
    id: &str,
    loaded: Option<LoadedProfile>,
    spec: &str,
    installed_before: bool,
) -> (Option<OperatorState>, Option<LoadedProfile>) {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    if let Some(mode) = loaded {
        node.profiles.insert("web".to_owned(), mode);
    }
    let text = format!(
        "apiVersion: security-profiles-operator.x-k8s.io/v1alpha1\nkind: AppArmorProfile\nmetadata: {{name: web}}\nspec: {{{spec}}}\n"
    );
    let state = reconcile(&mut node, &parse(&text).documents[0], installed_before);
    (state, node.profiles.get("web").copied())
}

#[test]
fn the_operator_loads_its_profiles_and_leaves_those_of_others_alone() {
    use LoadedProfile::{Complain, Enforce};
    let error = |words: &str| OperatorState::Error(words.to_owned());
    let installed = || OperatorState::Installed;
    for (id, loaded, spec, before, state, left) in [
        ("current", None, "", false, installed(), Some(Enforce)),
        (
            "current",
            None,
            "mode: Complain",
            false,
            installed(),
            Some(Complain),
        ),
        (
            "current",
            Some(Complain),
            "",
            false,
            error("profile exists"),
            Some(Complain),
        ),
        (
            "current",
            Some(Complain),
            "",
            true,
            installed(),
            Some(Enforce),
        ),
        (
            "current",
            Some(Enforce),
            "state: Disabled",
            true,
            OperatorState::Disabled,
            None,
        ),
        (
            "talos",
            None,
            "",
            false,
            error("AppArmor is not enabled on the host"),
            None,
        ),
    ] {
        let about = format!("{id} {loaded:?} {spec} {before}");
        assert_eq!(
            after(id, loaded, spec, before),
            (Some(state), left),
            "{about}"
        );
    }
}

#[test]
fn the_operator_looks_at_no_other_kind() {
    let mut node = Node::new("worker", &kind("current").expect("a known kind").stack);
    let pod = parse("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n");
    assert_eq!(reconcile(&mut node, &pod.documents[0], false), None);
    assert!(node.profiles.is_empty());
}
