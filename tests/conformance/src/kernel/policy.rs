//! The three kernels with their parsers and feature sets.

use apparmor::{Features, Level, Options, SourceSet};
use kernel::{K61, K73, K612, Release};

/// One of the recorded systems.
pub struct Kernel {
    /// Its tag in the recordings.
    pub tag: &'static str,
    /// The simulated release.
    pub release: &'static Release,
    level: Level,
    features: fn() -> Features,
    /// What Debian's `parser.conf` pins is, for what it mediates, the set of
    /// the kernel that the distribution shipped.
    pinned: fn() -> Features,
}

/// All of them, oldest first.
pub const KERNELS: &[Kernel] = &[
    Kernel {
        tag: "k61",
        release: &K61,
        level: Level::V3_0,
        features: Features::kernel_6_1,
        pinned: Features::kernel_6_1,
    },
    Kernel {
        tag: "k612",
        release: &K612,
        level: Level::V4_1,
        features: Features::kernel_6_12,
        pinned: Features::kernel_6_12,
    },
    Kernel {
        tag: "k73",
        release: &K73,
        level: Level::V5_0,
        features: Features::kernel_7_3,
        pinned: Features::kernel_7_3,
    },
];

impl Kernel {
    /// How its parser compiles: with the features pinned by Debian's
    /// `parser.conf`, unless the command line says otherwise.
    pub fn options(&self, args: &[&str]) -> Options {
        let unpinned = args.iter().any(|arg| arg.starts_with("--config-file"));
        Options {
            level: self.level,
            kernel: (self.features)(),
            pinned: (!unpinned).then(self.pinned),
            overriding: None,
        }
    }

    /// The files below `/etc/apparmor.d` that scenarios include.
    pub fn sources(&self) -> SourceSet {
        apparmor::standard::shipped_with(self.level)
    }
}
