//! The review cards of lessons.

use crate::Problem;
use lab::document::{self, LabError, PredictionOption};
use serde::Deserialize;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// The file of a lesson that has them.
const FILE: &str = "cards.yaml";
/// How many a lesson has.
const CARDS: usize = 2;

/// A review card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    id: String,
    #[serde(rename = "question")]
    _question: String,
    options: Vec<PredictionOption>,
}

/// What is wrong with the form of a lesson's cards.
pub fn form(text: Option<&str>) -> Vec<LabError> {
    let text = text.unwrap_or("[]");
    let cards: Vec<Card> = match document::typed(FILE, text) {
        Ok(cards) => cards,
        Err(errors) => return errors,
    };
    let at = |line: usize, message: String| LabError {
        file: FILE.to_owned(),
        line,
        message,
    };
    let mut problems = Vec::new();
    if cards.len() != CARDS {
        problems.push(at(
            1,
            format!(
                "a lesson has {CARDS} review cards, this one has {}",
                cards.len()
            ),
        ));
    }
    for (index, card) in cards.iter().enumerate() {
        let right = card.options.iter().filter(|option| option.right).count();
        if right != 1 || !(3..=4).contains(&card.options.len()) {
            let message = "a card has three or four answers, one of them right";
            problems.push(at(line(text, index), message.to_owned()));
        }
    }
    problems
}

/// The cards of some lessons whose id another card has: learners' schedules are
/// kept by it.
pub fn twice(folders: &[PathBuf]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for folder in folders {
        let file = folder.join(FILE);
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let cards: Vec<Card> = document::typed(FILE, &text).unwrap_or_default();
        for (index, card) in cards.into_iter().enumerate() {
            let message = format!("`{}` is the id of another card", card.id);
            if !seen.insert(card.id) {
                problems.push(Problem::new(&file, line(&text, index), message));
            }
        }
    }
    problems
}

/// The line where a card begins.
fn line(text: &str, index: usize) -> usize {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.starts_with("- "))
        .nth(index)
        .map_or(1, |(number, _)| number)
}
