//! What was typed before, and how to say it again with `!`.

/// Most lines that are remembered.
const MAX_HISTORY: usize = 500;

/// The lines of a terminal.
#[derive(Debug, Clone, Default)]
pub struct History {
    lines: Vec<String>,
    /// How many were forgotten, so that numbers stay what they were.
    forgotten: usize,
}

impl History {
    /// Remembers a line, unless it begins with a blank or repeats the last one
    /// (`HISTCONTROL=ignoreboth`, as on Ubuntu).
    pub fn add(&mut self, line: &str) {
        if line.is_empty()
            || line.starts_with(' ')
            || self.lines.last().is_some_and(|last| last == line)
        {
            return;
        }
        self.lines.push(line.to_owned());
        if self.lines.len() > MAX_HISTORY {
            self.lines.remove(0);
            self.forgotten += 1;
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The lines with their numbers, the oldest first.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        let first = self.forgotten + 1;
        (first..).zip(self.lines.iter().map(String::as_str))
    }

    /// A line with `!!`, `!N`, `!-N` and `!text` replaced by what they stand
    /// for; nothing when there is none in it, or the one that stands for
    /// nothing. Inside single quotes `!` is a plain character (bash 5.2,
    /// "History Expansion").
    pub fn expand(&self, line: &str) -> Result<Option<String>, String> {
        let mut expanded = String::new();
        let mut changed = false;
        let mut quoted = false;
        let mut rest = line;
        while let Some(character) = rest.chars().next() {
            let after = rest.get(character.len_utf8()..).unwrap_or_default();
            match character {
                '\'' => quoted = !quoted,
                '\\' if !quoted => {
                    expanded.push('\\');
                    if let Some(next) = after.chars().next() {
                        expanded.push(next);
                        rest = after.get(next.len_utf8()..).unwrap_or_default();
                    } else {
                        rest = after;
                    }
                    continue;
                }
                '!' if !quoted => {
                    let length = designator(after);
                    if length > 0 {
                        let (word, following) = after.split_at(length);
                        let found = self.event(word).ok_or_else(|| format!("!{word}"))?;
                        expanded.push_str(found);
                        changed = true;
                        rest = following;
                        continue;
                    }
                }
                _ => {}
            }
            expanded.push(character);
            rest = after;
        }
        Ok(changed.then_some(expanded))
    }

    fn event(&self, word: &str) -> Option<&str> {
        if word == "!" {
            return self.lines.last().map(String::as_str);
        }
        let index = if let Some(back) = word.strip_prefix('-') {
            self.lines.len().checked_sub(back.parse().ok()?)?
        } else if let Ok(number) = word.parse::<usize>() {
            number.checked_sub(self.forgotten + 1)?
        } else {
            let mut lines = self.lines.iter().rev();
            return lines
                .find(|line| line.starts_with(word))
                .map(String::as_str);
        };
        self.lines.get(index).map(String::as_str)
    }
}

/// The length of what a `!` is followed by; 0 where it stands for itself.
fn designator(after: &str) -> usize {
    if after.starts_with('!') {
        return 1;
    }
    let number = after.strip_prefix('-').unwrap_or(after);
    let digits = number.len()
        - number
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    if digits > 0 {
        return after.len() - number.len() + digits;
    }
    if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_') {
        return 0;
    }
    after
        .find([' ', '\t', ';', '|', '&', '\'', '"', '!'])
        .unwrap_or(after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let mut history = History::default();
        for line in ["kubectl get pods", "dmesg", "dmesg", " secret", "aa-status"] {
            history.add(line);
        }
        history
    }

    #[test]
    fn a_line_is_remembered_once_and_not_when_it_begins_with_a_blank() {
        let history = history();
        let lines: Vec<_> = history.numbered().collect();
        assert_eq!(
            lines,
            [(1, "kubectl get pods"), (2, "dmesg"), (3, "aa-status")]
        );
    }

    #[test]
    fn an_exclamation_mark_stands_for_an_earlier_line() {
        let history = history();
        for (line, expected) in [
            ("!!", Ok(Some("aa-status"))),
            ("!1 -o wide", Ok(Some("kubectl get pods -o wide"))),
            ("!-2 | tail", Ok(Some("dmesg | tail"))),
            ("!ku", Ok(Some("kubectl get pods"))),
            ("echo '!!'", Ok(None)),
            ("echo \\!!", Ok(None)),
            ("[ a != b ]", Ok(None)),
            ("! true", Ok(None)),
            ("!nope", Err("!nope")),
            ("!99", Err("!99")),
        ] {
            let found = history.expand(line);
            let found = found.as_ref().map(Option::as_deref).map_err(String::as_str);
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn the_oldest_lines_are_forgotten_and_the_numbers_stay() {
        let mut history = History::default();
        for number in 0..MAX_HISTORY + 2 {
            history.add(&format!("echo {number}"));
        }
        assert_eq!(history.numbered().next(), Some((3, "echo 2")));
        assert_eq!(history.expand("!3"), Ok(Some("echo 2".to_owned())));
        assert_eq!(history.expand("!1"), Err("!1".to_owned()));
    }
}
