//! Lessons as they lie in their folders, held against what makes one fit for
//! learners.

#![forbid(unsafe_code)]

use lab::{
    document::{self, LabError},
    lint,
    message::{Response, TraceRow},
    session::Session,
};
use std::{
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

/// Everything that is wrong with the lesson in a folder.
pub fn check(folder: &Path) -> Vec<Problem> {
    let problem = |error: LabError| Problem {
        file: folder.join(error.file),
        line: error.line,
        message: error.message,
    };
    let whole = |file: &str, message: String| Problem {
        file: folder.join(file),
        line: 1,
        message,
    };
    let lab = match fs::read_to_string(folder.join("lab.yaml")) {
        Ok(lab) => lab,
        Err(error) => {
            return vec![whole("index.md", format!("lab.yaml beside it: {error}"))];
        }
    };
    let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let (document, places) = match document::read_with_places(&lab, read) {
        Ok(read) => read,
        Err(errors) => return errors.into_iter().map(problem).collect(),
    };
    let mut problems: Vec<Problem> = Vec::new();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if document.id != name {
        problems.push(problem(places.at(
            "id",
            format!(
                "the id is `{}` and the folder `{name}`: links go by both",
                document.id
            ),
        )));
    }
    let prose = fs::read_to_string(folder.join("index.md")).ok();
    let challenge = folder
        .parent()
        .is_some_and(|parent| parent.ends_with(CHALLENGES));
    if !challenge || prose.is_none() {
        let found = lint::lesson(prose.as_deref(), &document, &places);
        problems.extend(found.into_iter().map(problem));
    }
    problems.extend(lint::lab(&document, &places).into_iter().map(problem));
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
                problems.push(whole(&format!("{part}/{file}"), message));
            }
        }
    }
    problems
}

/// What an author sees of the lab in a folder: what became of the pod on each
/// node, every call of the workload, and what each node's terminal prints for
/// `command`, unless that is empty.
///
/// # Errors
/// When the lab cannot be read, in one sentence.
pub fn tried(folder: &Path, from: Files, command: &str) -> Result<String, String> {
    let mut session = session(folder, from)?;
    let mut out = String::new();
    for node in session.view().nodes {
        out += &format!("== {}: {:?}. {}\n", node.id, node.outcome, node.sentence);
        for step in &node.chain {
            out += &format!("   {step:?}\n");
        }
        out += &rows(&node.trace, "");
        if command.is_empty() {
            continue;
        }
        let ran = session.run(&node.id, command, 1);
        let Ok(Response::Ran {
            output,
            exit,
            changed,
            ..
        }) = ran
        else {
            continue;
        };
        out += &format!("{}{command}\n", node.prompt);
        for line in output {
            out += &format!("{line:?}\n");
        }
        out += &format!("exit code {exit}\n");
        for after in changed.nodes.iter().filter(|other| other.id == node.id) {
            let new = after.trace.get(node.trace.len()..).unwrap_or_default();
            out += &rows(new, "new ");
        }
    }
    Ok(out)
}

fn rows(trace: &[TraceRow], mark: &str) -> String {
    let mut out = String::new();
    for row in trace {
        let logged = if row.evidence.audit.is_some() {
            ", logged"
        } else {
            ""
        };
        out += &format!(
            "   {mark}{} | {} | {} | {:?}{logged}\n",
            row.command, row.call, row.answer, row.outcome
        );
        for gate in &row.gates {
            out += &format!(
                "      {:?} {:?}: {}\n",
                gate.gate, gate.verdict, gate.sentence
            );
        }
    }
    out
}

/// Which files a lab is run with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Those that the learner begins with.
    Start,
    /// Those of the author's answer.
    Solution,
}

fn session(folder: &Path, from: Files) -> Result<Session, String> {
    let lab = folder.join("lab.yaml");
    let text = fs::read_to_string(&lab).map_err(|error| said(&lab, error))?;
    let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
    let document = document::read(&text, read).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
    let drafts = match from {
        Files::Start => Vec::new(),
        Files::Solution => document.solution(),
    };
    Session::open(document, &drafts).map_err(|error| error.to_string())
}

fn said(path: &Path, error: io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// Writes the lab of the lesson in a folder, as its solution leaves it, below
/// `into` as a learner would export it.
///
/// # Errors
/// When the lab cannot be read or a file not be written, in one sentence.
pub fn export(folder: &Path, into: &Path) -> Result<(), String> {
    let session = session(folder, Files::Solution)?;
    let target = into.join(session.folder());
    for file in session.export().map_err(|error| error.to_string())? {
        let path = target.join(&file.path);
        let parent = path.parent().unwrap_or(&target);
        fs::create_dir_all(parent).map_err(|error| said(parent, error))?;
        fs::write(&path, &file.text).map_err(|error| said(&path, error))?;
    }
    Ok(())
}
