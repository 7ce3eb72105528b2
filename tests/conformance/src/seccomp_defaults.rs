//! `seccomp-defaults`: the project's default profiles against the published ones.

use std::{collections::BTreeSet, fs, path::Path};

use seccomp::{
    Action, Arch, BuildOptions, Filter, Format, ReadContext, Reading, SeccompData, build,
    defaults::{self, DefaultProfile, Runtime},
    read, syscalls,
};

use crate::report::Report;

/// A published profile, how it is read, and the default that must decide alike.
struct Published {
    file: &'static str,
    format: Format,
    natives: &'static [Arch],
    /// A template decides by capabilities; a resolved profile is for a container without any.
    is_template: bool,
    runtime: Runtime,
}

const NATIVES: &[Arch] = &[Arch::X86_64, Arch::Aarch64];

const PUBLISHED: [Published; 5] = [
    Published {
        file: "moby-default.json",
        format: Format::Docker,
        natives: NATIVES,
        is_template: true,
        runtime: Runtime::Docker,
    },
    Published {
        file: "common-default.json",
        format: Format::Common,
        natives: NATIVES,
        is_template: true,
        runtime: Runtime::Podman,
    },
    Published {
        file: "common-crio-default.json",
        format: Format::Common,
        natives: NATIVES,
        is_template: true,
        runtime: Runtime::CriO,
    },
    Published {
        file: "containerd-default-amd64.json",
        format: Format::Oci,
        natives: &[Arch::X86_64],
        is_template: false,
        runtime: Runtime::Containerd,
    },
    Published {
        file: "containerd-default-arm64.json",
        format: Format::Oci,
        natives: &[Arch::Aarch64],
        is_template: false,
        runtime: Runtime::Containerd,
    },
];

/// Capabilities that a default of any runtime asks for.
const CAPABILITIES: [&str; 15] = [
    "CAP_AUDIT_WRITE",
    "CAP_BPF",
    "CAP_DAC_READ_SEARCH",
    "CAP_PERFMON",
    "CAP_SYSLOG",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_CHROOT",
    "CAP_SYS_MODULE",
    "CAP_SYS_NICE",
    "CAP_SYS_PACCT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
];

/// Argument values around what the defaults compare.
const VALUES: [u64; 22] = [
    0,
    1,
    7,
    8,
    9,
    16,
    17,
    37,
    38,
    39,
    40,
    41,
    0x2_0000,
    0x2_0008,
    0x200_0000,
    0x400_0000,
    0x1000_0000,
    0x4000_0000,
    0x7e02_0000,
    0xffff_ffff,
    0x1_0000_0000,
    u64::MAX,
];

/// Compares every answer of every published profile in `DIR`.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    for published in PUBLISHED {
        let path = folder.join(published.file);
        let text = fs::read(&path).map_err(|error| format!("{}: {error}", published.file))?;
        let ours = defaults::all()
            .filter(|one| one.runtime == published.runtime)
            .last()
            .ok_or("no default of this runtime")?;
        for native in published.natives {
            for kernel in [(4, 4), (6, 1)] {
                for capabilities in capability_sets(published.is_template) {
                    let context = ReadContext {
                        native: *native,
                        capabilities: capabilities.into_iter().collect(),
                        kernel,
                    };
                    if !published.is_template && kernel < (4, 8) {
                        continue;
                    }
                    compare(&published, &text, ours, &context, report);
                }
            }
        }
    }
    Ok(())
}

fn capability_sets(is_template: bool) -> Vec<BTreeSet<String>> {
    let mut sets = vec![BTreeSet::new()];
    if is_template {
        sets.extend(CAPABILITIES.map(|one| BTreeSet::from([one.to_owned()])));
        sets.push(CAPABILITIES.map(str::to_owned).into());
        let docker = ["CAP_AUDIT_WRITE", "CAP_SYS_CHROOT"];
        sets.push(docker.map(str::to_owned).into());
    }
    sets
}

fn compare(
    published: &Published,
    text: &[u8],
    ours: DefaultProfile,
    context: &ReadContext,
    report: &mut Report,
) {
    let case = format!(
        "{} {} {:?} {:?}",
        published.file,
        context.native.name(),
        context.capabilities,
        context.kernel
    );
    let options = BuildOptions::new(context.native);
    let theirs = match read(text, published.format, context) {
        Ok(Reading::Profile(profile)) => build(&profile, options),
        Ok(Reading::Off) => return report.fail(&case, "reads as no profile"),
        Err(error) => return report.fail(&case, &error.to_string()),
    };
    let ours = build(&ours.resolve(context).0, options);
    match (theirs, ours) {
        (Ok(theirs), Ok(ours)) => {
            let mut arches = vec![context.native];
            arches.extend(context.native.compatible());
            for arch in arches {
                compare_arch(&case, arch, &theirs, &ours, report);
            }
        }
        (Err(error), _) | (_, Err(error)) => report.fail(&case, &error.to_string()),
    }
}

fn compare_arch(case: &str, arch: Arch, theirs: &Filter, ours: &Filter, report: &mut Report) {
    let mut numbers: BTreeSet<u32> = syscalls::all()
        .filter_map(|call| call.number(arch))
        .collect();
    let last = numbers.last().copied().unwrap_or_default();
    numbers.extend([last + 1, 9999, u32::MAX]);
    for nr in numbers {
        let data = SeccompData {
            nr: nr.cast_signed(),
            arch: arch.audit(),
            ..SeccompData::default()
        };
        let difference = arguments().find_map(|args| {
            let data = SeccompData { args, ..data };
            let answers = [theirs, ours].map(|filter| Action::from_return(filter.decide(&data)));
            (answers[0] != answers[1]).then(|| {
                format!(
                    "{} {nr} {args:x?}: theirs {}, ours {}",
                    arch.name(),
                    answers[0],
                    answers[1]
                )
            })
        });
        match difference {
            None => report.pass(),
            Some(difference) => report.fail(case, &difference),
        }
    }
}

/// Values of the first and third argument, which are those that the defaults test.
fn arguments() -> impl Iterator<Item = [u64; 6]> {
    VALUES
        .into_iter()
        .flat_map(|first| [0, 9, 10].map(|third| [first, 0, third, 0, 0, 0]))
}
