//! Pods from the manifest to the node.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{LoadedProfile, Node, kind},
    start::{Outcome, Start, start},
    step::{Component, Verdict},
    yaml::parse,
};

const FIELD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: busybox
    securityContext:
      appArmorProfile:
        type: Localhost
        localhostProfile: k8s-deny-data
";

const NOTHING: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: busybox
";

fn node(id: &str) -> Node {
    let kind = kind(id).expect("a known kind");
    let mut node = Node::new(id, &kind.stack);
    node.profiles
        .insert("k8s-deny-data".to_owned(), LoadedProfile::Enforce);
    node
}

fn run(manifest: &str, node: &Node) -> Start {
    let parsed = parse(manifest);
    let api = ApiServer::new(node.stack.kubelet.version);
    start(
        &parsed.documents[0],
        &Client::kubectl("pod.yaml"),
        &api,
        node,
    )
}

#[test]
fn a_loaded_profile_is_enforced_on_a_node_with_apparmor() {
    let start = run(FIELD, &node("ubuntu-24.04"));
    assert_eq!(start.outcome, Outcome::Enforced, "{:#?}", start.chain);
    assert_eq!(
        start.containers[0].apparmor.as_deref(),
        Some("k8s-deny-data")
    );
    assert_eq!(start.status.display(), "Running");
    assert_eq!(start.client_output, "pod/web created");
}

#[test]
fn an_explicit_profile_is_refused_by_the_kubelet_where_there_is_no_apparmor() {
    let start = run(FIELD, &node("kind-docker-desktop"));
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    let refusal = start
        .chain
        .iter()
        .find(|step| step.verdict == Verdict::Refused)
        .expect("a refusal");
    assert_eq!(refusal.component, Component::Kubelet);
    assert_eq!(
        refusal.message,
        "Cannot enforce AppArmor: AppArmor is not enabled on the host"
    );
    assert_eq!(start.status.display(), "AppArmor");
    assert_eq!(
        start.status.message,
        "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host"
    );
}

#[test]
fn a_pod_that_asks_for_nothing_runs_unprotected_where_there_is_no_apparmor() {
    let start = run(NOTHING, &node("kind-docker-desktop"));
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
    assert_eq!(start.containers[0].apparmor, None);
    assert_eq!(start.status.display(), "Running");
}

#[test]
fn a_missing_profile_fails_in_the_runtime() {
    let mut node = node("ubuntu-24.04");
    node.profiles.clear();
    let start = run(FIELD, &node);
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    assert_eq!(start.status.display(), "CreateContainerError");
    let event = start.events.last().expect("an event");
    assert_eq!(
        event.message,
        "Error: failed to get container spec opts: failed to generate apparmor spec opts: apparmor profile not found k8s-deny-data"
    );
}

#[test]
fn containerd_in_kind_on_ubuntu_refuses_what_the_kubelet_lets_in() {
    let start = run(FIELD, &node("kind-ubuntu"));
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    let refusal = start
        .chain
        .iter()
        .find(|step| step.verdict == Verdict::Refused)
        .expect("a refusal");
    assert_eq!(refusal.component, Component::Containerd);
    assert_eq!(refusal.message, "apparmor is not supported");
}
