//! What kubectl shows of pods in various states.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{LoadedProfile, Node, kind},
    start::start,
    view,
    yaml::parse,
};

const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  securityContext:
    appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}
    seccompProfile: {type: RuntimeDefault}
  initContainers:
  - name: setup
    image: busybox:1.36
  containers:
  - name: app
    image: busybox:1.36
    volumeMounts:
    - {name: data, mountPath: /data}
  volumes:
  - {name: data, emptyDir: {}}
";

/// What kubectl shows on a node of a kind, with the profile loaded or not.
fn shown(id: &str, loaded: bool) -> String {
    let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
    if loaded {
        node.profiles
            .insert("k8s-deny-data".to_owned(), LoadedProfile::Enforce);
    }
    let api = ApiServer::new(node.stack.kubelet.version);
    let mut client = Client::kubectl("pod.yaml");
    client.validate = cluster::client::Validate::Warn;
    let start = start(&parse(POD).documents[0], &client, &api, &node);
    let describe = view::describe_pod(&start, "5s").unwrap_or_default();
    let stored = view::stored_object(&start).unwrap_or_default();
    let chain: Vec<String> = start
        .chain
        .iter()
        .map(|step| {
            format!(
                "{:?} {:?} {:?} {}: {}",
                step.component, step.control, step.verdict, step.asked, step.message
            )
        })
        .collect();
    format!(
        "{}\n\n$ kubectl get pods\n{}\n$ kubectl describe pod\n{describe}\n$ kubectl get pod -o yaml\n{stored}\n{}\n{}",
        start.client_output,
        view::pods(std::slice::from_ref(&start), view::Columns::default(), "5s"),
        start.sentence,
        chain.join("\n"),
    )
}

#[test]
fn a_running_pod() {
    insta::assert_snapshot!(shown("ubuntu-24.04", true));
}

#[test]
fn a_pod_that_the_kubelet_rejects_for_good() {
    insta::assert_snapshot!(shown("kind-docker-desktop", true));
}

#[test]
fn a_pod_whose_profile_is_missing() {
    insta::assert_snapshot!(shown("ubuntu-24.04", false));
}

#[test]
fn a_pod_with_a_field_that_the_server_does_not_know() {
    insta::assert_snapshot!(shown("kubernetes-1.29", true));
}

#[test]
fn the_ready_condition_told_of_apparmor_up_to_1_29() {
    for (id, message) in [
        (
            "kubernetes-1.29",
            "kubelet is posting ready status. AppArmor enabled",
        ),
        ("kubernetes-1.30", "kubelet is posting ready status"),
        ("kubernetes-1.3", "kubelet is posting ready status"),
    ] {
        let node = Node::new("worker", &kind(id).expect("a known kind").stack);
        assert_eq!(view::ready_message(&node), message, "{id}");
    }
}

#[test]
fn a_node_is_described_with_its_conditions() {
    let mut node = Node::new(
        "worker",
        &kind("kubernetes-1.29").expect("a known kind").stack,
    );
    node.labels.insert("apparmor".to_owned(), "yes".to_owned());
    node.taints.push(cluster::node::Taint {
        key: "apparmor".to_owned(),
        value: String::new(),
        effect: "NoSchedule".to_owned(),
    });
    let time = "Thu, 26 Nov 2026 08:00:00 +0000";
    insta::assert_snapshot!(view::describe_node(&node, time));
}

#[test]
fn every_ready_made_node_is_listed() {
    let nodes: Vec<Node> = cluster::node::kinds()
        .iter()
        .map(|kind| Node::new(kind.id, &kind.stack))
        .collect();
    insta::assert_snapshot!(view::nodes(&nodes, view::Columns::default(), true, "1d"));
}

#[test]
fn refusals_are_told_at_their_place() {
    let texts = [
        (
            "a type in the annotation's spelling",
            POD.replace("type: Localhost", "type: localhost"),
        ),
        (
            "a misspelt field",
            POD.replace("appArmorProfile", "apparmorProfile"),
        ),
        (
            "a wrong type",
            POD.replace(
                "{name: data, mountPath: /data}",
                "{name: data, mountPath: 5}",
            ),
        ),
        (
            "a mount without its volume",
            POD.replace("{name: data, emptyDir", "{name: dat, emptyDir"),
        ),
        ("no kind", POD.replace("kind: Pod\n", "")),
        (
            "an unknown kind",
            POD.replace("kind: Pod\n", "kind: Pood\n"),
        ),
        ("no name", POD.replace("  name: web\n", "")),
    ];
    let node = Node::new("worker", &kind("ubuntu-24.04").expect("a known kind").stack);
    let api = ApiServer::new(node.stack.kubelet.version);
    let told: Vec<String> = texts
        .iter()
        .map(|(about, text)| {
            let start = start(
                &parse(text).documents[0],
                &Client::kubectl("pod.yaml"),
                &api,
                &node,
            );
            let places: Vec<String> = start
                .diagnostics
                .iter()
                .map(|finding| {
                    let (line, column) =
                        cluster::diagnostic::line_and_column(text, finding.span.start);
                    let fix = finding
                        .fix
                        .as_ref()
                        .map_or_else(String::new, |fix| format!(" ({})", fix.label));
                    format!("  {line}:{column} {}{fix}", finding.sentence)
                })
                .collect();
            format!(
                "{about}:\n  {}\n{}",
                start.client_output.replace('\n', "\n  "),
                places.join("\n")
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}
