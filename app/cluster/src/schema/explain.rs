//! The fields of a kind as `kubectl explain` lists them.

use super::{Shape, Type, tables};
use crate::object::Kind;

/// A field that was asked for: its type and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its type, as `kubectl explain` names it: `PodSpec`, `[]Container`.
    pub kind: String,
    /// The fields of an object in alphabetical order, with their types.
    pub fields: Vec<(&'static str, String)>,
}

/// The kinds that are described, by the names that kubectl takes.
pub fn kind_named(name: &str) -> Option<Kind> {
    let name = name.to_lowercase();
    let short = match name.as_str() {
        "po" => "pods",
        "deploy" => "deployments",
        "ds" => "daemonsets",
        "sts" => "statefulsets",
        "rs" => "replicasets",
        "rc" => "replicationcontrollers",
        "cj" => "cronjobs",
        "ns" => "namespaces",
        "cm" => "configmaps",
        other => other,
    };
    [
        Kind::Pod,
        Kind::Deployment,
        Kind::DaemonSet,
        Kind::StatefulSet,
        Kind::ReplicaSet,
        Kind::ReplicationController,
        Kind::Job,
        Kind::CronJob,
        Kind::PodTemplate,
        Kind::Namespace,
        Kind::ConfigMap,
        Kind::RuntimeClass,
    ]
    .into_iter()
    .find(|kind| kind.plural() == short || kind.name().to_lowercase() == short)
}

/// What a field of a kind is in a minor release; nothing when that release
/// does not know it.
pub fn explain(kind: Kind, path: &[&str], minor: u16) -> Option<Explained> {
    let mut shape = None;
    let mut at: Option<&'static Type> = tables::of(kind);
    for name in path {
        let fields = at?.fields;
        let field = fields
            .iter()
            .find(|field| field.name == *name && field.since <= minor)?;
        shape = Some(field.shape);
        at = match field.shape {
            Shape::One(inner) | Shape::Many(inner) => Some(inner),
            _ => None,
        };
    }
    let mut fields: Vec<(&'static str, String)> = at
        .map(|found| found.fields)
        .unwrap_or_default()
        .iter()
        .filter(|field| field.since <= minor)
        .map(|field| (field.name, name(field.shape)))
        .collect();
    sorted::sort(&mut fields);
    Some(Explained {
        kind: shape.map_or_else(|| kind.name().to_owned(), name),
        fields,
    })
}

fn name(shape: Shape) -> String {
    match shape {
        Shape::Any => "Object".to_owned(),
        Shape::Text => "string".to_owned(),
        Shape::Flag => "boolean".to_owned(),
        Shape::Number(_) => "integer".to_owned(),
        Shape::Texts => "[]string".to_owned(),
        Shape::Labels => "map[string]string".to_owned(),
        Shape::One(inner) => inner.go.to_owned(),
        Shape::Many(inner) => format!("[]{}", inner.go),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_listed_from_the_release_that_brought_it() {
        let at = |minor| {
            let found = explain(Kind::Pod, &["spec", "securityContext"], minor);
            let fields = found.map(|found| found.fields).unwrap_or_default();
            fields.iter().any(|(name, _)| *name == "appArmorProfile")
        };
        assert!(!at(29));
        assert!(at(30));
        assert_eq!(explain(Kind::Pod, &["spec", "nope"], 34), None);
        assert_eq!(kind_named("po"), Some(Kind::Pod));
    }
}
