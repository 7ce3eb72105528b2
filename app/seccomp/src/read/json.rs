//! JSON as Go's `encoding/json` reads it: the whole text is checked first, then
//! values are taken from it one by one, each with its place.

use std::ops::Range;

/// Deepest nesting that Go reads (`maxNestingDepth`).
const MAX_DEPTH: usize = 10_000;

/// A text that is not JSON, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) message: String,
    /// The byte that is wrong; the text's length where it ends too early.
    pub(super) offset: usize,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// The word in Go's type errors.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// A position in a text that [`check`] has accepted.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

/// Checks a whole text (`checkValid`).
pub(super) fn check(text: &[u8]) -> Result<(), SyntaxError> {
    let mut checker = Checker {
        open: Vec::new(),
        state: State::Value,
    };
    for (offset, &byte) in text.iter().enumerate() {
        checker
            .step(byte)
            .map_err(|message| SyntaxError { message, offset })?;
    }
    if checker.ends_well() {
        Ok(())
    } else {
        Err(SyntaxError {
            message: "unexpected end of JSON input".to_owned(),
            offset: text.len(),
        })
    }
}

/// What the checker expects next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    AfterValue,
    Text,
    Escape,
    Hex(u8),
    Minus,
    Zero,
    Digits,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    Word(&'static str, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Key,
    Member,
}

struct Checker {
    open: Vec<Open>,
    state: State,
}

impl Checker {
    fn step(&mut self, byte: u8) -> Result<(), String> {
        let is_space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match self.state {
            State::Value | State::ValueOrEnd | State::Key | State::KeyOrEnd if is_space => {}
            State::ValueOrEnd if byte == b']' => self.close(),
            State::Value | State::ValueOrEnd => return self.begin_value(byte),
            State::KeyOrEnd if byte == b'}' => self.close(),
            State::Key | State::KeyOrEnd if byte == b'"' => self.state = State::Text,
            State::Key | State::KeyOrEnd => {
                return Err(unexpected(
                    byte,
                    "looking for beginning of object key string",
                ));
            }
            State::AfterValue => return self.after_value(byte, is_space),
            State::Text => match byte {
                b'"' => self.state = State::AfterValue,
                b'\\' => self.state = State::Escape,
                0..0x20 => return Err(unexpected(byte, "in string literal")),
                _ => {}
            },
            State::Escape => match byte {
                b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.state = State::Text,
                b'u' => self.state = State::Hex(4),
                _ => return Err(unexpected(byte, "in string escape code")),
            },
            State::Hex(left) if byte.is_ascii_hexdigit() => {
                self.state = if left == 1 {
                    State::Text
                } else {
                    State::Hex(left - 1)
                };
            }
            State::Hex(_) => {
                return Err(unexpected(byte, "in \\u hexadecimal character escape"));
            }
            State::Word(word, at) => match word.as_bytes().get(at) {
                Some(&expected) if expected == byte => {
                    self.state = if at + 1 == word.len() {
                        State::AfterValue
                    } else {
                        State::Word(word, at + 1)
                    };
                }
                expected => {
                    let expected = char::from(expected.copied().unwrap_or(b' '));
                    let context = format!("in literal {word} (expecting '{expected}')");
                    return Err(unexpected(byte, &context));
                }
            },
            _ => return self.number(byte, is_space),
        }
        Ok(())
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), String> {
        self.state = match byte {
            b'{' => {
                self.open(Open::Key)?;
                State::KeyOrEnd
            }
            b'[' => {
                self.open(Open::Array)?;
                State::ValueOrEnd
            }
            b'"' => State::Text,
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Digits,
            b't' => State::Word("true", 1),
            b'f' => State::Word("false", 1),
            b'n' => State::Word("null", 1),
            _ => return Err(unexpected(byte, "looking for beginning of value")),
        };
        Ok(())
    }

    fn number(&mut self, byte: u8, is_space: bool) -> Result<(), String> {
        let is_digit = byte.is_ascii_digit();
        self.state = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus | State::Digits, _) if is_digit => State::Digits,
            (State::Minus, _) => return Err(unexpected(byte, "in numeric literal")),
            (State::Digits | State::Zero, b'.') => State::Point,
            (State::Point | State::Fraction, _) if is_digit => State::Fraction,
            (State::Point, _) => {
                return Err(unexpected(byte, "after decimal point in numeric literal"));
            }
            (State::Digits | State::Zero | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, _) if is_digit => {
                State::ExponentDigits
            }
            (State::Exponent | State::ExponentSign, _) => {
                return Err(unexpected(byte, "in exponent of numeric literal"));
            }
            _ => return self.after_value(byte, is_space),
        };
        Ok(())
    }

    fn after_value(&mut self, byte: u8, is_space: bool) -> Result<(), String> {
        self.state = State::AfterValue;
        let Some(open) = self.open.last_mut() else {
            return if is_space {
                Ok(())
            } else {
                Err(unexpected(byte, "after top-level value"))
            };
        };
        if is_space {
            return Ok(());
        }
        match (*open, byte) {
            (Open::Key, b':') => {
                *open = Open::Member;
                self.state = State::Value;
            }
            (Open::Key, _) => return Err(unexpected(byte, "after object key")),
            (Open::Member, b',') => {
                *open = Open::Key;
                self.state = State::Key;
            }
            (Open::Member, b'}') | (Open::Array, b']') => self.close(),
            (Open::Member, _) => return Err(unexpected(byte, "after object key:value pair")),
            (Open::Array, b',') => self.state = State::Value,
            (Open::Array, _) => return Err(unexpected(byte, "after array element")),
        }
        Ok(())
    }

    fn open(&mut self, what: Open) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        self.open.push(what);
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
        self.state = State::AfterValue;
    }

    fn ends_well(&self) -> bool {
        self.open.is_empty()
            && matches!(
                self.state,
                State::AfterValue
                    | State::Zero
                    | State::Digits
                    | State::Fraction
                    | State::ExponentDigits
            )
    }
}

fn unexpected(byte: u8, context: &str) -> String {
    let shown = match byte {
        b'\'' => "\\'".to_owned(),
        b'"' => "\"".to_owned(),
        b'\\' => "\\\\".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        b'\t' => "\\t".to_owned(),
        b'\n' => "\\n".to_owned(),
        0x0b => "\\v".to_owned(),
        0x0c => "\\f".to_owned(),
        b'\r' => "\\r".to_owned(),
        0..0x20 | 0x7f => format!("\\x{byte:02x}"),
        0x80..0xa0 | 0xad => format!("\\u00{byte:02x}"),
        _ => char::from(byte).to_string(),
    };
    format!("invalid character '{shown}' {context}")
}

impl<'a> Cursor<'a> {
    /// The start of the text's one value.
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&mut self) -> u8 {
        while self
            .text
            .get(self.at)
            .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':'))
        {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// What the value here is.
    pub(super) fn kind(&mut self) -> Kind {
        match self.peek() {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Goes over the value here, however deep, and returns its place.
    pub(super) fn skip(&mut self) -> Range<usize> {
        self.peek();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b'"' => self.skip_string(),
                0 if self.at >= self.text.len() => break,
                _ => self.skip_word(),
            }
            if depth == 0 {
                break;
            }
        }
        start..self.at
    }

    /// The value's text.
    pub(super) fn raw(&self, span: &Range<usize>) -> &'a [u8] {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Steps into an array or object.
    pub(super) fn enter(&mut self) {
        self.peek();
        self.at += 1;
    }

    /// Whether the array or object has no more; steps out of it then.
    pub(super) fn leave(&mut self) -> bool {
        match self.peek() {
            b']' | b'}' => {
                self.at += 1;
                true
            }
            _ => self.at >= self.text.len(),
        }
    }

    /// The end of what has been read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The place where the next value begins.
    pub(super) fn start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Takes a string, with its escapes resolved as Go does: what is not UTF-8
    /// or half a surrogate pair becomes U+FFFD.
    pub(super) fn string(&mut self) -> (String, Range<usize>) {
        self.peek();
        let start = self.at;
        self.skip_string();
        let span = start..self.at;
        let inner = self
            .text
            .get(start + 1..self.at.saturating_sub(1).max(start + 1))
            .unwrap_or_default();
        (unescape(inner), span)
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    fn skip_word(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| {
            !matches!(
                byte,
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'}' | b']'
            )
        }) {
            self.at += 1;
        }
    }
}

fn unescape(inner: &[u8]) -> String {
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner).into_owned();
    }
    let mut out = String::new();
    let mut rest = inner;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let (plain, escaped) = rest.split_at(at);
        out.push_str(&String::from_utf8_lossy(plain));
        let (character, length) = escape(escaped);
        out.push(character);
        rest = escaped.get(length..).unwrap_or_default();
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

/// The character of an escape and how many bytes it takes.
fn escape(text: &[u8]) -> (char, usize) {
    let character = match text.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text),
        Some(&byte) => char::from(byte),
        None => char::REPLACEMENT_CHARACTER,
    };
    (character, 2)
}

fn unicode_escape(text: &[u8]) -> (char, usize) {
    const LENGTH: usize = 6;
    let Some(high) = hex4(text) else {
        return (char::REPLACEMENT_CHARACTER, LENGTH);
    };
    if let Some(character) = char::from_u32(high) {
        return (character, LENGTH);
    }
    let pair = hex4(text.get(LENGTH..).unwrap_or_default()).and_then(|low| {
        let is_pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
        is_pair
            .then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            .and_then(char::from_u32)
    });
    pair.map_or((char::REPLACEMENT_CHARACTER, LENGTH), |character| {
        (character, 2 * LENGTH)
    })
}

fn hex4(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        check(text.as_bytes()).expect_err("not JSON").message
    }

    #[test]
    fn errors_are_in_the_words_of_go() {
        for (text, expected) in [
            ("", "unexpected end of JSON input"),
            ("{", "unexpected end of JSON input"),
            (
                "{,",
                "invalid character ',' looking for beginning of object key string",
            ),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            (
                "{\"a\":1 \"b\"",
                "invalid character '\"' after object key:value pair",
            ),
            ("[1 2]", "invalid character '2' after array element"),
            (
                "[1,]",
                "invalid character ']' looking for beginning of value",
            ),
            ("{}x", "invalid character 'x' after top-level value"),
            (
                "// c",
                "invalid character '/' looking for beginning of value",
            ),
            ("0x10", "invalid character 'x' after top-level value"),
            ("-a", "invalid character 'a' in numeric literal"),
            (
                "1.}",
                "invalid character '}' after decimal point in numeric literal",
            ),
            (
                "nul ",
                "invalid character ' ' in literal null (expecting 'l')",
            ),
            ("\"\n\"", "invalid character '\\n' in string literal"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            (
                "'a'",
                "invalid character '\\'' looking for beginning of value",
            ),
            (
                "NaN",
                "invalid character 'N' looking for beginning of value",
            ),
        ] {
            assert_eq!(message(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nesting_ends_where_go_ends_it() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(message(&deep(MAX_DEPTH + 1)), "exceeded max depth");
    }

    #[test]
    fn a_string_comes_out_with_its_escapes_resolved() {
        let text = br#" "a\u0041\n\ud83d\ude00\ud800x" "#;
        let (value, span) = Cursor::new(text).string();
        assert_eq!(value, "aA\n\u{1f600}\u{fffd}x");
        assert_eq!(span, 1..text.len() - 1);
    }

    #[test]
    fn a_value_of_any_depth_can_be_gone_over() {
        let text = "[".repeat(5000) + &"]".repeat(5000);
        assert_eq!(Cursor::new(text.as_bytes()).skip(), 0..10_000);
    }
}
