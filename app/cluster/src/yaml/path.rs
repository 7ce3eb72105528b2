//! From a field path, as API errors write it, back to the place in the source.

use crate::{diagnostic::Span, yaml::Value};

/// The place that `path` names: the key of its last part, or of the nearest
/// part before it that the document has.
///
/// Paths are those of field errors: `spec.containers[0].image`,
/// `metadata.annotations[key.with/dots]`, `metadata.annotations.key.with/dots`.
pub fn span_of(document: &Value, path: &str) -> Span {
    let mut value = document;
    let mut span = document.span;
    let mut rest = path;
    while !rest.is_empty() {
        let Some((next, place, tail)) = step(value, rest) else {
            break;
        };
        value = next;
        span = place;
        rest = tail;
    }
    span
}

/// One part of the path: the value it leads to, its place, and what is left.
fn step<'v, 'p>(value: &'v Value, path: &'p str) -> Option<(&'v Value, Span, &'p str)> {
    if let Some(inner) = path.strip_prefix('[') {
        let (index, tail) = inner.split_once(']')?;
        let tail = tail.strip_prefix('.').unwrap_or(tail);
        if let Some(item) = index
            .parse()
            .ok()
            .and_then(|index: usize| value.items().get(index))
        {
            return Some((item, item.span, tail));
        }
        let entry = value.entry(index)?;
        return Some((&entry.value, entry.key_span, tail));
    }
    // Keys may themselves hold dots: the longest key that fits wins.
    let entry = value
        .entries()
        .iter()
        .filter(|entry| {
            path.strip_prefix(entry.key.as_str())
                .is_some_and(|tail| tail.is_empty() || tail.starts_with(['.', '[']))
        })
        .max_by_key(|entry| entry.key.len())?;
    let tail = &path[entry.key.len()..];
    Some((
        &entry.value,
        entry.key_span,
        tail.strip_prefix('.').unwrap_or(tail),
    ))
}
