//! What an editor shows of a text's structure: pieces to colour, blocks to fold.
//! Read by the same parser as the documents, up to the first error.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks};

use super::{Data, MAX_TEXT, build::Offsets, scalar};
use crate::diagnostic::Span;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a [`Token`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The key of a mapping.
    Key,
    /// A string, quoted or not.
    Text,
    /// A number.
    Number,
    /// A truth value or `null`.
    Word,
    /// A comment.
    Comment,
    /// A use of an anchor.
    Alias,
}

/// The structure of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// By position, not overlapping.
    pub tokens: Vec<Token>,
    /// What disappears when a list or mapping is folded; its first line stays.
    pub folds: Vec<Span>,
}

/// A list or mapping that is still open.
struct Frame {
    /// The byte after which it may be folded.
    start: usize,
    /// Whether it is a mapping whose next value is a key.
    key: Option<bool>,
    flow: bool,
}

/// Reads a text of YAML or JSON.
pub fn structure(text: &str) -> Structure {
    let mut reader = Reader {
        text,
        offsets: Offsets::of(text),
        frames: Vec::new(),
        found: Structure::default(),
        last: 0,
    };
    if text.len() > MAX_TEXT {
        return reader.found;
    }
    let mut parser = Parser::new_from_str(text);
    while let Some(Ok((event, marks))) = parser.next_event() {
        reader.take(&event, marks);
    }
    let end = text.len();
    reader.comments(end);
    let mut found = reader.found;
    sorted::sort_by_key(&mut found.tokens, |token| token.span);
    sorted::sort(&mut found.folds);
    found
}

struct Reader<'t> {
    text: &'t str,
    offsets: Offsets,
    frames: Vec<Frame>,
    found: Structure,
    /// One past the last piece that was read.
    last: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, marks: Marks) {
        let span = Span {
            start: self.offsets.byte(marks.start.index()),
            end: self.offsets.byte(marks.end.index()),
        };
        match event {
            Event::Scalar(written, style, ..) => {
                let key = self.value();
                let kind = if key {
                    TokenKind::Key
                } else if *style == ScalarStyle::Plain {
                    match scalar::resolve(written) {
                        Data::Int(_) | Data::Float(_) => TokenKind::Number,
                        Data::Bool(_) | Data::Null => TokenKind::Word,
                        _ => TokenKind::Text,
                    }
                } else {
                    TokenKind::Text
                };
                self.piece(span, kind);
            }
            Event::Alias(_) => {
                self.value();
                self.piece(span, TokenKind::Alias);
            }
            Event::MappingStart(..) => self.open(span, true),
            Event::SequenceStart(..) => self.open(span, false),
            Event::MappingEnd | Event::SequenceEnd => self.close(span),
            _ => {}
        }
    }

    /// Counts a value of the open frame; whether it was a key.
    fn value(&mut self) -> bool {
        match self.frames.last_mut().and_then(|frame| frame.key.as_mut()) {
            Some(key) => std::mem::replace(key, !*key),
            None => false,
        }
    }

    fn piece(&mut self, span: Span, kind: TokenKind) {
        // A value that is left out has no place of its own.
        if span.start < self.last || span.end <= span.start {
            return;
        }
        self.comments(span.start);
        let written = self.text.get(span.start..span.end).unwrap_or_default();
        let end = span.start + written.trim_end().len();
        self.found.tokens.push(Token {
            span: Span {
                start: span.start,
                end,
            },
            kind,
        });
        self.last = span.end;
    }

    /// The comments between the last piece and `until`.
    fn comments(&mut self, until: usize) {
        let mut at = self.last;
        while let Some(gap) = self.text.get(at..until)
            && let Some(hash) = gap.find('#')
        {
            let start = at + hash;
            let length = gap[hash..].find('\n').unwrap_or(gap.len() - hash);
            at = start + length;
            self.found.tokens.push(Token {
                span: Span { start, end: at },
                kind: TokenKind::Comment,
            });
        }
        self.last = self.last.max(until);
    }

    fn open(&mut self, span: Span, mapping: bool) {
        let of_key = self
            .frames
            .last()
            .is_some_and(|frame| frame.key == Some(false));
        self.value();
        let flow = self
            .text
            .get(span.start..)
            .is_some_and(|rest| rest.starts_with(['{', '[']));
        let start = if flow {
            span.start + 1
        } else {
            // The key's own line, where there is one; else the first line.
            let header = self
                .found
                .tokens
                .iter()
                .rev()
                .find(|token| token.kind != TokenKind::Comment)
                .filter(|_| of_key)
                .map_or(span.start, |key| key.span.end);
            let rest = self.text.get(header..).unwrap_or_default();
            header + rest.find('\n').unwrap_or(rest.len())
        };
        self.frames.push(Frame {
            start,
            key: mapping.then_some(true),
            flow,
        });
    }

    fn close(&mut self, span: Span) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let end = if frame.flow {
            self.comments(span.start);
            span.start
        } else {
            self.found
                .tokens
                .iter()
                .rev()
                .find(|token| token.kind != TokenKind::Comment)
                .map_or(0, |token| token.span.end)
        };
        let hidden = self.text.get(frame.start..end).unwrap_or_default();
        let whole = self.frames.is_empty() && !frame.flow;
        if hidden.contains('\n') && !whole {
            self.found.folds.push(Span {
                start: frame.start,
                end,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<(TokenKind, &str)> {
        structure(text)
            .tokens
            .iter()
            .map(|token| (token.kind, &text[token.span.start..token.span.end]))
            .collect()
    }

    #[test]
    fn keys_values_and_comments_are_told_apart() {
        use TokenKind::{Alias, Comment, Key, Number, Text, Word};
        assert_eq!(
            written("# é\na: &x 1 # one\nb:\n  - \"c # d\"\n  - yes\ne: *x\nf: {g: [h, ~]}\n"),
            [
                (Comment, "# é"),
                (Key, "a"),
                (Number, "&x 1"),
                (Comment, "# one"),
                (Key, "b"),
                (Text, "\"c # d\""),
                (Word, "yes"),
                (Key, "e"),
                (Alias, "*x"),
                (Key, "f"),
                (Key, "g"),
                (Text, "h"),
                (Word, "~"),
            ]
        );
    }

    #[test]
    fn what_stands_before_an_error_is_still_coloured() {
        assert_eq!(
            written("a: 1\nb: [\n").first(),
            Some(&(TokenKind::Key, "a"))
        );
    }

    #[test]
    fn blocks_fold_to_their_first_line_and_brackets_to_a_pair() {
        let folded = |text: &str| {
            structure(text)
                .folds
                .iter()
                .map(|fold| text[fold.start..fold.end].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(folded("a:\n  b: 1\n  c: 2\nd: 3\n"), ["\n  b: 1\n  c: 2"]);
        assert_eq!(
            folded("a:\n- b: 1\n  c: 2\n"),
            ["\n- b: 1\n  c: 2", "\n  c: 2"]
        );
        assert_eq!(folded("{\"a\": [\n1\n]\n}"), ["\"a\": [\n1\n]\n", "\n1\n"]);
        assert_eq!(folded("a: {b: 1}\n"), Vec::<String>::new());
    }
}
