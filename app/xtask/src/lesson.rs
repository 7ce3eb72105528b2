//! What is done with lessons: each is a command of the program `lessons`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    program::{call, root, run, workspace_program},
    setup,
};

/// Says what is wrong with the lessons, or with those named, each with file
/// and line.
pub fn check(slugs: &[&str]) -> Result {
    run("check-lessons", &mut check_command(slugs)?)
}

/// The program that does it, which counts the lessons.
pub fn check_command(slugs: &[&str]) -> Result<std::process::Command> {
    let mut command = workspace_program("lessons", &["check", "."])?;
    command.args(slugs);
    Ok(command)
}

/// Says which words of what people read are in no dictionary.
pub fn spell() -> Result {
    run("spell", &mut spell_command()?)
}

/// The program that does it, which counts the files.
pub fn spell_command() -> Result<std::process::Command> {
    workspace_program("lessons", &["spell", "."])
}

/// Shows what the nodes of a lesson's lab answer, also to a command.
pub fn attempt(arguments: &[&str]) -> Result {
    let mut command = workspace_program("lessons", &["try", "."])?;
    command.args(arguments);
    run("try-lesson", &mut command)
}

/// Writes what learners would export of each lesson, has shellcheck look at the
/// scripts, and runs their parser checks where there is a parser; true when
/// those could be run.
pub fn exported() -> Result<bool> {
    let into = root().join("target/exported");
    let _ = fs::remove_dir_all(&into);
    let into_text = into.to_string_lossy();
    run(
        "export",
        &mut workspace_program("lessons", &["export", ".", &into_text])?,
    )?;
    let mut scripts = Vec::new();
    listed(&into, Path::new(""), &mut scripts)?;
    scripts.retain(|file| file.file_name().is_some_and(|name| name == "verify.sh"));
    if scripts.is_empty() {
        return Err("no lesson exports a verify.sh".to_owned());
    }
    let parser = setup::apparmor_parser();
    for script in scripts {
        let path = into.join(script);
        let text = path.to_string_lossy();
        run(&text, &mut call("shellcheck", &[&text]))?;
        if let Some(parser) = &parser {
            let mut command = call("bash", &[&text, "--parser-only"]);
            run(&text, command.env("APPARMOR_PARSER", parser))?;
        }
    }
    Ok(parser.is_some())
}

/// Makes a lesson's folder with everything that belongs into one.
pub fn new(arguments: &[&str]) -> Result {
    let mut command = workspace_program("lessons", &["new", "."])?;
    command.args(arguments);
    run("new-lesson", &mut command)
}

/// The files below a folder, relative to it.
fn listed(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result {
    let entries = fs::read_dir(folder.join(below));
    for entry in entries.map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = below.join(entry.file_name());
        if folder.join(&path).is_dir() {
            listed(folder, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
