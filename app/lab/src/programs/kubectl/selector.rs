//! Label selectors: `-l` (`k8s.io/apimachinery/pkg/labels/selector.go`).

use sorted::SortedMap;

/// What labels must be like; all of it must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selector(Vec<Requirement>);

/// What one label must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Requirement {
    /// `key`
    Exists(String),
    /// `!key`
    Absent(String),
    /// `key=value`, `key in (…)`
    In(String, Vec<String>),
    /// `key!=value`, `key notin (…)`: labels without the key are selected too.
    NotIn(String, Vec<String>),
}

impl Selector {
    /// Reads a selector; the error is the parser's.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let tokens = tokens(text);
        let mut rest = tokens.as_slice();
        let mut requirements = Vec::new();
        while !rest.is_empty() {
            requirements.push(requirement(&mut rest)?);
            match rest.split_first() {
                None => {}
                Some((comma, after)) if comma == "," => rest = after,
                Some((other, _)) => {
                    return Err(format!("found '{other}', expected: ',' or 'end of string'"));
                }
            }
        }
        Ok(Self(requirements))
    }

    /// Whether labels are as they must be.
    pub(super) fn selects(&self, labels: &SortedMap<String, String>) -> bool {
        self.0.iter().all(|requirement| match requirement {
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::Absent(key) => !labels.contains_key(key),
            Requirement::In(key, values) => {
                labels.get(key).is_some_and(|value| values.contains(value))
            }
            Requirement::NotIn(key, values) => {
                labels.get(key).is_none_or(|value| !values.contains(value))
            }
        })
    }
}

/// Words and signs.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for letter in text.chars() {
        let sign = matches!(letter, '(' | ')' | ',' | '!' | '=');
        let joins = match tokens.last().map(String::as_str) {
            Some("!" | "=") => letter == '=',
            _ => in_word && !sign,
        };
        in_word = !sign && !letter.is_whitespace();
        match tokens.last_mut() {
            Some(last) if joins && !letter.is_whitespace() => last.push(letter),
            _ if letter.is_whitespace() => {}
            _ => tokens.push(letter.to_string()),
        }
    }
    tokens
}

fn requirement(rest: &mut &[String]) -> Result<Requirement, String> {
    let absent = rest.first().is_some_and(|token| token == "!");
    if absent {
        *rest = &rest[1..];
    }
    let key = word(rest, "!, identifier, or 'end of string'")?;
    if absent {
        return Ok(Requirement::Absent(key));
    }
    let Some(operator) = rest.first().filter(|token| *token != ",") else {
        return Ok(Requirement::Exists(key));
    };
    *rest = &rest[1..];
    match operator.as_str() {
        "=" | "==" => Ok(Requirement::In(key, vec![value(rest)])),
        "!=" => Ok(Requirement::NotIn(key, vec![value(rest)])),
        "in" => Ok(Requirement::In(key, values(rest)?)),
        "notin" => Ok(Requirement::NotIn(key, values(rest)?)),
        other => Err(format!(
            "found '{other}', expected: in, notin, =, ==, !=, gt, lt"
        )),
    }
}

fn word(rest: &mut &[String], expected: &str) -> Result<String, String> {
    match rest.split_first() {
        Some((token, after)) if !is_sign(token) => {
            *rest = after;
            Ok(token.clone())
        }
        Some((token, _)) => Err(format!("found '{token}', expected: {expected}")),
        None => Err(format!("found '', expected: {expected}")),
    }
}

/// A value, which may be empty.
fn value(rest: &mut &[String]) -> String {
    word(rest, "identifier").unwrap_or_default()
}

/// `(a, b)`
fn values(rest: &mut &[String]) -> Result<Vec<String>, String> {
    let mut values = Vec::new();
    let mut expected = "(";
    loop {
        match rest.split_first() {
            Some((token, after)) if token == ")" && expected != "(" => {
                *rest = after;
                return Ok(values);
            }
            Some((token, after)) if token == expected => {
                *rest = after;
                values.push(word(rest, "',', or identifier")?);
                expected = ",";
            }
            other => {
                let found = other.map_or("", |(token, _)| token.as_str());
                return Err(format!("found '{found}' expected: '{expected}'"));
            }
        }
    }
}

fn is_sign(token: &str) -> bool {
    matches!(token, "(" | ")" | "," | "!" | "=" | "==" | "!=")
}

#[cfg(test)]
mod tests {
    use super::Selector;
    use sorted::SortedMap;

    #[test]
    fn a_selector_selects_by_value_set_and_presence() {
        let labels: SortedMap<String, String> = [("app", "web"), ("tier", "")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        for (text, wanted) in [
            ("", true),
            ("app=web", true),
            ("app==web,tier=", true),
            ("app = web , tier", true),
            ("app=db", false),
            ("app!=db", true),
            ("other!=db", true),
            ("app!=web", false),
            ("!app", false),
            ("!other", true),
            ("app in (db, web)", true),
            ("app notin (db, web)", false),
            ("other notin (db)", true),
            ("other in (db)", false),
        ] {
            let selector = Selector::read(text).expect(text);
            assert_eq!(selector.selects(&labels), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_selector_is_told() {
        for (text, words) in [
            ("app=web=", "found '=', expected: ',' or 'end of string'"),
            (
                "=web",
                "found '=', expected: !, identifier, or 'end of string'",
            ),
            (
                "app is web",
                "found 'is', expected: in, notin, =, ==, !=, gt, lt",
            ),
            ("app in web", "found 'web' expected: '('"),
            ("app in (web", "found '' expected: ','"),
        ] {
            assert_eq!(Selector::read(text), Err(words.to_owned()), "{text}");
        }
    }
}
