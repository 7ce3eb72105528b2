//! Static pods, and the mirror pods by which the API server shows them.

use cluster::{
    node::{LoadedProfile, Node, kind},
    start::{Outcome, Start, start_static},
    status::ContainerState,
    view,
    yaml::parse,
};

fn run(id: &str, loaded: bool) -> Start {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    if loaded {
        node.profiles
            .insert("k8s-deny-data".to_owned(), LoadedProfile::Enforce);
    }
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: kube-system\nspec:\n  containers:\n  - name: app\n    image: busybox:1.36\n    securityContext:\n      appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}\n";
    start_static(&parse(text).documents[0], &node)
}

#[test]
fn a_mirror_pod_has_the_nodes_name_and_says_that_it_is_one() {
    let start = run("current", true);
    assert_eq!(start.outcome, Outcome::Enforced);
    let stored = view::stored_object(&start).expect("a mirror pod");
    for line in [
        "    kubernetes.io/config.source: file\n",
        "    kubernetes.io/config.mirror: ",
        "  name: web-worker\n",
        "  namespace: kube-system\n",
        "  nodeName: worker\n",
    ] {
        assert!(stored.contains(line), "{line} is not in\n{stored}");
    }
    let described = view::describe_pod(&start, "5s").expect("a mirror pod");
    for line in [
        "Name:             web-worker\n",
        "Namespace:        kube-system\n",
        "Node:             worker\n",
    ] {
        assert!(described.contains(line), "{line} is not in\n{described}");
    }
}

#[test]
fn the_mirror_pod_of_an_older_kubelet_lacks_the_field_that_the_file_has() {
    for (id, kept) in [("kubernetes-1.29", false), ("kubernetes-1.30", true)] {
        let start = run(id, true);
        let stored = view::stored_object(&start).expect("a mirror pod");
        assert_eq!(stored.contains("appArmorProfile"), kept, "{id}:\n{stored}");
    }
}

#[test]
fn a_static_pod_is_checked_by_kubelet_and_runtime_like_any_other() {
    let start = run("kind-docker-desktop", true);
    assert_eq!(start.status.display(), "AppArmor");
    let start = run("current", false);
    let ContainerState::Waiting { reason, .. } = &start.status.containers[0].state else {
        panic!("{:?}", start.status);
    };
    assert_eq!(reason, "CreateContainerError");
}
