//! Namespaces: which are there, and what is created in one that is not.

use std::collections::BTreeSet;

use cluster::{
    api::ApiServer,
    client::Client,
    node::{Node, kind},
    start::{Outcome, Start, start},
    version::Version,
    yaml::parse,
};

const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: team
spec:
  containers:
  - name: app
    image: busybox
";

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: busybox}]}
";

const CONFIG_MAP: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: team}
";

const CLASS: &str = "apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: web, namespace: team}
handler: runc
";

/// What comes of a manifest; `given` is what `--namespace` says, if anything.
fn sent(manifest: &str, given: Option<&str>, namespaces: &[&str]) -> Start {
    let node = Node::new("worker", &kind("ubuntu-24.04").expect("a known kind").stack);
    let mut api = ApiServer::new(node.stack.kubelet.version);
    for name in namespaces {
        api.namespaces.entry((*name).to_owned()).or_default();
    }
    let mut client = Client::kubectl("web.yaml");
    if let Some(namespace) = given {
        namespace.clone_into(&mut client.namespace);
        client.namespace_given = true;
    }
    start(&parse(manifest).documents[0], &client, &api, &node)
}

#[test]
fn nothing_is_created_in_a_namespace_that_is_not_there() {
    let words = "Error from server (NotFound): error when creating \"web.yaml\": namespaces \"team\" not found";
    for manifest in [POD, DEPLOYMENT, CONFIG_MAP] {
        let refused = sent(manifest, None, &[]);
        assert_eq!(refused.client_output, words);
        assert_eq!(refused.outcome, Outcome::Invalid);
        assert!(refused.object.is_none());
        let taken = sent(manifest, None, &["team"]);
        assert!(taken.object.is_some(), "{}", taken.client_output);
    }
    let nameless = POD.replace("  namespace: team\n", "");
    assert_eq!(sent(&nameless, Some("team"), &[]).client_output, words);
}

#[test]
fn the_refusal_stands_at_the_namespace() {
    let refused = sent(POD, None, &[]);
    let span = refused.diagnostics[0].span;
    assert_eq!(&POD[span.start..span.end], "namespace");
}

#[test]
fn kubectl_does_not_send_what_names_another_namespace() {
    let both = ["team", "other"];
    let refused = sent(POD, Some("other"), &both);
    assert_eq!(
        refused.client_output,
        "error: the namespace from the provided object \"team\" does not match the namespace \"other\". You must pass '--namespace=team' to perform this operation."
    );
    assert!(refused.object.is_none());
    assert!(sent(POD, Some("team"), &both).object.is_some());
    // Objects without a namespace are sent.
    assert!(sent(CLASS, Some("other"), &both).object.is_some());
}

#[test]
fn a_server_makes_its_own_namespaces() {
    for (minor, names) in [
        (3, vec!["default", "kube-system"]),
        (8, vec!["default", "kube-public", "kube-system"]),
        (
            34,
            vec!["default", "kube-node-lease", "kube-public", "kube-system"],
        ),
    ] {
        let api = ApiServer::new(Version::new(1, minor));
        let there: BTreeSet<&str> = api.namespaces.keys().map(String::as_str).collect();
        assert_eq!(there, BTreeSet::from_iter(names), "1.{minor}");
    }
}
