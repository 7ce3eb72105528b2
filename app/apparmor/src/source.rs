//! The text a policy is written in: the files, and places in them.
//!
//! Nothing here reads a file system: whoever calls hands in a [`SourceSet`].

use sorted::SortedMap;
use std::{
    ops::{Deref, Range},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::{
    features::Features,
    level::Level,
    lexer::{Piece, pieces},
    parser::Brought,
};

/// Where policy lives on a node; a leading copy of it in a path is ignored.
pub const POLICY_FOLDER: &str = "/etc/apparmor.d/";

/// A text, with what is worked out of it when that is first asked for: an included text
/// stays the same while the policy that includes it is read at every keystroke.
///
/// Cloning is cheap.
#[derive(Clone, Debug)]
pub struct SourceText {
    text: Arc<str>,
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    line_starts: OnceLock<Vec<u32>>,
    features: OnceLock<Features>,
    pieces: OnceLock<Arc<[Piece]>>,
}

impl SourceText {
    /// What it says as a feature set; nothing where it is none.
    pub fn features(&self) -> &Features {
        let features = || Features::parse(&self.text).unwrap_or_default();
        self.known.features.get_or_init(features)
    }

    /// What the lexer makes of it where it is included.
    pub(crate) fn pieces(&self) -> Arc<[Piece]> {
        let pieces = || pieces(&self.text).into();
        self.known.pieces.get_or_init(pieces).clone()
    }

    /// Where its lines begin.
    fn line_starts(&self) -> &[u32] {
        self.known.line_starts.get_or_init(|| {
            let bytes = self.text.bytes().zip(1u32..);
            let ends = bytes.filter(|(byte, _)| *byte == b'\n');
            std::iter::once(0)
                .chain(ends.map(|(_, next)| next))
                .collect()
        })
    }
}

impl<T: Into<Arc<str>>> From<T> for SourceText {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            known: Arc::default(),
        }
    }
}

impl Deref for SourceText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SourceText {}

/// Policy files by their path below the policy folder, for includes.
///
/// Cloning is cheap. A path is written as in `include <abstractions/base>`:
/// relative to the policy folder, without a leading slash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSet {
    files: Arc<SortedMap<String, SourceText>>,
    search: Vec<String>,
    last_brought: Arc<LastBrought>,
}

/// What the last include brought that stood first in a policy, so that the next policy need not
/// read it. It follows from the set, so it makes no two sets different.
#[derive(Debug, Default)]
struct LastBrought(Mutex<Option<FirstInclude>>);

/// The release of the parser, the include's path, and what it brought, if that can be recalled.
type FirstInclude = (Level, String, Option<Arc<Brought>>);

impl PartialEq for LastBrought {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LastBrought {}

/// What an include path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One file.
    File(SourceFile),
    /// A folder: its policy files in the order of their names.
    Folder(Vec<SourceFile>),
}

/// A file of a [`SourceSet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path below the policy folder.
    pub path: String,
    /// Its text.
    pub text: SourceText,
}

impl SourceSet {
    /// A set without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<SourceText>) {
        let path = normalize(&path.into());
        Arc::make_mut(&mut self.files).insert(path, text.into());
        self.last_brought = Arc::default();
    }

    /// The set with the files of `other` laid over its own.
    #[must_use]
    pub fn overlaid(mut self, other: &Self) -> Self {
        self.last_brought = Arc::default();
        let files = Arc::make_mut(&mut self.files);
        for (path, text) in other.files.iter() {
            files.insert(path.clone(), text.clone());
        }
        self
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(&normalize(path)).map(Deref::deref)
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Looks in `folder` too for what stands in `<>`, as `-I` makes the real parser do.
    pub fn search_in(&mut self, folder: &str) {
        self.search.push(normalize(folder));
        self.last_brought = Arc::default();
    }

    /// What an include brings that stands first in a policy: as it was the last time, or as it
    /// is read now.
    pub(crate) fn brought(
        &self,
        level: Level,
        path: &str,
        read: impl FnOnce() -> Option<Arc<Brought>>,
    ) -> Option<Arc<Brought>> {
        let last = || {
            let last = self.last_brought.0.lock();
            last.unwrap_or_else(PoisonError::into_inner)
        };
        if let Some((known_level, known_path, brought)) = &*last()
            && (*known_level, known_path.as_str()) == (level, path)
        {
            return brought.clone();
        }
        let brought = read();
        *last() = Some((level, path.to_owned(), brought.clone()));
        brought
    }

    /// Looks up what stands in `<>`: below the policy folder, then below each folder searched in.
    pub fn find_magic(&self, path: &str) -> Option<Found> {
        self.find(path).or_else(|| {
            self.search
                .iter()
                .find_map(|folder| self.find(&format!("{folder}/{path}")))
        })
    }

    /// Looks up what an include names: a file, or a folder of files.
    ///
    /// A folder gives each file directly in it except those that
    /// `libapparmor`'s `_aa_is_blacklisted` passes over: hidden files, `README`,
    /// and what editors and package managers leave behind.
    pub fn find(&self, path: &str) -> Option<Found> {
        let path = normalize(path);
        if let Some((path, text)) = self.files.get_key_value(&path) {
            return Some(Found::File(SourceFile {
                path: path.clone(),
                text: text.clone(),
            }));
        }
        let folder = if path.is_empty() {
            path
        } else {
            format!("{path}/")
        };
        let mut is_folder = false;
        let mut inside = Vec::new();
        for (path, text) in self.files.starting_at(&folder) {
            let Some(name) = path.strip_prefix(&folder) else {
                break;
            };
            is_folder = true;
            if !name.contains('/') && !is_passed_over(name) {
                inside.push(SourceFile {
                    path: path.clone(),
                    text: text.clone(),
                });
            }
        }
        is_folder.then_some(Found::Folder(inside))
    }
}

impl<P: Into<String>, T: Into<SourceText>> FromIterator<(P, T)> for SourceSet {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (normalize(&path.into()), text.into()))
            .collect();
        Self {
            files: Arc::new(files),
            search: Vec::new(),
            last_brought: Arc::default(),
        }
    }
}

/// The endings of files that an included folder passes over.
const PASSED_OVER: &[&str] = &[
    "~",
    ".dpkg-new",
    ".dpkg-old",
    ".dpkg-dist",
    ".dpkg-bak",
    ".dpkg-remove",
    ".pacsave",
    ".pacnew",
    ".rpmnew",
    ".rpmsave",
    ".orig",
    ".rej",
];

fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name == "README"
        || PASSED_OVER.iter().any(|ending| name.ends_with(ending))
}

/// A path without the policy folder, `.` and `..` parts and doubled slashes.
fn normalize(path: &str) -> String {
    let below = path.strip_prefix(POLICY_FOLDER).unwrap_or(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in below.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if below.starts_with('/') {
        format!("/{joined}")
    } else {
        joined
    }
}

/// One opening of a file during a parse.
///
/// A file that two profiles include is opened twice and so has two ids: the
/// id alone tells through which includes a place was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A piece of one file, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The opening of the file it lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from the start of this one to the end of `other`.
    ///
    /// Where they lie in different files it stays this one.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file == other.file {
            Self {
                end: other.end.max(self.end),
                ..self
            }
        } else {
            self
        }
    }

    /// The empty span just behind this one.
    #[must_use]
    pub fn after(self) -> Self {
        Self {
            start: self.end,
            ..self
        }
    }

    /// The span as a range of byte positions.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file that was opened during a parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedFile {
    /// Its path as it was asked for; the name handed in for the first file.
    pub name: String,
    /// Its text.
    pub text: SourceText,
    /// The include that opened it; none for the first file.
    pub included_at: Option<Span>,
}

/// Every file opened during a parse; turns spans into lines and text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    opened: Vec<OpenedFile>,
}

/// A place as a person counts: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub column: u32,
}

impl Files {
    /// Records the opening of a file.
    pub fn open(
        &mut self,
        name: impl Into<String>,
        text: SourceText,
        included_at: Option<Span>,
    ) -> FileId {
        let id = FileId(u32::try_from(self.opened.len()).unwrap_or(u32::MAX));
        self.opened.push(OpenedFile {
            name: name.into(),
            text,
            included_at,
        });
        id
    }

    /// The file behind an id that this table gave out.
    pub fn get(&self, id: FileId) -> Option<&OpenedFile> {
        self.opened.get(id.0 as usize)
    }

    /// Every file, in the order of opening.
    pub fn iter(&self) -> impl Iterator<Item = &OpenedFile> {
        self.opened.iter()
    }

    /// The number of openings.
    pub fn len(&self) -> usize {
        self.opened.len()
    }

    /// True when no file was opened.
    pub fn is_empty(&self) -> bool {
        self.opened.is_empty()
    }

    /// The text a span covers; empty for a span of another table.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.range()))
            .unwrap_or_default()
    }

    /// The line, from 1, in which a span starts.
    pub fn line(&self, span: Span) -> u32 {
        self.position(span).line
    }

    /// The line and column at which a span starts.
    pub fn position(&self, span: Span) -> Position {
        let Some(file) = self.get(span.file) else {
            return Position { line: 1, column: 1 };
        };
        let lines = file.text.line_starts();
        let line = lines.partition_point(|start| *start <= span.start).max(1);
        let from = lines.get(line - 1).copied().unwrap_or_default() as usize;
        let before = file.text.get(from..span.start as usize).unwrap_or_default();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position {
            line: count(line),
            column: count(before.chars().count() + 1),
        }
    }

    /// The includes through which a span's file was reached, outermost first.
    pub fn include_chain(&self, file: FileId) -> Vec<Span> {
        let mut chain: Vec<Span> =
            std::iter::successors(self.get(file).and_then(|file| file.included_at), |span| {
                self.get(span.file).and_then(|file| file.included_at)
            })
            .collect();
        chain.reverse();
        chain
    }
}
