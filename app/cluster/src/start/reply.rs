//! What kubectl does with a document, and what it prints of the answer.

use super::{Outcome, Start, chain::Chain, refusal};
use crate::{
    api::{Creation, Refusal},
    client::{Client, Validate},
    node::Node,
    object::Kind,
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

/// The step of kubectl itself.
pub(super) fn kubectl(client: &Client, verdict: Verdict, message: String) -> Step {
    let validate = match client.validate {
        Validate::Strict => "strict",
        Validate::Warn => "warn",
        Validate::Ignore => "ignore",
    };
    Step {
        component: Component::Kubectl,
        version: "".into(),
        control: Control::Pod,
        container: None,
        asked: match client.file.as_str() {
            "" => "create".into(),
            file => format!("apply -f {file} --validate={validate}").into(),
        },
        verdict,
        message: message.into(),
        source: "kubectl apply",
    }
}

/// What kubectl prints when the object is stored.
pub(super) fn accepted(document: &Value, creation: &Creation) -> String {
    let kind = Kind::of(document);
    let name = document.text_at(&["metadata", "name"]);
    let group = document
        .get("apiVersion")
        .and_then(Value::as_str)
        .and_then(|version| version.split_once('/'));
    let kind = kind.map_or_else(|| "object".to_owned(), |kind| kind.name().to_lowercase());
    let group = group.map_or_else(String::new, |(group, _)| format!(".{group}"));
    let warnings: String = creation
        .warnings
        .iter()
        .fold(String::new(), |all, warning| {
            all + "Warning: " + warning + "\n"
        });
    format!("{warnings}{kind}{group}/{name} created")
}

/// The start of an object that the server refuses.
pub(super) fn refused_by_server(
    mut start: Start,
    refused: &Refusal,
    document: &Value,
    creation: &Creation,
    client: &Client,
    node: &Node,
) -> Start {
    let by_kubectl = creation
        .steps
        .last()
        .is_some_and(|step| step.component == Component::Kubectl);
    if !by_kubectl {
        start.chain.push(kubectl(
            client,
            Verdict::Honoured,
            "The object is sent.".to_owned(),
        ));
    }
    start.chain.extend(creation.steps.iter().cloned());
    let mut chain = Chain {
        node,
        steps: std::mem::take(&mut start.chain),
    };
    chain.not_reached(&[Component::Scheduler]);
    chain.not_reached(&chain.of_node());
    start.chain = chain.steps;
    start.warnings.clone_from(&creation.warnings);
    start.client_output = refusal::client_output(refused, document, client);
    start.diagnostics = refusal::diagnostics(refused, document);
    start.outcome = match refused {
        Refusal::Forbidden { .. } | Refusal::Policy { .. } => Outcome::RefusedToStart,
        Refusal::BadRequest { .. } | Refusal::Invalid(_) | Refusal::NotFound { .. } => {
            Outcome::Invalid
        }
    };
    start.sentence = match start.diagnostics.first() {
        Some(diagnostic) => diagnostic.sentence.clone(),
        None => "The API server refuses the object.".to_owned(),
    };
    start
}
