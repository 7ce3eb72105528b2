//! Feature sets: what a kernel can mediate, or what a policy was written for.
//!
//! The text form is that of `/sys/kernel/security/apparmor/.features` and of
//! the files in `/etc/apparmor.d/abi`: names with a body in braces, a body
//! being words or further names.

use sorted::SortedMap;
use std::sync::{Arc, LazyLock};

/// A feature set, as a table from a path such as `network_v8/af_mask` to its words.
///
/// Cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The words of an entry are one text with a space between them: a policy is compiled at
    /// every keystroke, and one text for each word would be several hundred.
    entries: Arc<SortedMap<String, String>>,
}

/// How deeply a feature text may nest; real ones need three levels.
pub const MAX_FEATURE_DEPTH: usize = 16;

/// A feature text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeaturesError {
    /// A closing brace without an opening one, or the reverse.
    #[error("the braces of the feature text do not pair up")]
    Unbalanced,
    /// Nested deeper than [`MAX_FEATURE_DEPTH`].
    #[error("the feature text nests deeper than {MAX_FEATURE_DEPTH} levels")]
    TooDeep,
}

impl Features {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, FeaturesError> {
        let mut entries = SortedMap::new();
        let mut path: Vec<&str> = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for word in text.split_whitespace().flat_map(braces_apart) {
            match word {
                "{" => {
                    path.push(words.pop().ok_or(FeaturesError::Unbalanced)?);
                    if path.len() > MAX_FEATURE_DEPTH {
                        return Err(FeaturesError::TooDeep);
                    }
                }
                "}" => {
                    entries.insert(path.join("/"), words.join(" "));
                    words.clear();
                    path.pop().ok_or(FeaturesError::Unbalanced)?;
                }
                word => words.push(word),
            }
        }
        if path.is_empty() {
            Ok(Self {
                entries: Arc::new(entries),
            })
        } else {
            Err(FeaturesError::Unbalanced)
        }
    }

    /// The words at a path such as `file/mask`; none where it is absent.
    pub fn words(&self, path: &str) -> Option<impl Iterator<Item = &str>> {
        self.entries
            .get(path)
            .map(|words| words.split_ascii_whitespace())
    }

    /// Whether a path is present at all.
    pub fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Whether the words at `path` contain `word`.
    pub fn lists(&self, path: &str, word: &str) -> bool {
        self.words(path)
            .is_some_and(|mut words| words.any(|listed| listed == word))
    }

    /// Whether a class such as `mount` or `ipc/posix_mqueue` is mediated: the path or anything below it is present.
    pub fn has_class(&self, class: &str) -> bool {
        let below = format!("{class}/");
        self.has(class)
            || self
                .entries
                .starting_at(&below)
                .next()
                .is_some_and(|(path, _)| path.starts_with(&below))
    }

    /// Whether unix sockets are mediated by address and label.
    pub fn has_unix_sockets(&self) -> bool {
        [
            "network/af_unix",
            "network_v8/af_unix",
            "network_v9/af_unix",
        ]
        .iter()
        .any(|path| self.has_class(path))
    }

    /// What both sets have: the common paths with their common words.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if Arc::ptr_eq(&self.entries, &other.entries) {
            return self.clone();
        }
        let entries = self.entries.iter().filter_map(|(path, words)| {
            let others = other.entries.get(path)?;
            if words == others {
                return Some((path.clone(), words.clone()));
            }
            let common = words
                .split_ascii_whitespace()
                .filter(|word| others.split_ascii_whitespace().any(|other| other == *word));
            Some((path.clone(), common.collect::<Vec<_>>().join(" ")))
        });
        Self {
            entries: Arc::new(entries.collect()),
        }
    }

    /// What mainline Linux 6.1 offers.
    pub fn kernel_6_1() -> Self {
        KERNEL_6_1.clone()
    }

    /// What mainline Linux 7.3 offers.
    pub fn kernel_7_3() -> Self {
        KERNEL_7_3.clone()
    }

    /// What mainline Linux 6.12 offers.
    pub fn kernel_6_12() -> Self {
        KERNEL_6_12.clone()
    }

    /// What the compiler assumes for a policy that names no `abi` where none is pinned
    /// (facts: an old set that mediates file, capability, mount, ptrace and signal only).
    pub fn without_abi() -> Self {
        WITHOUT_ABI.clone()
    }
}

static KERNEL_6_1: LazyLock<Features> =
    LazyLock::new(|| constant(include_str!("features/kernel-6.1")));
static KERNEL_7_3: LazyLock<Features> =
    LazyLock::new(|| constant(include_str!("features/kernel-7.3")));
static KERNEL_6_12: LazyLock<Features> =
    LazyLock::new(|| constant(include_str!("features/kernel-6.12")));
static WITHOUT_ABI: LazyLock<Features> =
    LazyLock::new(|| constant(include_str!("features/without-abi")));

/// A feature set of this program, whose text can be read.
fn constant(text: &str) -> Features {
    Features::parse(text).unwrap_or_default()
}

/// A piece of text without spaces, cut before and after each brace.
fn braces_apart(piece: &str) -> impl Iterator<Item = &str> {
    piece.split_inclusive(['{', '}']).flat_map(|part| {
        let brace = part.len() - usize::from(part.ends_with(['{', '}']));
        let (word, brace) = part.split_at(brace);
        [word, brace].into_iter().filter(|part| !part.is_empty())
    })
}
