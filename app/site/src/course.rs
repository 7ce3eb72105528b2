//! The course as it lies in `lessons/`: one folder per lesson with its prose
//! (`index.md`), its lab (`lab.yaml`) and the lab's files (`start/`,
//! `solution/`). Read by the pre-renderer only.

use std::{fs, path::Path};

use lab::document::{self, Document};
use pulldown_cmark::{Event, Options, Parser, html};

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
    let lab = fs::read_to_string(folder.join("lab.yaml"))?;
    let beside = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let document = document::read(&lab, beside).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
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
}
