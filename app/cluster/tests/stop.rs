//! Pods that are deleted and do not end.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{LoadedProfile, Node, kind},
    start::{Start, Stopping, start},
    view,
    yaml::parse,
};

const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/app: localhost/tight
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: app
    image: busybox
  - name: helper
    image: busybox
";

/// A pod that runs on a node of a kind.
fn running(id: &str) -> (Start, Node) {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    node.profiles
        .insert("tight".to_owned(), LoadedProfile::Enforce);
    let api = ApiServer::new(node.stack.kubelet.version);
    let client = Client::kubectl("pod.yaml");
    let start = start(&parse(POD).documents[0], &client, &api, &node);
    assert_eq!(start.status.display(), "Running", "{id}");
    (start, node)
}

/// The same pod after it was deleted, when no signal reaches `app`.
fn stuck(id: &str) -> Start {
    let (mut start, node) = running(id);
    let stopping = Stopping {
        ended: vec!["helper".to_owned()],
        running: vec!["app".to_owned()],
    };
    // The kubelet tries again, and says it no second time.
    start.stopping(&stopping, &node, "2026-01-01T00:00:00Z");
    start.stopping(&stopping, &node, "2026-01-01T00:00:10Z");
    start
}

#[test]
fn kubectl_shows_a_pod_whose_process_cannot_be_killed() {
    let start = stuck("ubuntu-24.04");
    insta::assert_snapshot!(format!(
        "$ kubectl get pods\n{}\n$ kubectl describe pod\n{}\n$ kubectl get pod -o yaml\n{}",
        view::pods(std::slice::from_ref(&start), view::Columns::default(), "5s"),
        view::describe_pod(&start, "5s").expect("a pod"),
        view::stored_object(&start).expect("an object"),
    ));
}

#[test]
fn each_runtime_has_its_own_words_for_a_refused_signal() {
    let said: Vec<String> = ["ubuntu-24.04", "ubuntu-crio", "kubernetes-1.22"]
        .iter()
        .map(|id| {
            let start = stuck(id);
            let last = start.events.last().expect("an event");
            format!("{id}: {} {}", last.reason, last.message)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn a_pod_that_is_not_deleted_shows_its_own_status() {
    let (start, _) = running("ubuntu-24.04");
    assert_eq!(start.shown_status(), "Running");
}
