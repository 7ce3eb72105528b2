//! Containers that end: whether they are started again, and what kubectl says.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{Node, kind},
    start::{Start, start},
    status::{ContainerState, Phase},
    view,
    yaml::parse,
};

fn run(id: &str, policy: &str) -> (Start, Node) {
    let node = Node::new("worker", &kind(id).expect("a known kind").stack);
    let manifest = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  restartPolicy: {policy}\n  containers:\n  - {{name: app, image: busybox}}\n"
    );
    let api = ApiServer::new(node.stack.kubelet.version);
    let client = Client::kubectl("pod.yaml");
    let start = start(&parse(&manifest).documents[0], &client, &api, &node);
    assert_eq!(start.status.display(), "Running");
    (start, node)
}

/// The waiting message of the container.
fn message(start: &Start) -> &str {
    match &start.status.containers[0].state {
        ContainerState::Waiting { message, .. } => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_container_that_ends_is_started_again_at_once_and_then_after_longer_and_longer_waits() {
    let (mut start, node) = run("ubuntu-24.04", "Always");
    start.ended("app", 1, &node);
    assert_eq!(start.status.display(), "Running");
    assert_eq!(start.status.containers[0].restarts, 1);
    for wait in ["10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s"] {
        start.ended("app", 1, &node);
        assert_eq!(start.status.display(), "CrashLoopBackOff");
        assert_eq!(
            message(&start),
            format!(
                "back-off {wait} restarting failed container=app pod=web_default(9d2ba508-24d6-44bb-9252-ee44ac67bab4)"
            )
        );
        start.waited("app", &node);
        assert_eq!(start.status.display(), "Running");
    }
    assert_eq!(start.status.containers[0].restarts, 8);
}

#[test]
fn kubectl_shows_a_container_that_waits_for_its_restart() {
    let (mut start, node) = run("ubuntu-24.04", "Always");
    start.ended("app", 159, &node);
    start.ended("app", 159, &node);
    let shown = format!(
        "{}\n{}\n{}",
        view::pods(
            std::slice::from_ref(&start),
            view::Columns::default(),
            "30s"
        ),
        view::describe_pod(&start, "30s").expect("a pod"),
        view::stored_object(&start).expect("an object")
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn older_kubelets_name_no_container_in_the_event() {
    for (id, words) in [
        ("kubernetes-1.22", "Back-off restarting failed container"),
        (
            "kubernetes-1.29",
            "Back-off restarting failed container app in pod web_default(",
        ),
    ] {
        let (mut start, node) = run(id, "Always");
        start.ended("app", 1, &node);
        start.ended("app", 1, &node);
        let event = start.events.last().expect("an event");
        assert_eq!(event.reason, "BackOff");
        assert!(event.message.starts_with(words), "{}", event.message);
        assert_eq!(event.message.len() > words.len(), words.ends_with('('));
    }
}

#[test]
fn the_restart_policy_decides_what_becomes_of_the_pod() {
    for (policy, code, shown, phase) in [
        ("Never", 0, "Completed", Phase::Succeeded),
        ("Never", 1, "Error", Phase::Failed),
        ("OnFailure", 0, "Completed", Phase::Succeeded),
        ("OnFailure", 1, "Running", Phase::Running),
        ("Always", 0, "Running", Phase::Running),
    ] {
        let (mut start, node) = run("ubuntu-24.04", policy);
        start.ended("app", code, &node);
        assert_eq!(start.status.display(), shown, "{policy} {code}");
        assert_eq!(start.status.phase, phase, "{policy} {code}");
    }
}

/// A pod whose container does not start on a node.
fn stuck(id: &str, security: &str, file: Option<&str>) -> (Start, Node) {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    if let Some(text) = file {
        let path = "/var/lib/kubelet/seccomp/wrong.json".to_owned();
        node.files.insert(path, text.to_owned());
    }
    let manifest = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: app\n    image: busybox\n    securityContext: {security}\n"
    );
    let api = ApiServer::new(node.stack.kubelet.version);
    let client = Client::kubectl("pod.yaml");
    let start = start(&parse(&manifest).documents[0], &client, &api, &node);
    (start, node)
}

#[test]
fn a_container_that_the_oci_runtime_cannot_start_waits_as_one_that_ends_does() {
    let security = "{seccompProfile: {type: Localhost, localhostProfile: wrong.json}}";
    let wrong = "{\"defaultAction\": \"SCMP_ACT_X\"}";
    let (mut start, node) = stuck("ubuntu-24.04", security, Some(wrong));
    assert_eq!(start.status.display(), "RunContainerError");
    start.tried_again(&node);
    assert_eq!(start.status.display(), "CrashLoopBackOff");
    let Some(ContainerState::Terminated {
        reason,
        exit_code,
        message,
    }) = &start.status.containers[0].last
    else {
        panic!("{:?}", start.status);
    };
    assert_eq!((reason.as_str(), *exit_code), ("StartError", 128));
    assert!(message.contains("string SCMP_ACT_X is not a valid action for seccomp"));
}

#[test]
fn a_container_that_the_cri_runtime_cannot_create_has_not_ended_and_goes_on_saying_why() {
    let security = "{appArmorProfile: {type: Localhost, localhostProfile: missing}}";
    for id in ["ubuntu-24.04", "ubuntu-crio"] {
        let (mut start, node) = stuck(id, security, None);
        let before = start.status.clone();
        assert_eq!(before.display(), "CreateContainerError", "{id}");
        start.tried_again(&node);
        assert_eq!(start.status, before, "{id}");
    }
}
