//! `lessons check FOLDER [SLUG…]` says what is wrong with the lessons of a
//! course, each with file and line, and exits with 1 when anything is;
//! `lessons export FOLDER INTO` writes what a learner would export of each.

#![forbid(unsafe_code)]

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check", course, slugs @ ..] => check(Path::new(course), slugs),
        ["export", course, into] => export(Path::new(course), Path::new(into)),
        _ => Err("usage: lessons check FOLDER [SLUG…] | lessons export FOLDER INTO".to_owned()),
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
fn check(course: &Path, slugs: &[&str]) -> Result<bool, String> {
    let mut folders = listed(course)?;
    if !slugs.is_empty() {
        folders = slugs.iter().map(|slug| course.join(slug)).collect();
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

fn export(course: &Path, into: &Path) -> Result<bool, String> {
    let folders = listed(course)?;
    for folder in &folders {
        lessons::export(folder, into)?;
    }
    Ok(!folders.is_empty())
}

fn listed(course: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    lessons::folders(course).map_err(|error| format!("{}: {error}", course.display()))
}
