//! The policy files that every node has: feature sets, tunables and abstractions.
//!
//! They are this project's own, under the names and with the permissions that
//! policies of the field expect; what each must permit was taken from the rules
//! of AppArmor 5.0.

use std::sync::LazyLock;

use crate::{level::Level, source::SourceSet};

const FILES: &[(&str, &str)] = &[
    ("abi/3.0", include_str!("../policy/abi/3.0")),
    ("abi/4.0", include_str!("../policy/abi/4.0")),
    ("abi/5.0", include_str!("../policy/abi/5.0")),
    (
        "abi/kernel-5.4-outoftree-network",
        include_str!("../policy/abi/kernel-5.4-outoftree-network"),
    ),
    (
        "abi/kernel-5.4-vanilla",
        include_str!("../policy/abi/kernel-5.4-vanilla"),
    ),
    ("abstractions/X", include_str!("../policy/abstractions/X")),
    (
        "abstractions/apache2-common",
        include_str!("../policy/abstractions/apache2-common"),
    ),
    (
        "abstractions/aspell",
        include_str!("../policy/abstractions/aspell"),
    ),
    (
        "abstractions/audio",
        include_str!("../policy/abstractions/audio"),
    ),
    (
        "abstractions/authentication",
        include_str!("../policy/abstractions/authentication"),
    ),
    (
        "abstractions/base",
        include_str!("../policy/abstractions/base"),
    ),
    (
        "abstractions/bash",
        include_str!("../policy/abstractions/bash"),
    ),
    (
        "abstractions/consoles",
        include_str!("../policy/abstractions/consoles"),
    ),
    (
        "abstractions/crypto",
        include_str!("../policy/abstractions/crypto"),
    ),
    (
        "abstractions/cups-client",
        include_str!("../policy/abstractions/cups-client"),
    ),
    (
        "abstractions/dbus",
        include_str!("../policy/abstractions/dbus"),
    ),
    (
        "abstractions/dbus-session",
        include_str!("../policy/abstractions/dbus-session"),
    ),
    (
        "abstractions/dbus-session-strict",
        include_str!("../policy/abstractions/dbus-session-strict"),
    ),
    (
        "abstractions/dbus-strict",
        include_str!("../policy/abstractions/dbus-strict"),
    ),
    (
        "abstractions/dconf",
        include_str!("../policy/abstractions/dconf"),
    ),
    (
        "abstractions/dri-common",
        include_str!("../policy/abstractions/dri-common"),
    ),
    (
        "abstractions/dri-enumerate",
        include_str!("../policy/abstractions/dri-enumerate"),
    ),
    (
        "abstractions/fonts",
        include_str!("../policy/abstractions/fonts"),
    ),
    (
        "abstractions/freedesktop.org",
        include_str!("../policy/abstractions/freedesktop.org"),
    ),
    (
        "abstractions/gtk",
        include_str!("../policy/abstractions/gtk"),
    ),
    (
        "abstractions/kerberosclient",
        include_str!("../policy/abstractions/kerberosclient"),
    ),
    (
        "abstractions/ldapclient",
        include_str!("../policy/abstractions/ldapclient"),
    ),
    (
        "abstractions/likewise",
        include_str!("../policy/abstractions/likewise"),
    ),
    (
        "abstractions/mdns",
        include_str!("../policy/abstractions/mdns"),
    ),
    (
        "abstractions/mesa",
        include_str!("../policy/abstractions/mesa"),
    ),
    (
        "abstractions/mysql",
        include_str!("../policy/abstractions/mysql"),
    ),
    (
        "abstractions/nameservice",
        include_str!("../policy/abstractions/nameservice"),
    ),
    (
        "abstractions/nameservice-strict",
        include_str!("../policy/abstractions/nameservice-strict"),
    ),
    (
        "abstractions/nis",
        include_str!("../policy/abstractions/nis"),
    ),
    (
        "abstractions/openssl",
        include_str!("../policy/abstractions/openssl"),
    ),
    (
        "abstractions/p11-kit",
        include_str!("../policy/abstractions/p11-kit"),
    ),
    (
        "abstractions/perl",
        include_str!("../policy/abstractions/perl"),
    ),
    (
        "abstractions/php",
        include_str!("../policy/abstractions/php"),
    ),
    (
        "abstractions/postfix-common",
        include_str!("../policy/abstractions/postfix-common"),
    ),
    (
        "abstractions/private-files",
        include_str!("../policy/abstractions/private-files"),
    ),
    (
        "abstractions/private-files-strict",
        include_str!("../policy/abstractions/private-files-strict"),
    ),
    (
        "abstractions/python",
        include_str!("../policy/abstractions/python"),
    ),
    (
        "abstractions/ruby",
        include_str!("../policy/abstractions/ruby"),
    ),
    (
        "abstractions/samba",
        include_str!("../policy/abstractions/samba"),
    ),
    (
        "abstractions/smbpass",
        include_str!("../policy/abstractions/smbpass"),
    ),
    (
        "abstractions/ssl_certs",
        include_str!("../policy/abstractions/ssl_certs"),
    ),
    (
        "abstractions/ssl_keys",
        include_str!("../policy/abstractions/ssl_keys"),
    ),
    (
        "abstractions/user-download",
        include_str!("../policy/abstractions/user-download"),
    ),
    (
        "abstractions/user-mail",
        include_str!("../policy/abstractions/user-mail"),
    ),
    (
        "abstractions/user-tmp",
        include_str!("../policy/abstractions/user-tmp"),
    ),
    (
        "abstractions/user-write",
        include_str!("../policy/abstractions/user-write"),
    ),
    (
        "abstractions/video",
        include_str!("../policy/abstractions/video"),
    ),
    (
        "abstractions/wayland",
        include_str!("../policy/abstractions/wayland"),
    ),
    (
        "abstractions/web-data",
        include_str!("../policy/abstractions/web-data"),
    ),
    (
        "abstractions/winbind",
        include_str!("../policy/abstractions/winbind"),
    ),
    (
        "abstractions/wutmp",
        include_str!("../policy/abstractions/wutmp"),
    ),
    (
        "abstractions/xdg-desktop",
        include_str!("../policy/abstractions/xdg-desktop"),
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
    ("tunables/sys", include_str!("../policy/tunables/sys")),
    ("tunables/system", include_str!("../policy/tunables/system")),
    (
        "tunables/xdg-user-dirs",
        include_str!("../policy/tunables/xdg-user-dirs"),
    ),
];

/// The files, by their paths below the policy folder.
pub fn standard() -> SourceSet {
    STANDARD.clone()
}

static STANDARD: LazyLock<SourceSet> = LazyLock::new(|| FILES.iter().copied().collect());

/// The files as a release of AppArmor ships them: without the feature sets of later releases, so
/// that an `abi` naming one of them cannot be opened, and written for the newest that it has
/// (`profiles/apparmor.d`, 3.0 and 4.1).
pub fn shipped_with(level: Level) -> SourceSet {
    let since = |path: &str| match path {
        "abi/4.0" => Level::V4_1,
        "abi/5.0" => Level::V5_0,
        _ => Level::V3_0,
    };
    let files = FILES.iter().filter(|(path, _)| level >= since(path));
    if level >= since("abi/4.0") {
        return files.copied().collect();
    }
    let older = |text: &str| text.replace("abi <abi/4.0>,", "abi <abi/3.0>,");
    files.map(|(path, text)| (*path, older(text))).collect()
}

/// The names of all abstractions, sorted, as they stand behind `abstractions/`.
pub fn abstraction_names() -> impl Iterator<Item = &'static str> {
    FILES
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("abstractions/"))
}
