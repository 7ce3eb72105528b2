//! A new lesson, complete and fit, for an author to begin with.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What a new lesson is made of, below the project's folder.
const TEMPLATE: &str = "app/xtask/template/lesson";
/// The course map.
const MAP: &str = "lessons/course.yaml";

/// Makes the folder of a lesson, and puts it at the end of the course map.
///
/// # Errors
/// When the name cannot be one or is taken, or a file cannot be written; one
/// sentence.
pub fn new(project: &Path, slug: &str, title: &str) -> Result<PathBuf, String> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if slug.is_empty() || !slug.bytes().all(letter) || slug.starts_with('-') {
        return Err(format!(
            "`{slug}` cannot be part of an address: use small letters, digits and -"
        ));
    }
    let folder = project.join("lessons").join(slug);
    if folder.exists() {
        return Err(format!("there is {} already", folder.display()));
    }
    let map = project.join(MAP);
    let listed = fs::read_to_string(&map).map_err(|error| said(&map, &error))?;
    let listed = listed
        .trim_end()
        .strip_suffix(']')
        .map(|head| format!("{head}, {slug}]\n"))
        .ok_or_else(|| format!("{MAP} does not end with the lessons of a part, `[a, b]`"))?;
    let template = project.join(TEMPLATE);
    let mut files = Vec::new();
    below(&template, Path::new(""), &mut files)?;
    for file in files {
        let from = template.join(&file);
        let text = fs::read_to_string(&from).map_err(|error| said(&from, &error))?;
        let text = text.replace("NEW-LESSON", slug).replace("NEW TITLE", title);
        let path = folder.join(&file);
        fs::create_dir_all(path.parent().unwrap_or(&folder))
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| said(&path, &error))?;
    }
    fs::write(&map, listed).map_err(|error| said(&map, &error))?;
    Ok(folder)
}

/// The files below a folder, relative to it.
fn below(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let here = root.join(folder);
    for entry in fs::read_dir(&here).map_err(|error| said(&here, &error))? {
        let entry = entry.map_err(|error| said(&here, &error))?;
        let path = folder.join(entry.file_name());
        if root.join(&path).is_dir() {
            below(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
