//! From a word as written to the word that is meant.

use std::fmt::Write;

/// Takes quotes away and undoes the escapes that are the lexer's.
///
/// `\` before a digit, `d`, `x`, `a e f n r t`, `\` or `"` is undone; where the
/// character it gives has a meaning in patterns (`* ? [ ] { } ^ , \`) it stays
/// escaped. Every other `\` is left for the pattern. Source: `processid`.
pub fn unquote(text: &str) -> String {
    let inner = text
        .strip_prefix('"')
        .map_or(text, |rest| rest.strip_suffix('"').unwrap_or(rest));
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let bytes = inner.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let rest = bytes.get(index + 1..).unwrap_or_default();
        match escape(rest) {
            Some((value, length)) if byte == b'\\' => {
                if value == 0 {
                    out.extend_from_slice(bytes.get(index..=index + length).unwrap_or_default());
                } else {
                    if b"*?[]{}^,\\".contains(&value) {
                        out.push(b'\\');
                    }
                    out.push(value);
                }
                index += 1 + length;
            }
            _ => {
                out.push(byte);
                index += 1;
            }
        }
    }
    match String::from_utf8(out) {
        Ok(text) => text,
        // A byte escape outside ASCII: each such byte stays the escape it was written as.
        Err(error) => escaped_bytes(error.as_bytes()),
    }
}

fn escaped_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// The escape behind a backslash: its value and length. Source: `strn_escseq`.
pub fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let first = *text.first()?;
    let rest = text.get(1..).unwrap_or_default();
    let numeric = |digits: &[u8], base: u32, most: usize| {
        let mut value = 0u32;
        let mut length = 0;
        for digit in digits
            .iter()
            .take(most)
            .map_while(|byte| char::from(*byte).to_digit(base))
        {
            let next = value * base + digit;
            if next > 255 {
                break;
            }
            value = next;
            length += 1;
        }
        u8::try_from(value)
            .ok()
            .filter(|_| length > 0)
            .map(|value| (value, length))
    };
    match first {
        b'0'..=b'7' => numeric(text, 8, 3),
        b'd' => numeric(rest, 10, 3).map(|(value, length)| (value, length + 1)),
        b'x' => numeric(rest, 16, 2).map(|(value, length)| (value, length + 1)),
        b'\\' | b'"' => Some((first, 1)),
        b'a' => Some((7, 1)),
        b'e' => Some((27, 1)),
        b'f' => Some((12, 1)),
        b'n' => Some((b'\n', 1)),
        b'r' => Some((b'\r', 1)),
        b't' => Some((b'\t', 1)),
        _ => None,
    }
}
