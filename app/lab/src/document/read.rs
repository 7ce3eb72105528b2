//! From a lab's folder to a [`Document`]: `lab.yaml` and the folders `start`
//! and `solution` beside it.

use super::{Case, Change, Check, Document, Origin};
use cluster::yaml::{self, Data, Value};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value as Json;
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
    let mut tree = json(root);
    let cases = tree.as_object_mut().and_then(|lab| lab.remove("cases"));
    let mut document: Document = shaped(LAB, text, root, tree, "")?;
    if let Some(written) = cases {
        document.cases = self::cases(text, root, written)?;
    }
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
    let root = tree(file, text)?;
    shaped(file, text, &root, json(&root), "")
}

/// What a case has besides its check.
#[derive(Deserialize)]
struct Basis {
    #[serde(default)]
    from: Origin,
    #[serde(default)]
    change: Vec<Change>,
}

/// The cases of a lab: checks, each with the files that it is decided on.
fn cases(text: &str, root: &Value, mut written: Json) -> Result<Vec<Case>, Vec<LabError>> {
    let mut bases = Vec::new();
    for case in written.as_array_mut().into_iter().flatten() {
        let mut basis = serde_json::Map::new();
        for key in ["from", "change"] {
            let value = case.as_object_mut().and_then(|case| case.remove(key));
            basis.extend(value.map(|value| (key.to_owned(), value)));
        }
        bases.push(Json::Object(basis));
    }
    let checks: Vec<Check> = shaped(LAB, text, root, written, "cases")?;
    let bases: Vec<Basis> = shaped(LAB, text, root, bases.into(), "cases")?;
    let cases = checks.into_iter().zip(bases).map(|(check, basis)| Case {
        check,
        from: basis.from,
        change: basis.change,
    });
    Ok(cases.collect())
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

/// A part of a document as a type, or the place where it has another shape; `at`
/// is where the part stands.
fn shaped<T: DeserializeOwned>(
    file: &str,
    text: &str,
    root: &Value,
    part: Json,
    at: &str,
) -> Result<T, Vec<LabError>> {
    serde_path_to_error::deserialize(part).map_err(|error| {
        let path = format!("{at}{}", error.path());
        let span = yaml::span_of(root, &path);
        let (line, _) = cluster::diagnostic::line_and_column(text, span.start);
        let message = format!("{path}: {}", error.inner());
        vec![fault(file, line, message)]
    })
}

/// The tree without places, for serde.
pub fn json(value: &Value) -> Json {
    match &value.data {
        Data::Null => Json::Null,
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
