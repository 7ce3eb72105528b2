//! Go structs from JSON: how `json.Unmarshal` fills them.
//!
//! Keys match without regard to case, unknown ones are passed over, the last of
//! two wins, null leaves a value as it was, and the first value of a wrong type
//! is reported once everything is read.

use super::json::{Cursor, Kind};
use crate::{
    error::{ErrorClass, ProfileError},
    profile::{Span, Spanned},
};

/// Reads a document and keeps the first error.
pub(super) struct Decoder<'a> {
    cursor: Cursor<'a>,
    /// Keys on the way to the current value.
    path: Vec<&'static str>,
    /// The innermost Go struct, for messages.
    structure: &'static str,
    error: Option<ProfileError>,
    /// Keys that only templates have, where the form read is none.
    template_keys: Vec<Spanned<String>>,
}

/// Keys that decide about rules in a template and about nothing elsewhere.
const TEMPLATE_KEYS: [&str; 3] = ["archMap", "includes", "excludes"];

/// A Go struct type.
pub(super) struct GoStruct {
    /// The type in messages about the whole value.
    pub(super) type_name: &'static str,
    /// The type in messages about a field.
    pub(super) name: &'static str,
    /// The JSON keys of its fields.
    pub(super) keys: &'static [&'static str],
}

impl<'a> Decoder<'a> {
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(text),
            path: Vec::new(),
            structure: "",
            error: None,
            template_keys: Vec::new(),
        }
    }

    /// What went wrong first; else the template keys that were passed over.
    pub(super) fn finish(self) -> Result<Vec<Spanned<String>>, ProfileError> {
        self.error.map_or(Ok(self.template_keys), Err)
    }

    /// Keeps an error if it is the first.
    pub(super) fn report(&mut self, error: ProfileError) {
        self.error.get_or_insert(error);
    }

    /// Reads a struct: calls `field` with the key of each field that the text has.
    pub(super) fn object(
        &mut self,
        go: &GoStruct,
        mut field: impl FnMut(&mut Self, &'static str),
    ) -> Span {
        match self.cursor.kind() {
            Kind::Object => {}
            Kind::Null => return self.cursor.skip(),
            kind => return self.wrong(kind, go.type_name),
        }
        let start = self.cursor.start();
        let outer = std::mem::replace(&mut self.structure, go.name);
        self.cursor.enter();
        while !self.cursor.leave() {
            let (key, span) = self.cursor.string();
            let known = (go.keys.iter().find(|name| **name == key))
                .or_else(|| go.keys.iter().find(|name| folds_to(&key, name)));
            if let Some(name) = known {
                self.path.push(name);
                field(self, name);
                self.path.pop();
            } else {
                self.cursor.skip();
                if TEMPLATE_KEYS.contains(&key.as_str()) {
                    self.template_keys.push(Spanned { value: key, span });
                }
            }
        }
        self.structure = outer;
        start..self.cursor.position()
    }

    /// Whether the value is null; goes over it then.
    pub(super) fn null(&mut self) -> bool {
        let is_null = self.cursor.kind() == Kind::Null;
        if is_null {
            self.cursor.skip();
        }
        is_null
    }

    /// Reads a string.
    pub(super) fn string(&mut self, go_type: &str, into: &mut Spanned<String>) {
        match self.cursor.kind() {
            Kind::String => {
                let (value, span) = self.cursor.string();
                *into = Spanned { value, span };
            }
            Kind::Null => {
                self.cursor.skip();
            }
            kind => {
                self.wrong(kind, go_type);
            }
        }
    }

    /// Reads an unsigned integer.
    pub(super) fn unsigned(&mut self, go_type: &str, into: &mut u64) {
        let kind = self.cursor.kind();
        if kind == Kind::Null {
            self.cursor.skip();
            return;
        }
        if kind != Kind::Number {
            self.wrong(kind, go_type);
            return;
        }
        let span = self.cursor.skip();
        let literal = String::from_utf8_lossy(self.cursor.raw(&span)).into_owned();
        let is_plain = literal.bytes().all(|byte| byte.is_ascii_digit());
        match literal.parse() {
            Ok(value) if is_plain => *into = value,
            _ => self.type_error(&format!("number {literal}"), go_type, span),
        }
    }

    /// Reads a pointer to an unsigned integer: null makes it nil.
    pub(super) fn optional_unsigned(&mut self, into: &mut Option<u64>) {
        if self.null() {
            *into = None;
            return;
        }
        let mut value = 0;
        self.unsigned("uint", &mut value);
        *into = Some(value);
    }

    /// Reads an array, each element into a fresh value; `None` for null.
    pub(super) fn list<T>(
        &mut self,
        go_type: &str,
        into: &mut Option<Vec<T>>,
        mut element: impl FnMut(&mut Self) -> T,
    ) {
        match self.cursor.kind() {
            Kind::Array => {
                let mut values = Vec::new();
                self.cursor.enter();
                while !self.cursor.leave() {
                    values.push(element(self));
                }
                *into = Some(values);
            }
            Kind::Null => {
                self.cursor.skip();
                *into = None;
            }
            kind => {
                self.wrong(kind, go_type);
            }
        }
    }

    /// Reads an array of strings of a Go type.
    pub(super) fn strings(&mut self, element: &str, into: &mut Option<Vec<Spanned<String>>>) {
        self.list(&format!("[]{element}"), into, |decoder| {
            let mut value = Spanned::default();
            decoder.string(element, &mut value);
            value
        });
    }

    /// Where the next value begins.
    pub(super) fn start(&mut self) -> usize {
        self.cursor.start()
    }

    /// The end of what has been read.
    pub(super) const fn position(&self) -> usize {
        self.cursor.position()
    }

    /// Takes a value for a type that reads itself: its string, if it is one, its
    /// text, what it is, and where it stands.
    pub(super) fn take(&mut self) -> (String, String, Kind, Span) {
        let kind = self.cursor.kind();
        let (value, span) = if kind == Kind::String {
            self.cursor.string()
        } else {
            (String::new(), self.cursor.skip())
        };
        let raw = String::from_utf8_lossy(self.cursor.raw(&span)).into_owned();
        (value, raw, kind, span)
    }

    fn wrong(&mut self, kind: Kind, go_type: &str) -> Span {
        let span = self.cursor.skip();
        self.type_error(kind.word(), go_type, span.clone());
        span
    }

    /// `json.UnmarshalTypeError`.
    pub(super) fn type_error(&mut self, value: &str, go_type: &str, span: Span) {
        let place = if self.path.is_empty() {
            format!("Go value of type {go_type}")
        } else {
            format!(
                "Go struct field {}.{} of type {go_type}",
                self.structure,
                self.path.join(".")
            )
        };
        let key = self.path.last().map_or_else(
            || "The profile".to_owned(),
            |key| format!("The value of \"{key}\""),
        );
        self.report(ProfileError {
            class: ErrorClass::JsonType,
            message: format!("json: cannot unmarshal {value} into {place}"),
            sentence: format!(
                "{key} must be {}, but this is {}.",
                plain(go_type),
                shown(value)
            ),
            span,
        });
    }
}

/// What Go calls a value, with its article.
fn shown(value: &str) -> String {
    match value {
        "array" => "a list".to_owned(),
        "object" => "an object".to_owned(),
        "bool" => "true or false".to_owned(),
        other => other
            .strip_prefix("number ")
            .map_or_else(|| format!("a {other}"), str::to_owned),
    }
}

/// A Go type in plain words.
fn plain(go_type: &str) -> &'static str {
    match go_type {
        "uint" | "uint64" => "a whole number from 0 up, without point, sign or quotes",
        _ if go_type.starts_with("[]") => "a list in square brackets",
        "string" => "a string in double quotes",
        _ if STRING_TYPES.contains(&go_type) => "a string in double quotes",
        _ => "an object in braces",
    }
}

/// Go types of the runtime spec that are strings.
const STRING_TYPES: [&str; 4] = [
    "specs.LinuxSeccompAction",
    "specs.LinuxSeccompOperator",
    "specs.LinuxSeccompFlag",
    "specs.Arch",
];

/// Whether a key names a field when case is left out (`foldName` of `encoding/json`).
fn folds_to(key: &str, name: &str) -> bool {
    key.chars().map(fold).eq(name.chars().map(fold))
}

fn fold(character: char) -> char {
    match character {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}
