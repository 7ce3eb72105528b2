//! `-o`: objects as kubectl prints them when no table is asked for.

use super::fail;
use crate::{document, process::Process};
use cluster::yaml::{Data, Value, emit};
use serde::Serialize as _;
use serde_json::Value as Json;

/// Prints objects in a format. `single` says that one was asked for by its name;
/// others are the items of a list. The exit code.
pub(super) fn print(
    process: &mut Process<'_>,
    format: &str,
    objects: &[&Value],
    single: bool,
    kind: &str,
) -> u8 {
    let whole = || match objects {
        [only] if single => (*only).clone(),
        _ => list(objects),
    };
    if let Some(template) = format.strip_prefix("jsonpath=") {
        return match fill(template, &document::json(&whole())) {
            Ok(text) => {
                process.print(&text);
                0
            }
            Err(error) => fail(process, &format!("error: error parsing jsonpath: {error}")),
        };
    }
    let text = match format {
        _ if single && objects.is_empty() => return 0,
        "yaml" => emit(&whole()),
        "json" => indented(&document::json(&whole())),
        "name" => objects
            .iter()
            .filter_map(|object| object.at(&["metadata", "name"])?.as_str())
            .map(|name| format!("{kind}/{name}\n"))
            .collect(),
        other => {
            let words = format!(
                "error: unable to match a printer suitable for the output format \"{other}\", allowed formats are: json,jsonpath,name,wide,yaml"
            );
            return fail(process, &words);
        }
    };
    for line in text.lines() {
        process.print(line);
    }
    0
}

/// The list that holds objects.
fn list(objects: &[&Value]) -> Value {
    let mut list = Value::map();
    list.set("apiVersion", Value::text("v1"));
    let items = objects.iter().map(|object| (*object).clone()).collect();
    list.set("items", Value::added(Data::List(items)));
    list.set("kind", Value::text("List"));
    let metadata = list.map_under("metadata");
    metadata.set("resourceVersion", Value::text(""));
    list
}

/// JSON with four blanks for each level.
fn indented(value: &Json) -> String {
    let mut bytes = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, format);
    // A tree of text keys can always be written.
    let _ = value.serialize(&mut serializer);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Fills a template in: fields, indices, `[*]`, texts in quotes and `range`.
fn fill(template: &str, root: &Json) -> Result<String, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('{') {
        let Some((expression, after)) = after.split_once('}') else {
            return Err("unclosed action".to_owned());
        };
        parts.extend([Part::Plain(plain), Part::Action(expression.trim())]);
        rest = after;
    }
    parts.push(Part::Plain(rest));
    let mut output = String::new();
    write(&parts, root, &mut output)?;
    Ok(output)
}

/// A part of a template.
#[derive(Debug, Clone, Copy)]
enum Part<'t> {
    /// Text as it stands.
    Plain(&'t str),
    /// What stands between braces.
    Action(&'t str),
}

fn write(parts: &[Part<'_>], root: &Json, output: &mut String) -> Result<(), String> {
    let mut rest = parts;
    while let Some((part, after)) = rest.split_first() {
        rest = after;
        let expression = match part {
            Part::Plain(text) => {
                output.push_str(text);
                continue;
            }
            Part::Action(expression) => expression,
        };
        if let Some(path) = expression.strip_prefix("range ") {
            let is_end = |part: &Part<'_>| matches!(part, Part::Action("end"));
            let end = rest
                .iter()
                .position(is_end)
                .ok_or("unexpected nil, range")?;
            for item in select(root, path.trim()) {
                write(&rest[..end], item, output)?;
            }
            rest = &rest[end + 1..];
        } else if let Some(quoted) = expression.strip_prefix(['"', '\'']) {
            let text = quoted.trim_end_matches(['"', '\'']);
            output.push_str(&text.replace("\\n", "\n").replace("\\t", "\t"));
        } else {
            let texts = select(root, expression)
                .into_iter()
                .map(|value| match value {
                    Json::String(text) => text.clone(),
                    other => other.to_string(),
                });
            output.push_str(&texts.collect::<Vec<_>>().join(" "));
        }
    }
    Ok(())
}

/// The values at a path. A dot in a key is written `\.`.
fn select<'v>(root: &'v Json, path: &str) -> Vec<&'v Json> {
    /// Stands for a dot that parts nothing.
    const DOT: &str = "\0";
    let plain = path
        .trim_start_matches(['@', '$'])
        .replace("\\.", DOT)
        .replace("['", ".")
        .replace("']", "")
        .replace('[', ".[");
    let mut found = vec![root];
    for part in plain.split('.').filter(|part| !part.is_empty()) {
        let part = part.replace(DOT, ".");
        let index = part
            .strip_prefix('[')
            .and_then(|part| part.strip_suffix(']'));
        found = found
            .into_iter()
            .flat_map(|value| -> Vec<&'v Json> {
                match index {
                    Some("*") => value.as_array().into_iter().flatten().collect(),
                    Some(index) => {
                        let index = index.parse::<usize>().ok();
                        index.and_then(|at| value.get(at)).into_iter().collect()
                    }
                    None => value.get(&part).into_iter().collect(),
                }
            })
            .collect();
    }
    found
}
