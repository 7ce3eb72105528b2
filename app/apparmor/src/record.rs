//! The fields of a line of the kernel log.

/// `key=value` pairs in their order, values without quotes and decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The pairs.
    pub pairs: Vec<(String, String)>,
}

/// Fields whose text a process chooses: the kernel prints them as hexadecimal
/// digits, without quotes, when they have blanks, quotes or control characters
/// (`audit_log_untrustedstring`).
const UNTRUSTED: [&str; 8] = [
    "comm", "exe", "name", "new_root", "old_root", "profile", "srcname", "target",
];

impl Fields {
    /// Reads the pairs of a line; what is not a pair is passed over.
    pub fn read(line: &str) -> Self {
        let mut pairs = Vec::new();
        let mut rest = line;
        while let Some(equals) = rest.find('=') {
            let key = rest[..equals]
                .rsplit(|letter: char| letter.is_whitespace() || letter == '(')
                .next()
                .unwrap_or_default();
            let after = &rest[equals + 1..];
            let (value, quoted, next) = match after.strip_prefix('"') {
                Some(inside) => match inside.split_once('"') {
                    Some((value, next)) => (value, true, next),
                    None => (inside, true, ""),
                },
                None => {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    (&after[..end], false, &after[end..])
                }
            };
            if !key.is_empty() {
                let value = if quoted || !UNTRUSTED.contains(&key) {
                    value.to_owned()
                } else {
                    unhex(value)
                };
                pairs.push((key.to_owned(), value));
            }
            rest = next;
        }
        Self { pairs }
    }

    /// The value of the first field with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        Some(value)
    }
}

fn unhex(value: &str) -> String {
    let is_hex = !value.is_empty()
        && value.len().is_multiple_of(2)
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    if !is_hex {
        return value.to_owned();
    }
    let bytes: Vec<u8> = (0..value.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(value.get(at..at + 2)?, 16).ok())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_without_quotes_and_decoded() {
        let line = r#"[ 12.3] audit: type=1400 audit(1764000000.417:91): apparmor="DENIED" name=2F642F6120622F capability=21  capname="sys_admin" info="a b" error=-13"#;
        let fields = Fields::read(line);
        let value = |name| fields.get(name).unwrap_or("");
        assert_eq!(value("type"), "1400");
        assert_eq!(value("apparmor"), "DENIED");
        assert_eq!(value("name"), "/d/a b/");
        assert_eq!(value("capability"), "21");
        assert_eq!(value("capname"), "sys_admin");
        assert_eq!(value("info"), "a b");
        assert_eq!(value("error"), "-13");
    }

    #[test]
    fn a_torn_line_gives_what_it_has() {
        let fields = Fields::read(r#"apparmor="DENIED" name="/da"#);
        assert_eq!(fields.get("name"), Some("/da"));
        assert_eq!(Fields::read("=\"= =").get("name"), None);
    }

    #[test]
    fn a_number_that_looks_like_digits_stays_a_number() {
        assert_eq!(Fields::read("pid=1234 ouid=10").get("pid"), Some("1234"));
    }
}
