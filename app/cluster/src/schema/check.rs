//! The tables beside the types that `k8s-openapi` generates from the API's own
//! description: an independent check of names and types.
//!
//! A generated type tells its fields to whatever deserializes it. [`Probe`]
//! deserializes nothing: it writes down what it is asked for, and answers with
//! the least that lets it ask on. Enumerations are plain strings there: their
//! values stand in the descriptions only, which [`super::values`] reads.

use std::fmt;

use k8s_openapi::{
    Resource,
    api::{
        admissionregistration::v1::{ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding},
        apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
        batch::v1::{CronJob, Job},
        core::v1::{ConfigMap, Namespace, Node, Pod, PodTemplate, ReplicationController},
        node::v1::RuntimeClass,
    },
    serde::{
        Deserialize, Deserializer,
        de::{DeserializeSeed, MapAccess, SeqAccess, Visitor, value::BorrowedStrDeserializer},
        forward_to_deserialize_any,
    },
};

use super::{Shape, Type, tables};
use crate::object::Kind;

/// The minor release of Kubernetes that the generated types are of.
const RELEASE: u16 = 36;

/// Fields that older releases served and this one does not.
const GONE: [(&str, &str); 4] = [
    ("ObjectMeta", "clusterName"),
    ("ObjectMeta", "initializers"),
    ("DeploymentSpec", "rollbackTo"),
    ("DaemonSetSpec", "templateGeneration"),
];

/// What a type asks a deserializer for.
#[derive(Debug, Default)]
enum Asked {
    #[default]
    Other,
    Text,
    Flag,
    Number(&'static str),
    List(Box<Asked>),
    Map,
    Struct(&'static str, Vec<(&'static str, Asked)>),
}

/// Writes down what is asked for.
struct Probe<'a>(&'a mut Asked);

#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl k8s_openapi::serde::de::Error for Failed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A text that also reads as a time.
const TEXT: &str = "2020-01-01T00:00:00Z";

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Failed;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        visitor.visit_i32(0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        *self.0 = Asked::Flag;
        visitor.visit_bool(false)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        *self.0 = Asked::Number("int32");
        visitor.visit_i32(0)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        *self.0 = Asked::Number("int64");
        visitor.visit_i64(0)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        *self.0 = Asked::Text;
        visitor.visit_str(TEXT)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failed> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        let mut item = Asked::Other;
        let list = visitor.visit_seq(OneItem(Some(&mut item)));
        *self.0 = Asked::List(Box::new(item));
        list
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failed> {
        *self.0 = Asked::Map;
        visitor.visit_map(Fields {
            names: &[],
            asked: Vec::new(),
            into: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failed> {
        let mut asked = Vec::new();
        let value = visitor.visit_map(Fields {
            names,
            asked: Vec::new(),
            into: Some(&mut asked),
        });
        *self.0 = Asked::Struct(name, asked);
        value
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple
        tuple_struct enum identifier ignored_any
    }
}

/// A list with one item.
struct OneItem<'a>(Option<&'a mut Asked>);

impl<'de> SeqAccess<'de> for OneItem<'_> {
    type Error = Failed;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failed> {
        self.0
            .take()
            .map(|item| seed.deserialize(Probe(item)))
            .transpose()
    }
}

/// A mapping with every field.
struct Fields<'a> {
    names: &'static [&'static str],
    asked: Vec<(&'static str, Asked)>,
    into: Option<&'a mut Vec<(&'static str, Asked)>>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Failed;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failed> {
        while let Some((name, rest)) = self.names.split_first() {
            self.names = rest;
            if ["apiVersion", "kind"].contains(name) {
                // A type refuses any value but its own.
                self.asked.push((name, Asked::Text));
                continue;
            }
            self.asked.push((name, Asked::Other));
            return seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some);
        }
        if let Some(into) = &mut self.into {
            **into = std::mem::take(&mut self.asked);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failed> {
        let (_, asked) = self.asked.last_mut().expect("a key was asked for");
        seed.deserialize(Probe(asked))
    }
}

fn probe<T: for<'de> Deserialize<'de>>() -> Asked {
    let mut asked = Asked::Other;
    if let Err(error) = T::deserialize(Probe(&mut asked)) {
        panic!("{error} after {asked:?}");
    }
    asked
}

/// Adds where a table and a generated type differ.
fn compare(ours: &Type, theirs: &Asked, found: &mut Vec<String>) {
    let Asked::Struct(name, fields) = theirs else {
        found.push(format!("{} is {theirs:?}", ours.go));
        return;
    };
    if *name != ours.go {
        found.push(format!("{} is called {name}", ours.go));
    }
    for (field, asked) in fields {
        let known = ours.fields.iter().find(|known| known.name == *field);
        let Some(known) = known.filter(|known| known.is_in(RELEASE)) else {
            found.push(format!("{name}.{field} is missing"));
            continue;
        };
        match (known.shape, asked) {
            (Shape::Any, _)
            | (Shape::Text, Asked::Text)
            | (Shape::Flag, Asked::Flag)
            | (Shape::Labels, Asked::Map) => {}
            (Shape::Number(size), Asked::Number(asked)) if size == *asked => {}
            (Shape::Texts, Asked::List(item)) if matches!(**item, Asked::Text) => {}
            (Shape::One(inner), asked) => compare(inner, asked, found),
            (Shape::Many(inner), Asked::List(item)) => compare(inner, item, found),
            (_, asked) => found.push(format!("{name}.{field} is {asked:?}")),
        }
    }
    for known in ours.fields {
        let is_there = fields.iter().any(|(field, _)| *field == known.name);
        if !is_there && known.is_in(RELEASE) && !GONE.contains(&(ours.go, known.name)) {
            found.push(format!("{}.{} does not exist", ours.go, known.name));
        }
    }
}

#[test]
fn the_tables_name_the_fields_that_the_api_has_with_their_types() {
    let mut found = Vec::new();
    for (kind, theirs) in [
        (Kind::Pod, probe::<Pod>()),
        (Kind::Deployment, probe::<Deployment>()),
        (Kind::DaemonSet, probe::<DaemonSet>()),
        (Kind::StatefulSet, probe::<StatefulSet>()),
        (Kind::ReplicaSet, probe::<ReplicaSet>()),
        (
            Kind::ReplicationController,
            probe::<ReplicationController>(),
        ),
        (Kind::Job, probe::<Job>()),
        (Kind::CronJob, probe::<CronJob>()),
        (Kind::PodTemplate, probe::<PodTemplate>()),
        (Kind::Namespace, probe::<Namespace>()),
        (Kind::ConfigMap, probe::<ConfigMap>()),
        (Kind::RuntimeClass, probe::<RuntimeClass>()),
        (Kind::Node, probe::<Node>()),
        (
            Kind::ValidatingAdmissionPolicy,
            probe::<ValidatingAdmissionPolicy>(),
        ),
        (
            Kind::ValidatingAdmissionPolicyBinding,
            probe::<ValidatingAdmissionPolicyBinding>(),
        ),
    ] {
        let ours = tables::of(kind).expect("described");
        compare(ours, &theirs, &mut found);
    }
    sorted::sort(&mut found);
    found.dedup();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn kinds_have_the_names_and_groups_that_the_api_has() {
    fn of<R: Resource>(kind: Kind) -> (Kind, &'static str, &'static str, &'static str) {
        (kind, R::KIND, R::API_VERSION, R::URL_PATH_SEGMENT)
    }
    for (kind, name, api_version, plural) in [
        of::<Pod>(Kind::Pod),
        of::<Deployment>(Kind::Deployment),
        of::<DaemonSet>(Kind::DaemonSet),
        of::<StatefulSet>(Kind::StatefulSet),
        of::<ReplicaSet>(Kind::ReplicaSet),
        of::<ReplicationController>(Kind::ReplicationController),
        of::<Job>(Kind::Job),
        of::<CronJob>(Kind::CronJob),
        of::<PodTemplate>(Kind::PodTemplate),
        of::<Namespace>(Kind::Namespace),
        of::<ConfigMap>(Kind::ConfigMap),
        of::<Node>(Kind::Node),
        of::<RuntimeClass>(Kind::RuntimeClass),
        of::<ValidatingAdmissionPolicy>(Kind::ValidatingAdmissionPolicy),
        of::<ValidatingAdmissionPolicyBinding>(Kind::ValidatingAdmissionPolicyBinding),
    ] {
        assert_eq!(kind.name(), name);
        assert_eq!(kind.api_version(), api_version);
        assert_eq!(kind.plural(), plural);
    }
}
