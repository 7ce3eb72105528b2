//! Globs: the patterns of paths and labels in policy.

use super::expression::escape;

/// How many braces may nest, the outermost counted (`MAX_ALT_DEPTH` of `parser_regex.c`).
const MAX_BRACES: usize = 50;

/// Why a glob is refused; the words are those of `apparmor_parser`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum GlobError {
    /// `{` or `[` without its end.
    #[error("Regex grouping error: Unclosed grouping or character class, expecting close }}")]
    Unclosed,
    /// `{}` or `{a}`.
    #[error("Regex grouping error: Invalid number of items between {{}}")]
    ItemCount,
    /// `}` without `{`.
    #[error("Regex grouping error: Invalid close }}, no matching open {{ detected")]
    StrayBrace,
    /// `]` without `[`.
    #[error("Regex grouping error: Invalid close ], no matching open [ detected")]
    StrayBracket,
    /// Braces nested deeper than [`MAX_BRACES`] allows.
    #[error("Regex grouping error: Exceeded maximum nesting of {{}}")]
    TooDeep,
    /// A `\` at the end.
    #[error("Regex error: trailing '\\' escape character")]
    TrailingBackslash,
    /// A class that is empty or has a `-` in a wrong place; the real parser finds no words for it.
    #[error("a class of characters cannot be read")]
    BadClass,
}

/// Writes a glob as an expression, as `convert_aaregex_to_pcre` of `parser_regex.c` does.
///
/// It goes character by character and does not know of classes: a `*` in brackets becomes a
/// class of its own, so that `[*]` matches `]` and not `*`, as in the real parser.
pub(crate) fn glob_to_expression(glob: &[u8], out: &mut Vec<u8>) -> Result<(), Vec<GlobError>> {
    let mut errors = Vec::new();
    let mut items: Vec<u32> = Vec::new();
    let mut in_class = false;
    let mut trailing = false;
    let mut at = 0;
    let begin = out.len();
    while errors.is_empty() && at < glob.len() {
        let byte = glob[at];
        match byte {
            b'\\' => {
                at += 1;
                let Some(&next) = glob.get(at) else {
                    trailing = true;
                    break;
                };
                at += escaped(&glob[at..], next, in_class, out);
                continue;
            }
            b'*' => {
                let stars = glob[at..].iter().take_while(|byte| **byte == b'*').count();
                let ends_component = matches!(glob.get(at + stars), None | Some(b'/'));
                if out.len() > begin && out.last() == Some(&b'/') && ends_component {
                    out.extend_from_slice(b"[^/\\x00]");
                }
                if glob.get(at + 1) == Some(&b'*') {
                    out.extend_from_slice(b"[^\\x00]*");
                    at += 1;
                } else {
                    out.extend_from_slice(b"[^/\\x00]*");
                }
            }
            b'?' => out.extend_from_slice(b"[^/\\x00]"),
            b'[' => {
                in_class = true;
                out.push(byte);
            }
            b']' => {
                if !in_class {
                    errors.push(GlobError::StrayBracket);
                }
                in_class = false;
                out.push(byte);
            }
            b'{' if !in_class => {
                items.push(0);
                if items.len() >= MAX_BRACES {
                    errors.push(GlobError::TooDeep);
                }
                out.push(b'(');
            }
            b'}' if !in_class => {
                let closed = items.pop();
                if closed.unwrap_or(0) == 0 {
                    errors.push(GlobError::ItemCount);
                }
                if closed.is_none() {
                    errors.push(GlobError::StrayBrace);
                }
                out.push(b')');
            }
            b',' => match items.last_mut() {
                Some(count) if !in_class => {
                    *count += 1;
                    out.push(b'|');
                }
                _ => out.push(byte),
            },
            b'^' | b'$' if in_class => out.push(byte),
            b'^' | b'$' | b'.' | b'+' | b'|' | b'(' | b')' => out.extend_from_slice(&[b'\\', byte]),
            _ => {
                // In a class a brace stands for itself too, so this one is taken as it is.
                let following = glob[at + 1..].iter().take_while(|byte| is_plain(**byte));
                let end = at + 1 + following.count();
                out.extend_from_slice(&glob[at..end]);
                at = end;
                continue;
            }
        }
        at += 1;
    }
    if !items.is_empty() || in_class {
        errors.push(GlobError::Unclosed);
    }
    if errors.is_empty() && trailing {
        errors.push(GlobError::TrailingBackslash);
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// Whether a character of a glob stands for itself wherever it stands.
fn is_plain(byte: u8) -> bool {
    !matches!(
        byte,
        b'\\'
            | b'*'
            | b'?'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b','
            | b'^'
            | b'$'
            | b'.'
            | b'+'
            | b'|'
            | b'('
            | b')'
    )
}

/// Writes what follows a backslash; gives the length read.
fn escaped(text: &[u8], next: u8, in_class: bool, out: &mut Vec<u8>) -> usize {
    match next {
        b'\\' | b'*' | b'[' | b']' | b'{' | b'}' | b'.' | b'+' | b'|' | b'(' | b')' => {
            out.extend_from_slice(&[b'\\', next]);
            1
        }
        b'^' | b'$' if !in_class => {
            out.extend_from_slice(&[b'\\', next]);
            1
        }
        b',' if in_class => {
            out.extend_from_slice(b"\\,");
            1
        }
        b'?' | b',' | b'^' | b'$' => {
            out.push(next);
            1
        }
        _ => {
            let length = escape(text).map_or(0, |(_, length)| length);
            if length == 0 {
                out.push(next);
                return 1;
            }
            out.push(b'\\');
            out.extend_from_slice(&text[..length]);
            length
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_in_a_class_stands_for_itself() {
        for (glob, expression) in [
            ("/a[{}]b", "/a[{}]b"),
            ("[x{y]", "[x{y]"),
            ("/[}],z", "/[}],z"),
        ] {
            let mut out = Vec::new();
            assert_eq!(
                glob_to_expression(glob.as_bytes(), &mut out),
                Ok(()),
                "{glob}"
            );
            assert_eq!(String::from_utf8_lossy(&out), expression);
        }
    }

    #[test]
    fn a_class_that_is_not_closed_is_named_and_ends() {
        let mut out = Vec::new();
        let found = glob_to_expression(b"^-:_[\xff{\t", &mut out);
        assert_eq!(found, Err(vec![GlobError::Unclosed]));
    }
}
