//! Rows 22, 23, 38 and 39: a profile is only a name.

use cluster::{
    distribution::{self, ProfileText},
    fleet,
    node::LoadedProfile,
    schema::decode,
    start::Outcome,
    step::{Component, Verdict},
    version::Version,
};

use crate::scene::{
    PROFILE, Scene, apparmor, fails_closed, fails_open, is_enforced, manifest, step,
};

#[test]
fn row_22_a_profile_in_complain_mode_is_taken_for_a_profile() {
    for mode in [LoadedProfile::Complain, LoadedProfile::Unconfined] {
        let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
        scene.node.profiles.insert(PROFILE.to_owned(), mode);
        let start = scene.run();
        step(&start, Component::Containerd, Verdict::Honoured);
        fails_open(&start, Component::Kernel, Verdict::Dropped);
    }
}

#[test]
fn row_22_a_default_profile_that_somebody_loaded_before_is_used_as_it_is() {
    let mut scene = Scene::on(
        "ubuntu-24.04",
        &manifest("", "", &apparmor("RuntimeDefault")),
    );
    scene.node.profiles.insert(
        "cri-containerd.apparmor.d".to_owned(),
        LoadedProfile::Complain,
    );
    fails_open(&scene.run(), Component::Kernel, Verdict::Dropped);
}

#[test]
fn row_22_a_name_with_a_hash_of_the_content_is_not_found_where_the_content_is_old() {
    let current = distribution::hashed_name(PROFILE, "profile k8s-deny-data { deny /data/** w, }");
    let stale = distribution::hashed_name(PROFILE, "profile k8s-deny-data { file, }");
    let manifest = manifest("", "", &apparmor("Localhost").replace(PROFILE, &current));
    let mut scene = Scene::on("ubuntu-24.04", &manifest);
    scene.node.profiles.clear();
    scene.node.profiles.insert(stale, LoadedProfile::Enforce);
    fails_closed(
        &scene.run(),
        Component::Containerd,
        &format!("apparmor profile not found {current}"),
    );
}

#[test]
fn row_23_a_removed_profile_no_longer_confines_what_runs() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let start = scene.run();
    is_enforced(&start);
    scene.node.profiles.remove(PROFILE);
    assert_eq!(distribution::lost(&start, &scene.node), ["app"]);
    assert_eq!(start.status.display(), "Running");
}

#[test]
fn row_23_a_new_name_for_each_version_leaves_the_old_profile_alone() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let start = scene.run();
    scene
        .node
        .profiles
        .insert(format!("{PROFILE}-2"), LoadedProfile::Enforce);
    assert!(distribution::lost(&start, &scene.node).is_empty());
}

#[test]
fn row_38_an_operator_with_older_types_loses_the_field_before_anything_is_sent() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let sent = decode(&scene.document, Version::new(1, 29)).value;
    scene.document = sent;
    let start = scene.run();
    assert_eq!(
        step(&start, Component::ApiServer, Verdict::NothingAsked).asked,
        "nothing"
    );
    assert_ne!(start.containers[0].apparmor.as_deref(), Some(PROFILE));
}

#[test]
fn row_38_comparing_the_created_pod_shows_what_was_lost() {
    let scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let lost = decode(&scene.document, Version::new(1, 29)).unknown;
    assert_eq!(lost.len(), 1);
    assert_eq!(
        lost[0].path,
        "spec.containers[0].securityContext.appArmorProfile"
    );
    assert_eq!(lost[0].since, Some(30));
}

#[test]
fn row_39_another_node_can_hold_other_content_under_the_same_name() {
    let scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let mut other = scene.node.clone();
    other
        .profiles
        .insert(PROFILE.to_owned(), LoadedProfile::Complain);
    let nodes = [scene.node.clone(), other];
    let report = fleet::report(&[scene.document], &scene.client, &scene.api, &nodes);
    let gaps: Vec<(usize, Component)> = report
        .gaps
        .iter()
        .map(|gap| (gap.node, gap.component))
        .collect();
    assert_eq!(gaps, [(1, Component::Kernel)]);
}

#[test]
fn row_39_a_loader_on_every_node_brings_the_same_content_everywhere() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Localhost")));
    let mut other = scene.node.clone();
    other
        .profiles
        .insert(PROFILE.to_owned(), LoadedProfile::Complain);
    let mut nodes = [scene.node.clone(), other];
    let text = ProfileText {
        name: PROFILE.to_owned(),
        mode: LoadedProfile::Enforce,
    };
    for node in &mut nodes {
        distribution::load_everywhere(node, std::slice::from_ref(&text));
    }
    let report = fleet::report(
        std::slice::from_ref(&scene.document),
        &scene.client,
        &scene.api,
        &nodes,
    );
    assert_eq!(report.gaps, []);
    scene.node = nodes[1].clone();
    assert_eq!(scene.run().outcome, Outcome::Enforced);
}
