//! What an author has to know about a lab before a learner sees it.

use crate::{
    document::Document,
    message::{CheckView, FileText},
    session::Session,
};

/// Everything that is wrong with a lab, one sentence each; empty when it is
/// fit for learners.
pub fn problems(document: &Document) -> Vec<String> {
    let mut problems = shape(document);
    if problems.is_empty() && !document.checks.is_empty() {
        problems.extend(answers(document));
    }
    problems
}

/// What can be told without running anything.
fn shape(document: &Document) -> Vec<String> {
    let mut problems = Vec::new();
    let mut claim = |holds: bool, problem: String| {
        if !holds {
            problems.push(problem);
        }
    };
    claim(!document.nodes.is_empty(), "it has no node".to_owned());
    for (what, text) in [
        ("id", &document.id),
        ("title", &document.title),
        ("goal", &document.goal),
    ] {
        claim(!text.is_empty(), format!("its {what} is empty"));
    }
    if let Some(prediction) = &document.prediction {
        let right = prediction.options.iter().filter(|option| option.right);
        claim(
            right.count() == 1,
            "its prediction has to have exactly one right answer".to_owned(),
        );
        claim(
            (3..=4).contains(&prediction.options.len()),
            "its prediction has to have three or four answers".to_owned(),
        );
    }
    for check in document.checks.iter().chain(&document.variants) {
        claim(
            !check.nodes.is_empty(),
            format!("the check “{}” names no node", check.title),
        );
        for id in &check.nodes {
            claim(
                document.nodes.iter().any(|node| node.id == *id),
                format!(
                    "the check “{}” is for a node `{id}` that there is not",
                    check.title
                ),
            );
        }
    }
    claim(
        document.checks.is_empty() || !document.task.is_empty(),
        "it has checks but no task".to_owned(),
    );
    claim(
        document.checks.is_empty() || document.hints.len() == 3,
        "a lab with a task needs three hints: where to look, what to read, what to type".to_owned(),
    );
    claim(
        document.checks.is_empty() || document.files.iter().any(|file| file.solution.is_some()),
        "it has a task but no solution".to_owned(),
    );
    problems
}

/// Whether the start is not yet a solution, and the solution is one.
fn answers(document: &Document) -> Vec<String> {
    let solution: Vec<FileText> = document
        .files
        .iter()
        .filter_map(|file| {
            Some(FileText {
                path: file.path.clone(),
                text: file.solution.clone()?,
            })
        })
        .collect();
    let start = Session::open(document.clone(), &[]);
    let solved = Session::open(document.clone(), &solution);
    let (start, solved) = match (start, solved) {
        (Ok(start), Ok(solved)) => (start, solved),
        (Err(error), _) | (_, Err(error)) => return vec![error.to_string()],
    };
    let mut problems = Vec::new();
    if start.check().iter().all(|check| check.passed) {
        problems.push("its start already passes every check".to_owned());
    }
    let fails = |kind: &str, check: &CheckView| {
        format!(
            "its solution fails the {kind} “{}”: {}",
            check.title, check.sentence
        )
    };
    for check in solved.check().iter().filter(|check| !check.passed) {
        problems.push(fails("check", check));
    }
    for check in solved.check_variants().iter().filter(|check| !check.passed) {
        problems.push(fails("variant", check));
    }
    problems
}
