//! What each mode makes of the text at hand.

use super::{
    kind::{self, Kind},
    mode::Mode,
    pattern,
};

/// What a pattern made of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub(super) kind: Option<Kind>,
    pub(super) length: usize,
    pub(super) turn: Turn,
}

/// What happens to the mode.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    Stay,
    Push(Mode),
    Begin(Mode),
    Pop,
}

impl Match {
    fn token(kind: Kind, length: usize) -> Self {
        Self {
            kind: Some(kind),
            length,
            turn: Turn::Stay,
        }
    }

    fn skip(length: usize) -> Self {
        Self {
            kind: None,
            length,
            turn: Turn::Stay,
        }
    }

    fn turn(self, turn: Turn) -> Self {
        Self { turn, ..self }
    }
}

/// The longest match at the start of a text; none where nothing starts there.
pub(super) fn scan(mode: Mode, text: &[u8]) -> Option<Match> {
    let first = *text.first()?;
    if pattern::is_blank(first) && mode.skips_blanks() {
        return Some(Match::skip(pattern::blanks(text)));
    }
    let line_end = pattern::line_end(text);
    if line_end > 0 {
        if mode.ends_with_line() {
            return Some(Match::skip(line_end).turn(Turn::Pop));
        }
        if mode.skips_lines() {
            return Some(Match::skip(line_end));
        }
    }
    if first == b',' && mode.ends_with_comma() {
        let turn = if mode == Mode::Initial {
            Turn::Stay
        } else {
            Turn::Pop
        };
        return Some(Match::token(Kind::EndOfRule, 1).turn(turn));
    }
    match mode {
        Mode::Initial => initial(text, first),
        Mode::SubId | Mode::SubIdWs => one_of(&[(Kind::Id, word_or_quoted(text))]).map(pop),
        Mode::SubValue => one_of(&[(Kind::Value, word_or_quoted(text))]).map(pop),
        Mode::IdentityValue => identity(text),
        Mode::ExtCond => assignment_of_condition(text, first),
        Mode::ExtCondList => match first {
            b'=' => Some(Match::token(Kind::Equals, 1)),
            b'(' => Some(Match::token(Kind::OpenParen, 1).turn(Turn::Begin(Mode::ListCond))),
            _ => None,
        },
        Mode::ListVal => match first {
            b')' => Some(pop(Match::token(Kind::CloseParen, 1))),
            b',' => Some(Match::skip(1)),
            _ => one_of(&[(
                Kind::Value,
                pattern::list_value(text).max(pattern::quoted(text)),
            )]),
        },
        Mode::ListCond => list_of_conditions(text, first),
        Mode::ListCondVal => one_of(&[(
            Kind::Value,
            pattern::list_value(text).max(filled_quotes(text)),
        )])
        .map(pop),
        Mode::ListCondParenVal => match first {
            b')' => Some(pop(Match::skip(1))),
            _ => one_of(&[(
                Kind::Value,
                pattern::list_value(text).max(filled_quotes(text)),
            )]),
        },
        Mode::Assign | Mode::AssignExpr if first == b',' && pattern::word(text) == 0 => {
            Some(Match::token(Kind::ValueComma, 1))
        }
        Mode::Assign | Mode::AssignExpr if pattern::comment(text) > 0 => {
            Some(pop(Match::skip(pattern::comment(text))))
        }
        Mode::Assign | Mode::AssignExpr if text.starts_with(b"\\\n") => Some(Match::skip(2)),
        Mode::Assign => one_of(&[(Kind::Value, word_or_quoted(text))]),
        Mode::Rlimit => rlimit(text),
        Mode::Network
        | Mode::Mount
        | Mode::Dbus
        | Mode::Signal
        | Mode::Ptrace
        | Mode::Unix
        | Mode::Mqueue => rule(mode, text, first),
        Mode::ChangeProfile => change_profile(text),
        Mode::Include | Mode::IncludeExists => {
            one_of(&[(Kind::IncludePath, pattern::include_path(text))]).map(pop)
        }
        Mode::Abi => {
            let kind = if first == b'<' { Kind::Id } else { Kind::Value };
            one_of(&[(kind, pattern::include_path(text))])
        }
        Mode::Userns => one_of(&[(Kind::Create, pattern::literal(text, "create"))]),
        Mode::Integer => match first {
            b'=' => Some(Match::token(Kind::Equals, 1)),
            _ => one_of(&[(Kind::Value, pattern::signed(text, b"+-"))]).map(pop),
        },
        Mode::Expr if first == b'{' && pattern::word_without_equals(text) <= 1 => {
            Some(pop(Match::token(Kind::Open, 1)))
        }
        Mode::Expr | Mode::AssignExpr => expression(text),
        Mode::AssignExprStart => {
            assignment(text).map(|matched| matched.turn(Turn::Begin(Mode::AssignExpr)))
        }
    }
}

fn pop(matched: Match) -> Match {
    matched.turn(Turn::Pop)
}

/// The longest of the candidates, the first of equal ones.
fn one_of(candidates: &[(Kind, usize)]) -> Option<Match> {
    let mut best: Option<(Kind, usize)> = None;
    for (kind, length) in candidates {
        if *length > best.map_or(0, |(_, longest)| longest) {
            best = Some((*kind, *length));
        }
    }
    best.map(|(kind, length)| Match::token(kind, length))
}

fn word_or_quoted(text: &[u8]) -> usize {
    pattern::word(text).max(pattern::quoted(text))
}

/// Quotes with at least one character inside.
fn filled_quotes(text: &[u8]) -> usize {
    Some(pattern::quoted(text))
        .filter(|length| *length > 2)
        .unwrap_or_default()
}

fn assignment(text: &[u8]) -> Option<Match> {
    one_of(&[
        (Kind::Equals, pattern::literal(text, "=")),
        (Kind::AddAssign, pattern::literal(text, "+=")),
        (Kind::CondAssign, pattern::literal(text, "?=")),
        (Kind::OverrideAssign, pattern::literal(text, ":=")),
    ])
}

fn initial(text: &[u8], first: u8) -> Option<Match> {
    match first {
        b'#' => hash(text),
        b'^' => Some(Match::token(Kind::Caret, 1).turn(Turn::Push(Mode::SubId))),
        b'-' => one_of(&[(Kind::Arrow, pattern::literal(text, "->"))])
            .map(|matched| matched.turn(Turn::Push(Mode::SubIdWs))),
        b'=' | b'?' => assignment(text).map(|matched| matched.turn(Turn::Push(Mode::Assign))),
        b'+' => assignment(text)
            .map(|matched| matched.turn(Turn::Push(Mode::Assign)))
            .or(Some(
                Match::token(Kind::Plus, 1).turn(Turn::Push(Mode::IdentityValue)),
            )),
        b'{' => Some(Match::token(Kind::Open, 1)),
        b'}' => Some(Match::token(Kind::Close, 1)),
        b'(' => Some(Match::token(Kind::OpenParen, 1).turn(Turn::Push(Mode::ListVal))),
        b':' if text.get(1) == Some(&b'=') => {
            Some(Match::token(Kind::OverrideAssign, 2).turn(Turn::Push(Mode::Assign)))
        }
        b':' => one_of(&[(Kind::Id, pattern::label(text)), (Kind::Colon, 1)]),
        b'/' | b'&' => one_of(&[(Kind::Id, pattern::label(text))]),
        b'"' => one_of(&[(Kind::Id, pattern::quoted_label(text))]),
        b'@' => one_of(&[
            (Kind::SetVar, pattern::variable(text, b'@')),
            (Kind::Id, pattern::label(text)),
        ]),
        b'$' => boolean_variable(text),
        _ if first.is_ascii_alphabetic() => Some(initial_word(text)),
        _ => None,
    }
}

/// `#include` at a line that goes on, or a comment.
fn hash(text: &[u8]) -> Option<Match> {
    let comment = pattern::comment(text);
    if comment == 0 {
        return None;
    }
    let word = pattern::literal(text, "#include");
    if word == 0 {
        return Some(Match::skip(comment));
    }
    Some(include(text, word))
}

/// An include whose first word has the given length, with `if exists` where it follows.
fn include(text: &[u8], word: usize) -> Match {
    let mut length = word;
    let mut step = |literal: &str| {
        let rest = text.get(length..).unwrap_or_default();
        let blanks = pattern::blanks(rest);
        let found = blanks > 0
            && rest
                .get(blanks..)
                .unwrap_or_default()
                .starts_with(literal.as_bytes());
        if found {
            length += blanks + literal.len();
        }
        found
    };
    let if_exists = step("if")
        && step("exists")
        && text
            .get(length)
            .is_some_and(|byte| pattern::is_blank(*byte));
    if if_exists {
        Match::skip(length).turn(Turn::Push(Mode::IncludeExists))
    } else {
        Match::skip(word).turn(Turn::Push(Mode::Include))
    }
}

fn boolean_variable(text: &[u8]) -> Option<Match> {
    let length = pattern::variable(text, b'$');
    let rest = text.get(length..).unwrap_or_default();
    let behind = rest.get(pattern::blanks(rest)..).unwrap_or_default();
    let assigned = assignment(behind).is_some();
    one_of(&[(Kind::BoolVar, length)]).map(|matched| {
        if assigned {
            matched.turn(Turn::Push(Mode::AssignExprStart))
        } else {
            matched
        }
    })
}

/// `name =`, `name=(` and `name in (`: the length looked at and what it is.
fn condition(text: &[u8]) -> Option<(usize, Match)> {
    let name = pattern::variable_name(text);
    if name == 0 {
        return None;
    }
    let rest = text.get(name..).unwrap_or_default();
    let blanks = pattern::blanks(rest);
    let behind = rest.get(blanks..).unwrap_or_default();
    let word = text.get(..name).unwrap_or_default();
    if behind.first() == Some(&b'=') {
        let after = behind.get(1..).unwrap_or_default();
        let more = pattern::blanks(after);
        if matches!(word, b"peer" | b"xattrs") && after.get(more) == Some(&b'(') {
            let matched = Match::token(Kind::CondListId, name).turn(Turn::Push(Mode::ExtCondList));
            return Some((name + blanks + 2 + more, matched));
        }
        let (kind, next_mode) = match word {
            b"identities" => (Kind::Identities, Mode::ExtCond),
            b"priority" => (Kind::Priority, Mode::Integer),
            b"flags" => (Kind::Flags, Mode::ExtCond),
            _ => (Kind::CondId, Mode::ExtCond),
        };
        return Some((
            name + blanks + 1,
            Match::token(kind, name).turn(Turn::Push(next_mode)),
        ));
    }
    if blanks > 0 && behind.starts_with(b"in") {
        let after = behind.get(2..).unwrap_or_default();
        let more = pattern::blanks(after);
        if after.get(more) == Some(&b'(') {
            let matched = Match::token(Kind::CondId, name).turn(Turn::Push(Mode::ExtCond));
            return Some((name + blanks + 3 + more, matched));
        }
    }
    None
}

fn initial_word(text: &[u8]) -> Match {
    let name = pattern::variable_name(text);
    let word = text.get(..name).unwrap_or_default();
    let next = text.get(name).copied();
    if let Some((_, matched)) = condition(text) {
        return matched;
    }
    if word == b"include" && next.is_some_and(pattern::is_blank) {
        return include(text, name);
    }
    if word == b"all" && next.is_some() {
        return Match::token(Kind::All, name);
    }
    let permissions = pattern::permissions(text);
    if permissions > 0 && permissions >= name {
        return Match::token(Kind::Mode, permissions);
    }
    let blanks = pattern::blanks(text.get(name..).unwrap_or_default());
    let keyword = match word {
        b"hat" => return Match::token(Kind::Hat, name + blanks).turn(Turn::Push(Mode::SubId)),
        b"profile" => {
            return Match::token(Kind::Profile, name + blanks).turn(Turn::Push(Mode::SubId));
        }
        word => std::str::from_utf8(word).ok().and_then(kind::keyword),
    };
    let Some(keyword) = keyword else {
        return Match::token(Kind::Id, name);
    };
    let matched = Match::token(keyword, name);
    match Mode::begun_by(keyword) {
        Mode::Initial => matched,
        mode => matched.turn(Turn::Push(mode)),
    }
}

fn identity(text: &[u8]) -> Option<Match> {
    if let Some((
        _,
        matched @ Match {
            kind: Some(Kind::Identities),
            ..
        },
    )) = condition(text)
    {
        return Some(matched.turn(Turn::Begin(Mode::ExtCond)));
    }
    let plain = pattern::run(text, |byte| {
        !matches!(
            byte,
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'!' | b',' | b'{' | b'}' | b'\\' | b'='
        )
    });
    one_of(&[(Kind::Value, plain.max(pattern::quoted(text)))]).map(pop)
}

/// Behind the name of a condition: `= value`, `= (` or `in (`.
fn assignment_of_condition(text: &[u8], first: u8) -> Option<Match> {
    match first {
        b'=' => {
            let rest = text.get(1..).unwrap_or_default();
            let blanks = pattern::blanks(rest);
            match rest.get(blanks) {
                Some(b'(' | b'\n') | None => Some(Match::token(Kind::Equals, 1)),
                Some(_) => {
                    Some(Match::token(Kind::Equals, 1 + blanks).turn(Turn::Begin(Mode::SubValue)))
                }
            }
        }
        b'(' => Some(Match::token(Kind::OpenParen, 1).turn(Turn::Begin(Mode::ListVal))),
        _ => one_of(&[(Kind::In, pattern::literal(text, "in"))]),
    }
}

fn list_of_conditions(text: &[u8], first: u8) -> Option<Match> {
    match first {
        b')' => Some(pop(Match::token(Kind::CloseParen, 1))),
        b',' => Some(Match::skip(1)),
        b':' if text.get(1) == Some(&b'=') => {
            Some(Match::token(Kind::OverrideAssign, 2).turn(Turn::Push(Mode::ListCondVal)))
        }
        b'=' => {
            let rest = text.get(1..).unwrap_or_default();
            let blanks = pattern::blanks(rest);
            Some(if rest.get(blanks) == Some(&b'(') {
                Match::token(Kind::Equals, blanks + 2).turn(Turn::Push(Mode::ListCondParenVal))
            } else {
                Match::token(Kind::Equals, 1).turn(Turn::Push(Mode::ListCondVal))
            })
        }
        _ => one_of(&[(Kind::CondId, pattern::condition_name(text))]),
    }
}

fn rlimit(text: &[u8]) -> Option<Match> {
    let word = pattern::run(text, |byte| byte.is_ascii_alphabetic() || byte == b'_');
    let kind = if text.get(..word) == Some(b"infinity") {
        Kind::Value
    } else {
        Kind::Id
    };
    one_of(&[
        (Kind::Value, pattern::signed(text, b"-")),
        (kind, word),
        (Kind::Le, pattern::literal(text, "<=")),
    ])
}

fn change_profile(text: &[u8]) -> Option<Match> {
    let matched = one_of(&[
        (Kind::Safe, pattern::literal(text, "safe")),
        (Kind::Unsafe, pattern::literal(text, "unsafe")),
        (Kind::Arrow, pattern::literal(text, "->")),
        (Kind::Id, word_or_quoted(text)),
    ])?;
    Some(if matched.kind == Some(Kind::Arrow) {
        matched.turn(Turn::Push(Mode::SubIdWs))
    } else {
        matched
    })
}

fn rule(mode: Mode, text: &[u8], first: u8) -> Option<Match> {
    if first == b'(' && mode != Mode::Mount {
        return Some(Match::token(Kind::OpenParen, 1).turn(Turn::Push(Mode::ListVal)));
    }
    let length = pattern::word_without_equals(text)
        .max(pattern::label(text))
        .max(pattern::quoted(text));
    if let Some((looked, matched)) = condition(text)
        && looked >= length
    {
        return Some(matched);
    }
    let word = text.get(..length).unwrap_or_default();
    if let Some(kind) = std::str::from_utf8(word)
        .ok()
        .and_then(|word| mode.permission(word))
    {
        return Some(Match::token(kind, length));
    }
    let ended = text
        .get(length)
        .is_some_and(|byte| pattern::is_space(*byte) || *byte == b',');
    if mode != Mode::Mount && ended && matches!(word, b"r" | b"w" | b"rw" | b"wr") {
        return Some(Match::token(Kind::Mode, length));
    }
    if mode == Mode::Mount && word == b"->" {
        return Some(Match::token(Kind::Arrow, 2));
    }
    one_of(&[(Kind::Id, length)])
}

fn expression(text: &[u8]) -> Option<Match> {
    let literal = |word: &str| pattern::literal(text, word);
    one_of(&[
        (Kind::SetVar, pattern::variable(text, b'@')),
        (Kind::BoolVar, pattern::variable(text, b'$')),
        (Kind::OpenParen, literal("(")),
        (Kind::CloseParen, literal(")")),
        (Kind::And, literal("and")),
        (Kind::Or, literal("or")),
        (Kind::Not, literal("not")),
        (Kind::Defined, literal("defined")),
        (Kind::EqOp, literal("==")),
        (Kind::NeOp, literal("!=")),
        (Kind::InOp, literal("in")),
        (Kind::Gt, literal(">")),
        (Kind::Ge, literal(">=")),
        (Kind::Lt, literal("<")),
        (Kind::Le, literal("<=")),
        (
            Kind::Id,
            pattern::word_without_equals(text)
                .max(pattern::label(text))
                .max(pattern::quoted(text)),
        ),
    ])
}
