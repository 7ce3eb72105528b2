//! Lossless tokens: laid end to end their spans give the text back.

use crate::source::Span;

/// A piece of the text and what it is, for an editor to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a piece of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and line ends.
    Space,
    /// From `#` to the end of the line.
    Comment,
    /// A word of the language: `profile`, `deny`, `network` …
    Keyword,
    /// Permission letters of a file rule.
    Permissions,
    /// A path, name or other word.
    Word,
    /// `@{NAME}` or `$NAME` standing alone.
    Variable,
    /// The name before `=` in a condition.
    Condition,
    /// A value in a list or after `=`.
    Value,
    /// The path of an include or abi.
    Path,
    /// Commas, brackets, arrows and assignment signs.
    Punctuation,
    /// What the lexer cannot read.
    Unknown,
}

/// The insides of blocks that run over more than one line, by position: what
/// an editor hides when it folds them.
pub fn folds(text: &str, tokens: &[Token]) -> Vec<Span> {
    let mut open = Vec::new();
    let mut folds = Vec::new();
    for token in tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Punctuation)
    {
        match text.get(token.span.range()) {
            Some("{") => open.push(token.span),
            Some("}") => {
                let Some(begin) = open.pop() else { continue };
                let inside = Span {
                    start: begin.end,
                    end: token.span.start,
                    ..begin
                };
                if text
                    .get(inside.range())
                    .is_some_and(|inside| inside.contains('\n'))
                {
                    folds.push(inside);
                }
            }
            _ => {}
        }
    }
    sorted::sort_by_key(&mut folds, |fold| fold.start);
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_fold_and_what_stands_in_braces_on_one_line_does_not() {
        let text = "profile a {\n  /{a,b}/** r,\n  profile b {\n    file,\n  }\n}\n";
        let parsed = crate::parse("policy", text);
        let folded: Vec<_> = folds(text, &parsed.tokens)
            .iter()
            .map(|fold| &text[fold.range()])
            .collect();
        assert_eq!(
            folded,
            [
                "\n  /{a,b}/** r,\n  profile b {\n    file,\n  }\n",
                "\n    file,\n  "
            ]
        );
    }
}
