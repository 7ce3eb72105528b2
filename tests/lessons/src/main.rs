//! `lessons check PROJECT [SLUG…]` says what is wrong with the lessons and
//! challenges of a project, each with file and line, and exits with 1 when
//! anything is; `lessons export PROJECT INTO` writes what a learner would export
//! of each; `lessons new PROJECT SLUG [TITLE]` makes a lesson; `lessons spell PROJECT` says
//! which words nobody knows; `lessons try PROJECT SLUG [--solution] [COMMAND]` shows an author
//! what the nodes of a lab answer.

#![forbid(unsafe_code)]

use lab::document::Origin;
use lessons::{Project, Report, Spelling};
use std::{collections::BTreeSet, env, path::Path, process::ExitCode};

const USAGE: &str = "\
usage: lessons check PROJECT [SLUG…]
       lessons export PROJECT INTO
       lessons new PROJECT SLUG [TITLE]
       lessons spell PROJECT
       lessons try PROJECT SLUG [--solution] [COMMAND]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check", project, slugs @ ..] => check(Path::new(project), slugs),
        ["export", project, into] => export(Path::new(project), Path::new(into)),
        ["spell", project] => spell(Path::new(project)),
        ["new", project, slug, title @ ..] if title.len() < 2 => {
            made(Path::new(project), slug, title.first().copied())
        }
        ["try", project, slug, "--solution", command @ ..] => {
            attempt(Path::new(project), slug, Origin::Solution, command)
        }
        ["try", project, slug, command @ ..] => {
            attempt(Path::new(project), slug, Origin::Start, command)
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every lesson is fit; false too when there is none.
fn check(project: &Path, slugs: &[&str]) -> Result<bool, String> {
    let mut folders = listed(project)?;
    if !slugs.is_empty() {
        folders.retain(|folder| slugs.iter().any(|slug| folder.ends_with(slug)));
    }
    let course = Project::open(project);
    for problem in &course.problems {
        println!("{problem}");
    }
    let mut failed = 0;
    let mut table = format!(
        "{:32} {:>5} {:>9} {:>7}\n",
        "lesson", "labs", "variants", "claims"
    );
    for folder in &folders {
        let report = course.check(folder);
        let Report {
            slug,
            labs,
            variants,
            claims,
            problems,
        } = &report;
        failed += usize::from(!problems.is_empty());
        for problem in problems {
            println!("{problem}");
        }
        let mark = if problems.is_empty() { "" } else { "  FAILED" };
        table += &format!("{slug:32} {labs:>5} {variants:>9} {claims:>7}{mark}\n");
    }
    println!("{table}");
    // What is not a lesson counts as one when something is wrong with it.
    let beside = usize::from(!course.problems.is_empty());
    println!(
        "lessons: {} passed, {} failed",
        folders.len() - failed,
        failed + beside
    );
    Ok(failed + beside == 0 && !folders.is_empty())
}

/// Whether every word of what people read is known.
fn spell(project: &Path) -> Result<bool, String> {
    let Spelling { files, problems } = lessons::spelling(project)?;
    for problem in &problems {
        println!("{problem}");
    }
    let wrong: BTreeSet<_> = problems.iter().map(|problem| &problem.file).collect();
    // The list of words is one more file.
    let right = files + 1 - wrong.len();
    println!("spelling: {right} passed, {} failed", wrong.len());
    Ok(problems.is_empty())
}

fn export(project: &Path, into: &Path) -> Result<bool, String> {
    let folders = listed(project)?;
    for folder in &folders {
        lessons::export(folder, into)?;
    }
    Ok(!folders.is_empty())
}

fn made(project: &Path, slug: &str, title: Option<&str>) -> Result<bool, String> {
    let folder = lessons::new(project, slug, title.unwrap_or("A new lesson"))?;
    println!(
        "{} is there and listed in the last part of lessons/course.yaml; lessons/README.md says how to go on",
        folder.display()
    );
    Ok(true)
}

fn attempt(project: &Path, slug: &str, from: Origin, command: &[&str]) -> Result<bool, String> {
    let folder = listed(project)?
        .into_iter()
        .find(|folder| folder.ends_with(slug));
    let folder = folder.ok_or_else(|| format!("there is no lesson or challenge `{slug}`"))?;
    print!("{}", lessons::tried(&folder, from, &command.join(" "))?);
    Ok(true)
}

fn listed(project: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    lessons::folders(project).map_err(|error| format!("{}: {error}", project.display()))
}
