//! What may be written at a place of a manifest, and what a field is: both
//! from the table that decoding uses.

use super::{Field, Shape, Type, cursor::cursor, tables};
use crate::{
    diagnostic::Span,
    object::{Kind, ProfileType},
    version::Version,
};

/// What may stand at a position, and the bytes that it replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The word that is replaced.
    pub span: Span,
    /// Each candidate with what it is.
    pub candidates: Vec<(String, String)>,
}

/// The fields or values that `version` knows at the byte `at` and that begin
/// with what is written there.
pub fn complete(text: &str, at: usize, version: Version) -> Completion {
    let Some(place) = cursor(text, at) else {
        return Completion::default();
    };
    let parent = parent(place.kind, &place.keys);
    let candidates = match place.value_of {
        Some(key) => values(parent, key),
        None if place.keys.is_empty() && parent.is_none() => ["apiVersion", "kind"]
            .map(|key| (format!("{key}: "), String::new()))
            .to_vec(),
        None => parent
            .map(|parent| keys(parent, &place.siblings, version))
            .unwrap_or_default(),
    };
    let typed = text.get(place.start..at).unwrap_or_default();
    Completion {
        span: Span {
            start: place.start,
            end: at,
        },
        candidates: candidates
            .into_iter()
            .filter(|(candidate, _)| candidate.starts_with(typed))
            .collect(),
    }
}

/// What the field at the byte `at` is, in one sentence, and its key's place.
pub fn describe(text: &str, at: usize) -> Option<(Span, String)> {
    let begin = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(begin..)?.lines().next()?;
    let (head, _) = line.split_once(':')?;
    let key = head.trim_start_matches([' ', '-']);
    let span = Span {
        start: begin + head.len() - key.len(),
        end: begin + head.len(),
    };
    if !(span.start..=span.end).contains(&at) {
        return None;
    }
    let place = cursor(text, span.end)?;
    let parent = parent(place.kind, &place.keys)?;
    let field = field(parent, key)?;
    let since = match field.since {
        0 => String::new(),
        minor => format!(" Known since Kubernetes 1.{minor}."),
    };
    Some((
        span,
        format!("{key} of {}: {}.{since}", parent.go, words(field.shape)),
    ))
}

/// The type of the mapping that the keys lead to.
fn parent(kind: &str, keys: &[&str]) -> Option<&'static Type> {
    let root = tables::of(Kind::named(kind)?)?;
    keys.iter()
        .try_fold(root, |parent, key| match field(parent, key)?.shape {
            Shape::One(inner) | Shape::Many(inner) => Some(inner),
            _ => None,
        })
}

fn field(parent: &'static Type, key: &str) -> Option<&'static Field> {
    parent.fields.iter().find(|field| field.name == key)
}

fn keys(parent: &'static Type, present: &[&str], version: Version) -> Vec<(String, String)> {
    let known = parent
        .fields
        .iter()
        .filter(|field| field.is_in(version.minor) && !present.contains(&field.name));
    known
        .map(|field| {
            let end = match field.shape {
                Shape::Text | Shape::Flag | Shape::Number(_) => ": ",
                _ => ":",
            };
            (format!("{}{end}", field.name), words(field.shape))
        })
        .collect()
}

fn values(parent: Option<&'static Type>, key: &str) -> Vec<(String, String)> {
    let plain = |words: &[&str]| {
        words
            .iter()
            .map(|word| ((*word).to_owned(), String::new()))
            .collect()
    };
    if key == "kind" {
        return Kind::all()
            .map(|kind| (kind.name().to_owned(), kind.api_version().to_owned()))
            .collect();
    }
    if key == "apiVersion" {
        let mut versions: Vec<_> = Kind::all().map(Kind::api_version).collect();
        sorted::sort(&mut versions);
        versions.dedup();
        return plain(&versions);
    }
    let Some(parent) = parent else {
        return Vec::new();
    };
    match field(parent, key).map(|field| field.shape) {
        Some(Shape::Flag) => plain(&["true", "false"]),
        Some(Shape::Text)
            if key == "type" && matches!(parent.go, "SeccompProfile" | "AppArmorProfile") =>
        {
            plain(&ProfileType::ALL.map(ProfileType::name))
        }
        _ => Vec::new(),
    }
}

fn words(shape: Shape) -> String {
    match shape {
        Shape::Any => "not described here".to_owned(),
        Shape::Text => "a string".to_owned(),
        Shape::Flag => "true or false".to_owned(),
        Shape::Number(_) => "a whole number".to_owned(),
        Shape::Texts => "a list of strings".to_owned(),
        Shape::Labels => "strings by name".to_owned(),
        Shape::One(inner) => inner.go.to_owned(),
        Shape::Many(inner) => format!("a list of {}", inner.go),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    appArmorProfile:\n      type: Localhost\n";

    fn offered(text: &str, minor: u16) -> Vec<String> {
        let version = Version::new(1, minor);
        complete(text, text.len(), version)
            .candidates
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    #[test]
    fn only_fields_that_the_release_knows_are_offered() {
        let text = format!("{POD}    app");
        assert_eq!(
            offered(&text, 33),
            Vec::<String>::new(),
            "it is there already"
        );
        let text = "kind: Pod\nspec:\n  securityContext:\n    app";
        assert_eq!(offered(text, 33), ["appArmorProfile:"]);
        assert_eq!(offered(text, 29), Vec::<String>::new());
    }

    #[test]
    fn values_are_offered_where_they_are_few() {
        let text = "kind: Pod\nspec:\n  containers:\n  - securityContext:\n      seccompProfile:\n        type: ";
        assert_eq!(
            offered(text, 33),
            ["Localhost", "RuntimeDefault", "Unconfined"]
        );
        assert_eq!(offered("kind: Pod\nspec:\n  hostPID: f", 33), ["false"]);
        assert!(offered("kind: P", 33).contains(&"Pod".to_owned()));
    }

    #[test]
    fn a_field_says_what_it_is_and_since_when() {
        let at = POD.find("appArmor").expect("it is there") + 3;
        let (span, words) = describe(POD, at).expect("it is known");
        assert_eq!(&POD[span.start..span.end], "appArmorProfile");
        assert_eq!(
            words,
            "appArmorProfile of PodSecurityContext: AppArmorProfile. Known since Kubernetes 1.30."
        );
    }
}
