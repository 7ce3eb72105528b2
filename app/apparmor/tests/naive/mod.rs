//! File rules decided as plainly as can be, to hold the automata against: no expression, no
//! states, every rule tried by itself. The fuzz target `apparmor_match` uses it as well.

use std::{collections::BTreeSet, fmt};

/// A piece of a pattern.
#[derive(Clone, Debug)]
enum Piece {
    Byte(u8),
    /// `?`
    One,
    /// `[…]`, or `[^…]` with true.
    Class(bool, &'static [u8]),
    /// `*`, `**` with `deep`; a whole component matches at least one character.
    Star {
        deep: bool,
        component: bool,
    },
    /// `{…,…}`
    Group(Vec<Vec<Piece>>),
}

/// What patterns are put together from.
const FRAGMENTS: [&str; 16] = [
    "/",
    "/",
    "a",
    "b",
    "ab",
    "*",
    "**",
    "?",
    "[ab]",
    "[^a]",
    "{a,b}",
    "{,b}",
    "{a,/b}",
    "{*,b/}",
    "\\*",
    "{a,{b,/**}}",
];

/// What paths are put together from.
const PATH_FRAGMENTS: [&str; 8] = ["/", "/", "a", "b", "c", "ab", "*", "/a/"];

/// Permission letters and the kernel's bit for each.
pub const LETTERS: [(char, u32); 5] = [
    ('r', 0x4),
    ('w', 0x2),
    ('a', 0x8),
    ('k', 0x8000),
    ('m', 0x1_0000),
];

/// A file rule.
#[derive(Clone, Debug)]
pub struct Rule {
    pub deny: bool,
    pub audit: bool,
    pub priority: i8,
    /// `owner` is true, `other` false.
    pub owner: Option<bool>,
    pub pattern: String,
    pub letters: String,
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.priority != 0 {
            write!(out, "priority={} ", self.priority)?;
        }
        let words = [
            (self.audit, "audit "),
            (self.deny, "deny "),
            (self.owner == Some(true), "owner "),
            (self.owner == Some(false), "other "),
        ];
        for (_, word) in words.iter().filter(|(written, _)| *written) {
            out.write_str(word)?;
        }
        write!(out, "{} {},", self.pattern, self.letters)
    }
}

/// Rules and paths to ask them about.
#[derive(Clone, Debug)]
pub struct Case {
    pub rules: Vec<Rule>,
    pub paths: Vec<String>,
}

impl Case {
    /// Makes a case of any bytes.
    pub fn read(bytes: &[u8]) -> Self {
        let mut bytes = bytes.iter().copied();
        let mut next = || bytes.next().unwrap_or_default();
        let rules = (0..next() % 8)
            .map(|_| {
                let (prefix, letters, length) = (next(), next(), next() % 7);
                let mut pattern = String::from("/");
                for _ in 0..length {
                    pattern.push_str(FRAGMENTS[usize::from(next() % 16)]);
                }
                let letters = if letters & 1 == 0 {
                    // `w` and `a` exclude each other.
                    LETTERS
                        .iter()
                        .zip(1..)
                        .filter(|((letter, _), bit)| *letter != 'a' && letters >> bit & 1 != 0)
                        .map(|((letter, _), _)| *letter)
                        .collect()
                } else {
                    LETTERS
                        .iter()
                        .zip(1..)
                        .filter(|((letter, _), bit)| *letter != 'w' && letters >> bit & 1 != 0)
                        .map(|((letter, _), _)| *letter)
                        .collect()
                };
                Rule {
                    deny: prefix & 1 != 0,
                    audit: prefix & 2 != 0,
                    owner: [None, Some(true), Some(false), None][usize::from(prefix >> 2 & 3)],
                    priority: [0, 0, 1, -1][usize::from(prefix >> 4 & 3)],
                    pattern: single_slashes(pattern),
                    letters,
                }
            })
            .filter(|rule| !rule.letters.is_empty())
            .collect();
        let paths = (0..4)
            .map(|_| {
                let mut path = String::from("/");
                for _ in 0..next() % 6 {
                    path.push_str(PATH_FRAGMENTS[usize::from(next() % 8)]);
                }
                single_slashes(path)
            })
            .collect();
        Self { rules, paths }
    }

    /// The rules as a policy.
    pub fn policy(&self) -> String {
        let rules: String = self
            .rules
            .iter()
            .map(|rule| format!("  {rule}\n"))
            .collect();
        format!("profile p {{\n{rules}}}\n")
    }
}

/// The compiler and the kernel write runs of slashes as one.
fn single_slashes(mut text: String) -> String {
    while text.contains("//") {
        text = text.replace("//", "/");
    }
    text
}

/// What is granted, logged and kept quiet of one permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub allow: bool,
    pub audit: bool,
    pub quiet: bool,
}

/// Decides one permission letter: the matching rules of the highest priority decide, and among
/// them a deny.
pub fn decide(rules: &[Rule], path: &str, owner: bool, letter: char) -> Answer {
    let speaking: Vec<&Rule> = rules
        .iter()
        .filter(|rule| {
            let names =
                rule.letters.contains(letter) || letter == 'a' && rule.letters.contains('w');
            names && rule.owner.is_none_or(|of| of == owner) && matches(&rule.pattern, path)
        })
        .collect();
    let Some(rank) = speaking.iter().map(|rule| (rule.priority, rule.deny)).max() else {
        return Answer::default();
    };
    let mut deciding = speaking
        .iter()
        .filter(|rule| (rule.priority, rule.deny) == rank);
    if rank.1 {
        Answer {
            quiet: deciding.any(|rule| !rule.audit),
            ..Answer::default()
        }
    } else {
        Answer {
            allow: true,
            audit: deciding.any(|rule| rule.audit),
            quiet: false,
        }
    }
}

/// Whether a pattern matches a whole path, as apparmor.d(5) says under "Globbing".
pub fn matches(pattern: &str, path: &str) -> bool {
    let mut rest = pattern.as_bytes();
    let pieces = sequence(&mut rest, pattern.as_bytes(), 0);
    ends(&pieces, path.as_bytes(), BTreeSet::from([0])).contains(&path.len())
}

/// Reads pieces up to the end or, inside of groups, up to `,` or `}`.
fn sequence(rest: &mut &[u8], whole: &[u8], depth: u32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((&first, behind)) = rest.split_first() {
        let at = whole.len() - rest.len();
        if depth > 0 && matches!(first, b',' | b'}') {
            break;
        }
        *rest = behind;
        pieces.push(match first {
            b'\\' => {
                let byte = behind[0];
                *rest = &behind[1..];
                Piece::Byte(byte)
            }
            b'?' => Piece::One,
            b'*' => {
                let deep = behind.first() == Some(&b'*');
                if deep {
                    *rest = &behind[1..];
                }
                let stars = whole[at..].iter().take_while(|byte| **byte == b'*').count();
                let before = at.checked_sub(1).map(|before| whole[before]);
                let after = whole.get(at + stars);
                Piece::Star {
                    deep,
                    component: before == Some(b'/') && matches!(after, None | Some(b'/')),
                }
            }
            b'[' => {
                let negated = behind[0] == b'^';
                let end = behind
                    .iter()
                    .position(|byte| *byte == b']')
                    .expect("a class ends");
                *rest = &behind[end + 1..];
                Piece::Class(negated, if negated { b"a" } else { b"ab" })
            }
            b'{' => {
                let mut alternatives = vec![sequence(rest, whole, depth + 1)];
                while rest[0] == b',' {
                    *rest = &rest[1..];
                    alternatives.push(sequence(rest, whole, depth + 1));
                }
                *rest = &rest[1..];
                Piece::Group(alternatives)
            }
            byte => Piece::Byte(byte),
        });
    }
    pieces
}

/// Where the pieces may end in a text when they start at any of `from`.
fn ends(pieces: &[Piece], text: &[u8], from: BTreeSet<usize>) -> BTreeSet<usize> {
    pieces.iter().fold(from, |from, piece| match piece {
        Piece::Byte(byte) => one(text, &from, |found| found == *byte),
        Piece::One => one(text, &from, |found| found != b'/'),
        Piece::Class(negated, set) => one(text, &from, |found| set.contains(&found) != *negated),
        Piece::Star { deep, component } => {
            let mut reached = if *component {
                one(text, &from, |found| found != b'/')
            } else {
                from
            };
            loop {
                let more = one(text, &reached, |found| *deep || found != b'/');
                let before = reached.len();
                reached.extend(more);
                if reached.len() == before {
                    break reached;
                }
            }
        }
        Piece::Group(alternatives) => alternatives
            .iter()
            .flat_map(|pieces| ends(pieces, text, from.clone()))
            .collect(),
    })
}

fn one(text: &[u8], from: &BTreeSet<usize>, accepts: impl Fn(u8) -> bool) -> BTreeSet<usize> {
    from.iter()
        .filter(|at| text.get(**at).is_some_and(|byte| accepts(*byte)))
        .map(|at| at + 1)
        .collect()
}
