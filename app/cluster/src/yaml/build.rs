//! From the scanner's events to trees, within the limits.

use std::{borrow::Cow, collections::HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};

use super::{
    Data, Entry, MAX_DEPTH, MAX_DOCUMENTS, MAX_TEXT, MAX_VALUES, Value, fault::Fault, scalar,
};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// The documents of a text, and what was found while reading it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// The documents up to the first error, empty ones left out.
    pub documents: Vec<Value>,
    /// At most one error, and the warnings before it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text of YAML or JSON documents; never fails, the findings say what stopped it.
pub fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    if text.len() > MAX_TEXT {
        let span = Span { start: 0, end: 0 };
        parsed
            .diagnostics
            .push(Fault::TooLong(text.len()).diagnostic(text, span));
        return parsed;
    }
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    if let Some((start, character)) = text.char_indices().find(|(_, c)| control(*c)) {
        let span = Span {
            start,
            end: start + character.len_utf8(),
        };
        parsed
            .diagnostics
            .push(Fault::Control(character).diagnostic(text, span));
        return parsed;
    }
    let mut builder = Builder::new(text);
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, marks)) => builder.take(event, marks),
            Err(error) => {
                let start = builder.offsets.byte(error.marker().index());
                let span = Span { start, end: start };
                Err((Fault::Syntax(error.info().to_owned()), span))
            }
        };
        if let Err((fault, span)) = step {
            builder.diagnostics.push(fault.diagnostic(text, span));
            break;
        }
    }
    parsed.documents = builder.documents;
    parsed.diagnostics = builder.diagnostics;
    parsed
}

/// A value with what an alias to it would cost.
#[derive(Clone)]
struct Built {
    value: Value,
    /// How many values it holds, itself included.
    count: usize,
    /// How deep it nests, itself included.
    depth: usize,
}

/// A list or mapping that is still open.
struct Frame {
    start: usize,
    anchor: usize,
    count: usize,
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map {
        entries: Vec<Entry>,
        key: Option<Key>,
    },
}

/// A key that waits for its value.
struct Key {
    name: String,
    span: Span,
    /// Whether it is the unquoted `<<` that merges.
    merges: bool,
}

struct Builder<'t> {
    text: &'t str,
    offsets: Offsets,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Built>,
    values: usize,
    documents: Vec<Value>,
    diagnostics: Vec<Diagnostic>,
}

type Step = Result<(), (Fault, Span)>;

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            offsets: Offsets::of(text),
            frames: Vec::new(),
            anchors: HashMap::new(),
            values: 0,
            documents: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, marks: Marks) -> Step {
        let span = Span {
            start: self.offsets.byte(marks.start.index()),
            end: self.offsets.byte(marks.end.index()),
        };
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Scalar(text, style, anchor, tag) => {
                let data = scalar_data(&text, style, tag.as_ref());
                let built = Built {
                    value: Value { span, data },
                    count: 1,
                    depth: 1,
                };
                self.place(built, anchor, span, style == ScalarStyle::Plain)?;
            }
            Event::Alias(anchor) => {
                let Some(built) = self.anchors.get(&anchor) else {
                    let name = self.text.get(span.start..span.end).unwrap_or_default();
                    let name = name.trim_start_matches('*').trim().to_owned();
                    return Err((Fault::Recursive(name), span));
                };
                if self.values + built.count > MAX_VALUES {
                    return Err((Fault::TooManyValues { by_alias: true }, span));
                }
                let built = built.clone();
                // An alias costs as much as what it repeats.
                self.values += built.count - 1;
                self.place(built, 0, span, false)?;
            }
            Event::SequenceStart(anchor, _) => {
                self.open(span, anchor, Content::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, _) => {
                self.open(
                    span,
                    anchor,
                    Content::Map {
                        entries: Vec::new(),
                        key: None,
                    },
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: usize, content: Content) -> Step {
        if self.frames.len() >= MAX_DEPTH {
            return Err((Fault::TooDeep, span));
        }
        self.frames.push(Frame {
            start: span.start,
            anchor,
            count: 1,
            depth: 1,
            content,
        });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Step {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        // A block ends where the next token begins; its own text ends before
        // the white space.
        let end = self
            .text
            .get(frame.start..span.end)
            .map_or(span.end, |text| frame.start + text.trim_end().len());
        let span = Span {
            start: frame.start,
            end,
        };
        let data = match frame.content {
            Content::List(items) => Data::List(items),
            Content::Map { entries, .. } => Data::Map(entries),
        };
        let built = Built {
            value: Value { span, data },
            count: frame.count,
            depth: frame.depth,
        };
        self.place(built, frame.anchor, span, false)
    }

    /// Puts a finished value where it belongs: a key, a value, an item, a document.
    fn place(&mut self, built: Built, anchor: usize, span: Span, plain: bool) -> Step {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err((Fault::TooManyValues { by_alias: false }, span));
        }
        if self.frames.len() + built.depth > MAX_DEPTH {
            return Err((Fault::TooDeep, span));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let Some(frame) = self.frames.last_mut() else {
            if built.value.is_null() {
                return Ok(());
            }
            if self.documents.len() >= MAX_DOCUMENTS {
                return Err((Fault::TooManyDocuments, span));
            }
            self.documents.push(built.value);
            return Ok(());
        };
        frame.count += built.count;
        frame.depth = frame.depth.max(built.depth + 1);
        match &mut frame.content {
            Content::List(items) => items.push(built.value),
            Content::Map { entries, key } => match key.take() {
                None => {
                    let name = key_name(&built.value.data).ok_or((Fault::KeyIsNotScalar, span))?;
                    *key = Some(Key {
                        name,
                        span,
                        merges: plain && built.value.as_str() == Some("<<"),
                    });
                }
                Some(key) if key.merges => {
                    merge(entries, built.value).map_err(|fault| (fault, span))?;
                }
                Some(key) => {
                    if let Some(earlier) = entries.iter().position(|entry| entry.key == key.name) {
                        self.diagnostics.push(duplicate(&key.name, key.span));
                        entries.remove(earlier);
                    }
                    entries.push(Entry {
                        key: key.name,
                        key_span: key.span,
                        value: built.value,
                    });
                }
            },
        }
        Ok(())
    }
}

fn scalar_data(text: &str, style: ScalarStyle, tag: Option<&Cow<'_, Tag>>) -> Data {
    let string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style == ScalarStyle::Plain && !string {
        scalar::resolve(text)
    } else {
        Data::String(text.to_owned())
    }
}

/// A key as a string, as `sigs.k8s.io/yaml` writes it into JSON.
fn key_name(data: &Data) -> Option<String> {
    match data {
        Data::String(text) => Some(text.clone()),
        Data::Int(value) => Some(value.to_string()),
        Data::Float(value) => Some(value.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::Null => Some("null".to_owned()),
        Data::List(_) | Data::Map(_) => None,
    }
}

/// Adds what `<<` brings: keys that the mapping does not have itself.
fn merge(entries: &mut Vec<Entry>, value: Value) -> Result<(), Fault> {
    let sources = match value.data {
        Data::List(items) => items,
        data => vec![Value {
            span: value.span,
            data,
        }],
    };
    for source in sources {
        let Data::Map(merged) = source.data else {
            return Err(Fault::BadMerge);
        };
        for entry in merged {
            if !entries.iter().any(|own| own.key == entry.key) {
                entries.push(entry);
            }
        }
    }
    Ok(())
}

fn duplicate(name: &str, span: Span) -> Diagnostic {
    Diagnostic {
        code: "yaml-duplicate-key",
        severity: Severity::Warning,
        span,
        sentence: format!(
            "The key `{name}` stands twice in this mapping; kubectl silently takes the last one."
        ),
        tool_wording: None,
        fix: None,
    }
}

/// From the scanner's character indices to byte offsets.
pub(super) struct Offsets {
    /// The byte offset of each character; empty when the text is ASCII.
    bytes: Vec<u32>,
    length: usize,
}

impl Offsets {
    pub(super) fn of(text: &str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .map(|(index, _)| u32::try_from(index).unwrap_or(u32::MAX))
                .collect()
        };
        Self {
            bytes,
            length: text.len(),
        }
    }

    pub(super) fn byte(&self, index: usize) -> usize {
        if self.bytes.is_empty() {
            return index.min(self.length);
        }
        self.bytes
            .get(index)
            .map_or(self.length, |byte| *byte as usize)
    }
}
