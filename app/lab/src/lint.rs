//! What an author has to know about a lab before a learner sees it.

mod challenge;

use crate::{
    check::{Decided, Verdict},
    document::{Case, Check, Document, Expectation, LabError, Origin, Places},
    message::{CapstoneView, CheckView},
    session::Session,
};
use sorted::SortedMap;
use std::slice;

/// The name of a lesson's prose in its folder.
const PROSE: &str = "index.md";

/// Everything that is wrong with a lab, each at its place; empty when it is fit
/// for learners.
pub fn lab(document: &Document, places: &Places) -> Vec<LabError> {
    let mut problems = shape(document, places);
    problems.extend(challenge::shape(document, places));
    if problems.is_empty() {
        problems.extend(answers(document, places));
    }
    problems
}

/// Everything that is wrong with a lesson's prose beside its lab: `prose` is
/// the text of `index.md`, or `None` when there is none, and then no lesson
/// uses the lab.
pub fn lesson(prose: Option<&str>, document: &Document, places: &Places) -> Vec<LabError> {
    let Some(prose) = prose else {
        return vec![places.at(
            "id",
            "no lesson uses this lab: there is no index.md beside it",
        )];
    };
    let at = |line: usize, message: String| LabError {
        file: PROSE.to_owned(),
        line,
        message,
    };
    let mut problems = Vec::new();
    let mut shown: SortedMap<&str, usize> = SortedMap::new();
    let ids: Vec<&str> = all_checks(document)
        .map(|(_, check)| check.id.as_str())
        .filter(|id| !id.is_empty())
        .collect();
    for (line, marker) in markers(prose) {
        match marker
            .split_once(':')
            .map(|(kind, name)| (kind.trim(), name.trim()))
        {
            Some(("lab", part @ ("prediction" | "task"))) => {
                shown.entry(part).or_insert(line);
            }
            // A command with what every node answers.
            Some(("lab", run)) if run.starts_with("run ") => {
                shown.entry("run").or_insert(line);
            }
            Some(("lab", other)) => problems.push(at(
                line,
                format!("the lab has no part `{other}`: it has prediction, task and run COMMAND"),
            )),
            Some(("case", id)) if !ids.contains(&id) => {
                problems.push(at(line, format!("there is no case `{id}` in the lab")));
            }
            _ => {}
        }
    }
    if shown.is_empty() {
        problems.push(at(
            1,
            "the lesson does not use its lab: put `<!-- lab: prediction -->` or `<!-- lab: task -->` where it belongs".to_owned(),
        ));
    }
    for (part, there) in [
        ("prediction", document.prediction.is_some()),
        ("task", !document.task.is_empty()),
    ] {
        match shown.get(part) {
            Some(line) if !there => problems.push(at(*line, format!("the lab has no {part}"))),
            None if there && !shown.is_empty() => problems.push(places.at(
                part,
                format!("the lesson never shows it: put `<!-- lab: {part} -->` where it belongs"),
            )),
            _ => {}
        }
    }
    problems
}

/// The comments of a Markdown text with their lines: what stands between `<!--`
/// and `-->`.
pub fn markers(prose: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(prose.lines()).flat_map(|(number, line)| {
        line.split("<!--")
            .skip(1)
            .filter_map(move |rest| Some((number, rest.split_once("-->")?.0.trim())))
    })
}

/// All checks with their places.
fn all_checks(document: &Document) -> impl Iterator<Item = (String, &Check)> {
    let placed = |key: &'static str| move |(index, check)| (format!("{key}[{index}]"), check);
    let cases = document.cases.iter().map(|case| &case.check);
    let checks = document.checks.iter().enumerate().map(placed("checks"));
    checks
        .chain(document.variants.iter().enumerate().map(placed("variants")))
        .chain(cases.enumerate().map(placed("cases")))
}

/// What can be told without running anything.
fn shape(document: &Document, places: &Places) -> Vec<LabError> {
    let mut problems = Vec::new();
    let mut claim = |holds: bool, path: &str, problem: String| {
        if !holds {
            problems.push(places.at(path, problem));
        }
    };
    claim(
        !document.nodes.is_empty(),
        "nodes",
        "the lab has no node".to_owned(),
    );
    for (what, text) in [
        ("id", &document.id),
        ("title", &document.title),
        ("goal", &document.goal),
    ] {
        claim(!text.is_empty(), what, format!("its {what} is empty"));
    }
    if let Some(prediction) = &document.prediction {
        let right = prediction.options.iter().filter(|option| option.right);
        claim(
            right.count() == 1,
            "prediction.options",
            "a prediction has exactly one right answer".to_owned(),
        );
        for (index, option) in prediction.options.iter().enumerate() {
            claim(
                !option.right || option.misconception.is_none(),
                &format!("prediction.options[{index}]"),
                "the right answer has no misconception".to_owned(),
            );
        }
        claim(
            (3..=4).contains(&prediction.options.len()),
            "prediction.options",
            "a prediction has three or four answers".to_owned(),
        );
    }
    let mut seen = SortedMap::new();
    for (path, check) in all_checks(document) {
        claim(
            !check.nodes.is_empty(),
            &path,
            format!("the check “{}” names no node", check.title),
        );
        for (index, id) in check.nodes.iter().enumerate() {
            claim(
                document.nodes.iter().any(|node| node.id == *id),
                &format!("{path}.nodes[{index}]"),
                format!("there is no node `{id}`"),
            );
        }
        for operation in &check.operations {
            let runs = matches!(
                operation.expect,
                Expectation::Allowed | Expectation::Blocked | Expectation::Failed
            );
            claim(
                runs != operation.run.is_empty(),
                &path,
                format!(
                    "“{}”: allowed, blocked and failed need a command to `run`, the others have none",
                    check.title
                ),
            );
        }
        if !check.id.is_empty()
            && let Some(first) = seen.insert(check.id.clone(), check.title.clone())
        {
            claim(
                false,
                &format!("{path}.id"),
                format!("`{}` is the id of “{first}” already", check.id),
            );
        }
    }
    for (index, case) in document.cases.iter().enumerate() {
        claim(
            !case.check.id.is_empty(),
            &format!("cases[{index}]"),
            "a case needs an id, by which the text cites it".to_owned(),
        );
    }
    claim(
        document.variants.is_empty() || !document.checks.is_empty(),
        "variants",
        "variants are shown once the checks pass, and there is no check".to_owned(),
    );
    let task = !document.checks.is_empty();
    claim(
        !task || !document.task.is_empty(),
        "checks",
        "the lab has checks but no task".to_owned(),
    );
    claim(
        !task || document.hints.len() == 3,
        "hints",
        "a lab with a task needs three hints: where to look, what to read, what to type".to_owned(),
    );
    claim(
        !task || document.files.iter().any(|file| file.solution.is_some()),
        "files",
        "the lab has a task but no solution".to_owned(),
    );
    for (index, file) in document.files.iter().enumerate() {
        claim(
            file.editable || file.solution.is_none(),
            &format!("files[{index}]"),
            format!(
                "the solution changes {}, which a learner may not",
                file.path
            ),
        );
    }
    problems
}

/// Whether the start is not yet a solution, the solution is one, and every
/// variant and case can be told.
fn answers(document: &Document, places: &Places) -> Vec<LabError> {
    let start = Session::open(document.clone(), &[], None);
    let solved = Session::open(document.clone(), &document.solution(), None);
    let (start, solved) = match (start, solved) {
        (Ok(start), Ok(solved)) => (start, solved),
        (Err(error), _) | (_, Err(error)) => return vec![places.at("id", error.to_string())],
    };
    let mut problems = Vec::new();
    if let (Some(start), Some(solved)) = (start.capstone(), solved.capstone()) {
        problems.extend(capstone(&start, &solved, places));
    }
    if !document.checks.is_empty() {
        let at_start = start.decide(&document.checks);
        if at_start.iter().all(|check| check.verdict == Verdict::Holds) {
            problems.push(places.at("checks", "the start passes every check already"));
        }
    }
    let mut told = |session: &Session, path: &str, check: &Check, whose: &str| {
        for decided in session.decide(slice::from_ref(check)) {
            let Decided {
                title, sentence, ..
            } = decided;
            let problem = match decided.verdict {
                Verdict::Holds => continue,
                Verdict::Fails => format!("{whose} fails “{title}”: {sentence}"),
                Verdict::Undecided => format!("“{title}” cannot be decided: {sentence}"),
            };
            problems.push(places.at(path, problem));
        }
    };
    for (key, checks) in [
        ("checks", &document.checks),
        ("variants", &document.variants),
    ] {
        for (index, check) in checks.iter().enumerate() {
            told(&solved, &format!("{key}[{index}]"), check, "the solution");
        }
    }
    let mut unmade = Vec::new();
    for (index, case) in document.cases.iter().enumerate() {
        let path = format!("cases[{index}]");
        if case.change.is_empty() {
            let session = match case.from {
                Origin::Start => &start,
                Origin::Solution => &solved,
            };
            told(session, &path, &case.check, case.from.title());
            continue;
        }
        match edited(document, case, &path, places) {
            Ok(session) => {
                let whose = format!("{} after its edit", case.from.title());
                told(&session, &path, &case.check, &whose);
            }
            Err(problem) => unmade.push(problem),
        }
    }
    problems.extend(unmade);
    if let Some(challenge) = document.challenge {
        problems.extend(challenge::scores(&solved, challenge, places));
    }
    problems
}

/// The lab with the files that a case is decided on.
fn edited(
    document: &Document,
    case: &Case,
    path: &str,
    places: &Places,
) -> Result<Session, LabError> {
    let mut lab = document.beginning_with(case.from);
    for (index, change) in case.change.iter().enumerate() {
        change
            .make(&mut lab)
            .map_err(|problem| places.at(&format!("{path}.change[{index}]"), problem))?;
    }
    Session::open(lab, &[], None).map_err(|error| places.at(path, error.to_string()))
}

/// Whether the start of a capstone fails most checks, and the solution none on
/// any fleet.
fn capstone(start: &CapstoneView, solved: &CapstoneView, places: &Places) -> Vec<LabError> {
    let mut problems = Vec::new();
    let at_start: Vec<bool> = checks_of(start).map(|(_, check)| check.passed).collect();
    let holding = at_start.iter().filter(|passed| **passed).count();
    if holding * 2 >= at_start.len() {
        let message = format!(
            "the start passes {holding} of {} checks already",
            at_start.len()
        );
        problems.push(places.at("capstone", message));
    }
    for (seed, check) in checks_of(solved).filter(|(_, check)| !check.passed) {
        let message = format!(
            "the solution fails “{}” on the fleet of seed {seed}: {}",
            check.title, check.sentence
        );
        problems.push(places.at("capstone", message));
    }
    problems
}

fn checks_of(view: &CapstoneView) -> impl Iterator<Item = (u32, &CheckView)> {
    let fleets = view.fleets.iter();
    fleets.flat_map(|fleet| fleet.checks.iter().map(|check| (fleet.seed, check)))
}
