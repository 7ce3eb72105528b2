//! Decoding: unknown fields are found and dropped, wrong types refuse the object.

use super::{Field, Shape, Type, tables};
use crate::{
    diagnostic::Span,
    object::Kind,
    version::Version,
    yaml::{Data, Entry, Value},
};

/// A document as the server has it after decoding.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The document without its unknown fields.
    pub value: Value,
    /// The fields that were dropped.
    pub unknown: Vec<Unknown>,
    /// The first value of a wrong type.
    pub mismatch: Option<Mismatch>,
}

/// A field that the release does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its path: `spec.containers[0].imag`.
    pub path: String,
    /// Its key in the source.
    pub span: Span,
    /// The first minor release that knows it, if any does.
    pub since: Option<u16>,
    /// The known field whose name comes nearest.
    pub nearest: Option<&'static str>,
}

/// A value of a wrong type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What Go's decoder says.
    pub message: String,
    /// The value in the source.
    pub span: Span,
}

/// Decodes a document as an API server (or kubelet) of this version does.
///
/// Kinds that are not described are kept as they are.
pub fn decode(document: &Value, version: Version) -> Decoded {
    let mut decoder = Decoder {
        minor: version.minor,
        unknown: Vec::new(),
        mismatch: None,
        path: String::new(),
        json_path: String::new(),
    };
    let value = match Kind::of(document).and_then(tables::of) {
        Some(root) => decoder.object(document, root),
        None => document.clone(),
    };
    Decoded {
        value,
        unknown: decoder.unknown,
        mismatch: decoder.mismatch,
    }
}

struct Decoder {
    minor: u16,
    unknown: Vec<Unknown>,
    mismatch: Option<Mismatch>,
    /// The path with indices.
    path: String,
    /// The path as Go's decoder writes it: without indices.
    json_path: String,
}

impl Decoder {
    fn object(&mut self, value: &Value, kind: &'static Type) -> Value {
        let mut entries = Vec::with_capacity(value.entries().len());
        for entry in value.entries() {
            let (path, json_path) = (self.path.len(), self.json_path.len());
            join(&mut self.path, &entry.key);
            join(&mut self.json_path, &entry.key);
            match kind.fields.iter().find(|field| field.name == entry.key) {
                Some(field) if field.is_in(self.minor) => entries.push(Entry {
                    key: entry.key.clone(),
                    key_span: entry.key_span,
                    value: self.value(&entry.value, field, kind),
                }),
                known => self.unknown.push(Unknown {
                    path: self.path.clone(),
                    span: entry.key_span,
                    since: known.map(|field| field.since),
                    nearest: nearest(&entry.key, kind.fields, self.minor),
                }),
            }
            self.path.truncate(path);
            self.json_path.truncate(json_path);
        }
        Value {
            span: value.span,
            data: Data::Map(entries),
        }
    }

    fn value(&mut self, value: &Value, field: &'static Field, parent: &'static Type) -> Value {
        let fits = matches!(
            (field.shape, &value.data),
            (Shape::Any, _)
                | (_, Data::Null)
                | (Shape::Text, Data::String(_))
                | (Shape::Flag, Data::Bool(_))
                | (Shape::Number(_), Data::Int(_))
                | (Shape::Texts | Shape::Many(_), Data::List(_))
                | (Shape::Labels | Shape::One(_), Data::Map(_))
        );
        if !fits {
            self.mismatch(value, parent, &go_type(field.shape));
            return value.clone();
        }
        match (field.shape, &value.data) {
            (Shape::One(kind), Data::Map(_)) => self.object(value, kind),
            (Shape::Many(kind), Data::List(items)) => {
                let items = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let path = self.path.len();
                        self.path.push('[');
                        self.path.push_str(&index.to_string());
                        self.path.push(']');
                        let item = match item.data {
                            Data::Map(_) => self.object(item, kind),
                            Data::Null => item.clone(),
                            _ => {
                                self.mismatch(
                                    item,
                                    parent,
                                    &format!("{}.{}", kind.package, kind.go),
                                );
                                item.clone()
                            }
                        };
                        self.path.truncate(path);
                        item
                    })
                    .collect();
                Value {
                    span: value.span,
                    data: Data::List(items),
                }
            }
            (Shape::Texts, Data::List(items)) => {
                for item in items
                    .iter()
                    .filter(|item| !matches!(item.data, Data::String(_) | Data::Null))
                {
                    self.mismatch(item, parent, "string");
                }
                value.clone()
            }
            (Shape::Labels, Data::Map(entries)) => {
                for entry in entries
                    .iter()
                    .filter(|entry| !matches!(entry.value.data, Data::String(_) | Data::Null))
                {
                    self.mismatch(&entry.value, parent, "string");
                }
                value.clone()
            }
            _ => value.clone(),
        }
    }

    fn mismatch(&mut self, value: &Value, parent: &'static Type, wanted: &str) {
        if self.mismatch.is_none() {
            self.mismatch = Some(Mismatch {
                message: format!(
                    "json: cannot unmarshal {} into Go struct field {}.{} of type {wanted}",
                    value.json_kind(),
                    parent.go,
                    self.json_path
                ),
                span: value.span,
            });
        }
    }
}

fn join(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

fn go_type(shape: Shape) -> String {
    match shape {
        Shape::Any => "interface {}".to_owned(),
        Shape::Text => "string".to_owned(),
        Shape::Flag => "bool".to_owned(),
        Shape::Number(kind) => kind.to_owned(),
        Shape::Texts => "[]string".to_owned(),
        Shape::Labels => "map[string]string".to_owned(),
        Shape::One(kind) => format!("{}.{}", kind.package, kind.go),
        Shape::Many(kind) => format!("[]{}.{}", kind.package, kind.go),
    }
}

/// The known field with the smallest distance to a name, if it is near at all.
fn nearest(name: &str, fields: &'static [Field], minor: u16) -> Option<&'static str> {
    fields
        .iter()
        .filter(|field| field.is_in(minor))
        .map(|field| (distance(name, field.name), field.name))
        .min()
        .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
        .map(|(_, known)| known)
}

/// How many letters must be added, dropped or changed, letter case aside.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > b.len() {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
