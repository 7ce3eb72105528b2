//! Rows 1 to 11: what the API server and the kubelet read, and what they do not.

use cluster::{
    api::{ApiServer, psa},
    client::Validate,
    start::{Outcome, start_static},
    step::{Component, Verdict},
    version::Version,
};

use crate::scene::{
    NO_APPARMOR, Scene, annotation, apparmor, fails_closed, fails_open, is_enforced, manifest,
    stack, step,
};

#[test]
fn row_1_a_kubelet_before_1_4_does_not_know_the_annotation() {
    let start = Scene::on(
        "kubernetes-1.3",
        &manifest(&annotation("localhost/k8s-deny-data"), "", ""),
    )
    .run();
    assert_eq!(
        step(&start, Component::Kubelet, Verdict::DoesNotLook).asked,
        ""
    );
    assert_ne!(
        start.containers[0].apparmor.as_deref(),
        Some("k8s-deny-data")
    );
}

#[test]
fn row_1_a_newer_kubelet_refuses_the_same_annotation_without_its_profile() {
    let mut scene = Scene::on(
        "kubernetes-1.22",
        &manifest(&annotation("localhost/k8s-deny-data"), "", ""),
    );
    scene.node.profiles.clear();
    fails_closed(
        &scene.run(),
        Component::Kubelet,
        "profile \"k8s-deny-data\" is not loaded",
    );
}

#[test]
fn row_2_nothing_asked_is_nothing_done_on_a_node_without_apparmor() {
    let start = Scene::on("kind-docker-desktop", &manifest("", "", "")).run();
    fails_open(&start, Component::Containerd, Verdict::NothingAsked);
}

#[test]
fn row_2_runtime_default_requires_apparmor() {
    let start = Scene::on(
        "kind-docker-desktop",
        &manifest("", &apparmor("RuntimeDefault"), ""),
    )
    .run();
    fails_closed(
        &start,
        Component::Kubelet,
        "AppArmor is not enabled on the host",
    );
}

#[test]
fn row_3_an_older_server_drops_the_field_of_a_client_that_only_wants_warnings() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    scene.api = ApiServer::new(Version::new(1, 29));
    scene.client.validate = Validate::Warn;
    let start = scene.run();
    fails_open(&start, Component::ApiServer, Verdict::Dropped);
    assert_eq!(
        start.warnings,
        ["unknown field \"spec.containers[0].securityContext.appArmorProfile\""]
    );
}

#[test]
fn row_3_strict_validation_refuses_the_unknown_field() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", &apparmor("Localhost"), ""));
    scene.api = ApiServer::new(Version::new(1, 29));
    let start = scene.run();
    fails_closed(
        &start,
        Component::ApiServer,
        "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.securityContext.appArmorProfile\"",
    );
}

#[test]
fn row_3_annotation_and_field_together_hold_on_an_older_server() {
    let annotation = annotation("localhost/k8s-deny-data");
    let mut scene = Scene::on(
        "kubernetes-1.29",
        &manifest(&annotation, "", &apparmor("Localhost")),
    );
    scene.client.validate = Validate::Warn;
    is_enforced(&scene.run());
}

#[test]
fn row_4_a_server_with_the_gate_off_strips_the_profile() {
    let mut scene = Scene::on("kubernetes-1.30", &manifest("", "", &apparmor("Localhost")));
    scene.api.apparmor_gate = false;
    fails_open(&scene.run(), Component::ApiServer, Verdict::Dropped);
}

#[test]
fn row_4_a_server_with_the_gate_on_keeps_it() {
    is_enforced(&Scene::on("kubernetes-1.30", &manifest("", "", &apparmor("Localhost"))).run());
}

const LOOKALIKES: [&str; 3] = [
    "container.apparmor.security.beta.kubernetes.i0/app: localhost/k8s-deny-data",
    "container.apparmor.security.alpha.kubernetes.io/app: localhost/k8s-deny-data",
    "container.apparmor.security.beta.kubernetes.io: localhost/k8s-deny-data",
];

#[test]
fn row_5_nobody_reads_an_annotation_whose_key_is_nearly_right() {
    for key in LOOKALIKES {
        let start = Scene::on("ubuntu-24.04", &manifest(key, "", "")).run();
        fails_open(&start, Component::ApiServer, Verdict::DoesNotLook);
    }
}

#[test]
fn row_5_a_policy_that_requires_the_field_refuses_the_pod() {
    for key in LOOKALIKES {
        let mut scene = Scene::on("ubuntu-24.04", &manifest(key, "", ""));
        crate::admission::require_apparmor(&mut scene.api);
        fails_closed(
            &scene.run(),
            Component::AdmissionPolicy,
            "every container needs an AppArmor profile",
        );
    }
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/app: localhost/k8s-deny-data
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: app
        image: busybox
";

#[test]
fn row_6_nobody_reads_the_annotation_on_a_deployment() {
    let start = Scene::on("ubuntu-24.04", DEPLOYMENT).run();
    fails_open(&start, Component::ApiServer, Verdict::DoesNotLook);
}

#[test]
fn row_6_a_policy_on_pods_refuses_what_the_deployment_makes() {
    let mut scene = Scene::on("ubuntu-24.04", DEPLOYMENT);
    crate::admission::require_apparmor(&mut scene.api);
    let start = scene.run();
    fails_closed(
        &start,
        Component::AdmissionPolicy,
        "every container needs an AppArmor profile",
    );
    assert!(
        start
            .events
            .iter()
            .any(|event| event.reason == "FailedCreate")
    );
}

#[test]
fn row_7_a_typo_in_the_containers_name_does_not_fail_open() {
    let key = "container.apparmor.security.beta.kubernetes.io/ap: runtime/default";
    let start = Scene::on("kubernetes-1.29", &manifest(key, "", "")).run();
    assert_eq!(start.outcome, Outcome::Invalid);
    fails_closed(
        &start,
        Component::ApiServer,
        "Invalid value: \"ap\": container not found",
    );
}

#[test]
fn row_8_an_annotation_beats_the_profile_of_the_whole_pod() {
    let start = Scene::on(
        "ubuntu-24.04",
        &manifest(&annotation("unconfined"), &apparmor("RuntimeDefault"), ""),
    )
    .run();
    fails_open(&start, Component::ApiServer, Verdict::Dropped);
    assert_eq!(start.containers[0].apparmor, None);
}

#[test]
fn row_8_baseline_reads_annotations_and_fields() {
    let manifest = manifest(&annotation("unconfined"), &apparmor("RuntimeDefault"), "");
    let mut scene = Scene::on("ubuntu-24.04", &manifest);
    scene.api.pod_security.defaults.enforce.level = psa::Level::Baseline;
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "forbidden AppArmor profile",
    );
}

#[test]
fn row_9_a_container_may_choose_to_be_unconfined() {
    let manifest = manifest("", &apparmor("RuntimeDefault"), &apparmor("Unconfined"));
    let start = Scene::on("ubuntu-24.04", &manifest).run();
    assert_eq!(start.outcome, Outcome::Unconfined);
    assert_eq!(
        step(&start, Component::Containerd, Verdict::Honoured).message,
        "No profile, as asked."
    );
}

#[test]
fn row_9_baseline_does_not_let_it() {
    let manifest = manifest("", &apparmor("RuntimeDefault"), &apparmor("Unconfined"));
    let mut scene = Scene::on("ubuntu-24.04", &manifest);
    scene.api.pod_security.defaults.enforce.level = psa::Level::Baseline;
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "must not set AppArmor profile type to \"Unconfined\"",
    );
}

const MIXED: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/a: unconfined
    container.apparmor.security.beta.kubernetes.io/b: runtime/default
spec:
  containers:
  - {name: a, image: busybox}
  - {name: b, image: busybox}
";

#[test]
fn row_10_one_unconfined_among_several_annotations_can_switch_the_check_off() {
    let mut stack = stack("kubernetes-1.22");
    stack.host.apparmor = NO_APPARMOR;
    let start = Scene::with(&stack, MIXED).run();
    fails_open(&start, Component::Dockershim, Verdict::Dropped);
}

#[test]
fn row_10_containerd_refuses_what_the_kubelet_lets_through() {
    let mut stack = stack("kubernetes-1.29");
    stack.host.apparmor = NO_APPARMOR;
    let start = Scene::with(&stack, MIXED).run();
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    assert_eq!(
        step(&start, Component::Containerd, Verdict::Refused).message,
        "apparmor is not supported"
    );
}

#[test]
fn row_11_an_empty_value_asks_the_runtime_for_nothing() {
    let mut stack = stack("kubernetes-1.29");
    stack.runtime.settings.disable_apparmor = true;
    let start = Scene::with(&stack, &manifest(&annotation("''"), "", "")).run();
    step(&start, Component::Kubelet, Verdict::NothingAsked);
    assert_eq!(
        step(&start, Component::Containerd, Verdict::NothingAsked).asked,
        "nothing"
    );
    assert_eq!(start.containers[0].apparmor, None);
}

#[test]
fn row_11_a_value_is_refused_where_it_cannot_be_had() {
    let mut stack = stack("kubernetes-1.29");
    stack.runtime.settings.disable_apparmor = true;
    let start = Scene::with(&stack, &manifest(&annotation("runtime/default"), "", "")).run();
    fails_closed(&start, Component::Containerd, "apparmor is not supported");
}

#[test]
fn row_14_an_old_kubelet_drops_the_field_of_a_static_pod() {
    let scene = Scene::on("kubernetes-1.29", &manifest("", &apparmor("Localhost"), ""));
    fails_open(
        &start_static(&scene.document, &scene.node),
        Component::Kubelet,
        Verdict::Dropped,
    );
}

#[test]
fn row_14_the_annotation_of_a_static_pod_is_read() {
    let scene = Scene::on(
        "kubernetes-1.29",
        &manifest(&annotation("localhost/k8s-deny-data"), "", ""),
    );
    is_enforced(&start_static(&scene.document, &scene.node));
    let scene = Scene::on("kubernetes-1.30", &manifest("", &apparmor("Localhost"), ""));
    is_enforced(&start_static(&scene.document, &scene.node));
}
