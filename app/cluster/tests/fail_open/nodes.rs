//! Rows 12, 13 and 24: what is checked once, and then believed.

use cluster::{
    node::Node,
    step::{Component, Verdict},
};

use crate::scene::{
    NO_APPARMOR, Scene, annotation, apparmor, fails_closed, fails_open, is_enforced, manifest,
    stack,
};

/// A node that was rebooted without AppArmor under a running pod.
fn rebooted(id: &str) -> Scene {
    let mut stack = stack(id);
    stack.host.apparmor = NO_APPARMOR;
    Scene::with(&stack, &manifest("", "", &apparmor("Localhost")))
}

#[test]
fn row_12_the_kubelet_does_not_check_pods_that_run_already() {
    fails_open(
        &rebooted("ubuntu-crio").run_again(),
        Component::Kubelet,
        Verdict::DoesNotLook,
    );
}

#[test]
fn row_12_containerd_still_refuses_an_explicit_profile() {
    let start = rebooted("ubuntu-24.04").run_again();
    fails_closed(&start, Component::Containerd, "apparmor is not supported");
}

/// A node whose kernel lost AppArmor after its components had started.
fn with_old_beliefs(id: &str) -> Scene {
    let mut scene = Scene::on(id, &manifest("", "", &apparmor("RuntimeDefault")));
    scene.node.stack.host.apparmor = NO_APPARMOR;
    scene
}

#[test]
fn row_13_kubelet_and_runtime_go_on_believing_what_they_found_at_their_start() {
    fails_open(
        &with_old_beliefs("ubuntu-crio").run(),
        Component::Crun,
        Verdict::Dropped,
    );
}

#[test]
fn row_13_a_restart_lets_them_look_again() {
    let mut scene = with_old_beliefs("ubuntu-crio");
    scene.node.restart_components();
    fails_closed(
        &scene.run(),
        Component::Kubelet,
        "AppArmor is not enabled on the host",
    );
}

#[test]
fn row_13_runc_stumbles_where_crun_goes_on() {
    let start = with_old_beliefs("ubuntu-24.04").run();
    fails_closed(
        &start,
        Component::Runc,
        "apparmor failed to apply profile: write",
    );
    assert_eq!(start.status.display(), "RunContainerError");
}

#[test]
fn row_24_docker_ignores_a_profile_on_a_host_without_apparmor() {
    let mut stack = stack("kubernetes-1.22");
    stack.host.apparmor = NO_APPARMOR;
    let scene = Scene::with(
        &stack,
        &manifest(&annotation("localhost/k8s-deny-data"), "", ""),
    );
    fails_open(&scene.run_again(), Component::Dockershim, Verdict::Dropped);
}

#[test]
fn row_24_the_kubelets_check_was_the_only_guard() {
    let mut stack = stack("kubernetes-1.22");
    stack.host.apparmor = NO_APPARMOR;
    let scene = Scene::with(
        &stack,
        &manifest(&annotation("localhost/k8s-deny-data"), "", ""),
    );
    let start = scene.run();
    fails_closed(
        &start,
        Component::Kubelet,
        "AppArmor is not enabled on the host",
    );
    assert_eq!(start.status.display(), "Blocked");
}

#[test]
fn a_node_that_lost_nothing_enforces_the_profile_again() {
    let scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    is_enforced(&scene.run_again());
    assert_eq!(
        Node::new("worker", &scene.node.stack).found,
        scene.node.found
    );
}
