//! What a word of a policy means, in a sentence or two.

mod words;

use crate::{parser::parse, source::Span, token::TokenKind};
use words::WORDS;

/// A text for the word under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word it is about.
    pub span: Span,
    /// What it means.
    pub text: String,
}

/// Permission letters with what the kernel makes of them.
const LETTERS: &[(char, &str)] = &[
    (
        'r',
        "`r` reads: opening for reading, listing a folder, asking for attributes.",
    ),
    (
        'w',
        "`w` writes: also creating, removing, renaming, appending and changing mode and owner.",
    ),
    (
        'a',
        "`a` appends to a file that exists; it does not create one.",
    ),
    (
        'l',
        "`l` makes this name as a hard link; the pair of names must be allowed.",
    ),
    ('k', "`k` locks."),
    ('m', "`m` maps into memory as code; libraries need it."),
    (
        'x',
        "`x` executes; the letters before it say under which profile.",
    ),
];

/// The letters before `x`.
const EXEC: &[(&str, &str)] = &[
    ("ix", "`ix` runs the program under this profile."),
    (
        "pix",
        "`pix` runs it under its own profile, or under this one where it has none.",
    ),
    (
        "cix",
        "`cix` runs it under a child profile, or under this one where there is none.",
    ),
    (
        "pux",
        "`pux` runs it under its own profile, or under none where it has none.",
    ),
    (
        "cux",
        "`cux` runs it under a child profile, or under none where there is none.",
    ),
    (
        "px",
        "`px` runs it under its own profile, and refuses where it has none.",
    ),
    (
        "cx",
        "`cx` runs it under a child of this profile, and refuses where there is none.",
    ),
    ("ux", "`ux` runs it without any profile."),
];

/// What stands at a byte position of a text, where there is something to say.
pub fn hover(text: &str, position: usize) -> Option<Hover> {
    let parsed = parse("policy", text);
    let at = u32::try_from(position).ok()?;
    let index = parsed.tokens.partition_point(|token| token.span.end <= at);
    let token = parsed.tokens.get(index)?;
    let written = parsed.files.text(token.span);
    let explained = match token.kind {
        TokenKind::Permissions => permissions(written),
        TokenKind::Keyword | TokenKind::Condition | TokenKind::Value => {
            meaning(written.trim().trim_start_matches('#')).map(str::to_owned)
        }
        _ => None,
    }?;
    Some(Hover {
        span: token.span,
        text: explained,
    })
}

/// What a word of the language means; a flag may have its value behind it.
pub fn meaning(written: &str) -> Option<&'static str> {
    let word = written.split_once('=').map_or(written, |(word, _)| word);
    let at = WORDS.binary_search_by_key(&word, |(known, _)| known).ok()?;
    WORDS.get(at).map(|(_, text)| *text)
}

/// Every keyword and flag with what it means, sorted.
pub fn words() -> &'static [(&'static str, &'static str)] {
    WORDS
}

/// Every permission letter and exec mode with what it means.
pub fn letters() -> impl Iterator<Item = (String, &'static str)> {
    let plain = LETTERS
        .iter()
        .map(|(letter, text)| (letter.to_string(), *text));
    plain.chain(EXEC.iter().map(|(mode, text)| ((*mode).to_owned(), *text)))
}

/// Every letter of a set, one sentence each.
pub fn permissions(letters: &str) -> Option<String> {
    let lower = letters.to_lowercase();
    let exec = EXEC.iter().find(|(mode, _)| lower.contains(mode));
    let plain: String = match exec {
        Some((mode, _)) => lower.replace(mode, ""),
        None => lower,
    };
    let mut sentences: Vec<&str> = LETTERS
        .iter()
        .filter(|(letter, _)| plain.contains(*letter))
        .map(|(_, sentence)| *sentence)
        .collect();
    sentences.extend(exec.map(|(_, sentence)| *sentence));
    if letters.contains(['P', 'C', 'U']) {
        sentences.push("The upper-case letter scrubs the environment.");
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, meaning};
    use crate::lexer::KEYWORDS;

    /// Flags and conditions, which are no keywords of their own.
    const OTHERS: &[&str] = &[
        "attach_disconnected",
        "attach_disconnected.ipc",
        "attach_disconnected.path=/x",
        "chroot_attach",
        "chroot_no_attach",
        "chroot_relative",
        "complain",
        "debug",
        "default_allow",
        "delegate_deleted",
        "enforce",
        "error=EPERM",
        "flags",
        "identities",
        "include",
        "interruptible",
        "kill",
        "kill.signal=term",
        "mediate_deleted",
        "namespace_relative",
        "no_attach_disconnected",
        "prompt",
        "unconfined",
        "xattrs",
        "profile",
        "hat",
        "bus",
        "name",
        "path",
        "interface",
        "member",
        "label",
        "addr",
        "type",
        "protocol",
        "fstype",
        "options",
        "ip",
        "port",
        "create",
        "bind",
        "listen",
        "accept",
        "connect",
        "shutdown",
        "getattr",
        "setattr",
        "getopt",
        "setopt",
        "acquire",
    ];

    #[test]
    fn every_word_of_the_language_is_explained() {
        let keywords = KEYWORDS.iter().map(|(keyword, _)| keyword);
        for written in keywords.chain(OTHERS) {
            assert!(meaning(written).is_some(), "{written}");
        }
    }

    #[test]
    fn the_words_are_sorted_so_that_each_is_found() {
        assert!(WORDS.is_sorted_by_key(|(word, _)| word));
    }
}
