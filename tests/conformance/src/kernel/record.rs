//! Records as the recordings have them: without times, ids and numbers that
//! differ from run to run.

use kernel::AuditRecord;

/// The normalised line of a record.
pub fn normalise(record: &AuditRecord) -> String {
    let text = numbers(&record.text);
    if record.kind == 0 {
        text
    } else {
        format!("type={} audit(T:N): {text}", record.kind)
    }
}

fn numbers(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, after, with) in [
        (" pid=", "", "P"),
        (" opid=", "", "P"),
        (" tpid=", "", "P"),
        ("/#", "", "INO"),
        ("/proc/", "/", "PID"),
        ("/task/", "/", "TID"),
        ("pipe:[", "]", "INO"),
        ("socket:[", "]", "INO"),
        ("net:[", "]", "INO"),
        ("mnt:[", "]", "INO"),
        ("user:[", "]", "INO"),
        ("pid:[", "]", "INO"),
        ("uts:[", "]", "INO"),
        ("ipc:[", "]", "INO"),
        ("cgroup:[", "]", "INO"),
        ("time:[", "]", "INO"),
    ] {
        text = replace(&text, before, after, with);
    }
    if let Some(at) = text.find(" ip=0x") {
        let end = text[at + 1..]
            .find(' ')
            .map_or(text.len(), |length| at + 1 + length);
        text.replace_range(at..end, " ip=IP");
    }
    for key in ["lport=", "fport=", "src=", "dest="] {
        text = ports(&text, key);
    }
    text
}

/// Replaces the digits between `before` and `after`.
fn replace(text: &str, before: &str, after: &str, with: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (head, tail) = rest.split_at(at + before.len());
        out.push_str(head);
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && tail[digits..].starts_with(after) {
            out.push_str(with);
            rest = &tail[digits..];
        } else {
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// Ephemeral ports: 32000 and above.
fn ports(text: &str, key: &str) -> String {
    let Some(at) = text.find(key) else {
        return text.to_owned();
    };
    let (head, tail) = text.split_at(at + key.len());
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    match tail[..digits].parse::<u32>() {
        Ok(32_000..) => format!("{head}PORT{}", &tail[digits..]),
        _ => text.to_owned(),
    }
}
