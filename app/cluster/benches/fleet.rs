//! How long a fleet takes: nodes times pods, which must stay linear in both.

#![expect(missing_docs, reason = "criterion's macro makes a public function")]

use cluster::{
    api::ApiServer,
    client::{Client, Validate},
    fleet::report,
    node::{LoadedProfile, Node, kinds},
    version::Version,
    yaml::{Value, parse},
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Pods of the common sorts: a field, an annotation, nothing, RuntimeDefault.
fn manifests(count: usize) -> Vec<Value> {
    const SORTS: [&str; 4] = [
        "    securityContext: {appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}}\n",
        "    securityContext: {seccompProfile: {type: RuntimeDefault}}\n",
        "",
        "    securityContext: {privileged: true, appArmorProfile: {type: RuntimeDefault}}\n",
    ];
    (0..count)
        .map(|index| {
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: web-{index}}}\nspec:\n  containers:\n  - name: app\n    image: busybox\n{}",
                SORTS[index % SORTS.len()]
            );
            parse(&text).documents.remove(0)
        })
        .collect()
}

/// Nodes of every ready-made kind in turn, the profile loaded on each.
fn nodes(count: usize) -> Vec<Node> {
    kinds()
        .iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(index, kind)| {
            let mut node = Node::new(&format!("node-{index}"), &kind.stack);
            node.profiles
                .insert("k8s-deny-data".to_owned(), LoadedProfile::Enforce);
            node
        })
        .collect()
}

fn fleet(criterion: &mut Criterion) {
    let api = ApiServer::new(Version::new(1, 34));
    let mut client = Client::kubectl("fleet.yaml");
    client.validate = Validate::Warn;
    let mut group = criterion.benchmark_group("fleet");
    group.sample_size(10);
    for (node_count, pod_count) in [(100, 200), (1_000, 20), (1_000, 200)] {
        let (manifests, nodes) = (manifests(pod_count), nodes(node_count));
        group.throughput(Throughput::Elements((node_count * pod_count) as u64));
        group.bench_function(
            BenchmarkId::new("report", format!("{node_count} nodes x {pod_count} pods")),
            |bencher| {
                bencher.iter(|| report(&manifests, &client, &api, &nodes));
            },
        );
    }
    group.finish();
}

fn manifest(criterion: &mut Criterion) {
    let text = manifests(200)
        .iter()
        .map(cluster::yaml::emit)
        .collect::<Vec<_>>()
        .join("---\n");
    let mut group = criterion.benchmark_group("manifest");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse 200 documents", |bencher| {
        bencher.iter(|| parse(&text));
    });
    group.finish();
}

criterion_group!(benches, fleet, manifest);
criterion_main!(benches);
