//! What the author of a challenge has to know besides.

use crate::{
    document::{Challenge, Check, Document, LabError, Places, SEEDS},
    message::Response,
    session::Session,
};

/// Fewest hidden variants of a challenge, all draws together.
const FEWEST_VARIANTS: usize = 3;

/// What is wrong with the form of a challenge, or with a lab that has parts of
/// one and is none.
pub fn shape(document: &Document, places: &Places) -> Vec<LabError> {
    let mut problems = Vec::new();
    for (path, check) in super::all_checks(document) {
        if let Some(problem) = seeds(document, &path, check) {
            problems.push(places.at(&format!("{path}.seeds"), problem));
        }
    }
    if document.challenge.is_none() {
        return problems;
    }
    if document.variants.len() < FEWEST_VARIANTS {
        problems.push(places.at(
            "variants",
            format!("a challenge has at least {FEWEST_VARIANTS} hidden variants"),
        ));
    }
    for seed in SEEDS {
        if document.drawn(seed).next().is_none() {
            problems.push(places.at("variants", format!("seed {seed} has no variant")));
        }
    }
    problems
}

fn seeds(document: &Document, path: &str, check: &Check) -> Option<String> {
    if check.seeds.is_empty() {
        return None;
    }
    if document.challenge.is_none() || !path.starts_with("variants") {
        return Some("only a variant of a challenge has seeds".to_owned());
    }
    let outside = check.seeds.iter().find(|seed| !SEEDS.contains(seed))?;
    Some(format!(
        "there is no seed {outside}: they are numbered 1 to 5"
    ))
}

/// Whether the solution has the number of rules that is par, and scores in full
/// with each seed.
pub fn scores(solved: &Session, challenge: Challenge, places: &Places) -> Vec<LabError> {
    let mut problems = Vec::new();
    let rules = solved.rules();
    if rules != challenge.par {
        problems.push(places.at(
            "challenge.par",
            format!(
                "par is {}, and the solution has {rules} rules",
                challenge.par
            ),
        ));
    }
    for seed in SEEDS {
        if let Ok(Response::Checked {
            score: Some(score), ..
        }) = solved.check(Some(seed))
            && score.points < 100
        {
            problems.push(places.at(
                "challenge",
                format!("with seed {seed} the solution scores {}", score.points),
            ));
        }
    }
    problems
}
