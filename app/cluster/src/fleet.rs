//! Which controls are declared and not in force, over many manifests and nodes.

use sorted::SortedMap;
use std::collections::HashMap;

use serde::Serialize;

use crate::{
    api::ApiServer,
    client::Client,
    diagnostic::Span,
    node::Node,
    scheduler,
    start::{self, Confinement, Declared, DeclaredIn, Occasion, Outcome, Start, declared},
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
///
/// Nodes that are made of the same parts, have the same profiles and files and
/// found the same at their start are alike to everything behind the scheduler:
/// a pod is started once on each sort of node, and its answer holds for all of
/// that sort on which the scheduler says the same.
pub fn report(manifests: &[Value], client: &Client, api: &ApiServer, nodes: &[Node]) -> Report {
    let sorts = sorts(nodes);
    let mut report = Report::default();
    for (manifest, document) in manifests.iter().enumerate() {
        let creation = api.create(document, client);
        let declared = declared(document);
        let spec = creation.placed().map(|stored| &stored.1.spec);
        let mut known: SortedMap<(usize, Option<String>), Answer> = SortedMap::new();
        for (index, node) in nodes.iter().enumerate() {
            let misfit = spec.and_then(|spec| scheduler::misfit(spec, node));
            let answer = known.entry((sorts[index], misfit)).or_insert_with(|| {
                let start = start::place(document, &creation, client, node, Occasion::New);
                Answer::of(&start, &declared)
            });
            report.outcomes[answer.outcome] += 1;
            report.gaps.extend(answer.gaps.iter().map(|gap| Gap {
                manifest,
                node: index,
                ..gap.clone()
            }));
        }
    }
    report
}

/// The sort of each node: equal numbers for nodes that confine alike.
fn sorts(nodes: &[Node]) -> Vec<usize> {
    let mut known = HashMap::new();
    nodes
        .iter()
        .map(|node| {
            let next = known.len();
            let parts = (&node.stack, &node.found, &node.profiles, &node.files);
            *known.entry(parts).or_insert(next)
        })
        .collect()
}

/// What a pod's start on a sort of node comes to.
struct Answer {
    /// The place of its outcome in [`Report::outcomes`].
    outcome: usize,
    /// Its gaps; the indices are filled in for each node.
    gaps: Vec<Gap>,
}

impl Answer {
    fn of(start: &Start, declared: &[Declared]) -> Self {
        let outcome = match start.outcome {
            Outcome::Enforced => 0,
            Outcome::Unconfined => 1,
            Outcome::RefusedToStart => 2,
            Outcome::SilentlyUnprotected => 3,
            Outcome::Invalid => 4,
        };
        let gaps = start
            .containers
            .iter()
            .flat_map(|confinement| gaps(start, declared, confinement))
            .collect();
        Self { outcome, gaps }
    }
}

/// What is declared for a container and not in force in it.
fn gaps(
    start: &Start,
    declared: &[Declared],
    confinement: &Confinement,
) -> impl Iterator<Item = Gap> {
    let name = &confinement.container;
    declared
        .iter()
        .filter(move |item| {
            item.confines() && item.container.as_ref().is_none_or(|own| own == name)
        })
        .filter(move |item| {
            // A container's own field replaces the pod's: no gap, a choice.
            let overridden = item.place == DeclaredIn::PodField
                && declared.iter().any(|other| {
                    other.place == DeclaredIn::ContainerField
                        && other.control == item.control
                        && other.container == item.container
                });
            !overridden && !start::in_force(item, confinement)
        })
        .map(move |item| {
            let step = start.chain.iter().rev().find(|step| {
                matches!(step.verdict, Verdict::Dropped | Verdict::DoesNotLook)
                    && step.component != Component::Scheduler
                    && step.control == item.control
                    && step.container.as_ref().is_none_or(|own| own == name)
            });
            Gap {
                manifest: 0,
                pod: start.pod.clone(),
                container: Some(name.clone()),
                node: 0,
                control: item.control,
                declared: item.words.clone(),
                span: item.span,
                component: step.map_or(Component::ApiServer, |step| step.component),
                message: step.map_or_else(
                    || "Another declaration of the same manifest wins.".to_owned(),
                    |step| step.message.to_string(),
                ),
            }
        })
}
