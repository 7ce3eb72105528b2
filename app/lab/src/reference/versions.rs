//! What is modelled, in which versions.

use apparmor::{Features, Level};
use cluster::{
    kubelet::eras::{self, HostCheck, KubeletEra, Refusal, Required},
    version::Era,
};
use kernel::{K61, K73, K612, Release};

/// A kernel with the parser that its distribution has.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    /// `6.12`.
    pub version: &'static str,
    /// The kernel.
    pub release: &'static Release,
    /// The parser.
    pub level: Level,
    /// Its name for people.
    pub parser: &'static str,
    /// What it mediates.
    pub features: fn() -> Features,
}

/// The kernels, oldest first.
pub const KERNELS: [Kernel; 3] = [
    Kernel {
        version: "6.1",
        release: &K61,
        level: Level::V3_0,
        parser: "3.0",
        features: Features::kernel_6_1,
    },
    Kernel {
        version: "6.12",
        release: &K612,
        level: Level::V4_1,
        parser: "4.1",
        features: Features::kernel_6_12,
    },
    Kernel {
        version: "7.3",
        release: &K73,
        level: Level::V5_0,
        parser: "5.0",
        features: Features::kernel_7_3,
    },
];

/// A change in how kubelets treat AppArmor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeletChange {
    /// The first release that has it: `1.31`.
    pub from: String,
    /// What is different since, each one sentence.
    pub changes: Vec<&'static str>,
    /// Where it was read.
    pub source: &'static str,
}

/// Every change in how kubelets treat AppArmor, oldest first.
pub fn kubelets() -> Vec<KubeletChange> {
    let table: &[Era<KubeletEra>] = eras::kubelets();
    let mut before: Option<KubeletEra> = None;
    table
        .iter()
        .map(|era| {
            let changes = differences(before, era.rule);
            before = Some(era.rule);
            KubeletChange {
                from: era.from.to_string(),
                changes,
                source: era.source,
            }
        })
        .collect()
}

/// What an era has that the one before had not.
fn differences(before: Option<KubeletEra>, now: KubeletEra) -> Vec<&'static str> {
    let mut words = Vec::new();
    if before.is_none_or(|before| before.host != now.host) {
        words.push(match now.host {
            HostCheck::None => "The kubelet knows nothing of AppArmor and starts every pod.",
            HostCheck::Full => "It checks the host for AppArmor: the kernel's parameter, the file system, the parser's program and more.",
            HostCheck::Kernel => "It checks the host as runc does: the file system and the kernel's parameter.",
        });
    }
    if now.host == HostCheck::None {
        return words;
    }
    if before.is_none_or(|before| before.refusal != now.refusal || before.host == HostCheck::None) {
        words.push(match now.refusal {
            Refusal::HardAtFirst => "A pod that it refuses fails at once.",
            Refusal::Soft => {
                "A pod that it refuses stays Pending, its containers Blocked, and is tried again."
            }
            Refusal::Hard => "A pod that it refuses fails for good: its phase is Failed.",
        });
    }
    if before.is_none_or(|before| before.required != now.required || before.host == HostCheck::None)
    {
        words.push(match now.required {
            Required::AnyAnnotation => "It checks as soon as there is any AppArmor annotation.",
            Required::FirstAnnotation => {
                "It checks when the first annotation that it comes upon is not `unconfined`."
            }
            Required::Fields => {
                "It checks when a field asks for a profile, or else as before by the annotations."
            }
        });
    }
    let was = |field: fn(KubeletEra) -> bool| before.is_some_and(field);
    match (was(|era| era.loaded_check), now.loaded_check) {
        (false, true) => words.push("It refuses a profile that is not loaded on the node."),
        (true, false) => words
            .push("It no longer looks whether the profile is loaded; the runtime finds out later."),
        _ => {}
    }
    if !was(|era| era.field) && now.field {
        words.push("It knows the field `appArmorProfile`.");
    }
    match (was(|era| era.ready_message), now.ready_message) {
        (false, true) => words.push("The node's Ready condition says that AppArmor is enabled."),
        (true, false) => {
            words.push("The node's Ready condition says nothing of AppArmor any more.");
        }
        _ => {}
    }
    if was(|era| era.gate) && !now.gate {
        words.push("The feature gate cannot be turned off any more.");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_kubelet_is_told() {
        let told: Vec<_> = kubelets();
        for change in &told {
            assert!(!change.changes.is_empty(), "{}", change.from);
        }
        insta::assert_debug_snapshot!(told);
    }
}
