//! The scheduler: whether a pod fits a node. Of profiles it knows nothing.

use crate::{
    node::Node,
    object::{PodSpec, texts},
    yaml::Value,
};

/// Why a pod cannot be placed on a node, in the scheduler's words; nothing
/// when it can (plugins NodeName, NodeAffinity and TaintToleration).
pub fn misfit(spec: &PodSpec, node: &Node) -> Option<String> {
    if spec
        .node_name
        .as_ref()
        .is_some_and(|name| *name != node.name)
    {
        return Some("node(s) didn't match the requested node name".to_owned());
    }
    let selected = spec
        .node_selector
        .iter()
        .all(|(key, value)| node.label(key) == Some(value));
    let affine = spec.node_affinity.is_empty()
        || spec
            .node_affinity
            .iter()
            .any(|term| term_matches(term, node));
    if !selected || !affine {
        return Some("node(s) didn't match Pod's node affinity/selector".to_owned());
    }
    // A pod that names its node goes past the scheduler, and so past NoSchedule.
    let effects: &[&str] = if spec.node_name.is_some() {
        &["NoExecute"]
    } else {
        &["NoSchedule", "NoExecute"]
    };
    node.taints
        .iter()
        .filter(|taint| effects.contains(&taint.effect.as_str()))
        .find(|taint| {
            !spec.tolerations.iter().any(|toleration| {
                (toleration.effect.is_empty() || toleration.effect == taint.effect)
                    && if toleration.key.is_empty() {
                        toleration.exists
                    } else {
                        toleration.key == taint.key
                            && (toleration.exists || toleration.value == taint.value)
                    }
            })
        })
        .map(|taint| {
            format!(
                "node(s) had untolerated taint {{{}: {}}}",
                taint.key, taint.value
            )
        })
}

/// Whether a node meets every expression of a node selector term.
fn term_matches(term: &Value, node: &Node) -> bool {
    let expressions = term
        .get("matchExpressions")
        .map(Value::items)
        .unwrap_or_default();
    let fields = term
        .get("matchFields")
        .map(Value::items)
        .unwrap_or_default();
    if expressions.is_empty() && fields.is_empty() {
        return false;
    }
    expressions.iter().all(|expression| {
        let key = expression
            .get("key")
            .and_then(Value::as_str)
            .unwrap_or_default();
        requirement(expression, node.label(key))
    }) && fields
        .iter()
        .all(|expression| requirement(expression, Some(&node.name)))
}

fn requirement(expression: &Value, value: Option<&str>) -> bool {
    let values = texts(expression, "values");
    let listed = value.is_some_and(|value| values.iter().any(|item| item == value));
    let number = |text: &str| text.parse::<i64>().ok();
    let compared = |holds: fn(i64, i64) -> bool| {
        value
            .and_then(number)
            .zip(values.first().and_then(|item| number(item)))
            .is_some_and(|(a, b)| holds(a, b))
    };
    match expression
        .get("operator")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compared(|a, b| a > b),
        "Lt" => compared(|a, b| a < b),
        _ => false,
    }
}
