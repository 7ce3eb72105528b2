//! A tree as YAML in the style of `kubectl get -o yaml`: keys sorted, lists
//! not indented.

use std::fmt::Write as _;

use super::{Data, Value, scalar};

/// The value as a YAML text that ends with a line break.
pub fn emit(value: &Value) -> String {
    let mut out = String::new();
    match &value.data {
        Data::Map(entries) if !entries.is_empty() => mapping(value, 0, &mut out),
        Data::List(items) if !items.is_empty() => list(items, 0, &mut out),
        _ => {
            inline(value, &mut out);
            out.push('\n');
        }
    }
    out
}

fn mapping(value: &Value, indent: usize, out: &mut String) {
    let mut entries: Vec<_> = value.entries().iter().collect();
    sorted::sort_by(&mut entries, |a, b| a.key.cmp(&b.key));
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 || !out.ends_with("- ") {
            pad(indent, out);
        }
        out.push_str(&quoted(&entry.key));
        out.push(':');
        match &entry.value.data {
            Data::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                mapping(&entry.value, indent + 2, out);
            }
            Data::List(items) if !items.is_empty() => {
                out.push('\n');
                list(items, indent, out);
            }
            Data::String(text) if fits_block(text) => {
                block(text, indent + 2, out);
            }
            _ => {
                out.push(' ');
                inline(&entry.value, out);
                out.push('\n');
            }
        }
    }
}

fn list(items: &[Value], indent: usize, out: &mut String) {
    for item in items {
        pad(indent, out);
        out.push_str("- ");
        match &item.data {
            Data::Map(entries) if !entries.is_empty() => mapping(item, indent + 2, out),
            Data::List(inner) if !inner.is_empty() => {
                out.push('\n');
                list(inner, indent + 2, out);
            }
            _ => {
                inline(item, out);
                out.push('\n');
            }
        }
    }
}

/// Whether literal style can hold a string: several lines, of which the first
/// is neither empty nor indented.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// A string of several lines in literal style.
fn block(text: &str, indent: usize, out: &mut String) {
    out.push_str(if text.ends_with("\n\n") {
        " |+\n"
    } else if text.ends_with('\n') {
        " |\n"
    } else {
        " |-\n"
    });
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(indent, out);
        }
        out.push_str(line);
        out.push('\n');
    }
}

fn inline(value: &Value, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match &value.data {
        Data::Null => write!(out, "null"),
        Data::Bool(value) => write!(out, "{value}"),
        Data::Int(value) => write!(out, "{value}"),
        Data::Float(value) => write!(out, "{value}"),
        Data::String(text) => write!(out, "{}", quoted(text)),
        Data::List(_) => write!(out, "[]"),
        Data::Map(_) => write!(out, "{{}}"),
    };
}

/// The string as it must be written to be read back as a string.
fn quoted(text: &str) -> String {
    let safe = matches!(scalar::resolve(text), Data::String(_))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_date(text)
        && !text.chars().any(char::is_control);
    // A dash, question mark or colon opens something only before white space.
    let opens = match text.as_bytes() {
        [b'-' | b'?' | b':', next, ..] => b" -".contains(next),
        _ => text.starts_with(|c: char| " -?:,[]{}#&*!|>'\"%@`".contains(c)),
    };
    if safe && !opens {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        crate::api::go::quote(text)
    } else if text.contains('\'') || !text.contains('"') {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("'{text}'")
    }
}

/// Whether a text begins like a time, which YAML 1.1 reads as one.
fn is_date(text: &str) -> bool {
    let shape = text.bytes().take(10).map(|byte| match byte {
        b'0'..=b'9' => b'0',
        other => other,
    });
    shape.eq(*b"0000-00-00")
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}
