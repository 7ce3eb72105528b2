//! What a plain scalar means to go-yaml v2 (`resolve.go`).

use super::Data;

/// The value of an unquoted scalar.
pub(super) fn resolve(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Data::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Data::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Data::Bool(false);
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Data::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Data::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Data::Float(f64::NAN),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return Data::String(text.to_owned());
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    integer(&plain)
        .or_else(|| float(&plain))
        .unwrap_or_else(|| Data::String(text.to_owned()))
}

/// An integer as Go's `strconv.ParseInt(s, 0, 64)` reads it.
fn integer(text: &str) -> Option<Data> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let value = if negative { -value } else { value };
    #[expect(clippy::cast_precision_loss, reason = "as go-yaml does beyond 64 bits")]
    Some(i64::try_from(value).map_or(Data::Float(value as f64), Data::Int))
}

/// A float in the form of go-yaml's own pattern; Rust reads more than that.
fn float(text: &str) -> Option<Data> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let shaped = text.len() - unsigned.len() <= 1
        && unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if !shaped {
        return None;
    }
    text.parse().ok().map(Data::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_yaml_1_1_says() {
        for (text, data) in [
            ("", Data::Null),
            ("~", Data::Null),
            ("yes", Data::Bool(true)),
            ("off", Data::Bool(false)),
            ("42", Data::Int(42)),
            ("-7", Data::Int(-7)),
            ("0644", Data::Int(0o644)),
            ("0x1F", Data::Int(31)),
            ("1_000", Data::Int(1000)),
            ("1.5", Data::Float(1.5)),
            ("1e3", Data::Float(1000.0)),
            ("1.28.0", Data::String("1.28.0".into())),
            ("0o", Data::String("0o".into())),
            ("--1", Data::String("--1".into())),
            ("8m", Data::String("8m".into())),
            ("2024-01-01", Data::String("2024-01-01".into())),
            ("+", Data::String("+".into())),
        ] {
            assert_eq!(resolve(text), data, "{text:?}");
        }
    }
}
