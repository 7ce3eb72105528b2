//! Expansions: from the words of a command line to the words of a command
//! (XCU 2.6, without arithmetic and field splitting by a changed `IFS`).

use super::{Shell, syntax::Piece, syntax::Word};
use crate::process::Process;

/// A character of a word under expansion: quoted ones are no pattern and do
/// not separate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    character: char,
    quoted: bool,
}

/// Most words that one command may have.
pub const MAX_WORDS: usize = 4096;

/// The fields that words become, in order.
pub fn fields(shell: &mut Shell, process: &mut Process<'_>, words: &[Word]) -> Vec<String> {
    let mut all = Vec::new();
    for word in words {
        for field in split(&marks(shell, process, word)) {
            all.extend(paths(process, &field));
        }
        all.truncate(MAX_WORDS);
    }
    all
}

/// The single text that a word becomes where no splitting and no pattern is
/// wanted: in assignments and redirections.
pub fn text(shell: &mut Shell, process: &mut Process<'_>, word: &Word) -> String {
    marks(shell, process, word)
        .iter()
        .filter_map(|mark| mark.as_ref().map(|mark| mark.character))
        .collect()
}

/// The characters of a word. `None` marks an empty quoted piece: it makes a
/// field even if nothing else does.
fn marks(shell: &mut Shell, process: &mut Process<'_>, word: &Word) -> Vec<Option<Mark>> {
    let mut marks = Vec::new();
    let mut push = |text: &str, quoted: bool| {
        if quoted {
            marks.push(None);
        }
        marks.extend(
            text.chars()
                .map(|character| Some(Mark { character, quoted })),
        );
    };
    for (index, piece) in word.0.iter().enumerate() {
        match piece {
            Piece::Text(text) if index == 0 && (text == "~" || text.starts_with("~/")) => {
                push(&shell.variable("HOME"), true);
                push(text.trim_start_matches('~'), false);
            }
            Piece::Text(text) => push(text, false),
            Piece::Quoted(text) => push(text, true),
            Piece::Parameter {
                name,
                default,
                quoted,
            } => {
                let mut value = shell.variable(name);
                if value.is_empty()
                    && let Some(default) = default
                {
                    value = self::text(shell, process, default);
                }
                push(&value, *quoted);
            }
            Piece::Substitution { list, quoted } => {
                let output = shell.capture(process, list);
                push(output.trim_end_matches('\n'), *quoted);
            }
        }
    }
    marks
}

/// Splits at unquoted white space that came from expansions; white space that
/// was typed never gets here, since it ends the word.
fn split(marks: &[Option<Mark>]) -> Vec<Vec<Mark>> {
    let mut fields = Vec::new();
    let mut field: Option<Vec<Mark>> = None;
    for mark in marks {
        match mark {
            Some(mark) if !mark.quoted && mark.character.is_ascii_whitespace() => {
                fields.extend(field.take());
            }
            Some(mark) => field.get_or_insert_default().push(*mark),
            None => {
                field.get_or_insert_default();
            }
        }
    }
    fields.extend(field);
    fields
}

/// The paths that a field matches; itself, when it is no pattern or matches
/// nothing.
fn paths(process: &mut Process<'_>, field: &[Mark]) -> Vec<String> {
    let plain: String = field.iter().map(|mark| mark.character).collect();
    let is_pattern = |mark: &Mark| !mark.quoted && matches!(mark.character, '*' | '?' | '[');
    if !field.iter().any(is_pattern) {
        return vec![plain];
    }
    let mut found = vec![String::new()];
    let parts: Vec<&[Mark]> = field.split(|mark| mark.character == '/').collect();
    for (index, part) in parts.iter().enumerate() {
        let separator = if index + 1 < parts.len() { "/" } else { "" };
        let mut next = Vec::new();
        for base in &found {
            if !part.iter().any(is_pattern) {
                let name: String = part.iter().map(|mark| mark.character).collect();
                next.push(format!("{base}{name}{separator}"));
                continue;
            }
            let directory = if base.is_empty() { "." } else { base };
            for name in process.list(directory).unwrap_or_default() {
                let hidden =
                    name.starts_with('.') && part.first().is_some_and(|mark| mark.character != '.');
                let characters: Vec<char> = name.chars().collect();
                if !hidden && matches(part, &characters) {
                    next.push(format!("{base}{name}{separator}"));
                }
            }
        }
        next.truncate(MAX_WORDS);
        found = next;
    }
    let literal = |path: &String| process.stat(path, false).is_ok();
    found = found.into_iter().filter(literal).collect();
    if found.is_empty() {
        return vec![plain];
    }
    found
}

/// Whether a name matches a pattern (XCU 2.13), by backtracking over the last
/// `*` only, which is enough since each `*` may take the least it can.
fn matches(pattern: &[Mark], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        let step = pattern.get(p).and_then(|mark| match mark.character {
            '*' if !mark.quoted => None,
            '?' if !mark.quoted => Some(1),
            '[' if !mark.quoted => bracket(pattern.get(p..).unwrap_or_default(), name[n]),
            other => (other == name[n]).then_some(1),
        });
        if let Some(length) = step {
            p += length;
            n += 1;
        } else if pattern
            .get(p)
            .is_some_and(|mark| mark.character == '*' && !mark.quoted)
        {
            retry = Some((p, n));
            p += 1;
        } else if let Some((star, taken)) = retry {
            retry = Some((star, taken + 1));
            p = star + 1;
            n = taken + 1;
        } else {
            return false;
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|mark| mark.character == '*' && !mark.quoted)
}

/// The length of the bracket expression at the start of a pattern when it
/// takes the character.
fn bracket(pattern: &[Mark], character: char) -> Option<usize> {
    let end = 2 + pattern
        .iter()
        .skip(2)
        .position(|mark| mark.character == ']' && !mark.quoted)?;
    let mut inner: &[Mark] = pattern.get(1..end)?;
    let negated = inner
        .first()
        .is_some_and(|mark| matches!(mark.character, '!' | '^') && !mark.quoted);
    if negated {
        inner = inner.get(1..)?;
    }
    let mut taken = false;
    let mut index = 0;
    while let Some(low) = inner.get(index) {
        let dash = inner.get(index + 1).is_some_and(|m| m.character == '-');
        if dash && let Some(high) = inner.get(index + 2) {
            taken |= (low.character..=high.character).contains(&character);
            index += 3;
        } else {
            taken |= low.character == character;
            index += 1;
        }
    }
    (taken != negated).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str, name: &str) -> bool {
        let marks: Vec<Mark> = pattern
            .chars()
            .map(|character| Mark {
                character,
                quoted: false,
            })
            .collect();
        matches(&marks, &name.chars().collect::<Vec<_>>())
    }

    #[test]
    fn a_pattern_matches_a_whole_name() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*.yaml", "pod.yaml", true),
            ("*.yaml", "pod.yml", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("?", "é", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("[a", "[a", false),
        ] {
            assert_eq!(matched(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn white_space_separates_only_where_it_is_not_quoted() {
        let mark = |character, quoted| Some(Mark { character, quoted });
        let marks = [
            mark('a', false),
            mark(' ', false),
            mark('b', true),
            mark(' ', true),
        ];
        assert_eq!(split(&marks).len(), 2);
        assert_eq!(split(&[None]), [vec![]]);
    }
}
