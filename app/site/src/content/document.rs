//! A lab's document on a page: what the page reads of it, and the whole of it as text, which goes
//! to the engine as it came. So the program has no code to read what only the engine needs.

use lab::{
    document::{self, Challenge, Kind, Prediction},
    message::NodeSpec,
};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// A lab's document (`lab::document::Document`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Box<RawValue>", into = "Box<RawValue>")]
pub struct Document {
    /// The whole of it in JSON.
    pub whole: Box<RawValue>,
    /// What the page reads of it.
    pub read: Outline,
}

/// What a page reads of a lab's document. The fields are those of `lab::document::Document`.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "lab::document documents them")]
pub struct Outline {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub challenge: Option<Challenge>,
    pub files: Vec<StartFile>,
    pub nodes: Vec<NodeSpec>,
    pub workload: Vec<String>,
    #[serde(default)]
    pub prediction: Option<Prediction>,
    #[serde(default)]
    pub task: String,
    #[serde(default)]
    pub checks: Vec<Goal>,
    #[serde(default)]
    pub hints: Vec<String>,
}

/// A file of the lab as it is at the start.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "lab::document documents them")]
pub struct StartFile {
    pub path: String,
    #[serde(default)]
    pub text: String,
}

/// What is shown of a check before it was decided.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "lab::document documents them")]
pub struct Goal {
    pub title: String,
    #[serde(default)]
    pub kind: Kind,
}

impl Document {
    /// A document for a page, without what the page must not have: the author's answers.
    pub fn new(mut document: document::Document) -> Result<Self, serde_json::Error> {
        for file in &mut document.files {
            file.solution = None;
        }
        to_raw_value(&document)?.try_into()
    }
}

impl TryFrom<Box<RawValue>> for Document {
    type Error = serde_json::Error;

    fn try_from(whole: Box<RawValue>) -> Result<Self, Self::Error> {
        let read = serde_json::from_str(whole.get())?;
        Ok(Self { whole, read })
    }
}

impl From<Document> for Box<RawValue> {
    fn from(document: Document) -> Self {
        document.whole
    }
}
