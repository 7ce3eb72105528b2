//! What a compilation is told besides the text.

use crate::{features::Features, level::Level};

/// The settings of a compilation, as `parser.conf` and the command line give them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The release of the parser.
    pub level: Level,
    /// What the kernel offers (`--kernel-features`).
    pub kernel: Features,
    /// What a policy without `abi` is taken to be written for (`policy-features=` in
    /// `parser.conf`); none makes the compiler fall back to [`Features::without_abi`].
    pub pinned: Option<Features>,
    /// What every policy is taken to be written for, whatever its `abi` says
    /// (`--override-policy-abi`; `-M` sets both this and `kernel`).
    pub overriding: Option<Features>,
}

impl Options {
    /// Kernel and policy features both set to `features`, as `apparmor_parser -M` does.
    pub fn for_features(level: Level, features: Features) -> Self {
        Self {
            level,
            kernel: features.clone(),
            pinned: None,
            overriding: Some(features),
        }
    }
}

impl Options {
    /// What a policy is compiled for: what both the kernel and the policy's feature set have.
    /// `abi` is the feature set that the policy names.
    pub fn effective_features(&self, abi: Option<&Features>) -> Features {
        let fallback;
        let policy = match (&self.overriding, abi, &self.pinned) {
            (Some(features), _, _) | (None, Some(features), _) | (None, None, Some(features)) => {
                features
            }
            (None, None, None) => {
                fallback = Features::without_abi();
                &fallback
            }
        };
        self.kernel.intersection(policy)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::for_features(Level::default(), Features::kernel_6_12())
    }
}
