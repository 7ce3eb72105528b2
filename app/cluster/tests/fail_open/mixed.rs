//! Pods whose containers come to different ends.

use super::scene::Scene;
use cluster::{
    start::Outcome,
    step::{Control, Verdict},
};

/// A container whose profile is not loaded, and one beside it.
fn beside(container: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - name: refused
    image: busybox
    securityContext: {{appArmorProfile: {{type: Localhost, localhostProfile: missing}}}}
  - name: beside
    image: busybox
    securityContext: {container}
"
    )
}

const LOADED: &str = "{appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}}";
const PRIVILEGED: &str = "{privileged: true, appArmorProfile: {type: RuntimeDefault}}";

#[test]
fn a_container_that_runs_unprotected_counts_more_than_one_that_is_refused() {
    let start = Scene::on("ubuntu-24.04", &beside(PRIVILEGED)).run();
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
    for name in ["beside runs on worker without", "refused is not started"] {
        assert!(start.sentence.contains(name), "{}", start.sentence);
    }
    let decided = start.deciding(Control::AppArmor, None).expect("a step");
    assert_eq!(start.chain[decided].verdict, Verdict::Dropped);
    assert_eq!(start.chain[decided].container.as_deref(), Some("beside"));
    // kubectl tells of the one that is refused only.
    assert_eq!(start.status.display(), "CreateContainerError");
}

#[test]
fn a_container_that_is_confined_leaves_the_pod_refused() {
    let start = Scene::on("ubuntu-24.04", &beside(LOADED)).run();
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    let decided = start.deciding(Control::AppArmor, None).expect("a step");
    assert_eq!(start.chain[decided].verdict, Verdict::Refused);
}

#[test]
fn a_pod_that_the_kubelet_turns_away_is_refused_as_a_whole() {
    let start = Scene::on("kind-docker-desktop", &beside(PRIVILEGED)).run();
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    assert!(start.containers.is_empty());
}
