//! From audit records to the rules that would have allowed what they tell.
//!
//! As `aa-logprof` offers them: the exact path, wider patterns, and the
//! abstractions that already permit it.

use crate::{
    expand,
    options::Options,
    record::Fields,
    source::SourceSet,
    standard::{abstraction_names, standard},
    tree::RuleKind,
    vocabulary::CAPABILITIES,
};

/// How wide a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// Just what was asked for.
    Exact,
    /// A pattern around it.
    Globbed,
    /// An abstraction that contains it.
    Abstraction,
}

/// A line that would allow what the record tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// How wide it is.
    pub width: Width,
    /// The line to add to the profile.
    pub rule: String,
}

/// The fields of an audit record that matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `profile=`
    pub profile: String,
    /// `operation=`
    pub operation: String,
    /// `name=`
    pub name: Option<String>,
    /// `denied_mask=`, or what stands in its place in other records.
    pub mask: String,
    /// `capname=`
    pub capability: Option<String>,
    /// `family=` and `sock_type=`
    pub socket: Option<(String, String)>,
    /// `peer=`
    pub peer: Option<String>,
    /// `signal=`
    pub signal: Option<String>,
    /// `fsuid` and `ouid` are the same.
    pub owner: bool,
}

impl Record {
    /// Reads a line of the kernel log or of `audit.log`; none where it is no AppArmor record.
    pub fn read(line: &str) -> Option<Self> {
        let start = line.find("apparmor=\"")?;
        let fields = Fields::read(line.get(start..)?);
        let field = |name: &str| fields.get(name).map(str::to_owned);
        Some(Self {
            profile: field("profile")?,
            operation: field("operation").unwrap_or_default(),
            name: field("name"),
            mask: field("denied_mask")
                .or_else(|| field("requested_mask"))
                .or_else(|| field("denied"))
                .unwrap_or_default(),
            capability: field("capname"),
            socket: field("family").zip(field("sock_type")),
            peer: field("peer"),
            signal: field("signal"),
            owner: match (fields.get("fsuid"), fields.get("ouid")) {
                (Some(fsuid), Some(ouid)) => fsuid == ouid,
                _ => false,
            },
        })
    }
}

/// The lines that would allow what a record tells, the narrowest first.
pub fn suggest(record: &Record) -> Vec<Suggestion> {
    let exact = |rule: String| {
        vec![Suggestion {
            width: Width::Exact,
            rule,
        }]
    };
    if let Some(capability) = record
        .capability
        .as_deref()
        .filter(|name| CAPABILITIES.contains(name))
    {
        return exact(format!("capability {capability},"));
    }
    if let Some((family, kind)) = &record.socket {
        return exact(format!("network {family} {kind},"));
    }
    let mask = record.mask.as_str();
    match record.operation.as_str() {
        "signal" => {
            let set = record
                .signal
                .as_ref()
                .map_or(String::new(), |signal| format!(" set=({signal})"));
            return exact(format!("signal ({mask}){set}{},", peer(record)));
        }
        "ptrace" => return exact(format!("ptrace ({mask}){},", peer(record))),
        "userns_create" => return exact("userns create,".to_owned()),
        "mount" => {
            return exact(record.name.as_ref().map_or("mount,".to_owned(), |name| {
                format!("mount -> {},", quoted(name))
            }));
        }
        "umount" => {
            return exact(record.name.as_ref().map_or("umount,".to_owned(), |name| {
                format!("umount {},", quoted(name))
            }));
        }
        "pivotroot" => return exact("pivot_root,".to_owned()),
        "uring_sqpoll" => return exact("io_uring sqpoll,".to_owned()),
        "uring_override" => return exact("io_uring override_creds,".to_owned()),
        "change_profile" | "change_onexec" => {
            return exact(
                record
                    .name
                    .as_ref()
                    .map_or("change_profile,".to_owned(), |name| {
                        format!("change_profile -> {},", quoted(name))
                    }),
            );
        }
        _ => {}
    }
    let Some(name) = record.name.as_deref().filter(|name| name.starts_with('/')) else {
        return Vec::new();
    };
    let letters = letters(mask);
    if letters.is_empty() {
        return Vec::new();
    }
    let owner = if record.owner { "owner " } else { "" };
    let name = escaped(name);
    let mut suggestions = exact(format!("{owner}{} {letters},", quoted(&name)));
    suggestions.extend(wider(&name).into_iter().map(|path| Suggestion {
        width: Width::Globbed,
        rule: format!("{owner}{} {letters},", quoted(&path)),
    }));
    suggestions.extend(
        abstractions(&name, &letters)
            .into_iter()
            .map(|abstraction| Suggestion {
                width: Width::Abstraction,
                rule: format!("include <abstractions/{abstraction}>"),
            }),
    );
    suggestions
}

fn peer(record: &Record) -> String {
    record
        .peer
        .as_ref()
        .map_or(String::new(), |peer| format!(" peer={}", quoted(peer)))
}

/// Policy letters of a log mask: what creates and removes is `w`, what executes needs a mode.
fn letters(mask: &str) -> String {
    let has = |letters: &str| mask.chars().any(|letter| letters.contains(letter));
    let mut out = String::new();
    for (letter, asked) in [('m', "m"), ('r', "r"), ('w', "wcd"), ('k', "k"), ('l', "l")] {
        if has(asked) {
            out.push(letter);
        }
    }
    if has("a") && !has("wcd") {
        out.push('a');
    }
    if has("x") {
        out.push_str("ix");
    }
    out
}

/// A name as a pattern that matches just it.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(
            character,
            '*' | '?' | '[' | ']' | '{' | '}' | '^' | '\\' | '"'
        ) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn quoted(path: &str) -> String {
    if path.contains([' ', '\t', ',']) {
        format!("\"{path}\"")
    } else {
        path.to_owned()
    }
}

/// `/a/b/c` → `/a/b/*` → `/a/**`; with an extension also `/a/b/*.so`.
fn wider(name: &str) -> Vec<String> {
    let folder = name.ends_with('/');
    let body = name.trim_end_matches('/');
    let end = if folder { "/" } else { "" };
    let Some((parent, last)) = body.rsplit_once('/') else {
        return Vec::new();
    };
    let mut wider = vec![format!("{parent}/*{end}")];
    if let Some((_, extension)) = last
        .rsplit_once('.')
        .filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
    {
        wider.push(format!("{parent}/*.{extension}"));
    }
    if let Some((grandparent, _)) = parent.rsplit_once('/') {
        wider.push(format!("{grandparent}/**{end}"));
    }
    wider
}

/// The abstractions that name the path itself with these letters.
fn abstractions(name: &str, letters: &str) -> Vec<&'static str> {
    let sources: SourceSet = standard();
    let options = Options::default();
    abstraction_names()
        .filter(|abstraction| {
            let text = format!(
                "include <tunables/global>\nprofile p {{ include <abstractions/{abstraction}> }}\n"
            );
            let expanded = expand("suggestion", &text, &sources, &options);
            expanded
                .profiles
                .iter()
                .flat_map(|profile| &profile.rules)
                .any(|rule| {
                    let RuleKind::File(file) = &rule.kind else {
                        return false;
                    };
                    let permissions = file.permissions;
                    let enough = letters.chars().all(|letter| match letter {
                        'r' => permissions.read,
                        'w' => permissions.write,
                        'a' => permissions.append || permissions.write,
                        'k' => permissions.lock,
                        'l' => permissions.link,
                        'm' => permissions.mmap_exec,
                        _ => permissions.exec,
                    });
                    let path = file.path.as_ref().map(|path| path.value.as_str());
                    enough
                        && !rule.prefix.is_deny()
                        && path.is_some_and(|path| alternatives(path).any(|one| one == name))
                })
        })
        .collect()
}

/// The texts of a pattern whose one alternation is written out; others give themselves.
fn alternatives(pattern: &str) -> impl Iterator<Item = String> {
    let parts = pattern.split_once('{').and_then(|(before, rest)| {
        let (inside, after) = rest.split_once('}')?;
        (!inside.contains('{')).then(|| (before.to_owned(), inside.to_owned(), after.to_owned()))
    });
    let whole = pattern.to_owned();
    let texts: Vec<String> = match parts {
        Some((before, inside, after)) => inside
            .split(',')
            .map(|one| crate::glob::filter_slashes(&format!("{before}{one}{after}")))
            .collect(),
        None => vec![whole],
    };
    texts.into_iter()
}
