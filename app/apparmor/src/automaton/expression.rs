//! Byte expressions: the regular expressions that the compiler makes of policy patterns.
//!
//! The syntax is that of `libapparmor_re/parse.y` (5.0.2): characters, `.`, classes, grouping,
//! `|`, `*` and `+`, with the escapes of `str_escseq`. Every rule is first written in this
//! syntax, exactly as `apparmor_parser -D rule-exprs` prints it.

/// How deeply groups may nest: the pattern syntax stops at 49 braces, a rule adds a few.
const MAX_NESTING: usize = 64;

/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ByteSet([u64; 4]);

impl ByteSet {
    const EMPTY: Self = Self([0; 4]);
    /// Every byte, as `.` matches.
    pub(crate) const ALL: Self = Self([u64::MAX; 4]);

    fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    fn complement(self) -> Self {
        Self(self.0.map(|word| !word))
    }
}

/// A regular expression over bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// The empty string.
    Empty,
    /// These bytes, at least one.
    Literal(Vec<u8>),
    /// One byte of those listed.
    Set(ByteSet),
    /// One byte of all but those listed, or any byte.
    Except(ByteSet),
    /// One after the other.
    Sequence(Vec<Expression>),
    /// One of them.
    Alternatives(Vec<Expression>),
    /// Any number of times.
    Star(Box<Expression>),
    /// At least once.
    Plus(Box<Expression>),
}

/// Why an expression cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpressionError {
    /// Such as an empty class or a group that is not closed.
    #[error("the expression is malformed")]
    Malformed,
    /// Deeper than [`MAX_NESTING`].
    #[error("groups nest deeper than {MAX_NESTING} levels")]
    TooDeep,
}

impl Expression {
    /// Reads the text form.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, ExpressionError> {
        let mut reader = Reader { text, at: 0 };
        let expression = reader.alternatives(0)?;
        if reader.at == text.len() {
            Ok(expression)
        } else {
            Err(ExpressionError::Malformed)
        }
    }

    /// Whether it is made of characters, listed ones (`[ab]`) and alternation only, which the
    /// compiler calls an exact match: such a rule's exec mode wins over that of a glob.
    pub(crate) fn is_exact(&self) -> bool {
        match self {
            Self::Empty | Self::Literal(_) | Self::Set(_) => true,
            Self::Except(_) | Self::Star(_) | Self::Plus(_) => false,
            Self::Sequence(parts) | Self::Alternatives(parts) => parts.iter().all(Self::is_exact),
        }
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn alternatives(&mut self, depth: usize) -> Result<Expression, ExpressionError> {
        if depth > MAX_NESTING {
            return Err(ExpressionError::TooDeep);
        }
        let first = self.sequence(depth)?;
        if self.peek() != Some(b'|') {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.peek() == Some(b'|') {
            self.at += 1;
            parts.push(self.sequence(depth)?);
        }
        Ok(Expression::Alternatives(parts))
    }

    fn sequence(&mut self, depth: usize) -> Result<Expression, ExpressionError> {
        let mut parts = Vec::new();
        while let Some(byte) = self.peek() {
            let part = match byte {
                b'|' | b')' => break,
                b'(' => {
                    self.at += 1;
                    let inner = self.alternatives(depth + 1)?;
                    if self.peek() != Some(b')') {
                        return Err(ExpressionError::Malformed);
                    }
                    self.at += 1;
                    inner
                }
                b'[' => {
                    self.at += 1;
                    self.class()?
                }
                b'.' => {
                    self.at += 1;
                    Expression::Except(ByteSet::ALL)
                }
                b'*' | b'+' => return Err(ExpressionError::Malformed),
                _ => self.literal(&mut parts)?,
            };
            parts.push(self.repeated(part));
        }
        Ok(match parts.len() {
            0 => Expression::Empty,
            1 => parts.remove(0),
            _ => Expression::Sequence(parts),
        })
    }

    /// Characters up to the next operator. Where that repeats the last one, those before it are
    /// put among the parts and the last one stands alone.
    fn literal(&mut self, parts: &mut Vec<Expression>) -> Result<Expression, ExpressionError> {
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                None | Some(b'|' | b')' | b'(' | b'[' | b'.') => break,
                Some(b'*' | b'+') => {
                    let last = bytes.split_off(bytes.len().saturating_sub(1));
                    if !bytes.is_empty() {
                        parts.push(Expression::Literal(bytes));
                    }
                    bytes = last;
                    break;
                }
                Some(b'\\') => bytes.push(self.character()?),
                Some(_) => bytes.extend_from_slice(self.plain()),
            }
        }
        Ok(Expression::Literal(bytes))
    }

    /// Characters that stand for themselves.
    fn plain(&mut self) -> &[u8] {
        let rest = &self.text[self.at..];
        let is_plain =
            |byte: &&u8| !matches!(byte, b'\\' | b'|' | b')' | b'(' | b'[' | b'.' | b'*' | b'+');
        let length = rest.iter().take_while(is_plain).count();
        self.at += length;
        &rest[..length]
    }

    /// A part with the `*` and `+` behind it.
    fn repeated(&mut self, mut part: Expression) -> Expression {
        loop {
            part = match self.peek() {
                Some(b'*') => Expression::Star(Box::new(part)),
                Some(b'+') => Expression::Plus(Box::new(part)),
                _ => return part,
            };
            self.at += 1;
        }
    }

    /// What stands in brackets. `^` negates in the first place only; `-` is literal in the first
    /// place and cannot be the last.
    fn class(&mut self) -> Result<Expression, ExpressionError> {
        let negated = self.peek() == Some(b'^');
        if negated {
            self.at += 1;
        }
        let mut set = ByteSet::EMPTY;
        let mut empty = true;
        loop {
            match self.peek() {
                None => return Err(ExpressionError::Malformed),
                Some(b']') if empty => return Err(ExpressionError::Malformed),
                Some(b']') => {
                    self.at += 1;
                    return Ok(if negated {
                        Expression::Except(set.complement())
                    } else {
                        Expression::Set(set)
                    });
                }
                Some(b'-') if !empty => return Err(ExpressionError::Malformed),
                Some(_) => {}
            }
            let first = self.character()?;
            empty = false;
            if self.peek() != Some(b'-') {
                set.insert(first);
                continue;
            }
            self.at += 1;
            if matches!(self.peek(), None | Some(b']')) {
                return Err(ExpressionError::Malformed);
            }
            let last = self.character()?;
            for byte in first.min(last)..=first.max(last) {
                set.insert(byte);
            }
        }
    }

    /// One character or escape.
    fn character(&mut self) -> Result<u8, ExpressionError> {
        let byte = self.peek().ok_or(ExpressionError::Malformed)?;
        self.at += 1;
        if byte != b'\\' {
            return Ok(byte);
        }
        let Some((value, length)) = escape(&self.text[self.at..]) else {
            let literal = self.peek().ok_or(ExpressionError::Malformed)?;
            self.at += 1;
            return Ok(literal);
        };
        self.at += length;
        Ok(value)
    }
}

/// Reads what follows a backslash: `\101` octal, `\x41` hexadecimal, `\d065` decimal, and the C
/// letters, as `str_escseq` of `lib.c`. Gives the byte and the length; none where it is no escape.
pub(crate) fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let number = |from: usize, radix: u32, most: usize| {
        let digits = text[from..]
            .iter()
            .take(most)
            .take_while(|byte| char::from(**byte).is_digit(radix))
            .count();
        let value = text[from..from + digits].iter().fold(0u32, |value, byte| {
            value * radix + char::from(*byte).to_digit(radix).unwrap_or(0)
        });
        let value = u8::try_from(value & 0xff).unwrap_or(0);
        (digits > 0).then_some((value, from + digits))
    };
    match text.first()? {
        b'0'..=b'7' => number(0, 8, 3),
        b'x' => number(1, 16, 2),
        b'd' => number(1, 10, 3),
        b'a' => Some((7, 1)),
        b'e' => Some((27, 1)),
        b'f' => Some((12, 1)),
        b'n' => Some((b'\n', 1)),
        b'r' => Some((b'\r', 1)),
        b't' => Some((b'\t', 1)),
        b'\\' => Some((b'\\', 1)),
        _ => None,
    }
}
