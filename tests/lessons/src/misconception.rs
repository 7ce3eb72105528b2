//! The wrong ideas that wrong answers stand for.

use crate::{Problem, list};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// The file that has them, below the project's folder.
const FILE: &str = "lessons/misconceptions.yaml";

/// A wrong idea.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Misconception {
    /// By which answers name it, for ever.
    number: u16,
    /// The idea in a few words.
    name: String,
    /// What is so in fact.
    sentence: String,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Misconceptions(BTreeMap<u16, Misconception>);

impl Misconceptions {
    /// Reads those of a project, and says what is wrong with them.
    pub fn read(project: &Path) -> (Self, Vec<Problem>) {
        let file = project.join(FILE);
        let (text, list) = match list::<Misconception>(&file) {
            Ok(read) => read,
            Err(problems) => return (Self::default(), problems),
        };
        let mut known = BTreeMap::new();
        let mut problems = Vec::new();
        for one in list {
            let line = text.lines().position(|line| {
                line.trim_start_matches("- ") == format!("number: {}", one.number)
            });
            let line = line.map_or(1, |index| index + 1);
            if one.name.is_empty() || one.sentence.is_empty() {
                let message = "it needs a name and a sentence".to_owned();
                problems.push(Problem::new(&file, line, message));
            }
            if let Some(first) = known.insert(one.number, one) {
                let message = format!("{} is the number of “{}” already", first.number, first.name);
                problems.push(Problem::new(&file, line, message));
            }
        }
        (Self(known), problems)
    }

    /// Whether there is one of this number.
    pub fn has(&self, number: u16) -> bool {
        self.0.contains_key(&number)
    }
}
