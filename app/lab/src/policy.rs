//! The policy folder of a node: this project's own abstractions and tunables,
//! under the names by which profiles include them.

use apparmor::SourceSet;

/// The files that every node with AppArmor has below `/etc/apparmor.d`.
pub const FILES: &[(&str, &str)] = &[
    (
        "abstractions/base",
        include_str!("../policy/abstractions/base"),
    ),
    (
        "abstractions/crypto",
        include_str!("../policy/abstractions/crypto"),
    ),
    (
        "abstractions/openssl",
        include_str!("../policy/abstractions/openssl"),
    ),
    ("tunables/alias", include_str!("../policy/tunables/alias")),
    (
        "tunables/apparmorfs",
        include_str!("../policy/tunables/apparmorfs"),
    ),
    ("tunables/etc", include_str!("../policy/tunables/etc")),
    ("tunables/global", include_str!("../policy/tunables/global")),
    ("tunables/home", include_str!("../policy/tunables/home")),
    (
        "tunables/kernelvars",
        include_str!("../policy/tunables/kernelvars"),
    ),
    (
        "tunables/multiarch",
        include_str!("../policy/tunables/multiarch"),
    ),
    ("tunables/proc", include_str!("../policy/tunables/proc")),
    ("tunables/run", include_str!("../policy/tunables/run")),
    (
        "tunables/securityfs",
        include_str!("../policy/tunables/securityfs"),
    ),
    ("tunables/share", include_str!("../policy/tunables/share")),
    ("tunables/system", include_str!("../policy/tunables/system")),
    (
        "tunables/xdg-user-dirs",
        include_str!("../policy/tunables/xdg-user-dirs"),
    ),
];

/// The same as a source set for the compiler.
pub fn sources() -> SourceSet {
    FILES.iter().copied().collect()
}
