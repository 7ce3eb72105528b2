//! What lies on a node and in an image before anyone does anything: files,
//! put there by no task.

use crate::{document::ImageFile, programs};
use kernel::World;

/// A file or directory to be made.
pub struct Item<'a> {
    path: &'a str,
    mode: u32,
    content: Content<'a>,
}

enum Content<'a> {
    Directory,
    File(&'a [u8]),
}

const fn directory(path: &str, mode: u32) -> Item<'_> {
    Item {
        path,
        mode,
        content: Content::Directory,
    }
}

const fn file<'a>(path: &'a str, text: &'a str) -> Item<'a> {
    Item {
        path,
        mode: 0o644,
        content: Content::File(text.as_bytes()),
    }
}

const PASSWD: &str =
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
const GROUP: &str = "root:x:0:\nnogroup:x:65534:\n";

/// What every node has.
const NODE: &[Item<'_>] = &[
    directory("/usr", 0o755),
    directory("/usr/bin", 0o755),
    directory("/usr/sbin", 0o755),
    directory("/etc", 0o755),
    file("/etc/passwd", PASSWD),
    file("/etc/group", GROUP),
    directory("/etc/apparmor.d", 0o755),
    directory("/etc/apparmor.d/abstractions", 0o755),
    directory("/etc/apparmor.d/tunables", 0o755),
    directory("/root", 0o700),
    directory("/tmp", 0o1777),
    directory("/run", 0o755),
    directory("/var", 0o755),
    directory("/var/lib", 0o755),
    directory("/var/lib/kubelet", 0o700),
    directory("/var/lib/kubelet/seccomp", 0o755),
    directory("/var/lib/kubelet/pods", 0o750),
    directory("/run/containerd", 0o711),
];

/// What the image `busybox` has; each applet is a name of one file.
const IMAGE: &[Item<'_>] = &[
    directory("/bin", 0o755),
    directory("/etc", 0o755),
    file("/etc/passwd", PASSWD),
    file("/etc/group", GROUP),
    directory("/root", 0o700),
    directory("/tmp", 0o1777),
    directory("/dev", 0o755),
    directory("/proc", 0o555),
    directory("/sys", 0o555),
    directory("/run", 0o755),
    directory("/var", 0o755),
];

/// What files of `/proc` say on a node of Ubuntu; what is not here says 0.
const PROC: &[(&str, &str)] = &[
    (
        "/proc/modules",
        "xt_conntrack 12288 4 - Live 0x0000000000000000\nveth 45056 0 - Live 0x0000000000000000\nbr_netfilter 32768 0 - Live 0x0000000000000000\nbridge 421888 1 br_netfilter, Live 0x0000000000000000\noverlay 212992 2 - Live 0x0000000000000000\n",
    ),
    ("/proc/sys/fs/file-max", "9223372036854775807\n"),
    ("/proc/sys/kernel/core_pattern", "core\n"),
    ("/proc/sys/kernel/shmmax", "18446744073692774399\n"),
    ("/proc/sys/net/ipv4/ip_forward", "1\n"),
];

/// Puts a node's files into place.
pub fn node(world: &mut World, with_parser: bool) {
    let mut written = (*world.settings().written).clone();
    for (path, text) in PROC {
        written.insert(path.as_bytes().into(), text.as_bytes().into());
    }
    world.settings_mut().written = written.into();
    for item in NODE {
        make(world, "", item);
    }
    let policy = apparmor::standard::standard();
    for path in policy.paths() {
        if let Some(text) = policy.text(path) {
            let place = format!("/etc/apparmor.d/{path}");
            let _ = world.place_file(&place, text.as_bytes(), 0o644, 0, 0);
        }
    }
    for program in programs::on_nodes() {
        let folder = match program {
            "apparmor_parser" => "/usr/sbin",
            name if name.starts_with("aa-") => "/usr/sbin",
            _ => "/usr/bin",
        };
        if folder == "/usr/bin" || with_parser {
            let path = format!("{folder}/{program}");
            let _ = world.place_file(&path, &programs::file(program), 0o755, 0, 0);
        }
    }
}

/// Puts an image's files below a directory.
pub fn image(world: &mut World, root: &str, files: &[ImageFile]) {
    for item in IMAGE {
        make(world, root, item);
    }
    let applets = programs::in_images().map(|applet| (applet, programs::file(applet)));
    let _ = world.place_files(&format!("{root}/bin"), applets, 0o755);
    for extra in files {
        let path = format!("{root}{}", extra.path);
        let _ = match path.strip_suffix('/') {
            Some(directory) => world.place_directory(directory, 0o755, 0, 0),
            None => world.place_file(&path, extra.text.as_bytes(), 0o644, 0, 0),
        };
    }
}

fn make(world: &mut World, root: &str, item: &Item<'_>) {
    let path = format!("{root}{}", item.path);
    let _ = match item.content {
        Content::Directory => world.place_directory(&path, item.mode, 0, 0),
        Content::File(bytes) => world.place_file(&path, bytes, item.mode, 0, 0),
    };
}
