//! What a process can bring about by which system calls, and what the
//! runtimes' default filters make of each.

use seccomp::{
    Arch, BuildOptions, ReadContext, build,
    defaults::{self, Runtime},
    goals::{self, Access},
};

/// An action with the ways to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// In words: `make a directory`.
    pub name: &'static str,
    /// The ways.
    pub ways: Vec<Way>,
}

/// System calls that bring an action about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The calls, joined by `+`.
    pub calls: String,
    /// How, where the names do not say it; may be empty.
    pub how: &'static str,
    /// Whether it was tried on a kernel; if not, it is from documentation.
    pub tried: bool,
    /// Whether it exists on 64-bit Arm too.
    pub on_arm: bool,
    /// What containerd's default filter does about it.
    pub by_default: ByDefault,
}

/// What a default filter does about a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByDefault {
    /// It lets it run.
    Open,
    /// It depends on an argument.
    Depends,
    /// It stops it.
    Closed,
}

/// The version of containerd whose default filter is asked.
pub const CONTAINERD: (u32, u32) = (2, 1);

/// Every action.
pub fn all() -> Vec<Goal> {
    let context = ReadContext::new(Arch::X86_64);
    let filter = defaults::of(Runtime::Containerd, CONTAINERD)
        .map(|profile| profile.resolve(&context).0)
        .and_then(|profile| build(&profile, BuildOptions::new(Arch::X86_64)).ok());
    let filters: Vec<_> = filter.iter().collect();
    goals::all()
        .into_iter()
        .map(|goal| {
            let on_arm = goal.under(&[], Arch::Aarch64);
            Goal {
                name: goal.name,
                ways: goal
                    .under(&filters, Arch::X86_64)
                    .into_iter()
                    .map(|found| Way {
                        calls: found.way.calls.join(" + "),
                        how: found.way.how,
                        tried: found.way.tried,
                        on_arm: on_arm.iter().any(|other| other.way == found.way),
                        by_default: match found.access {
                            Access::Open => ByDefault::Open,
                            Access::DependsOnArguments { .. } => ByDefault::Depends,
                            Access::Closed { .. } => ByDefault::Closed,
                        },
                    })
                    .collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_filter_closes_io_uring_and_leaves_openat_open() {
        let goals = all();
        let ways: Vec<&Way> = goals.iter().flat_map(|goal| &goal.ways).collect();
        let of = |calls: &str| {
            let way = ways.iter().find(|way| way.calls == calls);
            way.map(|way| way.by_default)
        };
        assert_eq!(of("openat"), Some(ByDefault::Open));
        assert_eq!(
            of("io_uring_setup + io_uring_enter"),
            Some(ByDefault::Closed)
        );
    }
}
