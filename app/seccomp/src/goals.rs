//! What a process can still bring about under a filter.
//!
//! A filter names syscalls, but what matters is what they bring about, and
//! that there is nearly always more than one way. The table (`goals.tsv`) lists
//! the ways; this module asks the filter about each.

use crate::{
    action::Action,
    arch::Arch,
    bpf::SeccompData,
    filter::{Filter, Part},
    profile::RuleRef,
    syscalls,
};

const TABLE: &str = include_str!("goals.tsv");

/// Something that a process may want to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// In words: `make a directory`.
    pub name: &'static str,
    /// The ways to do it.
    pub ways: Vec<Way>,
}

/// Syscalls that together bring something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The calls, which must all run.
    pub calls: Vec<&'static str>,
    /// How, where the names do not say it; may be empty.
    pub how: &'static str,
    /// Whether it was tried on a kernel; if not, it is from documentation.
    pub tried: bool,
}

/// A way and what a filter makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayUnderFilter {
    /// The way.
    pub way: Way,
    /// Whether it is open.
    pub access: Access,
}

/// Whether a filter lets a way be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Every call runs.
    Open,
    /// Every call runs with some arguments; this one is decided by its arguments.
    DependsOnArguments {
        /// The call.
        call: &'static str,
    },
    /// A call is stopped.
    Closed {
        /// The first call that is.
        call: &'static str,
        /// By what action.
        action: Action,
        /// By which rules; none for the default action.
        rules: Vec<RuleRef>,
    },
}

/// Every goal that the lab knows.
pub fn all() -> Vec<Goal> {
    let mut goals: Vec<Goal> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("= ") {
            goals.push(Goal {
                name,
                ways: Vec::new(),
            });
        } else if let Some(goal) = goals.last_mut() {
            goal.ways.push(Way::parse(line));
        }
    }
    goals
}

impl Way {
    fn parse(line: &'static str) -> Self {
        let mut columns = line.split('\t');
        Self {
            calls: columns.next().unwrap_or("").split('+').collect(),
            how: columns.next().unwrap_or(""),
            tried: columns.next() != Some("documented"),
        }
    }
}

impl Goal {
    /// The ways of this goal that exist on an ABI, and whether the filters of a
    /// task leave them open. Without any filter all are.
    pub fn under(&self, filters: &[&Filter], arch: Arch) -> Vec<WayUnderFilter> {
        self.ways
            .iter()
            .filter_map(|way| {
                let numbers: Option<Vec<u32>> = way
                    .calls
                    .iter()
                    .map(|call| syscalls::number(arch, call))
                    .collect();
                Some(WayUnderFilter {
                    access: access(way, &numbers?, filters, arch),
                    way: way.clone(),
                })
            })
            .collect()
    }
}

fn access(way: &Way, numbers: &[u32], filters: &[&Filter], arch: Arch) -> Access {
    let mut depends = None;
    for filter in filters {
        for (call, number) in way.calls.iter().zip(numbers) {
            let data = SeccompData {
                nr: number.cast_signed(),
                arch: arch.audit(),
                ..SeccompData::default()
            };
            let verdict = filter.run(&data);
            let tests_arguments = verdict.path.iter().any(|at| {
                (filter.origins.get(*at)).is_some_and(|origin| origin.part == Part::Argument)
            });
            if tests_arguments {
                depends.get_or_insert(*call);
            } else if !verdict.action.runs_the_call() {
                return Access::Closed {
                    call,
                    action: verdict.action,
                    rules: verdict.rules,
                };
            }
        }
    }
    depends.map_or(Access::Open, |call| Access::DependsOnArguments { call })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        build::{BuildOptions, build},
        read::{Format, ReadContext, Reading, read},
    };

    fn filter(text: &str, native: Arch) -> Filter {
        let context = ReadContext::new(native);
        match read(text.as_bytes(), Format::Oci, &context) {
            Ok(Reading::Profile(profile)) => {
                build(&profile, BuildOptions::new(native)).expect("builds")
            }
            other => panic!("{other:?}"),
        }
    }

    fn open_ways(goal: &str, text: &str, native: Arch) -> Vec<String> {
        let filter = filter(text, native);
        let goal = all()
            .into_iter()
            .find(|one| one.name == goal)
            .expect("known");
        goal.under(&[&filter], native)
            .into_iter()
            .filter(|way| way.access == Access::Open)
            .map(|way| way.way.calls.join("+"))
            .collect()
    }

    #[test]
    fn every_call_of_every_way_is_in_the_table_of_syscalls() {
        for goal in all() {
            assert!(!goal.ways.is_empty(), "{}", goal.name);
            for call in goal.ways.iter().flat_map(|way| &way.calls) {
                assert!(syscalls::find(call).is_some(), "{}: {call}", goal.name);
            }
        }
    }

    #[test]
    fn denying_mkdir_alone_leaves_mkdirat_and_io_uring() {
        let text = r#"{"defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}"#;
        let open = open_ways("make a directory", text, Arch::X86_64);
        assert!(open.contains(&"mkdirat".to_owned()));
        assert!(open.contains(&"io_uring_setup+io_uring_enter".to_owned()));
        assert!(!open.contains(&"mkdir".to_owned()));
    }

    #[test]
    fn a_way_that_an_abi_lacks_is_not_listed_there() {
        let text = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
            {"names": ["mkdirat"], "action": "SCMP_ACT_ERRNO"}]}"#;
        let open = open_ways("make a directory", text, Arch::Aarch64);
        assert!(!open.iter().any(|way| way == "mkdir" || way == "mkdirat"));
    }

    #[test]
    fn a_call_that_is_filtered_by_arguments_depends_on_them() {
        let text = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
            {"names": ["clone"], "action": "SCMP_ACT_ERRNO", "args": [
                {"index": 0, "op": "SCMP_CMP_MASKED_EQ", "value": 268435456, "valueTwo": 268435456}]}]}"#;
        let filter = filter(text, Arch::X86_64);
        let goal = all()
            .into_iter()
            .find(|one| one.name == "change namespaces")
            .expect("known");
        let ways = goal.under(&[&filter], Arch::X86_64);
        let of = |call: &str| {
            ways.iter()
                .find(|way| way.way.calls == [call])
                .map(|way| way.access.clone())
        };
        assert_eq!(
            of("clone"),
            Some(Access::DependsOnArguments { call: "clone" })
        );
        assert_eq!(of("clone3"), Some(Access::Open));
    }
}
