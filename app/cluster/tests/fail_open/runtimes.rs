//! Rows 15 to 21: what runtimes skip without a word.

use cluster::{
    node::{OciKind, ParserPlace, Stack},
    object::ProfileType,
    runtime::oci,
    step::{Component, Verdict},
};

use crate::scene::{
    NO_APPARMOR, Scene, apparmor, fails_closed, fails_open, is_enforced, manifest, stack,
};

fn privileged(kind: &str) -> String {
    format!("{}\n  privileged: true", apparmor(kind))
}

#[test]
fn row_15_a_privileged_container_gets_no_default_profile() {
    for (id, component) in [
        ("ubuntu-24.04", Component::Containerd),
        ("ubuntu-crio", Component::CriO),
    ] {
        let start = Scene::on(id, &manifest("", "", &privileged("RuntimeDefault"))).run();
        fails_open(&start, component, Verdict::Dropped);
    }
}

#[test]
fn row_15_an_unprivileged_container_gets_it() {
    for id in ["ubuntu-24.04", "ubuntu-crio"] {
        is_enforced(&Scene::on(id, &manifest("", "", &apparmor("RuntimeDefault"))).run());
    }
}

#[test]
fn row_16_cri_o_drops_even_a_named_profile_of_a_privileged_container() {
    let start = Scene::on("ubuntu-crio", &manifest("", "", &privileged("Localhost"))).run();
    fails_open(&start, Component::CriO, Verdict::Dropped);
}

#[test]
fn row_16_containerd_applies_it() {
    is_enforced(&Scene::on("ubuntu-24.04", &manifest("", "", &privileged("Localhost"))).run());
}

/// The three ways in which CRI-O holds that AppArmor is off where the kubelet
/// holds that it is on.
fn doubting_cri_o() -> [Stack; 3] {
    let mut without_tag = stack("ubuntu-crio");
    without_tag.runtime.settings.apparmor_build = false;
    let mut without_parser = stack("ubuntu-crio");
    without_parser.host.apparmor.parser = ParserPlace::Absent;
    let mut rootless = stack("ubuntu-crio");
    rootless.runtime.settings.rootless = true;
    [without_tag, without_parser, rootless]
}

#[test]
fn row_17_cri_o_without_tag_parser_or_root_drops_what_the_kubelet_let_in() {
    for stack in doubting_cri_o() {
        let start = Scene::with(&stack, &manifest("", "", &apparmor("Localhost"))).run();
        fails_open(&start, Component::CriO, Verdict::Dropped);
    }
}

#[test]
fn row_17_only_a_look_into_the_container_shows_it() {
    for stack in doubting_cri_o() {
        let scene = Scene::with(&stack, &manifest("", "", &apparmor("Localhost")));
        let gaps =
            cluster::fleet::report(&[scene.document], &scene.client, &scene.api, &[scene.node])
                .gaps;
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].component, Component::CriO);
    }
}

#[test]
fn row_18_crun_skips_the_profile_when_the_module_is_off() {
    let mut host = stack("ubuntu-crio").host;
    host.apparmor = NO_APPARMOR;
    let answer = oci::apparmor(OciKind::Crun, Some("k8s-deny-data"), &host, &|_| true);
    assert_eq!(
        (answer.profile, answer.verdict),
        (Ok(None), Verdict::Dropped)
    );
}

#[test]
fn row_18_the_kubelets_check_comes_first() {
    let mut stack = stack("ubuntu-crio");
    stack.host.apparmor = NO_APPARMOR;
    let start = Scene::with(&stack, &manifest("", "", &apparmor("Localhost"))).run();
    fails_closed(
        &start,
        Component::Kubelet,
        "AppArmor is not enabled on the host",
    );
}

#[test]
fn row_19_disable_apparmor_leaves_pods_that_ask_for_nothing_unprotected() {
    let mut stack = stack("ubuntu-24.04");
    stack.runtime.settings.disable_apparmor = true;
    fails_open(
        &Scene::with(&stack, &manifest("", "", "")).run(),
        Component::Containerd,
        Verdict::NothingAsked,
    );
}

#[test]
fn row_19_runtime_default_makes_containerd_say_so() {
    let mut stack = stack("ubuntu-24.04");
    stack.runtime.settings.disable_apparmor = true;
    let start = Scene::with(&stack, &manifest("", "", &apparmor("RuntimeDefault"))).run();
    fails_closed(&start, Component::Containerd, "apparmor is not supported");
}

#[test]
fn row_20_cri_o_can_be_configured_to_take_runtime_default_for_none() {
    let mut stack = stack("ubuntu-crio");
    stack.runtime.settings.apparmor_profile = "unconfined".into();
    let start = Scene::with(&stack, &manifest("", "", &apparmor("RuntimeDefault"))).run();
    fails_open(&start, Component::CriO, Verdict::Dropped);
}

#[test]
fn row_20_a_named_profile_does_not_depend_on_the_default() {
    let mut stack = stack("ubuntu-crio");
    stack.runtime.settings.apparmor_profile = "unconfined".into();
    is_enforced(&Scene::with(&stack, &manifest("", "", &apparmor("Localhost"))).run());
}

#[test]
fn row_21_gvisor_ignores_the_profile() {
    for (id, class) in [("gvisor", ""), ("ubuntu-24.04", "runtimeClassName: gvisor")] {
        let mut scene = Scene::on(id, &manifest("", class, &apparmor("Localhost")));
        scene
            .api
            .runtime_classes
            .insert("gvisor".to_owned(), "runsc".to_owned());
        fails_open(&scene.run(), Component::Runsc, Verdict::Dropped);
    }
}

#[test]
fn row_21_without_gvisor_the_profile_is_applied() {
    is_enforced(&Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost"))).run());
}

#[test]
fn the_three_types_are_the_only_ones() {
    assert_eq!(
        ProfileType::ALL.map(ProfileType::name),
        ["Localhost", "RuntimeDefault", "Unconfined"]
    );
}
