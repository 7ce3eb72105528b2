//! Any text as a manifest: reading, decoding, starting on three nodes, adding
//! it as an ephemeral container, ending its containers, reporting over a fleet,
//! and printing what kubectl would show must never panic.

#![no_main]

use cluster::{
    api::ApiServer,
    client::{Client, Validate},
    fleet::report,
    node::{Node, kind, kinds},
    start::{debug, start, start_static},
    view,
    yaml::parse,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = parse(text);
    let mut client = Client::kubectl("pod.yaml");
    for id in ["ubuntu-24.04", "kubernetes-1.29", "rhel-9"] {
        let Some(kind) = kind(id) else { continue };
        let node = Node::new(id, &kind.stack);
        let mut api = ApiServer::new(node.stack.kubelet.version);
        for document in parsed.documents.iter().take(4) {
            api.configure(document);
            for validate in [Validate::Strict, Validate::Warn] {
                client.validate = validate;
                let mut start = start(document, &client, &api, &node);
                let added = debug(&start, document, &client, &api, &node);
                let _ = view::describe_pod(&added, "1s");
                let containers = start.status.containers.clone();
                for container in &containers {
                    start.ended(&container.name, 1, &node);
                    start.ended(&container.name, 1, &node);
                    start.waited(&container.name, &node);
                }
                start.tried_again(&node);
                let _ = view::describe_pod(&start, "1s");
                let _ = view::stored_object(&start);
                let _ = view::pods(&[start], view::Columns::default(), "1s");
            }
            let _ = start_static(document, &node);
        }
    }
    let nodes: Vec<Node> = kinds()
        .iter()
        .map(|kind| Node::new(kind.id, &kind.stack))
        .collect();
    let api = ApiServer::new(nodes[0].stack.kubelet.version);
    let manifests = parsed.documents.get(..4).unwrap_or(&parsed.documents);
    let _ = report(manifests, &client, &api, &nodes);
    for document in &parsed.documents {
        // What is printed can be read again.
        let printed = cluster::yaml::emit(document);
        let again = parse(&printed);
        assert!(again.documents.len() <= 1, "{printed}");
    }
});
