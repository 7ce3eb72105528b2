//! What a page is made of besides its components: made by the pre-renderer,
//! put into the page as JSON, and read from there when the page goes live.

mod document;

pub use document::{Document, Goal, Outline, StartFile};

use lab::message::{CapstoneView, Line, View};
use serde::{Deserialize, Serialize};

/// The content of one page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Content {
    /// The course, in order: where a lesson stands and what follows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub course: Vec<LessonLink>,
    /// HTML of the course map. Empty in the page's JSON, as prose is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub map: String,
    /// HTML of the playground's examples. Empty in the page's JSON too.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub examples: String,
    /// The lesson's prose, cut where something of the lab stands in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The lab with the engine's first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lab: Option<Lab>,
    /// What the demonstration's command printed, node by node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<Printed>,
    /// Where a challenge stands among the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What the capstone's files come to at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capstone: Option<CapstoneView>,
}

/// What is known of a challenge besides its lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Its place among the challenges, from 1.
    pub place: usize,
    /// How many challenges there are.
    pub of: usize,
}

/// A lesson in the course map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonLink {
    /// Its part of the address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What one can do afterwards.
    pub goal: String,
    /// Minutes to read and do it.
    pub minutes: usize,
}

/// A piece of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// HTML made from the lesson's Markdown. Empty in the page's JSON: the
    /// page itself has it, and hydration leaves it alone.
    Prose(String),
    /// The prediction stands here.
    Prediction,
    /// The task with its checks and hints stands here.
    Task,
    /// A command that is run on every node, with what it printed.
    Run(Step),
}

/// A command of a guided run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The command line, as it is typed on each node.
    pub command: String,
    /// What the nodes answered, one after the other step of the page.
    pub printed: Vec<Printed>,
}

/// A lab and the engine's answer to its first state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lab {
    /// The lab.
    pub document: Document,
    /// The answer.
    pub view: View,
}

/// What a command printed on a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Id of the node.
    pub node: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its exit code.
    pub exit: u8,
}

impl Content {
    /// Id of the element that holds the content in a page.
    pub const ELEMENT: &str = "content";

    /// The content as JSON that can stand inside a `<script>` element.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut page = self.clone();
        page.map.clear();
        page.examples.clear();
        for part in &mut page.parts {
            if let Part::Prose(html) = part {
                html.clear();
            }
        }
        Ok(serde_json::to_string(&page)?.replace('<', "\\u003c"))
    }

    /// The content of the page that the program runs in.
    pub fn of_page() -> Self {
        crate::platform::element_text(Self::ELEMENT)
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }
}
