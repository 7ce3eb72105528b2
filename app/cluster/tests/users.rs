//! The user of a container, and a kubelet that must not let it be root.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{ImageUser, Node, kind},
    start::{Outcome, Start, start},
    status::ContainerState,
    view,
    yaml::parse,
};

/// A pod with one container of an image, its security contexts as given.
fn run(node: &Node, image: &str, pods: &str, own: &str) -> Start {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: team}}\nspec:\n  securityContext: {{{pods}}}\n  containers:\n  - name: app\n    image: {image}\n    securityContext: {{{own}}}\n"
    );
    let mut api = ApiServer::new(node.stack.kubelet.version);
    api.namespaces.entry("team".to_owned()).or_default();
    start(
        &parse(&text).documents[0],
        &Client::kubectl("pod.yaml"),
        &api,
        node,
    )
}

fn node(id: &str) -> Node {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    for (image, user) in [
        ("own:1", ImageUser::new("0:0", 0)),
        ("own:2", ImageUser::new("1000:1000", 1000)),
        ("own:3", ImageUser::new("app:app", 1000)),
    ] {
        node.images.insert(image.to_owned(), user);
    }
    node
}

#[test]
fn a_container_that_must_not_be_root_is_judged_by_its_number_then_by_its_image() {
    const RUN_AS_USER: &str = "container's runAsUser breaks non-root policy";
    const IMAGE: &str = "container has runAsNonRoot and image will run as root";
    const NAME: &str = "cannot verify user is non-root";
    let node = node("ubuntu-24.04");
    for (image, pods, own, problem) in [
        ("busybox:1.36", "", "", ""),
        ("busybox:1.36", "runAsNonRoot: true", "", IMAGE),
        ("busybox:1.36", "", "runAsNonRoot: true", IMAGE),
        (
            "busybox:1.36",
            "runAsNonRoot: true",
            "runAsNonRoot: false",
            "",
        ),
        (
            "busybox:1.36",
            "runAsNonRoot: false",
            "runAsNonRoot: true",
            IMAGE,
        ),
        (
            "busybox:1.36",
            "runAsNonRoot: true, runAsUser: 1000",
            "",
            "",
        ),
        (
            "busybox:1.36",
            "runAsNonRoot: true, runAsUser: 0",
            "",
            RUN_AS_USER,
        ),
        (
            "busybox:1.36",
            "runAsNonRoot: true, runAsUser: 1000",
            "runAsUser: 0",
            RUN_AS_USER,
        ),
        (
            "busybox:1.36",
            "runAsNonRoot: true, runAsUser: 0",
            "runAsUser: 1000",
            "",
        ),
        ("busybox:1.36", "runAsUser: 0", "", ""),
        ("own:1", "runAsNonRoot: true", "", IMAGE),
        ("own:2", "runAsNonRoot: true", "", ""),
        ("own:3", "runAsNonRoot: true", "", NAME),
        ("own:3", "runAsNonRoot: true, runAsUser: 1000", "", ""),
        ("prom/prometheus:v3.5.0", "runAsNonRoot: true", "", NAME),
        (
            "docker.io/nginxinc/nginx-unprivileged",
            "runAsNonRoot: true",
            "",
            "",
        ),
        (
            "gcr.io/distroless/static:nonroot@sha256:aa",
            "runAsNonRoot: true",
            "",
            "",
        ),
        (
            "gcr.io/distroless/static:latest",
            "runAsNonRoot: true",
            "",
            IMAGE,
        ),
        ("localhost:5000/busybox", "runAsNonRoot: true", "", IMAGE),
    ] {
        let start = run(&node, image, pods, own);
        let state = &start.status.containers[0].state;
        let about = format!("{image} {{{pods}}} {{{own}}}");
        if problem.is_empty() {
            assert_eq!(*state, ContainerState::Running, "{about}");
            continue;
        }
        let ContainerState::Waiting { reason, message } = state else {
            panic!("{about}: {state:?}");
        };
        assert_eq!(reason, "CreateContainerConfigError", "{about}");
        assert!(message.contains(problem), "{about}: {message}");
        assert_eq!(start.outcome, Outcome::RefusedToStart, "{about}");
        assert!(start.containers.is_empty(), "{about}");
    }
}

#[test]
fn the_refusal_names_pod_and_container_in_the_releases_that_do() {
    for (id, image, message) in [
        (
            "ubuntu-24.04",
            "own:3",
            "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root (pod: \"web_team(UID)\", container: app)",
        ),
        (
            "kubernetes-1.22",
            "own:1",
            "container has runAsNonRoot and image will run as root (pod: \"web_team(UID)\", container: app)",
        ),
        (
            "kubernetes-1.3",
            "own:1",
            "container has runAsNonRoot and image will run as root",
        ),
    ] {
        let start = run(&node(id), image, "runAsNonRoot: true", "");
        let ContainerState::Waiting { message: said, .. } = &start.status.containers[0].state
        else {
            panic!("{id}: {:?}", start.status);
        };
        let uid = cluster::object::Pod {
            name: "web".to_owned(),
            namespace: "team".to_owned(),
            ..cluster::object::Pod::default()
        }
        .uid();
        assert_eq!(said.replace(&uid, "UID"), message, "{id}");
    }
}

#[test]
fn kubectl_shows_a_container_that_would_run_as_root() {
    let start = run(
        &node("ubuntu-24.04"),
        "busybox:1.36",
        "runAsNonRoot: true",
        "",
    );
    insta::assert_snapshot!(format!(
        "$ kubectl get pods\n{}\n$ kubectl describe pod\n{}\n{}",
        view::pods(std::slice::from_ref(&start), view::Columns::default(), "5s"),
        view::describe_pod(&start, "5s").expect("a pod"),
        start.sentence,
    ));
}

#[test]
fn kubelets_up_to_1_9_let_an_image_pass_whose_user_is_a_name() {
    let start = run(&node("kubernetes-1.3"), "own:3", "runAsNonRoot: true", "");
    assert_eq!(start.status.containers[0].state, ContainerState::Running);
}
