//! `lessons check PROJECT [SLUG…]` says what is wrong with the lessons and
//! challenges of a project, each with file and line, and exits with 1 when
//! anything is; `lessons export PROJECT INTO` writes what a learner would export
//! of each; `lessons try PROJECT SLUG [--solution] [COMMAND]` shows an author
//! what the nodes of a lab answer.

#![forbid(unsafe_code)]

use lessons::Files;
use std::{env, path::Path, process::ExitCode};

const USAGE: &str = "\
usage: lessons check PROJECT [SLUG…]
       lessons export PROJECT INTO
       lessons try PROJECT SLUG [--solution] [COMMAND]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check", project, slugs @ ..] => check(Path::new(project), slugs),
        ["export", project, into] => export(Path::new(project), Path::new(into)),
        ["try", project, slug, "--solution", command @ ..] => {
            attempt(Path::new(project), slug, Files::Solution, command)
        }
        ["try", project, slug, command @ ..] => {
            attempt(Path::new(project), slug, Files::Start, command)
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
    let mut failed = 0;
    for folder in &folders {
        let problems = lessons::check(folder);
        failed += usize::from(!problems.is_empty());
        for problem in problems {
            println!("{problem}");
        }
    }
    println!(
        "lessons: {} passed, {failed} failed",
        folders.len() - failed
    );
    Ok(failed == 0 && !folders.is_empty())
}

fn export(project: &Path, into: &Path) -> Result<bool, String> {
    let folders = listed(project)?;
    for folder in &folders {
        lessons::export(folder, into)?;
    }
    Ok(!folders.is_empty())
}

fn attempt(project: &Path, slug: &str, from: Files, command: &[&str]) -> Result<bool, String> {
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
