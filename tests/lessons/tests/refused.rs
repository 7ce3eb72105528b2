//! A lesson that is not fit for learners is refused, at the line where it is
//! wrong.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A change of a fit lesson, and what is said of it then.
struct Refusal {
    /// What is wrong with it, as the end of a sentence that begins with "a lesson".
    what: &'static str,
    /// The file that is changed.
    file: &'static str,
    /// What stands in it.
    find: &'static str,
    /// What stands there instead.
    put: &'static str,
    /// Where it is said, and what; a part of it. The line is the one of the
    /// first text that is named behind the file, in the changed file.
    said: (&'static str, &'static str, &'static str),
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        what: "whose start passes",
        file: "start/profile",
        find: "deny /data/** w,",
        put: "deny /data/** wl,",
        said: (
            "lab.yaml",
            "checks:",
            "the start passes every check already",
        ),
    },
    Refusal {
        what: "whose solution fails",
        file: "solution/profile",
        find: "deny /data/** wl,",
        put: "deny /data/** l,",
        said: (
            "lab.yaml",
            "- title: No file can be made there",
            "the solution fails “No file can be made there",
        ),
    },
    Refusal {
        what: "with a variant that cannot be decided",
        file: "lab.yaml",
        find: "run: mv /tmp/note /data/moved",
        put: "run: frobnicate /data",
        said: (
            "lab.yaml",
            "- title: It also had to survive a rename",
            "cannot be decided: ubuntu: frobnicate: there is no such program",
        ),
    },
    Refusal {
        what: "that cites a case that is not there",
        file: "index.md",
        find: "<!-- case: touch-is-quiet -->",
        put: "<!-- case: touch-is-quiet --> <!-- case: nope -->",
        said: (
            "index.md",
            "case: nope",
            "there is no case `nope` in the lab",
        ),
    },
    Refusal {
        what: "with a case that is not true",
        file: "lab.yaml",
        find: "logged: false",
        put: "logged: true",
        said: (
            "lab.yaml",
            "- id: touch-is-quiet",
            "the start fails “A plain deny leaves no line in the log”",
        ),
    },
    Refusal {
        what: "with a case that is not true of the solution",
        file: "lab.yaml",
        find: "    from: solution\n    run: ln /tmp/note /data/note\n    expect: blocked",
        put: "    from: solution\n    run: ln /tmp/note /data/note\n    expect: allowed",
        said: (
            "lab.yaml",
            "- id: link-is-refused",
            "the solution fails “With the letter l the link is refused”",
        ),
    },
    Refusal {
        what: "with a case that is not true after its edit",
        file: "lab.yaml",
        find: "put: audit deny",
        put: "put: deny",
        said: (
            "lab.yaml",
            "- id: audit-is-logged",
            "the start after its edit fails “With audit the kernel writes a line”",
        ),
    },
    Refusal {
        what: "with a case whose edit cannot be made",
        file: "lab.yaml",
        find: "find: deny",
        put: "find: allow",
        said: ("lab.yaml", "- file: profile", "profile has no `allow`"),
    },
    Refusal {
        what: "with a check that is decided on other files than the learner's",
        file: "lab.yaml",
        find: "  - title: Nothing can be linked into /data",
        put: "  - from: solution\n    title: Nothing can be linked into /data",
        said: (
            "lab.yaml",
            "- from: solution",
            "only a case says `from` or `change`",
        ),
    },
    Refusal {
        what: "with a bare `on`",
        file: "lab.yaml",
        find: "\"on\": node",
        put: "on: node",
        said: (
            "lab.yaml",
            "on: node",
            "YAML 1.1 reads the key `on` as true: put it in quotes, `\"on\":`",
        ),
    },
    Refusal {
        what: "with a lab that cannot be read",
        file: "lab.yaml",
        find: "expect: enforced",
        put: "expect: enforeced",
        said: (
            "lab.yaml",
            "expect: enforeced",
            "unknown variant `enforeced`",
        ),
    },
    Refusal {
        what: "whose right answer has a misconception",
        file: "lab.yaml",
        find: "right: true",
        put: "right: true\n      misconception: 1",
        said: (
            "lab.yaml",
            "- text: It goes through.",
            "the right answer has no misconception",
        ),
    },
];

/// The folder of a fit lesson that may be changed.
fn fit(name: &str) -> PathBuf {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/xtask/template/lesson");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(name)
        .join("NEW-LESSON");
    let _ = fs::remove_dir_all(&folder);
    copy(&template, &folder);
    folder
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

/// What is said of the lesson in a folder.
fn said(folder: &Path) -> Vec<String> {
    lessons::check(folder)
        .iter()
        .map(|problem| {
            let file = problem
                .file
                .strip_prefix(folder)
                .expect("it is in the folder");
            format!("{}:{}: {}", file.display(), problem.line, problem.message)
        })
        .collect()
}

#[test]
fn the_template_of_new_lesson_is_fit() {
    assert_eq!(said(&fit("fit")), Vec::<String>::new());
}

#[test]
fn a_lesson_with_one_fault_is_refused_where_it_is() {
    let mut wrong = Vec::new();
    for refusal in REFUSALS {
        let Refusal { what, .. } = refusal;
        let folder = fit(&what.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"));
        let path = folder.join(refusal.file);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(refusal.find), "{what}: nothing to change");
        let changed = text.replacen(refusal.find, refusal.put, 1);
        fs::write(&path, changed).expect("it can be written");

        let (file, beside, sentence) = refusal.said;
        let named = fs::read_to_string(folder.join(file)).expect("it is there");
        let line = named.lines().position(|line| line.contains(beside));
        let line = line.unwrap_or_else(|| panic!("{what}: no line has {beside}")) + 1;
        let said = said(&folder);
        let place = format!("{file}:{line}: ");
        if !said
            .iter()
            .any(|one| one.starts_with(&place) && one.contains(sentence))
        {
            wrong.push(format!(
                "a lesson {what}: not {place}{sentence} but {said:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_lab_that_no_lesson_uses_is_refused() {
    let folder = fit("unused");
    fs::remove_file(folder.join("index.md")).expect("it was there");
    let without = said(&folder);
    assert!(
        without
            .iter()
            .any(|one| one.contains("no lesson uses this lab")),
        "{without:?}"
    );
    fs::write(folder.join("index.md"), "# A lesson\n").expect("it can be written");
    let unmarked = said(&folder);
    assert!(
        unmarked
            .iter()
            .any(|one| one.contains("the lesson does not use its lab")),
        "{unmarked:?}"
    );
}

#[test]
fn a_file_that_the_lab_does_not_name_is_refused() {
    let folder = fit("stray");
    fs::write(folder.join("start/stray.txt"), "?").expect("it can be written");
    assert_eq!(
        said(&folder),
        ["start/stray.txt:1: lab.yaml does not name this file"]
    );
}
