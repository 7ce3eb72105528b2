//! The default profiles of the container runtimes, by version.
//!
//! They are kept as a table of facts (`defaults.tsv`, its header tells the form)
//! and come out as a profile in the runtime-spec form, resolved for a container
//! the way its runtime resolves them when it creates the container.

use std::fmt::Write as _;

use crate::{
    action::DEFAULT_ERRNO,
    arch::Arch,
    profile::Profile,
    read::{Format, ReadContext, Reading, read},
};

const TABLE: &str = include_str!("defaults.tsv");

/// Who gives the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Docker Engine.
    Docker,
    /// containerd's CRI plugin.
    Containerd,
    /// podman.
    Podman,
    /// CRI-O.
    CriO,
}

impl Runtime {
    /// Every runtime, as the table names it.
    const NAMES: [(Self, &'static str); 4] = [
        (Self::Docker, "docker"),
        (Self::Containerd, "containerd"),
        (Self::Podman, "podman"),
        (Self::CriO, "cri-o"),
    ];

    /// The name, in small letters: `cri-o`.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .into_iter()
            .find(|(runtime, _)| *runtime == self)
            .map_or("", |(_, name)| name)
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(runtime, _)| runtime)
    }
}

/// A default profile of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultProfile {
    /// The runtime.
    pub runtime: Runtime,
    /// The first version that has it, of those the lab knows.
    pub since: (u32, u32),
    /// The errno of its default action.
    pub default_errno: u32,
    /// Where its facts are from.
    pub source: &'static str,
    tag: &'static str,
}

/// Every default profile that the lab knows, oldest first for each runtime.
pub fn all() -> impl Iterator<Item = DefaultProfile> {
    TABLE.lines().filter_map(|line| {
        let mut columns = line.strip_prefix("@ ")?.split('\t');
        Some(DefaultProfile {
            tag: columns.next()?,
            runtime: Runtime::from_name(columns.next()?)?,
            since: version(columns.next()?)?,
            default_errno: columns.next()?.parse().ok()?,
            source: columns.next()?,
        })
    })
}

/// The profile that a version of a runtime has: the newest that is not newer,
/// or the oldest known.
pub fn of(runtime: Runtime, version: (u32, u32)) -> Option<DefaultProfile> {
    let known = || all().filter(|one| one.runtime == runtime);
    known()
        .filter(|one| one.since <= version)
        .last()
        .or_else(|| known().next())
}

impl DefaultProfile {
    /// The profile that a container gets, as JSON in the runtime-spec form.
    pub fn json(&self, context: &ReadContext) -> String {
        let mut text = format!(
            "{{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": {},\n  \"architectures\": [",
            self.default_errno
        );
        let mut arches = vec![context.native];
        arches.extend(context.native.compatible());
        push_strings(&mut text, arches.into_iter().map(Arch::oci_name));
        text.push_str("],\n  \"syscalls\": [");
        let rules = TABLE
            .lines()
            .filter_map(Rule::parse)
            .filter(|rule| rule.is_for(self.tag) && rule.holds(context));
        for (position, rule) in rules.enumerate() {
            text.push_str(if position == 0 { "\n" } else { ",\n" });
            rule.write(&mut text);
        }
        text.push_str("\n  ]\n}\n");
        text
    }

    /// The profile that a container gets, and its text.
    pub fn resolve(&self, context: &ReadContext) -> (Profile, String) {
        let text = self.json(context);
        let profile = match read(text.as_bytes(), Format::Oci, context) {
            Ok(Reading::Profile(profile)) => profile,
            Ok(Reading::Off) | Err(_) => Profile::default(),
        };
        (profile, text)
    }
}

/// A line of the table.
struct Rule<'a> {
    tags: &'a str,
    action: &'a str,
    conditions: &'a str,
    names: &'a str,
}

impl<'a> Rule<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        if line.starts_with(['#', '@']) {
            return None;
        }
        let mut columns = line.split('\t');
        Some(Self {
            tags: columns.next()?,
            action: columns.next()?,
            conditions: columns.next()?,
            names: columns.next()?,
        })
    }

    fn is_for(&self, tag: &str) -> bool {
        self.tags.split(' ').any(|one| {
            one == tag
                || one
                    .strip_suffix('*')
                    .is_some_and(|prefix| tag.starts_with(prefix))
        })
    }

    fn holds(&self, context: &ReadContext) -> bool {
        self.conditions.split(' ').all(|condition| {
            let Some((kind, value)) = condition.split_once(':') else {
                return true;
            };
            match kind {
                "needs" => context.capabilities.contains(value),
                "without" => !context.capabilities.contains(value),
                "on" => value == context.native.template_name(),
                "linux" => version(value).is_some_and(|from| context.kernel >= from),
                _ => true,
            }
        })
    }

    fn write(&self, text: &mut String) {
        text.push_str("    {\n      \"names\": [");
        push_strings(text, self.names.split(' '));
        let errno = self.action.strip_prefix("errno=");
        let action = errno.map_or("SCMP_ACT_ALLOW", |_| "SCMP_ACT_ERRNO");
        let _ = write!(text, "],\n      \"action\": \"{action}\"");
        if let Some(errno) = errno.filter(|errno| errno.parse() != Ok(DEFAULT_ERRNO)) {
            let _ = write!(text, ",\n      \"errnoRet\": {errno}");
        }
        let tests: Vec<String> = self.conditions.split(' ').filter_map(test).collect();
        if !tests.is_empty() {
            let tests = tests.join(", ");
            let _ = write!(text, ",\n      \"args\": [{tests}]");
        }
        text.push_str("\n    }");
    }
}

/// A test of an argument, such as `arg0&0x10==0x10` or `arg0<38`, as JSON.
fn test(condition: &str) -> Option<String> {
    const OPERATORS: [(&str, &str); 4] = [
        ("==", "SCMP_CMP_EQ"),
        ("!=", "SCMP_CMP_NE"),
        ("<", "SCMP_CMP_LT"),
        (">", "SCMP_CMP_GT"),
    ];
    let rest = condition.strip_prefix("arg")?;
    let (sign, operator) = OPERATORS
        .into_iter()
        .find(|(sign, _)| rest.contains(sign))?;
    let (left, right) = rest.split_once(sign)?;
    let right = number(right)?;
    Some(match left.split_once('&') {
        Some((index, mask)) => format!(
            "{{\"index\": {index}, \"value\": {}, \"valueTwo\": {right}, \"op\": \"SCMP_CMP_MASKED_EQ\"}}",
            number(mask)?
        ),
        None => format!("{{\"index\": {left}, \"value\": {right}, \"op\": \"{operator}\"}}"),
    })
}

fn number(text: &str) -> Option<u64> {
    text.strip_prefix("0x").map_or_else(
        || text.parse().ok(),
        |digits| u64::from_str_radix(digits, 16).ok(),
    )
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn push_strings<'a>(text: &mut String, values: impl Iterator<Item = &'a str>) {
    for (position, value) in values.enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}\"{value}\"");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bpf::SeccompData,
        build::{BuildOptions, build},
        syscalls,
    };

    fn answer(profile: DefaultProfile, context: &ReadContext, name: &str, first: u64) -> String {
        let (resolved, _) = profile.resolve(context);
        let filter = build(&resolved, BuildOptions::new(context.native)).expect("builds");
        let nr = syscalls::number(context.native, name).expect("exists");
        let data = SeccompData {
            nr: nr.cast_signed(),
            arch: context.native.audit(),
            args: [first, 0, 0, 0, 0, 0],
            ..SeccompData::default()
        };
        filter.run(&data).action.to_string()
    }

    #[test]
    fn every_default_builds_on_every_architecture() {
        assert_eq!(all().count(), 11);
        for profile in all() {
            for native in [Arch::X86_64, Arch::Aarch64] {
                let context = ReadContext::new(native);
                let (resolved, _) = profile.resolve(&context);
                assert!(resolved.entries.len() > 5, "{profile:?}");
                assert!(build(&resolved, BuildOptions::new(native)).is_ok());
                assert_eq!(answer(profile, &context, "read", 0), "ALLOW");
            }
        }
    }

    #[test]
    fn a_version_gets_the_newest_profile_that_is_not_newer() {
        let of = |version| of(Runtime::Containerd, version).map(|one| one.since);
        assert_eq!(of((2, 1)), Some((2, 0)));
        assert_eq!(of((1, 7)), Some((1, 7)));
        assert_eq!(of((1, 2)), Some((1, 6)));
        assert_eq!(of((9, 0)), Some((2, 3)));
    }

    #[test]
    fn mounting_needs_cap_sys_admin() {
        let profile = of(Runtime::Containerd, (2, 0)).expect("known");
        let mut context = ReadContext::new(Arch::X86_64);
        assert_eq!(answer(profile, &context, "mount", 0), "ERRNO(1)");
        context.capabilities.insert("CAP_SYS_ADMIN".to_owned());
        assert_eq!(answer(profile, &context, "mount", 0), "ALLOW");
    }

    #[test]
    fn a_new_user_namespace_is_refused_and_clone3_falls_back() {
        let profile = of(Runtime::Docker, (28, 0)).expect("known");
        let context = ReadContext::new(Arch::X86_64);
        assert_eq!(answer(profile, &context, "clone", 0x1000_0000), "ERRNO(1)");
        assert_eq!(answer(profile, &context, "clone", 17), "ALLOW");
        assert_eq!(answer(profile, &context, "clone3", 0), "ERRNO(38)");
    }

    #[test]
    fn io_uring_left_the_defaults_with_docker_28_and_containerd_2() {
        let context = ReadContext::new(Arch::X86_64);
        let answer = |runtime, version| {
            let profile = of(runtime, version).expect("known");
            answer(profile, &context, "io_uring_setup", 0)
        };
        assert_eq!(answer(Runtime::Docker, (24, 0)), "ALLOW");
        assert_eq!(answer(Runtime::Docker, (28, 0)), "ERRNO(1)");
        assert_eq!(answer(Runtime::Containerd, (1, 7)), "ALLOW");
        assert_eq!(answer(Runtime::Containerd, (2, 0)), "ERRNO(1)");
    }
}
