//! Rows 25 to 30: seccomp.

use cluster::{
    api::psa::Level,
    start::{Outcome, SeccompInForce, Start},
    step::{Component, Control, Verdict},
    version::Version,
};

use crate::scene::{Scene, fails_closed, manifest, stack, step};

const FILE: &str = "/var/lib/kubelet/seccomp/p.json";
const PROFILE: &str = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}"#;

fn seccomp(kind: &str) -> String {
    let file = if kind == "Localhost" {
        "\n    localhostProfile: p.json"
    } else {
        ""
    };
    format!("securityContext:\n  seccompProfile:\n    type: {kind}{file}")
}

fn scene(id: &str, manifest: &str) -> Scene {
    let mut scene = Scene::on(id, manifest);
    scene.node.files.insert(FILE.to_owned(), PROFILE.to_owned());
    scene
}

/// Asserts that the pod runs without a filter because of this component.
#[track_caller]
fn no_filter(start: &Start, component: Component, verdict: Verdict) {
    assert_eq!(start.status.display(), "Running", "{:#?}", start.chain);
    assert_eq!(start.containers[0].seccomp, SeccompInForce::Unconfined);
    let found = start.chain.iter().any(|step| {
        step.component == component && step.control == Control::Seccomp && step.verdict == verdict
    });
    assert!(
        found,
        "{component:?} has no step {verdict:?} in {:#?}",
        start.chain
    );
}

#[test]
fn row_25_no_profile_means_no_filter() {
    no_filter(
        &scene("ubuntu-24.04", &manifest("", "", "")).run(),
        Component::Kubelet,
        Verdict::NothingAsked,
    );
}

#[test]
fn row_25_the_kubelets_setting_makes_it_runtime_default() {
    let mut stack = stack("ubuntu-24.04");
    stack.kubelet.seccomp_default = true;
    let start = Scene::with(&stack, &manifest("", "", "")).run();
    assert_eq!(start.containers[0].seccomp, SeccompInForce::RuntimeDefault);
}

#[test]
fn row_25_restricted_demands_a_profile() {
    let mut scene = scene("ubuntu-24.04", &manifest("", "", ""));
    scene.api.pod_security.defaults.enforce.level = Level::Restricted;
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "must set securityContext.seccompProfile.type to",
    );
}

const ANNOTATION: &str = "seccomp.security.alpha.kubernetes.io/pod: runtime/default";

#[test]
fn row_26_newer_kubelets_do_not_read_seccomp_annotations() {
    let start = scene("ubuntu-24.04", &manifest(ANNOTATION, "", "")).run();
    no_filter(&start, Component::Kubelet, Verdict::DoesNotLook);
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
    assert_eq!(
        start.warnings,
        [
            "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the \"seccompProfile\" field instead"
        ]
    );
}

#[test]
fn row_26_the_field_is_read() {
    let start = scene(
        "ubuntu-24.04",
        &manifest("", &seccomp("RuntimeDefault"), ""),
    )
    .run();
    assert_eq!(start.containers[0].seccomp, SeccompInForce::RuntimeDefault);
}

const EMPTY: &str =
    "securityContext:\n  seccompProfile:\n    type: Localhost\n    localhostProfile: ''";

#[test]
fn row_27_an_unpatched_kubelet_takes_an_empty_file_name_for_unconfined() {
    let start = scene("kubernetes-1.22", &manifest("", "", EMPTY)).run();
    no_filter(&start, Component::Kubelet, Verdict::Dropped);
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
}

#[test]
fn row_27_a_patched_kubelet_refuses_it() {
    let start = scene("kubernetes-1.29", &manifest("", "", EMPTY)).run();
    fails_closed(
        &start,
        Component::Kubelet,
        "localhostProfile must be set if seccompProfile type is Localhost.",
    );
    assert_eq!(start.status.display(), "CreateContainerConfigError");
}

#[test]
fn row_28_a_privileged_container_gets_no_filter_not_even_a_named_one() {
    for (id, component) in [
        ("ubuntu-24.04", Component::Containerd),
        ("ubuntu-crio", Component::CriO),
    ] {
        let container = format!("{}\n  privileged: true", seccomp("Localhost"));
        let start = scene(id, &manifest("", "", &container)).run();
        no_filter(&start, component, Verdict::Dropped);
        assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
    }
}

#[test]
fn row_28_an_unprivileged_container_gets_it() {
    for id in ["ubuntu-24.04", "ubuntu-crio"] {
        let start = scene(id, &manifest("", "", &seccomp("Localhost"))).run();
        assert_eq!(
            start.containers[0].seccomp,
            SeccompInForce::Localhost(FILE.to_owned()),
            "{:#?}",
            start.chain
        );
    }
}

#[test]
fn row_29_cri_o_without_seccomp_runs_everything_unconfined() {
    let mut stack = stack("ubuntu-crio");
    stack.runtime.settings.seccomp_build = false;
    let mut scene = Scene::with(&stack, &manifest("", "", &seccomp("Localhost")));
    scene.node.files.insert(FILE.to_owned(), PROFILE.to_owned());
    let start = scene.run();
    no_filter(&start, Component::CriO, Verdict::Dropped);
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
}

#[test]
fn row_29_docker_goes_on_without_its_default_filter_where_the_kernel_has_none() {
    let mut stack = stack("kubernetes-1.22");
    stack.host.seccomp = false;
    let start = Scene::with(&stack, &manifest("", "", &seccomp("RuntimeDefault"))).run();
    no_filter(&start, Component::Dockershim, Verdict::Dropped);
}

#[test]
fn row_29_containerd_refuses_on_such_a_kernel() {
    let mut stack = stack("ubuntu-24.04");
    stack.host.seccomp = false;
    let start = Scene::with(&stack, &manifest("", "", &seccomp("RuntimeDefault"))).run();
    fails_closed(&start, Component::Containerd, "seccomp is not supported");
}

#[test]
fn row_30_nobody_checks_the_containers_name_in_a_seccomp_annotation() {
    let annotation = "container.seccomp.security.alpha.kubernetes.io/ap: runtime/default";
    let start = scene("kubernetes-1.22", &manifest(annotation, "", "")).run();
    step(&start, Component::ApiServer, Verdict::DoesNotLook);
    no_filter(&start, Component::Kubelet, Verdict::NothingAsked);
    assert_eq!(start.outcome, Outcome::SilentlyUnprotected);
}

#[test]
fn row_30_a_field_cannot_name_another_container() {
    let start = scene(
        "kubernetes-1.22",
        &manifest("", "", &seccomp("RuntimeDefault")),
    )
    .run();
    assert_eq!(start.containers[0].seccomp, SeccompInForce::RuntimeDefault);
}

#[test]
fn a_missing_file_and_a_broken_one_keep_the_container_from_being_created() {
    let manifest = manifest("", "", &seccomp("Localhost"));
    let mut scene = scene("ubuntu-24.04", &manifest);
    scene.node.files.clear();
    let start = scene.run();
    assert_eq!(start.status.display(), "CreateContainerError");
    assert_eq!(
        start.events.last().map(|event| event.message.as_str()),
        Some(
            "Error: failed to create containerd container: cannot load seccomp profile \"/var/lib/kubelet/seccomp/p.json\": open /var/lib/kubelet/seccomp/p.json: no such file or directory"
        )
    );
    scene.node.files.insert(FILE.to_owned(), "{".to_owned());
    let start = scene.run();
    assert_eq!(start.status.display(), "CreateContainerError");
    fails_closed(
        &start,
        Component::Containerd,
        "decoding seccomp profile failed \"/var/lib/kubelet/seccomp/p.json\": ",
    );
    scene.node.files.insert(
        FILE.to_owned(),
        r#"{"defaultAction": "SCMP_ACT_X"}"#.to_owned(),
    );
    let start = scene.run();
    assert_eq!(start.status.display(), "RunContainerError");
    fails_closed(
        &start,
        Component::Runc,
        "string SCMP_ACT_X is not a valid action for seccomp",
    );
    assert!(scene.api.version > Version::new(1, 33));
}
