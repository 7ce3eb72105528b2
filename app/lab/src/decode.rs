//! Lines of a kernel log in plain words: what happened, why there is a record
//! of it, and which rules would allow it.

mod words;

use crate::message::{AuditField, AuditGroup, AuditVerdict, CandidateRule, Response};
use apparmor::{record::Fields, suggest};
use std::collections::HashMap;

/// Most groups that a log is told in.
pub const MAX_GROUPS: usize = 200;
/// Longest line that is looked at, in bytes; the kernel cuts records at 1 KiB
/// or so, and names at 4 KiB.
pub const MAX_LINE: usize = 16 * 1024;

/// What was read of a log so far.
#[derive(Debug, Default)]
pub struct Decoder {
    lines: u64,
    records: u64,
    left_out: u64,
    groups: Vec<AuditGroup>,
    /// Place in `groups` of what is told by a sentence.
    places: HashMap<String, usize>,
}

impl Decoder {
    /// Reads whole lines.
    pub fn read(&mut self, text: &str) {
        for line in text.lines() {
            self.lines += 1;
            let Some(record) = Record::read(line) else {
                continue;
            };
            self.records += 1;
            let what = words::what(&record);
            let key = format!("{:?} {what}", record.verdict);
            if let Some(group) = self
                .places
                .get(&key)
                .and_then(|at| self.groups.get_mut(*at))
            {
                group.count += 1;
            } else if self.groups.len() < MAX_GROUPS {
                self.places.insert(key, self.groups.len());
                self.groups.push(record.group(line, what));
            } else {
                self.left_out += 1;
            }
        }
    }

    /// What was read so far; with the groups when that was all.
    pub fn answer(&self, last: bool) -> Response {
        let mut groups = Vec::new();
        if last {
            groups.clone_from(&self.groups);
            sorted::sort_by_key(&mut groups, |group| std::cmp::Reverse(group.count));
        }
        Response::Decoded {
            lines: self.lines,
            records: self.records,
            groups,
            left_out: self.left_out,
        }
    }
}

/// One line explained.
pub fn explain(line: &str) -> Response {
    let Some(record) = Record::read(line) else {
        return Response::RecordExplained {
            group: None,
            fields: Vec::new(),
            rules: Vec::new(),
        };
    };
    let fields = record.fields.pairs.iter().map(|(name, value)| AuditField {
        name: name.clone(),
        value: value.clone(),
        meaning: words::meaning(&record, name, value),
    });
    Response::RecordExplained {
        fields: fields.collect(),
        rules: rules(&record, line),
        group: Some(record.group(line.trim(), words::what(&record))),
    }
}

/// A record of one of the two guards.
struct Record {
    guard: Guard,
    verdict: AuditVerdict,
    fields: Fields,
}

/// Who wrote the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    AppArmor,
    Seccomp,
}

impl Record {
    fn read(line: &str) -> Option<Self> {
        if line.len() > MAX_LINE {
            return None;
        }
        let start = line.find("apparmor=\"");
        let seccomp = || line.contains("type=1326") || line.contains("type=SECCOMP");
        if start.is_none() && !seccomp() {
            return None;
        }
        let fields = Fields::read(line);
        let (guard, verdict) = if start.is_some() {
            let verdict = match fields.get("apparmor")? {
                "DENIED" | "KILLED" | "ERROR" => AuditVerdict::Blocked,
                "ALLOWED" | "AUDIT" | "HINT" => AuditVerdict::Allowed,
                _ => AuditVerdict::Policy,
            };
            (Guard::AppArmor, verdict)
        } else {
            fields.get("syscall")?;
            let verdict = match words::action(&fields) {
                Some(action) if action.runs_the_call() => AuditVerdict::Allowed,
                _ => AuditVerdict::Blocked,
            };
            (Guard::Seccomp, verdict)
        };
        Some(Self {
            guard,
            verdict,
            fields,
        })
    }

    fn get(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }

    fn group(&self, line: &str, what: String) -> AuditGroup {
        AuditGroup {
            count: 1,
            verdict: self.verdict,
            what,
            why: words::why(self),
            line: line.to_owned(),
        }
    }
}

/// Rules that would allow what a record tells.
fn rules(record: &Record, line: &str) -> Vec<CandidateRule> {
    match (record.guard, record.verdict) {
        (_, AuditVerdict::Policy) => Vec::new(),
        (Guard::Seccomp, _) => words::syscall(&record.fields)
            .map(|name| CandidateRule {
                width: "an entry of `syscalls`".to_owned(),
                rule: format!("{{ \"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ALLOW\" }}"),
                caution: "A filter cannot tell which file or address the call is about: this allows the call altogether.".to_owned(),
            })
            .into_iter()
            .collect(),
        (Guard::AppArmor, _) if record.get("operation") == "link" => {
            let rule = format!("link {} -> {},", record.get("name"), record.get("target"));
            vec![CandidateRule {
                width: "just this pair of names".to_owned(),
                rule,
                caution: format!(
                    "This rule skips the comparison of rights, even against a `deny` on the old name. Whoever may write to {} then writes to that file.",
                    record.get("name")
                ),
            }]
        }
        (Guard::AppArmor, _) => suggest::Record::read(line)
            .map(|record| suggest::suggest(&record))
            .unwrap_or_default()
            .into_iter()
            .map(|suggestion| CandidateRule {
                width: match suggestion.width {
                    suggest::Width::Exact => "just this",
                    suggest::Width::Globbed => "a pattern around it",
                    suggest::Width::Abstraction => "an abstraction that has it",
                }
                .to_owned(),
                caution: words::caution(&suggestion.rule),
                rule: suggestion.rule,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = r#"type=1400 audit(1764000000.417:91): apparmor="DENIED" operation="link" class="file" profile="k8s-deny-data" name="/ok/hl" pid=57 comm="ln" requested_mask="wacd" denied_mask="wacd" fsuid=0 ouid=0 target="/data/target""#;
    const MKNOD: &str = r#"[   12.345678] audit: type=1400 audit(1764000000.417:92): apparmor="DENIED" operation="mknod" class="file" profile="p" name="/data/x" pid=57 comm="touch" requested_mask="c" denied_mask="c" fsuid=0 ouid=0"#;
    const SECCOMP: &str = r#"audit: type=1326 audit(1.000:3): auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=9 comm="mkdir" exe="/bin/busybox" sig=0 arch=c000003e syscall=83 compat=0 ip=0x47b567 code=0x7ffc0000"#;
    const OTHERS: [&str; 9] = [
        r#"apparmor="ALLOWED" operation="open" profile="p" name="/etc/x" comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        r#"apparmor="AUDIT" operation="unlink" profile="p" name="/tmp/x" comm="rm" requested_mask="d" fsuid=0 ouid=0"#,
        r#"apparmor="KILLED" operation="mkdir" profile="p" name="/d/" comm="mkdir" requested_mask="c" denied_mask="c""#,
        r#"apparmor="STATUS" operation="profile_load" profile="unconfined" name="k8s-deny-data" pid=1 comm="apparmor_parser""#,
        r#"apparmor="DENIED" operation="capable" class="cap" profile="p" pid=1 comm="mount" capability=21  capname="sys_admin""#,
        r#"apparmor="DENIED" operation="signal" class="signal" profile="p" pid=1 comm="runc" requested_mask="receive" denied_mask="receive" signal=kill peer="unconfined""#,
        r#"apparmor="DENIED" operation="create" class="net" profile="p" pid=1 comm="ping" family="inet" sock_type="raw" protocol=1 requested_mask="create" denied_mask="create""#,
        r#"apparmor="DENIED" operation="open" class="file" info="Failed name lookup - disconnected path" error=-13 profile="p" name="tmp/x" comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        r#"apparmor="DENIED" operation="exec" info="no new privs" error=-1 profile="p" name="/bin/su" comm="sh" requested_mask="x" denied_mask="x" fsuid=0 ouid=0 target="q""#,
    ];

    #[test]
    fn every_kind_of_record_is_told_in_plain_words() {
        let mut told = String::new();
        for line in [LINK, MKNOD, SECCOMP].iter().chain(&OTHERS) {
            let Response::RecordExplained { group, rules, .. } = explain(line) else {
                panic!("another answer");
            };
            let group = group.expect("it is a record");
            told.push_str(&format!(
                "{:?}: {}\n  {}\n",
                group.verdict, group.what, group.why
            ));
            for rule in rules {
                told.push_str(&format!("  + {} ({})\n", rule.rule, rule.width));
            }
        }
        insta::assert_snapshot!(told);
    }

    #[test]
    fn records_that_tell_the_same_are_counted_together() {
        let mut decoder = Decoder::default();
        decoder.read(&format!("{MKNOD}\nkernel: something else\n{LINK}\n"));
        decoder.read(&MKNOD.replace("pid=57", "pid=58"));
        let Response::Decoded {
            lines,
            records,
            groups,
            left_out,
        } = decoder.answer(true)
        else {
            panic!("another answer");
        };
        assert_eq!((lines, records, left_out), (4, 3, 0));
        let counts: Vec<_> = groups.iter().map(|group| group.count).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn records_beyond_the_groups_are_counted_and_said() {
        let mut decoder = Decoder::default();
        for index in 0..MAX_GROUPS + 3 {
            decoder.read(&MKNOD.replace("/data/x", &format!("/data/{index}")));
        }
        let Response::Decoded {
            groups, left_out, ..
        } = decoder.answer(true)
        else {
            panic!("another answer");
        };
        assert_eq!((groups.len(), left_out), (MAX_GROUPS, 3));
    }

    #[test]
    fn a_line_of_something_else_is_no_record() {
        for line in ["", "hello", "type=1326", "apparmor=", &"x=1 ".repeat(9000)] {
            let Response::RecordExplained { group, .. } = explain(line) else {
                panic!("another answer");
            };
            assert_eq!(group, None, "{line}");
        }
    }
}
