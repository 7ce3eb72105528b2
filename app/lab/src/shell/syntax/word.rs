//! Words: quoting, parameters and command substitution.

use super::{
    Piece, SyntaxError, Word,
    cursor::{Cursor, name_length},
};

impl Cursor<'_> {
    /// The next word, or `None` where an operator or the end stands.
    pub(super) fn word(&mut self) -> Result<Option<Word>, SyntaxError> {
        let mut word = Word::default();
        let mut text = String::new();
        while let Some(next) = self.rest.chars().next() {
            match next {
                ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                '\\' => {
                    self.advance(1);
                    if let Some(escaped) = self.next_char()
                        && escaped != '\n'
                    {
                        flush(&mut text, &mut word);
                        word.0.push(Piece::Quoted(escaped.to_string()));
                    }
                }
                '\'' => {
                    self.advance(1);
                    let end = self.rest.find('\'').ok_or(SyntaxError::Unfinished('\''))?;
                    let quoted = self.rest.get(..end).unwrap_or_default().to_owned();
                    self.advance(end + 1);
                    flush(&mut text, &mut word);
                    word.0.push(Piece::Quoted(quoted));
                }
                '"' => {
                    self.advance(1);
                    flush(&mut text, &mut word);
                    self.double_quoted(&mut word)?;
                }
                '$' | '`' => {
                    if let Some(piece) = self.expansion(false)? {
                        flush(&mut text, &mut word);
                        word.0.push(piece);
                    } else {
                        text.push('$');
                    }
                }
                other => {
                    self.advance(other.len_utf8());
                    text.push(other);
                }
            }
        }
        flush(&mut text, &mut word);
        Ok((!word.0.is_empty()).then_some(word))
    }

    /// The inside of double quotes, the opening one already read.
    fn double_quoted(&mut self, word: &mut Word) -> Result<(), SyntaxError> {
        let mut text = String::new();
        loop {
            match self.rest.chars().next() {
                None => return Err(SyntaxError::Unfinished('"')),
                Some('"') => {
                    self.advance(1);
                    // Kept even when empty: "" is a word.
                    word.0.push(Piece::Quoted(text));
                    return Ok(());
                }
                Some('\\') => {
                    self.advance(1);
                    match self.next_char() {
                        Some(escaped @ ('$' | '`' | '"' | '\\')) => text.push(escaped),
                        Some('\n') => {}
                        Some(other) => {
                            text.push('\\');
                            text.push(other);
                        }
                        None => return Err(SyntaxError::Unfinished('"')),
                    }
                }
                Some('$' | '`') => {
                    if let Some(piece) = self.expansion(true)? {
                        word.0.push(Piece::Quoted(std::mem::take(&mut text)));
                        word.0.push(piece);
                    } else {
                        text.push('$');
                    }
                }
                Some(other) => {
                    self.advance(other.len_utf8());
                    text.push(other);
                }
            }
        }
    }

    /// What begins with `$` or a backquote; `None` for a `$` that stands for
    /// itself, already read.
    fn expansion(&mut self, quoted: bool) -> Result<Option<Piece>, SyntaxError> {
        if self.eat("`") {
            let end = self.rest.find('`').ok_or(SyntaxError::Unfinished('`'))?;
            let inner = self.rest.get(..end).unwrap_or_default().to_owned();
            self.advance(end + 1);
            let mut inside = Cursor {
                rest: &inner,
                depth: self.deeper()?,
            };
            let list = inside.list()?;
            if !inside.rest.is_empty() {
                return Err(SyntaxError::Unexpected(inside.token()));
            }
            return Ok(Some(Piece::Substitution { list, quoted }));
        }
        self.advance(1);
        if self.rest.starts_with("((") {
            return Err(SyntaxError::NotSimulated("arithmetic in $(( ))".to_owned()));
        }
        if self.eat("(") {
            let deeper = self.deeper()?;
            let outer = std::mem::replace(&mut self.depth, deeper);
            let list = self.list()?;
            self.depth = outer;
            if !self.eat(")") {
                return Err(SyntaxError::Unfinished(')'));
            }
            return Ok(Some(Piece::Substitution { list, quoted }));
        }
        if self.eat("{") {
            return self.braced(quoted).map(Some);
        }
        let special = self.rest.starts_with(['?', '$', '!', '#', '@', '*']);
        let digit = self.rest.starts_with(|c: char| c.is_ascii_digit());
        let length = if special || digit {
            1
        } else {
            name_length(self.rest)
        };
        if length == 0 {
            return Ok(None);
        }
        let name = self.rest.get(..length).unwrap_or_default().to_owned();
        self.advance(length);
        Ok(Some(Piece::Parameter {
            name,
            default: None,
            quoted,
        }))
    }

    /// The inside of `${…}`, the brace already read.
    fn braced(&mut self, quoted: bool) -> Result<Piece, SyntaxError> {
        let end = self.rest.find('}').ok_or(SyntaxError::Unfinished('}'))?;
        let inner = self.rest.get(..end).unwrap_or_default().to_owned();
        self.advance(end + 1);
        let length = match inner.chars().next() {
            Some('?' | '$' | '!' | '#' | '@' | '*' | '0'..='9') => 1,
            _ => name_length(&inner),
        };
        let (name, rest) = inner.split_at(length);
        let default = if rest.is_empty() {
            None
        } else {
            let text = rest
                .strip_prefix(":-")
                .ok_or_else(|| SyntaxError::BadSubstitution(inner.clone()))?;
            let mut inside = Cursor {
                rest: text,
                depth: self.deeper()?,
            };
            Some(inside.word()?.unwrap_or_default())
        };
        if name.is_empty() {
            return Err(SyntaxError::BadSubstitution(inner));
        }
        Ok(Piece::Parameter {
            name: name.to_owned(),
            default,
            quoted,
        })
    }
}

fn flush(text: &mut String, word: &mut Word) {
    if !text.is_empty() {
        word.0.push(Piece::Text(std::mem::take(text)));
    }
}
