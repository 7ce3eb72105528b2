//! From a lab's folder to a [`Document`]: `lab.yaml` and the folders `start`
//! and `solution` beside it.

use super::Document;
use cluster::yaml::{self, Data, Value};
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Longest `lab.yaml`, in bytes.
pub const MAX_LAB: usize = 256 * 1024;

/// What is wrong with a lab's files, at its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {message}")]
pub struct LabError {
    /// Path below the lab's folder.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// What is wrong, one sentence.
    pub message: String,
}

/// Where the parts of a lab stand in its `lab.yaml`.
#[derive(Debug, Clone)]
pub struct Places {
    text: String,
    root: Value,
}

impl Places {
    /// The line of a part (`checks[2].nodes`), or of the nearest one around it
    /// that is written.
    pub fn line(&self, path: &str) -> usize {
        let span = yaml::span_of(&self.root, path);
        cluster::diagnostic::line_and_column(&self.text, span.start).0
    }

    /// An error at a part.
    pub fn at(&self, path: &str, message: impl Into<String>) -> LabError {
        LabError {
            file: LAB.to_owned(),
            line: self.line(path),
            message: message.into(),
        }
    }
}

/// The lab's own file.
const LAB: &str = "lab.yaml";

/// Reads a lab. `text` is `lab.yaml`; `read` gives the text of another file of
/// the folder (`start/pod.yaml`), or `None` when it is not there.
///
/// # Errors
/// Everything that keeps the texts from being a lab; never empty.
pub fn read(text: &str, read: impl Fn(&str) -> Option<String>) -> Result<Document, Vec<LabError>> {
    read_with_places(text, read).map(|(document, _)| document)
}

/// The same, with the places of the lab's parts for whoever finds something
/// wrong with them.
///
/// # Errors
/// As [`read`].
pub fn read_with_places(
    text: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Result<(Document, Places), Vec<LabError>> {
    let root = &tree(LAB, text)?;
    let places = Places {
        text: text.to_owned(),
        root: root.clone(),
    };
    let mut document: Document = shaped(LAB, text, root)?;
    let mut errors = Vec::new();
    for (index, file) in document.files.iter_mut().enumerate() {
        let start = format!("start/{}", file.path);
        if let Some(text) = read(&start) {
            file.text = text;
        } else {
            let path = format!("files[{index}].path");
            errors.push(places.at(&path, format!("there is no {start}")));
        }
        file.solution = read(&format!("solution/{}", file.path));
    }
    if errors.is_empty() {
        Ok((document, places))
    } else {
        Err(errors)
    }
}

/// Reads another YAML file of a lab's folder, such as the review cards.
///
/// # Errors
/// Everything that keeps the text from having the shape; never empty.
pub fn typed<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Vec<LabError>> {
    shaped(file, text, &tree(file, text)?)
}

fn fault(file: &str, line: usize, message: String) -> LabError {
    LabError {
        file: file.to_owned(),
        line,
        message,
    }
}

/// The one YAML document of a file.
fn tree(file: &str, text: &str) -> Result<Value, Vec<LabError>> {
    if text.len() > MAX_LAB {
        let message = format!("the file has more than {MAX_LAB} bytes");
        return Err(vec![fault(file, 1, message)]);
    }
    let mut parsed = yaml::parse(text);
    if let Some(found) = parsed.diagnostics.first() {
        let (line, _) = cluster::diagnostic::line_and_column(text, found.span.start);
        return Err(vec![fault(file, line, found.sentence.clone())]);
    }
    if parsed.documents.len() == 1
        && let Some(root) = parsed.documents.pop()
    {
        let mut bare = Vec::new();
        words_as_keys(file, text, &root, &mut bare);
        return if bare.is_empty() { Ok(root) } else { Err(bare) };
    }
    let message = "the file has to be one YAML document".to_owned();
    Err(vec![fault(file, 1, message)])
}

/// Finds the keys that YAML 1.1 reads as true or false, such as a bare `on`: no
/// file of a lab means that.
fn words_as_keys(file: &str, text: &str, value: &Value, found: &mut Vec<LabError>) {
    match &value.data {
        Data::List(items) => {
            for item in items {
                words_as_keys(file, text, item, found);
            }
        }
        Data::Map(entries) => {
            for entry in entries {
                let written = text.get(entry.key_span.start..entry.key_span.end);
                if let Some(word) = written
                    && word.bytes().all(|byte| byte.is_ascii_alphabetic())
                    && word != entry.key
                {
                    let (line, _) =
                        cluster::diagnostic::line_and_column(text, entry.key_span.start);
                    let message = format!(
                        "YAML 1.1 reads the key `{word}` as {}: put it in quotes, `\"{word}\":`",
                        entry.key
                    );
                    found.push(fault(file, line, message));
                }
                words_as_keys(file, text, &entry.value, found);
            }
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => {}
    }
}

/// A document as a type, or the place where it has another shape.
fn shaped<T: DeserializeOwned>(file: &str, text: &str, root: &Value) -> Result<T, Vec<LabError>> {
    serde_path_to_error::deserialize(json(root)).map_err(|error| {
        let span = yaml::span_of(root, &error.path().to_string());
        let (line, _) = cluster::diagnostic::line_and_column(text, span.start);
        let message = format!("{}: {}", error.path(), error.inner());
        vec![fault(file, line, message)]
    })
}

/// The tree without places, for serde.
pub fn json(value: &Value) -> serde_json::Value {
    match &value.data {
        Data::Null => serde_json::Value::Null,
        Data::Bool(value) => (*value).into(),
        Data::Int(value) => (*value).into(),
        Data::Float(value) => (*value).into(),
        Data::String(value) => value.clone().into(),
        Data::List(items) => items.iter().map(json).collect(),
        Data::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.clone(), json(&entry.value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}
