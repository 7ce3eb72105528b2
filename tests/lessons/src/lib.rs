//! Lessons as they lie in their folders, held against what makes one fit for
//! learners.

#![forbid(unsafe_code)]

mod author;
mod cards;
mod form;
mod links;
mod misconception;
mod spelling;
mod template;

pub use author::{export, tried};
pub use spelling::{Spelling, spelling};
pub use template::new;

use lab::{
    document::{self, Challenge, LabError, Side},
    lint,
};
use links::Reader;
use misconception::Misconceptions;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Something wrong with a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, from where the check was started.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong, one sentence.
    pub message: String,
}

impl Problem {
    /// Something wrong with a line of a file.
    fn new(file: &Path, line: usize, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line,
            message,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.file.display(), self.line);
        write!(formatter, "{file}:{line}: {}", self.message)
    }
}

/// The folder of challenges: their pages show the whole lab by themselves, so
/// that the prose need not say where its parts stand.
const CHALLENGES: &str = "lessons/challenges";

/// The folders of a project that hold a lesson, a challenge or a lab, sorted.
///
/// # Errors
/// When they cannot be listed.
pub fn folders(project: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for course in ["lessons", CHALLENGES] {
        for entry in fs::read_dir(project.join(course))? {
            let path = entry?.path();
            if path.join("lab.yaml").is_file() || path.join("index.md").is_file() {
                folders.push(path);
            }
        }
    }
    folders.sort();
    Ok(folders)
}

/// What was found in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The lesson's name.
    pub slug: String,
    /// How many labs it has.
    pub labs: usize,
    /// How many hidden variants its labs have.
    pub variants: usize,
    /// How many different cases its text cites.
    pub claims: usize,
    /// What is wrong with it; then the numbers may be too low.
    pub problems: Vec<Problem>,
}

/// A project: what all of its lessons go by.
#[derive(Debug, Clone)]
pub struct Project {
    misconceptions: Misconceptions,
    /// The lessons of the course map.
    listed: Vec<String>,
    /// What is wrong with what is not a lesson.
    pub problems: Vec<Problem>,
}

impl Project {
    /// Reads what stands beside the lessons, and holds its links against what is
    /// there.
    pub fn open(project: &Path) -> Self {
        let (misconceptions, mut problems) = Misconceptions::read(project);
        for (file, reader) in [
            ("README.md", Reader::CodeHost),
            ("ARCHITECTURE.md", Reader::CodeHost),
            ("lessons/README.md", Reader::CodeHost),
            ("lessons/glossary.md", Reader::Course),
        ] {
            let file = project.join(file);
            match fs::read_to_string(&file) {
                Ok(text) => problems.extend(dead(&file, &text, reader)),
                Err(error) => problems.push(Problem {
                    file,
                    line: 1,
                    message: error.to_string(),
                }),
            }
        }
        problems.extend(cards::twice(&folders(project).unwrap_or_default()));
        let (listed, unlisted) = map(project);
        problems.extend(unlisted);
        Self {
            misconceptions,
            listed,
            problems,
        }
    }

    /// Looks at the lesson in a folder.
    pub fn check(&self, folder: &Path) -> Report {
        let slug = folder.file_name().unwrap_or_default().to_string_lossy();
        let mut report = Report {
            slug: slug.into_owned(),
            ..Report::default()
        };
        self.look(folder, &mut report);
        report
    }

    fn look(&self, folder: &Path, report: &mut Report) {
        let problem = |error: LabError| Problem {
            file: folder.join(error.file),
            line: error.line,
            message: error.message,
        };
        let problems = &mut report.problems;
        let lab = match fs::read_to_string(folder.join("lab.yaml")) {
            Ok(lab) => lab,
            Err(error) => {
                let message = format!("lab.yaml beside it: {error}");
                problems.push(whole(folder, "index.md", message));
                return;
            }
        };
        report.labs = 1;
        let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
        let (document, places) = match document::read_with_places(&lab, read) {
            Ok(read) => read,
            Err(errors) => {
                problems.extend(errors.into_iter().map(problem));
                return;
            }
        };
        report.variants = document.variants.len();
        if document.id != report.slug {
            problems.push(problem(places.at(
                "id",
                format!(
                    "the id is `{}` and the folder `{}`: links go by both",
                    document.id, report.slug
                ),
            )));
        }
        let prose = read("index.md");
        let challenge = folder
            .parent()
            .is_some_and(|parent| parent.ends_with(CHALLENGES));
        // The capstone has its own page, which shows the whole lab by itself.
        let apart = challenge || document.capstone.is_some();
        if !apart && !self.listed.contains(&report.slug) {
            let message = "lessons/course.yaml does not list this lesson".to_owned();
            problems.push(whole(folder, "index.md", message));
        }
        let mut found = Vec::new();
        if challenge {
            match document.challenge {
                None => found.push(places.at(
                    "id",
                    "a challenge says its side, number and par: `challenge: {side: attack, number: 1, par: 3}`",
                )),
                Some(Challenge { side, .. }) if !report.slug.starts_with(begins(side)) => {
                    let begins = begins(side);
                    found.push(places.at("id", format!("its name does not begin with `{begins}`")));
                }
                Some(_) => {}
            }
        }
        if !apart || prose.is_none() {
            found.extend(lint::lesson(prose.as_deref(), &document, &places));
        }
        if let Some(prose) = &prose {
            let cited: BTreeSet<&str> = form::cited(prose).map(|(_, id)| id).collect();
            report.claims = cited.len();
            let known = &self.misconceptions;
            if challenge {
                found.extend(form::lab(prose, &document, &places, known));
            } else if !apart {
                let cards = read("cards.yaml");
                found.extend(form::lesson(
                    prose,
                    &document,
                    &places,
                    cards.as_deref(),
                    known,
                ));
            }
            problems.extend(dead(&folder.join("index.md"), prose, Reader::Course));
        }
        found.extend(lint::lab(&document, &places));
        problems.extend(found.into_iter().map(problem));
        problems.extend(unnamed(folder, &document));
    }
}

/// How the name of a challenge begins: with the side that one is on.
fn begins(side: Side) -> &'static str {
    match side {
        Side::Attack => "attack-",
        Side::Defend => "defend-",
        Side::Versus => "versus-",
    }
}

/// A part of the course map.
#[derive(Deserialize)]
struct Part {
    lessons: Vec<String>,
}

/// The text of a YAML file of the course, and the list in it.
fn list<T: DeserializeOwned>(file: &Path) -> Result<(String, Vec<T>), Vec<Problem>> {
    let text =
        fs::read_to_string(file).map_err(|error| vec![Problem::new(file, 1, error.to_string())])?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let list = document::typed(&name, &text).map_err(|errors| -> Vec<Problem> {
        let problems = errors.into_iter();
        problems
            .map(|error| Problem::new(file, error.line, error.message))
            .collect()
    })?;
    Ok((text, list))
}

/// The lessons that the course map lists, and those that are not there.
fn map(project: &Path) -> (Vec<String>, Vec<Problem>) {
    let file = project.join("lessons/course.yaml");
    let (text, parts) = match list::<Part>(&file) {
        Ok(read) => read,
        Err(problems) => return (Vec::new(), problems),
    };
    let listed: Vec<String> = parts.into_iter().flat_map(|part| part.lessons).collect();
    let lacking = listed
        .iter()
        .filter(|slug| {
            !project
                .join("lessons")
                .join(slug)
                .join("index.md")
                .is_file()
        })
        .map(|slug| {
            let line = text.lines().position(|line| line.contains(slug.as_str()));
            Problem::new(
                &file,
                line.map_or(1, |index| index + 1),
                format!("there is no lesson `{slug}`"),
            )
        });
    let problems = lacking.collect();
    (listed, problems)
}

/// The links of a file that lead nowhere.
fn dead(file: &Path, text: &str, reader: Reader) -> Vec<Problem> {
    links::dead(file, text, reader)
        .into_iter()
        .map(|(line, message)| Problem::new(file, line, message))
        .collect()
}

fn whole(folder: &Path, file: &str, message: String) -> Problem {
    Problem::new(&folder.join(file), 1, message)
}

/// The files of a lesson that its lab does not know.
fn unnamed(folder: &Path, document: &document::Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for part in ["start", "solution"] {
        let mut files = Vec::new();
        if let Ok(entries) = fs::read_dir(folder.join(part)) {
            files.extend(entries.filter_map(|entry| Some(entry.ok()?.file_name())));
        }
        files.sort();
        for file in files {
            let file = file.to_string_lossy();
            if document.files.iter().all(|known| known.path != file) {
                let message = "lab.yaml does not name this file".to_owned();
                problems.push(whole(folder, &format!("{part}/{file}"), message));
            }
        }
    }
    problems
}
