//! The files that a case of a lab is decided on: those that the learner begins
//! with or those of the author's answer, and edits of them.

use super::{Check, Document};
use serde::Deserialize;

/// Something that a text says of a lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What has to hold.
    pub check: Check,
    /// The files that it is decided on.
    pub from: Origin,
    /// Edits of them that are made first.
    pub change: Vec<Change>,
}

/// Which files of a lab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Those that the learner begins with.
    #[default]
    Start,
    /// Those of the author's answer.
    Solution,
}

impl Origin {
    /// For sentences.
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "the start",
            Self::Solution => "the solution",
        }
    }
}

/// An edit that a text speaks of: "put `audit` in front of it".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The file, by its name on its tab.
    pub file: String,
    /// What stands in it, exactly once.
    pub find: String,
    /// What stands there afterwards.
    pub put: String,
}

impl Change {
    /// Makes the edit in a lab's files.
    ///
    /// # Errors
    /// Why it cannot be made, one sentence.
    pub fn make(&self, document: &mut Document) -> Result<(), String> {
        let Self { file, find, put } = self;
        let found = document.files.iter_mut().find(|known| known.path == *file);
        let Some(found) = found else {
            return Err(format!("the lab has no file `{file}`"));
        };
        if find.is_empty() {
            return Err("`find` is empty".to_owned());
        }
        match found.text.matches(find.as_str()).count() {
            1 => {
                found.text = found.text.replacen(find.as_str(), put, 1);
                Ok(())
            }
            0 => Err(format!("{file} has no `{find}`")),
            times => Err(format!(
                "{file} has `{find}` {times} times: name more of the line"
            )),
        }
    }
}

impl Document {
    /// The lab with the files of `origin` to begin with.
    #[must_use]
    pub fn beginning_with(&self, origin: Origin) -> Self {
        let mut document = self.clone();
        if origin == Origin::Solution {
            for file in &mut document.files {
                if let Some(solution) = &file.solution {
                    file.text.clone_from(solution);
                }
            }
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;

    fn lab() -> Document {
        let lab = include_str!("../../../xtask/template/lesson/lab.yaml");
        document::read(lab, |path| {
            Some(match path {
                "start/profile" => "deny /data/** w,\ndeny /srv/** w,\n".to_owned(),
                "solution/profile" => "deny /data/** wl,\n".to_owned(),
                _ => String::new(),
            })
        })
        .expect("the template reads")
    }

    fn made(find: &str) -> Result<String, String> {
        let mut lab = lab();
        let change = Change {
            file: "profile".to_owned(),
            find: find.to_owned(),
            put: "audit deny /data".to_owned(),
        };
        change.make(&mut lab)?;
        Ok(lab.files[0].text.clone())
    }

    #[test]
    fn an_edit_replaces_what_stands_once_in_a_file() {
        assert_eq!(
            made("deny /data"),
            Ok("audit deny /data/** w,\ndeny /srv/** w,\n".to_owned())
        );
    }

    #[test]
    fn an_edit_that_is_not_clear_is_refused() {
        assert_eq!(made("allow"), Err("profile has no `allow`".to_owned()));
        assert_eq!(
            made("deny"),
            Err("profile has `deny` 2 times: name more of the line".to_owned())
        );
        assert_eq!(made(""), Err("`find` is empty".to_owned()));
    }

    #[test]
    fn the_solution_takes_the_place_of_what_it_changes() {
        let solved = lab().beginning_with(Origin::Solution);
        assert_eq!(solved.files[0].text, "deny /data/** wl,\n");
        assert_eq!(lab().beginning_with(Origin::Start), lab());
    }
}
