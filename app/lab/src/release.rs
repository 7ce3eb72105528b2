//! Which of the recorded kernels and parsers stands for a node's own.

use crate::workspace::Toolchain;
use apparmor::{Features, Level, Options, standard::standard};
use kernel::{K61, K73, K612, Release};

/// The recorded kernel that is nearest to a release, and what its
/// distribution's parser is told.
pub fn of(release: &str) -> (&'static Release, Toolchain) {
    let mut numbers = release
        .split(['.', '-', '+'])
        .map(|part| part.parse::<u16>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let (kernel, level, features) = match version {
        // Records have had `class=` and io_uring rules since 6.7 and 6.8.
        (..=5, _) | (6, ..=6) => (&K61, Level::V3_0, Features::kernel_6_1()),
        (6, ..=16) => (&K612, Level::V4_1, Features::kernel_6_12()),
        _ => (&K73, Level::V5_0, Features::kernel_7_3()),
    };
    let toolchain = Toolchain {
        sources: standard(),
        options: Options {
            level,
            kernel: features,
            pinned: None,
            overriding: None,
        },
    };
    (kernel, toolchain)
}
