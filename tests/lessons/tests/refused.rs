//! A lesson that is not fit for learners is refused, at the line where it is
//! wrong.

use lessons::Project;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The name of the lesson that is made fit and then changed.
const SLUG: &str = "fit-lesson";

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
        said: ("lab.yaml", "- from: solution", "unknown field `from`"),
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
    Refusal {
        what: "with fewer than three hidden variants",
        file: "lab.yaml",
        find: "  - title: Linking elsewhere still works\n    nodes: [ubuntu]\n    run: ln /tmp/note /tmp/copy\n    expect: allowed\n",
        put: "",
        said: (
            "lab.yaml",
            "variants:",
            "a lab has at least 3 hidden variants, this one has 2",
        ),
    },
    Refusal {
        what: "with two hints",
        file: "lab.yaml",
        find: "  - Making a hard link asks for the letter `l` on the new name.\n",
        put: "",
        said: ("lab.yaml", "hints:", "needs three hints"),
    },
    Refusal {
        what: "with one review card",
        file: "cards.yaml",
        find: "- id: fit-lesson-quiet",
        put: "- id: fit-lesson-other\n  question: A third?\n  options: []\n- id: fit-lesson-quiet",
        said: (
            "cards.yaml",
            "# Two review cards",
            "a lesson has 2 review cards, this one has 3",
        ),
    },
    Refusal {
        what: "with a card that has two right answers",
        file: "cards.yaml",
        find: "reply: That word belongs",
        put: "right: true\n      reply: That word belongs",
        said: (
            "cards.yaml",
            "- id: fit-lesson-quiet",
            "a card has three or four answers, one of them right",
        ),
    },
    Refusal {
        what: "with a card of another lesson's name",
        file: "cards.yaml",
        find: "- id: fit-lesson-quiet",
        put: "- id: fit-lesson-letter # again",
        said: (
            "cards.yaml",
            "# again",
            "`fit-lesson-letter` is the id of another card",
        ),
    },
    Refusal {
        what: "without a section of the template",
        file: "index.md",
        find: "## Why it works\n",
        put: "### Why it works\n",
        said: (
            "index.md",
            "## What it also had to survive",
            "the section “Why it works” is missing",
        ),
    },
    Refusal {
        what: "with sections out of order",
        file: "index.md",
        find: "## Predict\n",
        put: "## The idea\n\n## Predict\n",
        said: (
            "index.md",
            "## The idea",
            "the section “The idea” stands before what the template puts in front of it",
        ),
    },
    Refusal {
        what: "with a section that the template does not have",
        file: "index.md",
        find: "## With the real tools\n",
        put: "## Afterthoughts\n\n## With the real tools\n",
        said: (
            "index.md",
            "## Afterthoughts",
            "the template has no section “Afterthoughts”",
        ),
    },
    Refusal {
        what: "with a wrong answer that nothing refutes",
        file: "index.md",
        find: "<!-- misconception: 36 -->",
        put: "",
        said: (
            "lab.yaml",
            "because the profile does not name the call",
            "has no refutation of its own: mark one with `<!-- misconception: 36 -->`",
        ),
    },
    Refusal {
        what: "with a case that no text cites",
        file: "index.md",
        find: "<!-- case: link-is-refused -->",
        put: "",
        said: (
            "lab.yaml",
            "- id: link-is-refused",
            "no text cites this case",
        ),
    },
    Refusal {
        what: "with a wrong answer without a misconception",
        file: "lab.yaml",
        find: "      misconception: 36\n",
        put: "",
        said: (
            "lab.yaml",
            "because the profile does not name the call",
            "names no misconception",
        ),
    },
    Refusal {
        what: "with a misconception that nobody knows",
        file: "lab.yaml",
        find: "misconception: 36",
        put: "misconception: 999",
        said: (
            "lab.yaml",
            "because the profile does not name the call",
            "lessons/misconceptions.yaml has no number 999",
        ),
    },
    Refusal {
        what: "that the course map does not list",
        file: "lessons/course.yaml",
        find: ", fit-lesson",
        put: "",
        said: (
            "index.md",
            "# A fit lesson",
            "lessons/course.yaml does not list this lesson",
        ),
    },
    Refusal {
        what: "beside a course map that lists what is not there",
        file: "lessons/course.yaml",
        find: "fit-lesson]",
        put: "fit-lesson, nowhere]",
        said: (
            "lessons/course.yaml",
            "nowhere",
            "there is no lesson `nowhere`",
        ),
    },
    Refusal {
        what: "beside two misconceptions of one number",
        file: "lessons/misconceptions.yaml",
        find: "number: 36",
        put: "number: 35",
        said: (
            "lessons/misconceptions.yaml",
            "number: 35",
            "35 is the number of “seccomp can tell one file from another” already",
        ),
    },
    Refusal {
        what: "with a link to a lesson that is not there",
        file: "index.md",
        find: "Open the rows",
        put: "See [there](../nowhere/). Open the rows",
        said: (
            "index.md",
            "[there]",
            "the link to ../nowhere/ leads nowhere",
        ),
    },
    Refusal {
        what: "with a link to a file that is no page",
        file: "index.md",
        find: "Open the rows",
        put: "See [there](start/profile). Open the rows",
        said: (
            "index.md",
            "[there]",
            "the link to start/profile leads to no page",
        ),
    },
    Refusal {
        what: "with a link to a heading that is not there",
        file: "index.md",
        find: "Open the rows",
        put: "See [this](#the-idea), [that](../other/#the-idea), [a word](../glossary.md#pod),\nand [there](../other/#an-idea). Open the rows",
        said: (
            "index.md",
            "and [there]",
            "the link to ../other/#an-idea: there is no heading #an-idea",
        ),
    },
    Refusal {
        what: "with a word of the glossary that is not there",
        file: "index.md",
        find: "Open the rows",
        put: "See [there](../glossary.md#pods). Open the rows",
        said: ("index.md", "[there]", "there is no heading #pods"),
    },
    Refusal {
        what: "with a link whose address is not given",
        file: "index.md",
        find: "[thread]: https",
        put: "<!-- thread: https",
        said: (
            "index.md",
            "[what they",
            "nothing says where [thread] leads",
        ),
    },
    Refusal {
        what: "beside a README with a link to nothing",
        file: "README.md",
        find: "# A project\n",
        put: "# A project\n\n[files](app/), [nothing](LICENSE)\n",
        said: (
            "README.md",
            "[nothing]",
            "the link to LICENSE leads nowhere",
        ),
    },
];

/// A project of its own with one lesson, made as an author makes one.
fn fit(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&project);
    copy(
        &root.join("app/xtask/template"),
        &project.join("app/xtask/template"),
    );
    fs::create_dir_all(project.join("lessons/challenges")).expect("a folder can be made");
    fs::copy(
        root.join("lessons/misconceptions.yaml"),
        project.join("lessons/misconceptions.yaml"),
    )
    .expect("a file can be copied");
    for (file, text) in [
        ("README.md", "# A project\n"),
        ("ARCHITECTURE.md", "# Its parts\n"),
        ("lessons/README.md", "# Its lessons\n"),
        (
            "lessons/glossary.md",
            "# Glossary\n\n## pod\n\nContainers that belong together.\n",
        ),
        (
            "lessons/course.yaml",
            "- title: First\n  lessons: [other]\n",
        ),
    ] {
        fs::write(project.join(file), text).expect("it can be written");
    }
    lessons::new(&project, SLUG, "A fit lesson").expect("a lesson is made");
    copy(
        &project.join("lessons").join(SLUG),
        &project.join("lessons/other"),
    );
    fs::remove_file(project.join("lessons/other/cards.yaml")).expect("it was there");
    project
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

/// What is said of the project and of its new lesson, by the paths of its files.
fn said(project: &Path) -> Vec<String> {
    let course = Project::open(project);
    let folder = project.join("lessons").join(SLUG);
    let mut problems = course.problems.clone();
    problems.extend(course.check(&folder).problems);
    problems
        .iter()
        .map(|problem| {
            let file = &problem.file;
            let file = file.strip_prefix(&folder).or(file.strip_prefix(project));
            let file = file.expect("it is in the project");
            format!("{}:{}: {}", file.display(), problem.line, problem.message)
        })
        .collect()
}

/// The file of a name, of the lesson or else of the project.
fn file(project: &Path, name: &str) -> PathBuf {
    let own = project.join("lessons").join(SLUG).join(name);
    if own.exists() {
        own
    } else {
        project.join(name)
    }
}

#[test]
fn a_lesson_made_by_new_lesson_is_fit() {
    let project = fit("fit");
    assert_eq!(said(&project), Vec::<String>::new());
    let report = Project::open(&project).check(&project.join("lessons").join(SLUG));
    assert_eq!((report.labs, report.variants, report.claims), (1, 3, 5));
}

#[test]
fn a_lesson_whose_name_cannot_be_an_address_or_is_taken_is_not_made() {
    let project = fit("names");
    for (slug, said) in [
        ("Two Words", "cannot be part of an address"),
        ("", "cannot be part of an address"),
        ("-x", "cannot be part of an address"),
        (SLUG, "there is "),
    ] {
        let made = lessons::new(&project, slug, "Another");
        assert!(
            made.as_ref().is_err_and(|error| error.contains(said)),
            "{made:?}"
        );
    }
}

#[test]
fn a_lesson_with_one_fault_is_refused_where_it_is() {
    let mut wrong = Vec::new();
    for refusal in REFUSALS {
        let Refusal { what, .. } = refusal;
        let project = fit(&what.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"));
        let path = file(&project, refusal.file);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(refusal.find), "{what}: nothing to change");
        let changed = text.replacen(refusal.find, refusal.put, 1);
        fs::write(&path, changed).expect("it can be written");

        let (name, beside, sentence) = refusal.said;
        let named = fs::read_to_string(file(&project, name)).expect("it is there");
        let line = named.lines().position(|line| line.contains(beside));
        let line = line.unwrap_or_else(|| panic!("{what}: no line has {beside}")) + 1;
        let said = said(&project);
        let place = format!("{name}:{line}: ");
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

/// Whether `problem` is said of a lesson, for each of some texts that its idea begins with.
fn said_of_ideas<const N: usize>(name: &str, problem: &str, ideas: [(String, bool); N]) {
    let project = fit(name);
    let prose = file(&project, "index.md");
    let text = fs::read_to_string(&prose).expect("it is there");
    for (more, refused) in ideas {
        let changed = text.replacen("## The idea\n", &format!("## The idea\n\n{more}\n"), 1);
        assert_ne!(changed, text);
        fs::write(&prose, changed).expect("it can be written");
        let said = said(&project);
        let is_said = said.iter().any(|one| one.contains(problem));
        assert_eq!(is_said, refused, "{said:?}");
    }
}

#[test]
fn an_idea_of_more_than_300_words_is_refused() {
    let ideas = [
        ("word ".repeat(301), true),
        (format!("| {} |", "word ".repeat(301)), false),
        (format!("*{}*", "word ".repeat(301)), false),
        (format!("```text\n{}\n```", "word ".repeat(301)), false),
    ];
    said_of_ideas("long", "300 are enough", ideas);
}

#[test]
fn a_picture_that_a_phone_cuts_off_is_refused() {
    let picture = |columns: usize, behind: &str| {
        format!("```text\n{}\n```\n\n{behind}\n", "─".repeat(columns))
    };
    let words = "*The picture in words: a line.*";
    let ideas = [
        (picture(45, words), true),
        (picture(44, words), false),
        (picture(45, "The log goes on."), false),
    ];
    said_of_ideas("broad", "44 are what", ideas);
}

#[test]
fn a_lab_that_no_lesson_uses_is_refused() {
    let project = fit("unused");
    let prose = file(&project, "index.md");
    fs::remove_file(&prose).expect("it was there");
    let without = said(&project);
    let about = |said: &[String], what: &str| said.iter().any(|one| one.contains(what));
    assert!(about(&without, "no lesson uses this lab"), "{without:?}");
    fs::write(prose, "# A lesson\n").expect("it can be written");
    let unmarked = said(&project);
    assert!(
        about(&unmarked, "the lesson does not use its lab"),
        "{unmarked:?}"
    );
}

#[test]
fn a_file_that_the_lab_does_not_name_is_refused() {
    let project = fit("stray");
    let stray = project.join("lessons").join(SLUG).join("start/stray.txt");
    fs::write(stray, "?").expect("it can be written");
    assert_eq!(
        said(&project),
        ["start/stray.txt:1: lab.yaml does not name this file"]
    );
}

/// What is said of a challenge of the course once its `lab.yaml` was changed.
fn said_of_challenge(name: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let project = fit(name);
    let challenge = Path::new("lessons/challenges/attack-a-folder");
    let folder = project.join(challenge);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    copy(&root.join(challenge), &folder);
    let lab = folder.join("lab.yaml");
    let text = fs::read_to_string(&lab).expect("it is there");
    fs::write(&lab, change(&text)).expect("it can be written");
    let problems = Project::open(&project).check(&folder).problems;
    let messages = problems.into_iter().map(|problem| problem.message);
    messages.collect()
}

#[test]
fn a_challenge_with_one_fault_is_refused() {
    let fit = said_of_challenge("challenge", str::to_owned);
    assert_eq!(fit, Vec::<String>::new());
    let terms = "challenge:\n  side: attack\n  number: 1\n  par: 3\n";
    for (name, find, put, expected) in [
        (
            "no-terms",
            terms,
            "",
            "a challenge says its side, number and par",
        ),
        ("no-side", "  side: attack\n", "", "missing field `side`"),
        ("no-number", "  number: 1\n", "", "missing field `number`"),
        ("no-par", "  par: 3\n", "", "missing field `par`"),
        (
            "other-side",
            "side: attack",
            "side: defend",
            "its name does not begin with `defend-`",
        ),
        (
            "seed",
            "seeds: [1, 3]",
            "seeds: [1, 6]",
            "there is no seed 6",
        ),
        ("par-4", "par: 3", "par: 4", "the solution has 3 rules"),
        (
            "par-2",
            "par: 3",
            "par: 2",
            "with seed 1 the solution scores 99",
        ),
    ] {
        let said = said_of_challenge(name, |lab| {
            assert!(lab.contains(find), "{find}");
            lab.replace(find, put)
        });
        assert!(
            said.iter().any(|message| message.contains(expected)),
            "{name}: {said:?}"
        );
    }
}

#[test]
fn a_challenge_with_a_draw_of_no_variant_is_refused() {
    let said = said_of_challenge("no-draw", |lab| {
        let lines = lab.lines().map(|line| {
            if line.trim().starts_with("seeds: ") {
                "    seeds: [2, 3, 4, 5]"
            } else {
                line
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    assert_eq!(said, ["seed 1 has no variant"]);
}

#[test]
fn a_challenge_without_variants_is_refused() {
    let said = said_of_challenge("no-variants", |lab| {
        let (before, variants) = lab.split_once("variants:\n").expect("it has variants");
        let (_, after) = variants.split_once("hints:\n").expect("it has hints");
        format!("{before}hints:\n{after}")
    });
    let expected = "a challenge has at least 3 hidden variants";
    assert!(said.iter().any(|message| message == expected), "{said:?}");
}
