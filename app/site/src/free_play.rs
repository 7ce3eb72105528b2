//! The labs without a task: the playground, and the demonstration on the first page. Both have the
//! first lesson's files. Made by the pre-renderer only.

use lab::{document::Document, message::NodeSpec};

/// Their fleet, by name and kind: one node for each of the three answers to a pod that asks for a
/// profile.
const FLEET: [(&str, &str); 3] = [
    ("ubuntu", "ubuntu-24.04"),
    ("sandbox", "gvisor"),
    ("kind", "kind-docker-desktop"),
];

/// The lab of the playground, nothing to be done.
pub fn playground(lesson: &Document) -> Document {
    Document {
        id: "playground".to_owned(),
        title: "Playground".to_owned(),
        nodes: FLEET
            .iter()
            .map(|&(id, kind)| NodeSpec {
                id: id.to_owned(),
                kind: kind.to_owned(),
                options: sorted::SortedMap::new(),
            })
            .collect(),
        prediction: None,
        task: String::new(),
        checks: Vec::new(),
        variants: Vec::new(),
        hints: Vec::new(),
        ..lesson.clone()
    }
}

/// The lab of the demonstration: one command.
pub fn demonstration(lesson: &Document) -> Document {
    Document {
        workload: lesson.workload.iter().take(1).cloned().collect(),
        ..playground(lesson)
    }
}
