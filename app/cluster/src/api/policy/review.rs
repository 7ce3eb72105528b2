//! Putting a request before the policies that are bound.

use super::{AdmissionPolicy, FailurePolicy, PolicyBinding, Request, expression};
use crate::{
    api::{ApiServer, Refusal, defaults, eras},
    client::Client,
    object::Pod,
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

const SOURCE: &str = "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy";

/// What the bound policies say to an object, which is new or was another one before.
pub(in crate::api) fn review(
    server: &ApiServer,
    object: (&Value, Option<&Value>),
    request: Request,
    pod: &Pod,
    client: &Client,
    steps: &mut Vec<Step>,
    warnings: &mut Vec<String>,
) -> Result<(), Refusal> {
    if !eras::admission_policy(server.version).rule {
        return Ok(());
    }
    let mut reviewed = None;
    for binding in &server.bindings {
        let Some(policy) = server
            .policies
            .iter()
            .find(|policy| policy.name == binding.policy)
        else {
            continue;
        };
        if !policy.matches(request) || !selects(server, binding, &pod.namespace) {
            continue;
        }
        let variables =
            reviewed.get_or_insert_with(|| variables(server, object, request, pod, client));
        let Err((problem, reason)) = run(policy, variables) else {
            steps.push(step(
                server,
                policy,
                Verdict::Honoured,
                "Every validation holds.".to_owned(),
            ));
            continue;
        };
        let words = format!(
            "ValidatingAdmissionPolicy '{}' with binding '{}' denied request: {problem}",
            policy.name, binding.name
        );
        if binding.actions.iter().any(|action| action == "Warn") {
            warnings.push(format!(
                "Validation failed for ValidatingAdmissionPolicy '{}' with binding '{}': {problem}",
                policy.name, binding.name
            ));
        }
        if binding.actions.iter().any(|action| action == "Deny") {
            steps.push(step(server, policy, Verdict::Refused, words.clone()));
            return Err(Refusal::Policy {
                resource: request.resource.split('/').next().unwrap_or_default(),
                name: pod.name.clone(),
                invalid: reason.is_empty() || reason == "Invalid",
                cause: words,
            });
        }
        steps.push(step(
            server,
            policy,
            Verdict::DoesNotLook,
            format!("{problem} (the binding does not deny)"),
        ));
    }
    Ok(())
}

fn step(server: &ApiServer, policy: &AdmissionPolicy, verdict: Verdict, message: String) -> Step {
    Step {
        component: Component::AdmissionPolicy,
        version: server.version.to_string().into(),
        control: Control::Pod,
        container: None,
        asked: policy.name.clone().into(),
        verdict,
        message: message.into(),
        source: SOURCE,
    }
}

fn selects(server: &ApiServer, binding: &PolicyBinding, namespace: &str) -> bool {
    let labels = server.namespace_labels(namespace);
    binding
        .namespace_labels
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

/// What expressions can ask about, the objects with their defaults; the same for
/// every policy.
fn variables(
    server: &ApiServer,
    (object, old): (&Value, Option<&Value>),
    request: Request,
    pod: &Pod,
    client: &Client,
) -> [(&'static str, cel::Value); 5] {
    let text = |text: &str| cel::Value::from(text.to_owned());
    let labels = server.namespace_labels(&pod.namespace).into_iter();
    let labels = expression::map(labels.map(|(key, value)| (key, text(&value))));
    let namespace = [
        ("name".to_owned(), text(&pod.namespace)),
        ("labels".to_owned(), labels),
    ];
    let namespace = [("metadata".to_owned(), expression::map(namespace))];
    let user = expression::map([("username".to_owned(), text(&client.user))]);
    let subresource = request.resource.split_once('/').map_or("", |(_, sub)| sub);
    let request = expression::map([
        ("operation".to_owned(), text(request.operation)),
        ("subResource".to_owned(), text(subresource)),
        ("namespace".to_owned(), text(&pod.namespace)),
        ("name".to_owned(), text(&pod.name)),
        ("userInfo".to_owned(), user),
    ]);
    let filled = |object: &Value| expression::value(&defaults::filled(object));
    [
        ("object", filled(object)),
        ("oldObject", old.map_or(cel::Value::Null, filled)),
        ("params", cel::Value::Null),
        ("request", request),
        ("namespaceObject", expression::map(namespace)),
    ]
}

/// Evaluates a policy; the error is the message of the first validation that
/// does not hold, and its reason.
fn run(
    policy: &AdmissionPolicy,
    known: &[(&'static str, cel::Value)],
) -> Result<(), (String, String)> {
    let mut context = expression::context();
    for (name, value) in known {
        context.add_variable_from_value(*name, value.clone());
    }
    let failed = |text: &str, error: &str| match policy.failure_policy {
        FailurePolicy::Fail => Err((
            format!("expression '{text}' resulted in error: {error}"),
            String::new(),
        )),
        FailurePolicy::Ignore => Ok(()),
    };
    for condition in &policy.conditions {
        match expression::evaluate(condition, &context) {
            Ok(cel::Value::Bool(true)) => {}
            Ok(_) => return Ok(()),
            Err(error) => return failed(condition, &error),
        }
    }
    let mut variables: Vec<(String, cel::Value)> = Vec::new();
    for (name, text) in &policy.variables {
        match expression::evaluate(text, &context) {
            Ok(value) => variables.push((name.clone(), value)),
            Err(error) => return failed(text, &error),
        }
        context.add_variable_from_value("variables", expression::map(variables.iter().cloned()));
    }
    for validation in &policy.validations {
        match expression::evaluate(&validation.expression, &context) {
            Ok(cel::Value::Bool(true)) => {}
            Ok(_) => {
                let computed = match expression::evaluate(&validation.message_expression, &context)
                {
                    Ok(cel::Value::String(message))
                        if !validation.message_expression.is_empty() =>
                    {
                        Some(message.to_string())
                    }
                    _ => None,
                };
                let given = (!validation.message.is_empty()).then(|| validation.message.clone());
                let message = computed.or(given).unwrap_or_else(|| {
                    format!("failed expression: {}", validation.expression.trim())
                });
                return Err((message, validation.reason.clone()));
            }
            Err(error) => failed(&validation.expression, &error)?,
        }
    }
    Ok(())
}
