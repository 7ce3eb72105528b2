//! What is declared and not in force, over many manifests and nodes.

use cluster::{
    api::ApiServer,
    client::{Client, Validate},
    fleet::{Report, report},
    node::{LoadedProfile, Node, Taint, kinds},
    step::{Component, Control},
    version::Version,
    yaml::{Value, parse},
};

const MANIFESTS: &str = "apiVersion: v1
kind: Pod
metadata: {name: by-field}
spec:
  containers:
  - name: app
    image: busybox
    securityContext: {appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}}
---
apiVersion: v1
kind: Pod
metadata: {name: chosen-node}
spec:
  nodeSelector: {apparmor: 'yes'}
  tolerations: [{key: edge, operator: Exists}]
  containers:
  - name: app
    image: busybox
    securityContext: {privileged: true, seccompProfile: {type: RuntimeDefault}}
---
apiVersion: v1
kind: Pod
metadata: {name: named-node}
spec:
  nodeName: node-3
  containers:
  - {name: app, image: busybox}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: by-annotation}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {container.apparmor.security.beta.kubernetes.io/app: localhost/k8s-deny-data}
    spec:
      containers:
      - {name: app, image: busybox}
      - name: side
        image: busybox
        securityContext: {seccompProfile: {type: RuntimeDefault}}
---
apiVersion: v1
kind: Pod
metadata: {name: Refused}
spec:
  containers:
  - {name: app, image: busybox}
";

fn manifests() -> Vec<Value> {
    parse(MANIFESTS).documents
}

/// Two nodes of each ready-made kind, with other labels, taints and profiles.
fn nodes() -> Vec<Node> {
    let twice = kinds().iter().chain(kinds());
    twice
        .enumerate()
        .map(|(index, kind)| {
            let mut node = Node::new(&format!("node-{index}"), &kind.stack);
            if index % 3 == 0 {
                node.labels.insert("apparmor".to_owned(), "yes".to_owned());
            }
            if index % 5 == 0 {
                node.taints.push(Taint {
                    key: "edge".to_owned(),
                    value: String::new(),
                    effect: "NoSchedule".to_owned(),
                });
            }
            if index % 2 == 0 {
                let profile = "k8s-deny-data".to_owned();
                node.profiles.insert(profile, LoadedProfile::Enforce);
            }
            node
        })
        .collect()
}

fn over(nodes: &[Node]) -> Report {
    let mut client = Client::kubectl("fleet.yaml");
    client.validate = Validate::Warn;
    report(
        &manifests(),
        &client,
        &ApiServer::new(Version::new(1, 34)),
        nodes,
    )
}

#[test]
fn a_fleet_is_reported_as_its_nodes_are_one_by_one() {
    let nodes = nodes();
    let whole = over(&nodes);
    let mut outcomes = [0; 5];
    let mut gaps = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let alone = over(std::slice::from_ref(node));
        for (sum, count) in outcomes.iter_mut().zip(alone.outcomes) {
            *sum += count;
        }
        gaps.extend(alone.gaps.into_iter().map(|mut gap| {
            gap.node = index;
            gap
        }));
    }
    gaps.sort_by_key(|gap| gap.manifest);
    assert_eq!(whole.outcomes, outcomes);
    assert_eq!(
        outcomes.iter().sum::<usize>(),
        nodes.len() * manifests().len()
    );
    assert_eq!(whole.gaps, gaps);
}

#[test]
fn a_gap_names_the_manifest_the_node_the_control_and_who_let_it_go() {
    let nodes: Vec<Node> = kinds()
        .iter()
        .filter(|kind| kind.id == "gvisor")
        .map(|kind| {
            let mut node = Node::new("sandbox", &kind.stack);
            let profile = "k8s-deny-data".to_owned();
            node.profiles.insert(profile, LoadedProfile::Enforce);
            node
        })
        .collect();
    let report = over(&nodes);
    let gap = &report.gaps[0];
    assert_eq!((gap.manifest, gap.node), (0, 0));
    assert_eq!(gap.pod, "by-field");
    assert_eq!(gap.container.as_deref(), Some("app"));
    assert_eq!(gap.control, Control::AppArmor);
    assert_eq!(
        gap.declared,
        "spec.containers[0].securityContext.appArmorProfile"
    );
    assert_eq!(gap.component, Component::Runsc);
    assert_eq!(
        gap.message,
        "AppArmor profile \"k8s-deny-data\" is being ignored"
    );
}
