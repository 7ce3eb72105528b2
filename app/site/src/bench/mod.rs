//! A lab on a page: what the learner typed, what the engine answered to it,
//! and what is waiting to be asked.

mod answer;
mod draft;
mod engine;
mod question;

use sorted::SortedMap;
use std::sync::Arc;

use lab::{
    document::SEEDS,
    message::{
        CapstoneView, Changed, CheckView, FileText, FileView, NodeKind, NodeSpec, NodeView, Score,
        TextEdit, View,
    },
};
use leptos::prelude::*;
use serde_json::value::RawValue;

use crate::{
    content::{Document, Outline},
    text,
};
pub use answer::Response;
pub use draft::{Draft, Kept};
use engine::Queue;
pub use engine::{Engine, Entry, OTHER_ANSWER, in_pod};
pub use question::Question;

/// The state of one lab. Copied freely: it holds handles, not the data.
#[derive(Clone, Copy)]
pub struct Bench {
    /// What the page reads of the lab as its author wrote it.
    pub document: StoredValue<Arc<Outline>>,
    /// The whole of it, for the engine.
    whole: StoredValue<Box<RawValue>>,
    /// The files: texts as typed, the rest as last answered.
    pub files: RwSignal<Vec<FileView>>,
    /// Told when anything but typing changed what is known of the files.
    pub said: RwSignal<()>,
    /// The nodes as last answered.
    pub nodes: RwSignal<Vec<NodeView>>,
    /// The kinds of node that the fleet may have.
    pub kinds: RwSignal<Vec<NodeKind>>,
    /// The fleet as it was chosen.
    pub specs: RwSignal<Vec<NodeSpec>>,
    /// Index of the file that is shown.
    pub shown: RwSignal<usize>,
    /// The row that is open, by node and id: its rules are lit in the files.
    pub lit: RwSignal<Option<(String, u32)>>,
    /// The code editor is here: every file that is shown is edited in it.
    pub rich: RwSignal<bool>,
    /// Where the cursor is wanted: file and byte.
    pub wanted: RwSignal<Option<(String, usize)>>,
    /// The prediction that was made, by its option's index.
    pub predicted: RwSignal<Option<usize>>,
    /// What was typed in the terminal, with its answers.
    pub terminal: RwSignal<Vec<Entry>>,
    /// The checks of the task, once they were asked for.
    pub checked: RwSignal<Vec<CheckView>>,
    /// What a right answer had to survive besides; empty until every check holds.
    pub survived: RwSignal<Vec<CheckView>>,
    /// The draw of a challenge's variants that is played.
    pub seed: RwSignal<Option<u8>>,
    /// What the last attempt at a challenge came to.
    pub score: RwSignal<Option<Score>>,
    /// Whether the files came by a link: what they come to is nobody's own score,
    /// until the lab is begun again.
    pub shared: RwSignal<bool>,
    /// What the lab's capstone came to, once it was asked for.
    pub judged: RwSignal<Option<CapstoneView>>,
    /// How the engine is.
    pub engine: RwSignal<Engine>,
    /// Whether what is typed is kept on this device.
    pub kept: RwSignal<Kept>,
    queue: StoredValue<Queue>,
}

impl Bench {
    /// A lab in its first state, with the engine's answer to that state. Saved
    /// drafts are taken up by [`Bench::resume`].
    pub fn new(document: Document, view: View) -> Self {
        let Document {
            whole,
            read: document,
        } = document;
        Self {
            specs: RwSignal::new(document.nodes.clone()),
            seed: RwSignal::new(document.challenge.map(|_| *SEEDS.start())),
            document: StoredValue::new(Arc::new(document)),
            whole: StoredValue::new(whole),
            files: RwSignal::new(view.files),
            said: RwSignal::new(()),
            nodes: RwSignal::new(view.nodes),
            kinds: RwSignal::new(view.kinds),
            shown: RwSignal::new(0),
            lit: RwSignal::new(None),
            rich: RwSignal::new(false),
            wanted: RwSignal::new(None),
            predicted: RwSignal::new(None),
            terminal: RwSignal::new(Vec::new()),
            checked: RwSignal::new(Vec::new()),
            survived: RwSignal::new(Vec::new()),
            score: RwSignal::new(None),
            shared: RwSignal::new(false),
            judged: RwSignal::new(None),
            engine: RwSignal::new(Engine::Asleep),
            kept: RwSignal::new(Kept::Fresh),
            queue: StoredValue::new(Queue::default()),
        }
    }

    /// Takes up what was kept on this device at an earlier visit, and follows
    /// from now on what other tabs keep and what the engine and the lab's tools
    /// tell of themselves. To be called once the page is live.
    pub fn resume(self) {
        crate::platform::on_news(move |told| self.told(&told));
        let id = self.document.with_value(|document| document.id.clone());
        match draft::read(&id) {
            Ok(None) => {}
            Ok(Some(draft)) => self.adopt(draft),
            Err(reason) => self.kept.set(Kept::Unreadable(reason)),
        }
        let key = draft::key(&id);
        crate::platform::on_storage(move |changed| {
            if (changed == key || changed.is_empty())
                && let Ok(Some(draft)) = draft::read(&id)
            {
                self.adopt(draft);
                self.kept.set(Kept::FromOtherTab);
            }
        });
    }

    /// Whether anything differs from the lab's first state.
    pub fn is_changed(self) -> bool {
        let document = self.document.get_value();
        let typed = self.files.with_untracked(|files| {
            files.iter().any(|file| {
                let first = document.files.iter().find(|first| first.path == file.path);
                first.is_some_and(|first| first.text != file.text)
            })
        });
        typed || self.specs.get_untracked() != document.nodes
    }

    /// Takes up the state that a link carries, over what is on the page, and
    /// keeps it.
    pub fn take_shared(self, files: Vec<FileText>, nodes: Option<Vec<NodeSpec>>) {
        let document = self.document.get_value();
        let files: SortedMap<_, _> = document
            .files
            .iter()
            .map(|first| {
                let shared = files.iter().find(|file| file.path == first.path);
                let text = shared.map_or(&first.text, |file| &file.text);
                (first.path.clone(), text.clone())
            })
            .collect();
        let same = self.files.with_untracked(|now| {
            now.iter()
                .all(|file| files.get(&file.path).is_none_or(|text| *text == file.text))
        });
        self.adopt(Draft {
            files,
            nodes: Some(nodes.unwrap_or_else(|| document.nodes.clone())),
            predicted: self.predicted.get_untracked(),
            shared: !same || self.shared.get_untracked(),
        });
        self.keep();
    }

    fn adopt(self, draft: Draft) {
        let mut changed = false;
        self.files.update(|files| {
            for file in files {
                if let Some(text) = draft.files.get(&file.path)
                    && file.editable
                    && *text != file.text
                {
                    retype(file, text.clone());
                    changed = true;
                }
            }
        });
        if let Some(nodes) = draft.nodes
            && nodes != self.specs.get_untracked()
        {
            self.specs.set(nodes);
            changed = true;
        }
        self.predicted.set(draft.predicted);
        self.shared.set(draft.shared);
        if changed {
            self.said.set(());
            self.kept.set(Kept::Resumed);
            self.reopen();
        }
    }

    /// Types: replaces the text of a file.
    pub fn edit(self, path: &str, text: String) {
        let differs = |file: &FileView| file.path == path && file.editable && file.text != text;
        if !self.files.with_untracked(|files| files.iter().any(differs)) {
            return;
        }
        self.ask_edit(path.to_owned(), text.clone());
        self.files.update(|files| {
            if let Some(file) = files.iter_mut().find(|file| file.path == path) {
                retype(file, text);
            }
        });
        self.keep();
    }

    /// Makes a change that the engine proposed; does nothing when the text has
    /// changed so much that it no longer fits.
    pub fn apply(self, path: &str, edits: &[TextEdit]) {
        let made = self.files.with_untracked(|files| {
            let file = files.iter().find(|file| file.path == path)?;
            text::edited(&file.text, edits)
        });
        if let Some(text) = made {
            self.edit(path, text);
            self.said.set(());
            self.show(path, edits.first().map_or(0, |edit| edit.start));
        }
    }

    /// Shows a place in a file.
    pub fn show(self, path: &str, at: usize) {
        let index = self
            .files
            .with_untracked(|files| files.iter().position(|file| file.path == path));
        if let Some(index) = index {
            self.shown.set(index);
            crate::platform::choose("panel-files");
            self.wanted.set(Some((path.to_owned(), at)));
        }
    }

    /// Opens a row of a trace, by the id of its element.
    pub fn open_row(self, id: &str) {
        crate::platform::choose("panel-trace");
        crate::platform::open_details(id);
    }

    /// Lights the rules of a row in the files.
    pub fn light(self, row: Option<(String, u32)>) {
        if self.lit.with_untracked(|lit| *lit != row) {
            self.lit.set(row);
        }
    }

    /// Chooses another fleet.
    pub fn choose(self, nodes: Vec<NodeSpec>) {
        self.specs.set(nodes);
        self.keep();
        self.reopen();
    }

    /// Keeps the prediction that was made.
    pub fn predict(self, option: usize) {
        self.predicted.set(Some(option));
        self.keep();
    }

    /// Chooses the draw of a challenge's variants.
    pub fn draw(self, seed: u8) {
        self.seed.set(Some(seed));
        self.forget_attempt();
    }

    fn forget_attempt(self) {
        self.checked.set(Vec::new());
        self.survived.set(Vec::new());
        self.score.set(None);
    }

    /// Goes back to the lab's first state, and forgets what was kept.
    pub fn reset(self) {
        let document = self.document.get_value();
        self.files.update(|files| {
            for file in files {
                if let Some(first) = document.files.iter().find(|first| first.path == file.path) {
                    retype(file, first.text.clone());
                }
            }
        });
        self.specs.set(document.nodes.clone());
        self.predicted.set(None);
        self.shared.set(false);
        self.terminal.set(Vec::new());
        self.forget_attempt();
        draft::forget(&document.id);
        self.kept.set(Kept::Fresh);
        self.said.set(());
        self.reopen();
    }

    /// The files' texts, by path.
    pub fn texts(self) -> Vec<(String, String)> {
        self.files.with_untracked(|files| {
            files
                .iter()
                .map(|file| (file.path.clone(), file.text.clone()))
                .collect()
        })
    }

    fn keep(self) {
        let document = self.document.get_value();
        let files = self.files.with_untracked(|files| {
            files
                .iter()
                .filter(|file| {
                    let first = document.files.iter().find(|first| first.path == file.path);
                    first.is_none_or(|first| first.text != file.text)
                })
                .map(|file| (file.path.clone(), file.text.clone()))
                .collect()
        });
        let nodes = self.specs.get_untracked();
        let draft = Draft {
            files,
            nodes: (nodes != document.nodes).then_some(nodes),
            predicted: self.predicted.get_untracked(),
            shared: self.shared.get_untracked(),
        };
        self.kept.set(match draft::write(&document.id, &draft) {
            Ok(()) => Kept::Saved,
            Err(reason) => Kept::Refused(reason),
        });
    }

    /// Takes over an answer. A file that was typed in meanwhile keeps its text.
    fn take(self, changed: Changed) {
        if !changed.files.is_empty() {
            let pending = self.queue.with_value(Queue::pending);
            self.files.update(|files| {
                for answered in changed.files {
                    if let Some(file) = files.iter_mut().find(|file| file.path == answered.path) {
                        let typed = std::mem::replace(file, answered).text;
                        if pending.contains(&file.path) {
                            retype(file, typed);
                        }
                    }
                }
            });
            self.said.set(());
        }
        if !changed.nodes.is_empty() {
            self.nodes.update(|nodes| {
                for answered in changed.nodes {
                    if let Some(node) = nodes.iter_mut().find(|node| node.id == answered.id) {
                        answered.apply(node);
                    }
                }
            });
        }
    }

    /// Takes over a whole view.
    fn take_view(self, view: View) {
        self.take(Changed {
            files: view.files,
            nodes: Vec::new(),
        });
        self.nodes.set(view.nodes);
        self.kinds.set(view.kinds);
    }
}

/// Gives a file another text and moves what is known about it along, until the
/// engine has answered.
fn retype(file: &mut FileView, text: String) {
    let place = text::moved(&file.text, &text);
    for token in &mut file.tokens {
        (token.start, token.end) = (place(token.start), place(token.end));
    }
    for diagnostic in &mut file.diagnostics {
        let span = &mut diagnostic.span;
        (span.start, span.end) = (place(span.start), place(span.end));
    }
    for mark in &mut file.deciding {
        (mark.span.start, mark.span.end) = (place(mark.span.start), place(mark.span.end));
        mark.line = 1 + text
            .get(..mark.span.start)
            .map_or(0, |before| before.matches('\n').count());
    }
    file.text = text;
}
