//! A lesson that is not fit for learners is refused, at the line where it is
//! wrong.

use std::{fs, path::Path};

/// A lesson that is fit, in a folder of its own, changed by `change`; what is
/// said of it.
fn said(name: &str, change: impl FnOnce(&Path)) -> Vec<String> {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/xtask/template/lesson");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(name)
        .join("NEW-LESSON");
    let _ = fs::remove_dir_all(&folder);
    copy(&template, &folder);
    change(&folder);
    lessons::check(&folder)
        .iter()
        .map(|problem| {
            let file = problem
                .file
                .strip_prefix(&folder)
                .expect("it is in the folder");
            format!("{}:{}: {}", file.display(), problem.line, problem.message)
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the template is there") {
        let path = entry.expect("it can be listed").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

fn replace(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.contains(from), "{file} does not say {from}");
    fs::write(path, text.replace(from, to)).expect("it can be written");
}

/// The one thing that is said, without its place in the file.
fn only(said: &[String]) -> &str {
    let [only] = said else {
        panic!("not one problem: {said:?}");
    };
    only
}

#[test]
fn the_template_of_new_lesson_is_fit() {
    assert_eq!(said("fit", |_| {}), Vec::<String>::new());
}

#[test]
fn a_start_that_passes_is_refused() {
    let said = said("start", |folder| {
        fs::copy(
            folder.join("solution/profile"),
            folder.join("start/profile"),
        )
        .expect("copied");
    });
    assert!(
        said.iter().any(|one| one.starts_with("lab.yaml:")
            && one.contains("the start passes every check already")),
        "{said:?}"
    );
}

#[test]
fn a_solution_that_fails_is_refused() {
    let said = said("solution", |folder| {
        replace(
            folder,
            "solution/profile",
            "deny /data/** wl,",
            "deny /data/** l,",
        );
    });
    assert!(
        said.iter().any(|one| one.contains("the solution fails “")),
        "{said:?}"
    );
}

#[test]
fn a_variant_that_cannot_be_decided_is_refused_at_its_line() {
    let said = said("variant", |folder| {
        replace(
            folder,
            "lab.yaml",
            "run: mv /tmp/note /data/moved",
            "run: frobnicate /data",
        );
    });
    let only = only(&said);
    assert!(only.contains("cannot be decided: "), "{only}");
    assert!(
        only.contains("frobnicate: there is no such program"),
        "{only}"
    );
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/xtask/template/lesson/lab.yaml"),
    )
    .expect("the template has a lab");
    let line = text
        .lines()
        .position(|line| line.starts_with("variants:"))
        .expect("it has variants")
        + 2;
    assert!(
        only.starts_with(&format!("lab.yaml:{line}:")),
        "{only} is not at line {line}"
    );
}

#[test]
fn a_text_that_cites_a_case_that_is_not_there_is_refused_at_its_line() {
    let said = said("case", |folder| {
        replace(
            folder,
            "index.md",
            "<!-- case: touch-is-quiet -->",
            "<!-- case: nope -->",
        );
    });
    assert!(
        only(&said).ends_with("there is no case `nope` in the lab"),
        "{said:?}"
    );
    assert!(only(&said).starts_with("index.md:"));
}

#[test]
fn a_case_that_is_not_true_is_refused() {
    let said = said("untrue", |folder| {
        replace(folder, "lab.yaml", "logged: false", "logged: true");
    });
    assert!(
        only(&said).contains("but there is no line in the log"),
        "{said:?}"
    );
}

#[test]
fn a_lab_that_no_lesson_uses_is_refused() {
    let without = said("unused", |folder| {
        fs::remove_file(folder.join("index.md")).expect("it was there");
    });
    assert!(
        only(&without).contains("no lesson uses this lab"),
        "{without:?}"
    );
    let unmarked = said("unmarked", |folder| {
        fs::write(folder.join("index.md"), "# A lesson\n").expect("it can be written");
    });
    assert!(
        only(&unmarked).contains("the lesson does not use its lab"),
        "{unmarked:?}"
    );
}

#[test]
fn a_lab_that_cannot_be_read_is_refused_at_its_line() {
    let said = said("unread", |folder| {
        replace(folder, "lab.yaml", "expect: enforced", "expect: enforeced");
    });
    assert!(only(&said).starts_with("lab.yaml:"), "{said:?}");
    assert!(only(&said).contains("enforeced"), "{said:?}");
}

#[test]
fn a_file_that_the_lab_does_not_name_is_refused() {
    let said = said("stray", |folder| {
        fs::write(folder.join("start/stray.txt"), "?").expect("it can be written");
    });
    assert_eq!(
        said,
        ["start/stray.txt:1: lab.yaml does not name this file"]
    );
}
