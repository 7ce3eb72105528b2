//! The playground's examples as `lessons/examples.yaml` has them: changes to the files or the fleet
//! that the playground begins with. Read by the pre-renderer only.

use lab::{
    check::Verdict,
    document::{Change, Check, Document},
    message::{FileText, NodeSpec},
    session::Session,
};
use maud::html;
use serde::Deserialize;

use crate::{component::words, course::Error};

/// An example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Its title.
    pub title: String,
    /// What there is to see, a sentence or two.
    pub about: String,
    /// Edits of the files.
    #[serde(default)]
    pub change: Vec<Change>,
    /// The fleet, when it is another.
    #[serde(default)]
    pub nodes: Option<Vec<NodeSpec>>,
    /// What it is said to show.
    pub shows: Vec<Check>,
}

impl Example {
    /// The lab's files with what is changed in them.
    fn drafts(&self, lab: &Document) -> Result<Vec<FileText>, String> {
        let mut changed = lab.clone();
        for change in &self.change {
            change.make(&mut changed)?;
        }
        let files = changed.files.into_iter();
        let drafts = files.map(|file| FileText {
            path: file.path,
            text: file.text,
        });
        Ok(drafts.collect())
    }

    /// The fragment of a link to the example in a lab.
    ///
    /// # Errors
    /// Where it cannot be made, or shows something else than it says.
    pub fn fragment(&self, lab: &Document) -> Result<String, Error> {
        let named = |problem: String| format!("the example “{}”: {problem}", self.title);
        let drafts = self.drafts(lab).map_err(named)?;
        let session = Session::open(lab.clone(), &drafts, self.nodes.clone())?;
        for decided in session.decide(&self.shows) {
            if decided.verdict != Verdict::Holds {
                return Err(named(format!("{}: {}", decided.title, decided.sentence)).into());
            }
        }
        Ok(session.share()?)
    }
}

/// The examples as a list of buttons, HTML.
///
/// # Errors
/// As for [`Example::fragment`].
pub fn gallery(examples: &[Example], lab: &Document) -> Result<String, Error> {
    let mut items = Vec::new();
    for example in examples {
        items.push((example, example.fragment(lab)?));
    }
    let list = html! {
        @for (example, fragment) in items {
            li {
                button type="button" data-example=(fragment) {
                    b { (example.title) }
                    span { (words(&example.about)) }
                }
            }
        }
    };
    Ok(list.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{course, free_play};
    use lab::share;
    use std::path::Path;

    fn read() -> (Document, Vec<Example>) {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let course = course::read(&project).expect("the course reads");
        let first = course.lessons.first().expect("it has a lesson");
        (free_play::playground(&first.document), course.examples)
    }

    #[test]
    fn every_example_shows_what_it_says_and_fits_into_a_link() {
        let (lab, examples) = read();
        assert!(examples.len() >= 8);
        for example in examples {
            let fragment = example.fragment(&lab).expect("it shows what it says");
            let shared = share::decode(&fragment).expect("it is a link");
            assert_eq!(shared.lab, lab.id);
            assert!(!shared.files.is_empty() || shared.nodes.is_some());
        }
    }

    #[test]
    fn an_example_that_shows_something_else_is_refused() {
        let (lab, mut examples) = read();
        let example = &mut examples[0];
        example.change.clear();
        let refused = example.fragment(&lab).expect_err("nothing is changed");
        assert!(refused.to_string().contains(&example.title), "{refused}");
    }
}
