//! The values of enumerations beside the descriptions of the API's fields.
//!
//! `k8s-openapi` has no types for them: they are strings, and which ones are
//! valid is said in the description alone. Its feature `schemars` keeps the
//! descriptions. Each row of the tests names the words after which a description
//! lists the values, so that a description that is worded anew fails here and is
//! read again. Not covered is `procMount`, whose description lists nothing.

use std::collections::BTreeSet;

use k8s_openapi::{
    api::{
        admissionregistration::v1::{
            ValidatingAdmissionPolicyBindingSpec, ValidatingAdmissionPolicySpec,
        },
        core::v1::{
            AppArmorProfile, NodeSelectorRequirement, PodSpec, SeccompProfile, Taint, Toleration,
        },
    },
    schemars::{JsonSchema, SchemaGenerator},
};

use crate::{
    api::{ApiServer, Refusal, policy::AdmissionPolicy},
    client::Client,
    node::{Node, kind},
    object::{Pod, ProfileType},
    scheduler::misfit,
    yaml::parse,
};

/// The values that the description of a field lists between two of its texts:
/// its words with a capital letter, but for those that begin a sentence.
fn listed<T: JsonSchema>(field: &str, after: &str, until: &str) -> BTreeSet<String> {
    let schema = T::json_schema(&mut SchemaGenerator::default()).to_value();
    let description = schema["properties"][field]["description"]
        .as_str()
        .unwrap_or_default();
    let (_, rest) = description
        .split_once(after)
        .unwrap_or_else(|| panic!("{field} says nothing after {after:?}: {description}"));
    let list = rest.split_once(until).map_or(rest, |(list, _)| list);
    let mut values = BTreeSet::new();
    for part in list.split(['\n', ',', '.']) {
        for word in part.split_whitespace() {
            let word = word.trim_matches('"');
            let is_value = word.starts_with(|first: char| first.is_ascii_uppercase())
                && word.chars().all(|letter| letter.is_ascii_alphabetic());
            if is_value && !["AppArmor", "HTTP"].contains(&word) {
                values.insert(word.to_owned());
            }
        }
    }
    values
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

#[test]
fn the_types_of_profiles_are_those_that_the_api_describes() {
    let ours = set(&ProfileType::ALL.map(ProfileType::name));
    assert_eq!(
        listed::<AppArmorProfile>("type", "Valid options are:", "\0"),
        ours
    );
    assert_eq!(
        listed::<SeccompProfile>("type", "Valid options are:", "\0"),
        ours
    );
}

#[test]
fn the_restart_policies_are_those_that_the_api_describes() {
    let described = listed::<PodSpec>("restartPolicy", "One of ", ".");
    assert_eq!(described.len(), 3);
    let api = ApiServer::new(crate::version::Version::new(1, 36));
    let create = |policy: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  restartPolicy: {policy}\n  containers: [{{name: c, image: i}}]\n"
        );
        api.create(&parse(&text).documents[0], &Client::kubectl("pod.yaml"))
            .stored
    };
    for policy in &described {
        assert!(create(policy).is_ok(), "{policy}");
    }
    let Err(Refusal::Invalid(errors)) = create("Sometimes") else {
        panic!("a policy that is none is taken");
    };
    let quoted: Vec<String> = described
        .iter()
        .map(|value| format!("\"{value}\""))
        .collect();
    assert_eq!(
        errors[0].detail,
        format!("supported values: {}", quoted.join(", "))
    );
}

/// Whether a node with a label and a taint takes a pod with this spec.
fn taken(spec: &str, effect: &str) -> bool {
    let mut node = Node::new("worker", &kind("current").expect("a known kind").stack);
    node.labels.insert("rank".to_owned(), "5".to_owned());
    if !effect.is_empty() {
        node.taints.push(crate::node::Taint {
            key: "rank".to_owned(),
            value: String::new(),
            effect: effect.to_owned(),
        });
    }
    let text = format!("metadata: {{name: a}}\nspec: {spec}\n");
    misfit(&Pod::read(&parse(&text).documents[0]).spec, &node).is_none()
}

#[test]
fn the_operators_of_node_affinity_are_those_that_the_api_describes() {
    let described = listed::<NodeSelectorRequirement>("operator", "Valid operators are ", "\0");
    // Each operator with values for which it holds on a node of rank 5.
    let cases = [
        ("In", "rank", "['5']"),
        ("NotIn", "rank", "['6']"),
        ("Exists", "rank", "[]"),
        ("DoesNotExist", "other", "[]"),
        ("Gt", "rank", "['4']"),
        ("Lt", "rank", "['6']"),
    ];
    assert_eq!(described, set(&cases.map(|(operator, ..)| operator)));
    for (operator, key, values) in cases {
        let spec = |operator: &str| {
            format!(
                "{{affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{{matchExpressions: [{{key: {key}, operator: {operator}, values: {values}}}]}}]}}}}}}}}"
            )
        };
        assert!(taken(&spec(operator), ""), "{operator}");
        assert!(!taken(&spec("Like"), ""), "Like");
    }
}

#[test]
fn the_effects_of_taints_are_those_that_the_api_describes() {
    let described = listed::<Taint>("effect", "Valid effects are ", "\0");
    let tolerated = listed::<Toleration>("effect", "allowed values are ", "\0");
    assert_eq!(described, tolerated);
    for effect in &described {
        // One of them is a wish and keeps no pod away.
        assert_eq!(
            taken("{}", effect),
            effect == "PreferNoSchedule",
            "{effect}"
        );
        let tolerations =
            format!("{{tolerations: [{{key: rank, operator: Exists, effect: {effect}}}]}}");
        assert!(taken(&tolerations, effect), "{effect}");
    }
}

#[test]
fn the_values_of_admission_policies_are_those_that_the_api_describes() {
    let described =
        listed::<ValidatingAdmissionPolicySpec>("failurePolicy", "Allowed values are ", ".");
    let policies: BTreeSet<String> = described
        .iter()
        .map(|value| {
            let text = format!("metadata: {{name: a}}\nspec: {{failurePolicy: {value}}}\n");
            let policy = AdmissionPolicy::read(&parse(&text).documents[0]);
            format!("{:?}", policy.failure_policy)
        })
        .collect();
    assert_eq!(policies, described);
}

#[test]
fn the_actions_of_bindings_are_those_that_the_api_describes_and_do_what_they_say() {
    let schema = ValidatingAdmissionPolicyBindingSpec::json_schema(&mut SchemaGenerator::default());
    let schema = schema.to_value();
    let description = schema["properties"]["validationActions"]["description"].as_str();
    let described: BTreeSet<&str> = description
        .unwrap_or_default()
        .lines()
        .filter_map(|line| Some(line.strip_prefix('"')?.split_once("\" specifies")?.0))
        .collect();
    let mut known = BTreeSet::new();
    for (action, refused, warned) in [("Audit", false, 0), ("Deny", true, 0), ("Warn", false, 1)] {
        known.insert(action);
        let mut api = ApiServer::new(crate::version::Version::new(1, 36));
        let text = format!(
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {{name: never}}\nspec:\n  matchConstraints: {{resourceRules: [{{operations: [CREATE], resources: [pods]}}]}}\n  validations: [{{expression: 'false'}}]\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {{name: never}}\nspec: {{policyName: never, validationActions: [{action}]}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: c, image: i}}]}}\n"
        );
        let documents = parse(&text).documents;
        for document in &documents[..2] {
            assert!(api.configure(document));
        }
        let creation = api.create(&documents[2], &Client::kubectl("pod.yaml"));
        assert_eq!(creation.stored.is_err(), refused, "{action}");
        assert_eq!(creation.warnings.len(), warned, "{action}");
    }
    assert_eq!(described, known);
}
