//! The course as it lies in `lessons/`: one folder per lesson with its prose
//! (`index.md`), its lab (`lab.yaml`) and the lab's files (`start/`,
//! `solution/`). Read by the pre-renderer only.

use std::{fs, path::Path};

use lab::document::Document;
use pulldown_cmark::{Event, Options, Parser, html};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

use crate::content::{LessonLink, Part};

/// Why the course cannot be read; names the file.
pub type Error = Box<dyn std::error::Error>;

/// Words that a learner reads in a minute, labs not counted.
const WORDS_PER_MINUTE: usize = 180;
/// Minutes that a lab takes besides its reading.
const LAB_MINUTES: usize = 5;

/// A lesson as its author wrote it.
pub struct LessonSource {
    /// Its entry in the course map.
    pub link: LessonLink,
    /// The prose.
    pub parts: Vec<Part>,
    /// The lab.
    pub document: Document,
}

/// All lessons below `folder`, by the names of their folders.
pub fn read(folder: &Path) -> Result<Vec<LessonSource>, Error> {
    let mut folders: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("lab.yaml").is_file())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| {
            lesson(folder).map_err(|error| format!("{}: {error}", folder.display()).into())
        })
        .collect()
}

fn lesson(folder: &Path) -> Result<LessonSource, Error> {
    let markdown = fs::read_to_string(folder.join("index.md"))?;
    let mut document = document(&fs::read_to_string(folder.join("lab.yaml"))?)?;
    for file in &mut document.files {
        file.text = fs::read_to_string(folder.join("start").join(&file.path))?;
        file.solution = fs::read_to_string(folder.join("solution").join(&file.path)).ok();
    }
    let words = markdown.split_whitespace().count();
    Ok(LessonSource {
        link: LessonLink {
            slug: document.id.clone(),
            title: document.title.clone(),
            goal: document.goal.clone(),
            minutes: words.div_ceil(WORDS_PER_MINUTE) + LAB_MINUTES,
        },
        parts: parts(&markdown),
        document,
    })
}

/// The prose as HTML, cut at the comments that name a piece of the lab
/// (`<!-- lab: prediction -->`).
pub fn parts(markdown: &str) -> Vec<Part> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut parts = Vec::new();
    let mut prose = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        let piece = match &event {
            Event::Html(text) => match text.trim() {
                "<!-- lab: prediction -->" => Some(Part::Prediction),
                "<!-- lab: task -->" => Some(Part::Task),
                _ => None,
            },
            _ => None,
        };
        match piece {
            Some(piece) => {
                parts.push(Part::Prose(html_of(&mut prose)));
                parts.push(piece);
            }
            None => prose.push(event),
        }
    }
    parts.push(Part::Prose(html_of(&mut prose)));
    parts
}

fn html_of(events: &mut Vec<Event<'_>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events.drain(..));
    // What may be wider than a phone scrolls in itself, also by keyboard.
    out.replace("<pre>", r#"<pre tabindex="0">"#)
        .replace("<table>", r#"<div class="wide" tabindex="0" role="region" aria-label="Table"><table class="tbl">"#)
        .replace("</table>", "</table></div>")
        // An empty corner is no header.
        .replace("<th></th>", "<td></td>")
}

/// A lab document from its YAML.
pub fn document(yaml: &str) -> Result<Document, Error> {
    let documents = Yaml::load_from_str(yaml)?;
    let document = documents.first().ok_or("the file is empty")?;
    Ok(serde_json::from_value(json(document)?)?)
}

fn json(yaml: &Yaml<'_>) -> Result<Value, Error> {
    Ok(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => (*value).into(),
        Yaml::Value(Scalar::Integer(value)) => (*value).into(),
        Yaml::Value(Scalar::FloatingPoint(value)) => value.into_inner().into(),
        Yaml::Value(Scalar::String(value)) => value.as_ref().into(),
        Yaml::Sequence(items) => Value::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let key = key.as_str().ok_or("a key is not a text")?;
                object.insert(key.to_owned(), json(value)?);
            }
            Value::Object(object)
        }
        other => return Err(format!("not plain YAML: {other:?}").into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prose_is_cut_where_the_lab_stands_in_it() {
        let parts = parts("# A\n\n<!-- lab: prediction -->\n\nb `c`\n\n<!-- lab: task -->\n\nd\n");
        assert_eq!(
            parts,
            [
                Part::Prose("<h1>A</h1>\n".into()),
                Part::Prediction,
                Part::Prose("<p>b <code>c</code></p>\n".into()),
                Part::Task,
                Part::Prose("<p>d</p>\n".into()),
            ]
        );
    }

    #[test]
    fn a_document_is_read_from_its_yaml() {
        let read =
            document("id: a\ntitle: A\ngoal: g\nfiles: []\nnodes: []\nworkload: [touch /data/x]\n")
                .expect("it reads");
        assert_eq!(read.workload, ["touch /data/x"]);
        assert!(document("id: a\nnonsense: 1\n").is_err());
    }
}
