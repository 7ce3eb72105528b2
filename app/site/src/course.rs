//! The course as it lies in `lessons/` and `lessons/challenges/`: one folder each with
//! its prose (`index.md`), its lab (`lab.yaml`), the lab's files (`start/`,
//! `solution/`) and, for a lesson, its review cards (`cards.yaml`). Read by the
//! pre-renderer only.

use std::{fs, path::Path};

use lab::document::{self, Challenge, Document, PredictionOption};
use pulldown_cmark::{Parser, html};
use serde::Deserialize;

use crate::{
    content::{LessonLink, Part},
    example::Example,
    prose::{self, Folder},
};

/// Why the course cannot be read; names the file.
pub type Error = Box<dyn std::error::Error>;

/// Words that a learner reads in a minute, labs not counted.
const WORDS_PER_MINUTE: usize = 180;
/// Minutes that a lab takes besides its reading.
const LAB_MINUTES: usize = 5;

/// The whole course.
#[derive(Default)]
pub struct Course {
    /// The lessons, in order.
    pub lessons: Vec<LessonSource>,
    /// The parts of the course, each with its lessons.
    pub parts: Vec<CoursePart>,
    /// The challenges, in order.
    pub challenges: Vec<ChallengeSource>,
    /// The whole fleet at the end.
    pub capstone: Option<LessonSource>,
    /// The words that the lessons use.
    pub glossary: Vec<Term>,
    /// The examples of the playground.
    pub examples: Vec<Example>,
}

/// A part of the course, as `lessons/course.yaml` has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoursePart {
    /// Its title.
    pub title: String,
    /// Its lessons, by their ids.
    pub lessons: Vec<String>,
}

/// A challenge as its author wrote it.
pub struct ChallengeSource {
    /// The brief and the lab.
    pub lesson: LessonSource,
    /// How it is scored.
    pub challenge: Challenge,
}

/// A word of the glossary.
pub struct Term {
    /// The word.
    pub word: String,
    /// Its part of the address.
    pub id: String,
    /// What it means, HTML.
    pub html: String,
    /// Whether it has an everyday meaning too: then lessons mean this one only
    /// where they emphasise it.
    pub everyday: bool,
}

/// Marks a word of the glossary that has an everyday meaning too.
const EVERYDAY: &str = "<!-- everyday -->";

/// A review card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Unique among all cards: the schedule is kept by it.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// Three or four answers, one of them right.
    pub options: Vec<PredictionOption>,
}

/// A lesson as its author wrote it.
pub struct LessonSource {
    /// Its entry in the course map.
    pub link: LessonLink,
    /// The prose.
    pub parts: Vec<Part>,
    /// The lab.
    pub document: Document,
    /// The review cards.
    pub cards: Vec<Card>,
}

/// The course of a project's folder.
pub fn read(project: &Path) -> Result<Course, Error> {
    let glossary = terms(&fs::read_to_string(project.join("lessons/glossary.md"))?);
    let mut lessons = folders(&project.join("lessons"), |folder| {
        let kind = match folder.file_name() {
            Some(name) if name == prose::CAPSTONE => Folder::Capstone,
            _ => Folder::Lesson,
        };
        lesson(folder, kind, &glossary)
    })?;
    let capstone = lessons
        .iter()
        .position(|lesson| lesson.document.capstone.is_some())
        .map(|index| lessons.remove(index));
    let map = fs::read_to_string(project.join("lessons/course.yaml"))?;
    let parts: Vec<CoursePart> =
        document::typed("course.yaml", &map).map_err(|errors| joined(&errors))?;
    let order: Vec<&String> = parts.iter().flat_map(|part| &part.lessons).collect();
    for id in &order {
        if lessons.iter().all(|lesson| lesson.link.slug != **id) {
            return Err(format!("course.yaml: there is no lesson `{id}`").into());
        }
    }
    for lesson in &lessons {
        if !order.contains(&&lesson.link.slug) {
            return Err(format!(
                "course.yaml does not list the lesson `{}`",
                lesson.link.slug
            )
            .into());
        }
    }
    lessons.sort_by_key(|lesson| order.iter().position(|id| **id == lesson.link.slug));
    let mut challenges = folders(&project.join("lessons/challenges"), |folder| {
        challenge(folder, &glossary)
    })?;
    challenges.sort_by_key(|source| (source.challenge.side, source.challenge.number));
    let examples = fs::read_to_string(project.join("lessons/examples.yaml"))?;
    let examples = document::typed("examples.yaml", &examples).map_err(|errors| joined(&errors))?;
    Ok(Course {
        lessons,
        parts,
        challenges,
        capstone,
        glossary,
        examples,
    })
}

/// What `read` makes of every folder with a lab, by the names of the folders.
fn folders<T>(folder: &Path, read: impl Fn(&Path) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let mut folders: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("lab.yaml").is_file())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| read(folder).map_err(|error| format!("{}: {error}", folder.display()).into()))
        .collect()
}

fn challenge(folder: &Path, glossary: &[Term]) -> Result<ChallengeSource, Error> {
    let lesson = lesson(folder, Folder::Challenge, glossary)?;
    let challenge = lesson.document.challenge;
    let challenge = challenge.ok_or("a challenge says its side, number and par")?;
    Ok(ChallengeSource { lesson, challenge })
}

fn lesson(folder: &Path, kind: Folder, glossary: &[Term]) -> Result<LessonSource, Error> {
    let markdown = fs::read_to_string(folder.join("index.md"))?;
    let lab = fs::read_to_string(folder.join("lab.yaml"))?;
    let beside = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let document = document::read(&lab, beside).map_err(|errors| joined(&errors))?;
    let cards = match beside("cards.yaml") {
        Some(text) => document::typed("cards.yaml", &text).map_err(|errors| joined(&errors))?,
        None => Vec::new(),
    };
    let words = markdown.split_whitespace().count();
    Ok(LessonSource {
        link: LessonLink {
            slug: document.id.clone(),
            title: document.title.clone(),
            goal: document.goal.clone(),
            minutes: words.div_ceil(WORDS_PER_MINUTE) + LAB_MINUTES,
        },
        parts: prose::parts(&markdown, kind, glossary)?,
        document,
        cards,
    })
}

fn joined(errors: &[document::LabError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join("; ")
}

/// The words of a glossary: each a heading of the second level with its text.
fn terms(markdown: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = markdown
        .split("\n## ")
        .skip(1)
        .filter_map(|section| {
            let (word, text) = section.split_once('\n')?;
            let mut html = String::new();
            let everyday = text.contains(EVERYDAY);
            html::push_html(&mut html, Parser::new(&text.replace(EVERYDAY, "")));
            Some(Term {
                everyday,
                word: word.to_owned(),
                id: slug(word),
                html,
            })
        })
        .collect();
    terms.sort_by_key(|term| term.word.to_lowercase());
    terms
}

/// A text as a part of an address.
pub fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .to_lowercase()
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glossary_is_sorted_by_its_words() {
        let terms = terms("# Words\n\n## pod\n\nOne.\n\n## Hook\n\nTwo.\n");
        let words: Vec<_> = terms.iter().map(|term| term.word.as_str()).collect();
        assert_eq!(words, ["Hook", "pod"]);
    }

    #[test]
    fn a_title_becomes_a_part_of_an_address() {
        assert_eq!(slug("Deny, quietly: @{HOME}"), "deny-quietly-home");
    }
}
