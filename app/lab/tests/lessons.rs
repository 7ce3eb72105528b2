//! Every lab of every lesson and challenge is fit for learners.

use lab::{document, lint};
use std::{fs, path::Path};

#[test]
fn every_lab_starts_unsolved_and_is_solved_by_its_solution() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut problems = Vec::new();
    let mut labs = 0;
    let folders = ["lessons", "lessons/challenges"].map(|name| {
        let folders = fs::read_dir(project.join(name)).expect("there is such a folder");
        folders.map(|folder| folder.expect("it can be listed").path())
    });
    for folder in folders.into_iter().flatten() {
        let Ok(text) = fs::read_to_string(folder.join("lab.yaml")) else {
            continue;
        };
        labs += 1;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
        match document::read_with_places(&text, read) {
            Ok((document, places)) => {
                if document.id != name {
                    problems.push(format!("{name}: its id is `{}`", document.id));
                }
                let found = lint::lab(&document, &places);
                problems.extend(found.iter().map(|problem| format!("{name}: {problem}")));
            }
            Err(errors) => {
                problems.extend(errors.iter().map(|error| format!("{name}/{error}")));
            }
        }
    }
    assert!(labs > 0, "no lesson has a lab");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
