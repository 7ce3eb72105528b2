//! ValidatingAdmissionPolicy and its binding: policies written in CEL
//! (`admissionregistration.k8s.io/v1`).

mod expression;
mod review;

pub(super) use review::review;

use crate::{
    object::{string_map, text, texts},
    yaml::Value,
};
use sorted::SortedMap;

/// What happens when an expression cannot be evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailurePolicy {
    /// The request is refused.
    #[default]
    Fail,
    /// The policy is passed over.
    Ignore,
}

/// A ValidatingAdmissionPolicy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdmissionPolicy {
    /// `metadata.name`.
    pub name: String,
    /// `spec.failurePolicy`.
    pub failure_policy: FailurePolicy,
    /// `spec.matchConstraints.resourceRules`.
    pub rules: Vec<ResourceRule>,
    /// `spec.matchConditions`: expressions that must all hold.
    pub conditions: Vec<String>,
    /// `spec.variables`: names and expressions.
    pub variables: Vec<(String, String)>,
    /// `spec.validations`.
    pub validations: Vec<Validation>,
}

/// One of a policy's `resourceRules`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceRule {
    /// `operations`: CREATE, UPDATE and so on, or `*`.
    pub operations: Vec<String>,
    /// `resources`: `pods`, `pods/ephemeralcontainers`, `*` (without
    /// subresources), `pods/*`, `*/*`.
    pub resources: Vec<String>,
}

/// What a request does to which resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// CREATE or UPDATE.
    pub operation: &'static str,
    /// The plural, and a subresource after a slash.
    pub resource: &'static str,
}

impl ResourceRule {
    /// Whether the rule is for this request (`k8s.io/apiserver`
    /// `admission/plugin/webhook/predicates/rules`).
    fn matches(&self, request: Request) -> bool {
        let (resource, subresource) = request
            .resource
            .split_once('/')
            .map_or((request.resource, ""), |parts| parts);
        let is_meant = |rule: &String| {
            let (known, sub) = rule.split_once('/').unwrap_or((rule, ""));
            (known == "*" || known == resource)
                && (sub == subresource || (sub == "*" && (known == "*" || !subresource.is_empty())))
        };
        let is_done = |operation: &String| operation == "*" || operation == request.operation;
        self.operations.iter().any(is_done) && self.resources.iter().any(is_meant)
    }
}

/// One of a policy's validations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    /// `expression`: must hold.
    pub expression: String,
    /// `message`, empty for none.
    pub message: String,
    /// `messageExpression`, empty for none.
    pub message_expression: String,
    /// `reason`, empty for `Invalid`.
    pub reason: String,
}

/// A ValidatingAdmissionPolicyBinding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyBinding {
    /// `metadata.name`.
    pub name: String,
    /// `spec.policyName`.
    pub policy: String,
    /// `spec.validationActions`: Deny, Warn, Audit.
    pub actions: Vec<String>,
    /// `spec.matchResources.namespaceSelector.matchLabels`.
    pub namespace_labels: SortedMap<String, String>,
}

impl AdmissionPolicy {
    /// Reads a policy's document.
    pub fn read(document: &Value) -> Self {
        let empty = Value::map();
        let spec = document.get("spec").unwrap_or(&empty);
        let rules = spec
            .at(&["matchConstraints", "resourceRules"])
            .map(Value::items)
            .unwrap_or_default();
        let list = |key: &str| spec.get(key).map(Value::items).unwrap_or_default();
        Self {
            name: name_of(document),
            failure_policy: match text(spec, "failurePolicy").as_deref() {
                Some("Ignore") => FailurePolicy::Ignore,
                _ => FailurePolicy::Fail,
            },
            rules: rules
                .iter()
                .map(|rule| ResourceRule {
                    operations: texts(rule, "operations"),
                    resources: texts(rule, "resources"),
                })
                .collect(),
            conditions: list("matchConditions")
                .iter()
                .filter_map(|item| text(item, "expression"))
                .collect(),
            variables: list("variables")
                .iter()
                .filter_map(|item| Some((text(item, "name")?, text(item, "expression")?)))
                .collect(),
            validations: list("validations")
                .iter()
                .map(|item| Validation {
                    expression: text(item, "expression").unwrap_or_default(),
                    message: text(item, "message").unwrap_or_default(),
                    message_expression: text(item, "messageExpression").unwrap_or_default(),
                    reason: text(item, "reason").unwrap_or_default(),
                })
                .collect(),
        }
    }

    /// Whether it looks at a request.
    fn matches(&self, request: Request) -> bool {
        self.rules.iter().any(|rule| rule.matches(request))
    }
}

impl PolicyBinding {
    /// Reads a binding's document.
    pub fn read(document: &Value) -> Self {
        let empty = Value::map();
        let spec = document.get("spec").unwrap_or(&empty);
        Self {
            name: name_of(document),
            policy: text(spec, "policyName").unwrap_or_default(),
            actions: texts(spec, "validationActions"),
            namespace_labels: spec
                .at(&["matchResources", "namespaceSelector"])
                .map(|selector| string_map(selector, "matchLabels"))
                .unwrap_or_default(),
        }
    }
}

fn name_of(document: &Value) -> String {
    document.text_at(&["metadata", "name"]).to_owned()
}
