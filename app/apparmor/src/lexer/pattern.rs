//! The lexer's patterns: each tells how many bytes it matches at the start of
//! a text, 0 where it does not match.
//!
//! Source: the definitions section of `parser_lex.l`.

/// A blank: space or tab.
pub fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// C's `isspace`.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn at(text: &[u8], index: usize) -> u8 {
    text.get(index).copied().unwrap_or(b'\n')
}

/// How many bytes from the start are accepted.
pub fn run(text: &[u8], accepts: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| accepts(**byte)).count()
}

/// Blanks.
pub fn blanks(text: &[u8]) -> usize {
    run(text, is_blank)
}

/// A line end, `\n` or `\r\n`.
pub fn line_end(text: &[u8]) -> usize {
    if text.starts_with(b"\n") {
        1
    } else if text.starts_with(b"\r\n") {
        2
    } else {
        0
    }
}

/// `#` to the end of the line, that one included; a last line without end is no comment.
pub fn comment(text: &[u8]) -> usize {
    if !text.starts_with(b"#") {
        return 0;
    }
    let length = run(text, |byte| byte != b'\n');
    if length < text.len() { length + 1 } else { 0 }
}

/// A letter, then letters, digits and `_`.
pub fn variable_name(text: &[u8]) -> usize {
    if at(text, 0).is_ascii_alphabetic() {
        run(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
    } else {
        0
    }
}

/// `@{NAME}` or `@NAME`, `$` in place of `@` for booleans.
pub fn variable(text: &[u8], sigil: u8) -> usize {
    if at(text, 0) != sigil {
        return 0;
    }
    let rest = text.get(1..).unwrap_or_default();
    if at(rest, 0) == b'{' {
        let name = variable_name(rest.get(1..).unwrap_or_default());
        if name > 0 && at(rest, name + 1) == b'}' {
            name + 3
        } else {
            0
        }
    } else {
        match variable_name(rest) {
            0 => 0,
            name => name + 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'!' | b',')
}

/// The rest of a word: characters, commas that more of the word follows, escapes.
pub fn word_rest(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(&byte) = text.get(length) {
        let next = text.get(length + 1).copied();
        length += match byte {
            b'\\' if matches!(next, Some(b' ' | b'\t' | b'"' | b'!' | b',')) => 2,
            b',' if next.is_some_and(is_word) => 2,
            byte if is_word(byte) => 1,
            _ => break,
        };
    }
    length
}

/// A whole word; it may start with an escaped `#`.
pub fn word(text: &[u8]) -> usize {
    word_rest(text)
}

/// A word of a rule mode: no `=`, no `)`, and no `(`, `+`, `&` at its start.
pub fn word_without_equals(text: &[u8]) -> usize {
    let is_part = |byte: u8| {
        !matches!(
            byte,
            b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b')'
        )
    };
    let first = at(text, 0);
    if !is_part(first) || matches!(first, b'(' | b'+' | b'&') {
        return 0;
    }
    let mut length = 1;
    while let Some(&byte) = text.get(length) {
        length += match byte {
            b',' if text.get(length + 1).copied().is_some_and(is_part) => 2,
            byte if is_part(byte) => 1,
            _ => break,
        };
    }
    length
}

/// The name of a condition inside a list: `addr` of `peer=(addr=…)`, `label` of `peer=(label:=…)`.
pub fn condition_name(text: &[u8]) -> usize {
    let length = run(text, |byte| {
        !matches!(
            byte,
            b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b')'
        )
    });
    let before_assignment = length > 1 && at(text, length - 1) == b':' && at(text, length) == b'=';
    if before_assignment {
        length - 1
    } else {
        length
    }
}

/// A value inside a list: no brackets but escaped ones.
pub fn list_value(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(&byte) = text.get(length) {
        length += match byte {
            b'\\'
                if matches!(
                    text.get(length + 1),
                    Some(b' ' | b'\t' | b'"' | b'!' | b',' | b'(' | b')')
                ) =>
            {
                2
            }
            b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'(' | b')' => break,
            _ => 1,
        };
    }
    length
}

/// A path, a variable with more behind it, a namespace, or a stack: what may start a file rule.
pub fn label(text: &[u8]) -> usize {
    let start = match at(text, 0) {
        b'/' | b'&' => 1,
        b':' if text.get(1).is_some_and(|byte| *byte != b'=') => 2,
        b'@' => after_variable(text),
        _ => 0,
    };
    if start == 0 {
        0
    } else {
        start + word_rest(text.get(start..).unwrap_or_default())
    }
}

/// A variable and the one character behind it that makes it part of a path.
fn after_variable(text: &[u8]) -> usize {
    let variable = variable(text, b'@');
    if variable == 0 {
        return 0;
    }
    let rest = text.get(variable..).unwrap_or_default();
    let is_part = |byte: u8| {
        !matches!(
            byte,
            b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b'+' | b'?'
        )
    };
    let behind = match (rest.first(), rest.get(1)) {
        (Some(b'\\'), Some(b' ' | b'\t' | b'"' | b'!' | b',' | b'(' | b')')) => 2,
        (Some(b','), Some(next)) if is_part(*next) => 2,
        (Some(byte), Some(b'?'))
            if !matches!(
                byte,
                b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b'+'
            ) =>
        {
            2
        }
        (Some(byte), _) if is_part(*byte) => 1,
        _ => 0,
    };
    if behind > 0 {
        variable + behind
    } else if at(text, 1) != b'{' && variable > 2 {
        // `@NAME` gives its last letter up to be the character behind.
        variable
    } else {
        0
    }
}

/// `"…"`; a quote behind a backslash goes on where another quote follows.
pub fn quoted(text: &[u8]) -> usize {
    if at(text, 0) != b'"' {
        return 0;
    }
    let mut end = 0;
    for (index, &byte) in text.iter().enumerate().skip(1) {
        match byte {
            0 => break,
            b'"' => {
                end = index + 1;
                if at(text, index - 1) != b'\\' || index == 1 {
                    break;
                }
            }
            _ => {}
        }
    }
    end
}

/// A quoted text that starts like a label.
pub fn quoted_label(text: &[u8]) -> usize {
    if matches!(text.get(1), Some(b'/' | b'@' | b':' | b'&')) {
        quoted(text)
    } else {
        0
    }
}

/// Permission letters of a file rule, with white space or a comma behind.
pub fn permissions(text: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let lower = |index: usize| at(text, length + index).to_ascii_lowercase();
        let two = lower(1) == b'x';
        let three = matches!(lower(1), b'i' | b'u') && lower(2) == b'x';
        length += match at(text, length) {
            b'R' | b'r' | b'W' | b'w' | b'a' | b'L' | b'l' | b'M' | b'm' | b'k' | b'X' | b'x' => 1,
            b'P' | b'p' | b'C' | b'c' | b'I' | b'i' | b'U' | b'u' if two => 2,
            b'P' | b'p' | b'C' | b'c' if three => 3,
            _ => break,
        };
    }
    let ended = text
        .get(length)
        .is_some_and(|byte| is_space(*byte) || *byte == b',');
    if ended { length } else { 0 }
}

/// The path of an include: `<path>`, `<"path">`, `"path"` or a bare word.
pub fn include_path(text: &[u8]) -> usize {
    let magic = if at(text, 0) == b'<' {
        let rest = text.get(1..).unwrap_or_default();
        let inside = match quoted(rest) {
            0 => run(rest, |byte| {
                !matches!(byte, b'"' | b'>' | b'\t' | b'\r' | b'\n')
            }),
            inside => inside,
        };
        if inside > 0 && at(rest, inside) == b'>' {
            inside + 2
        } else {
            0
        }
    } else {
        0
    };
    magic.max(quoted(text)).max(bare_include(text))
}

fn bare_include(text: &[u8]) -> usize {
    let is_part = |byte: u8| is_word(byte) && byte != b'<' && byte != b'>';
    let mut length = 0;
    while let Some(&byte) = text.get(length) {
        let next = text.get(length + 1).copied();
        length += match byte {
            b'\\' if matches!(next, Some(b' ' | b'\t' | b'"' | b'!' | b',')) => 2,
            b',' if next.is_some_and(is_part) => 2,
            byte if is_part(byte) => 1,
            _ => break,
        };
    }
    length
}

/// Digits.
pub fn number(text: &[u8]) -> usize {
    run(text, |byte| byte.is_ascii_digit())
}

/// Digits with an optional sign out of `signs`.
pub fn signed(text: &[u8], signs: &[u8]) -> usize {
    let sign = usize::from(signs.contains(&at(text, 0)));
    match number(text.get(sign..).unwrap_or_default()) {
        0 => 0,
        digits => sign + digits,
    }
}

/// `literal` at the start of the text.
pub fn literal(text: &[u8], literal: &str) -> usize {
    if text.starts_with(literal.as_bytes()) {
        literal.len()
    } else {
        0
    }
}
