//! Which controls are declared and not in force, over many manifests and nodes.

use serde::Serialize;

use crate::{
    api::{ApiServer, Creation},
    client::Client,
    diagnostic::Span,
    node::Node,
    start::{self, Declared, DeclaredIn, Occasion, Outcome, declared},
    step::{Component, Control, Verdict},
    yaml::Value,
};

/// A control that a manifest declares and a node does not enforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The index of the manifest.
    pub manifest: usize,
    /// The pod's name.
    pub pod: String,
    /// The container, or nothing where the declaration reaches none.
    pub container: Option<String>,
    /// The index of the node.
    pub node: usize,
    /// Which control.
    pub control: Control,
    /// What is declared, as written.
    pub declared: String,
    /// Its place in the manifest.
    pub span: Span,
    /// Who let it go.
    pub component: Component,
    /// What that component said, or does.
    pub message: String,
}

/// What a fleet makes of a set of manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Every declared control that is not in force, by manifest and node.
    pub gaps: Vec<Gap>,
    /// How many pairs of pod and node ended in each outcome: enforced,
    /// unconfined, refused, unprotected, invalid.
    pub outcomes: [usize; 5],
}

/// Starts every manifest on every node and reports what is declared and not
/// in force. A pod that does not start has no gap: it failed closed.
pub fn report(manifests: &[Value], client: &Client, api: &ApiServer, nodes: &[Node]) -> Report {
    let mut report = Report::default();
    for (manifest, document) in manifests.iter().enumerate() {
        let creation = api.create(document, client);
        let declared = declared(document);
        for (index, node) in nodes.iter().enumerate() {
            on_node(
                &mut report,
                (manifest, document),
                &creation,
                &declared,
                client,
                (index, node),
            );
        }
    }
    report
}

fn on_node(
    report: &mut Report,
    (manifest, document): (usize, &Value),
    creation: &Creation,
    declared: &[Declared],
    client: &Client,
    (index, node): (usize, &Node),
) {
    let start = start::place(document, creation, client, node, Occasion::New);
    report.outcomes[match start.outcome {
        Outcome::Enforced => 0,
        Outcome::Unconfined => 1,
        Outcome::RefusedToStart => 2,
        Outcome::SilentlyUnprotected => 3,
        Outcome::Invalid => 4,
    }] += 1;
    for confinement in &start.containers {
        for item in declared.iter().filter(|item| {
            item.confines()
                && item
                    .container
                    .as_deref()
                    .is_none_or(|name| name == confinement.container)
        }) {
            // A container's own field replaces the pod's: no gap, a choice.
            let overridden = item.place == DeclaredIn::PodField
                && declared.iter().any(|other| {
                    other.place == DeclaredIn::ContainerField
                        && other.control == item.control
                        && other.container == item.container
                });
            if overridden || start::in_force(item, confinement) {
                continue;
            }
            let container = Some(confinement.container.clone());
            let step = start.chain.iter().rev().find(|step| {
                matches!(step.verdict, Verdict::Dropped | Verdict::DoesNotLook)
                    && step.component != Component::Scheduler
                    && step.control == item.control
                    && (step.container.is_none() || step.container == container)
            });
            report.gaps.push(Gap {
                manifest,
                pod: start.pod.clone(),
                container,
                node: index,
                control: item.control,
                declared: item.words.clone(),
                span: item.span,
                component: step.map_or(Component::ApiServer, |step| step.component),
                message: step.map_or_else(
                    || "Another declaration of the same manifest wins.".to_owned(),
                    |step| step.message.to_string(),
                ),
            });
        }
    }
}
