//! How long the programs of the default profiles are, beside libseccomp's.

use seccomp::{Arch, BuildOptions, ReadContext, build, defaults};

/// Instructions by runtime and first version (`fixtures/libseccomp_lengths.tsv`).
fn recorded() -> Vec<(String, usize)> {
    include_str!("fixtures/libseccomp_lengths.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (profile, length) = line.rsplit_once('\t').expect("three columns");
            (
                profile.replace('\t', " "),
                length.parse().expect("a number"),
            )
        })
        .collect()
}

#[test]
fn a_default_profiles_program_is_as_long_as_libseccomps() {
    let options = BuildOptions {
        stub: false,
        ..BuildOptions::new(Arch::X86_64)
    };
    let built: Vec<(String, usize)> = defaults::all()
        .map(|default| {
            let (profile, _) = default.resolve(&ReadContext::new(Arch::X86_64));
            let filter = build(&profile, options).expect("builds");
            let (major, minor) = default.since;
            let name = format!("{} {major}.{minor}", default.runtime.name());
            (name, filter.program.len())
        })
        .collect();
    assert_eq!(built, recorded());
}
