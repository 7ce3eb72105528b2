//! `unshare`: a program in namespaces of its own.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland, end, fork, reap};
use kernel::{Arg, Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "unshare",
    options: Options::Leading(&[
        flag('m', "mount"),
        flag('u', "uts"),
        flag('i', "ipc"),
        flag('n', "net"),
        flag('p', "pid"),
        flag('U', "user"),
        flag('C', "cgroup"),
        flag('T', "time"),
        flag('f', "fork"),
        flag('r', "map-root-user"),
        flag('\0', "mount-proc"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// The namespaces by their letters.
const NAMESPACES: [(&str, u64); 8] = [
    ("m", abi::CLONE_NEWNS),
    ("u", abi::CLONE_NEWUTS),
    ("i", abi::CLONE_NEWIPC),
    ("n", abi::CLONE_NEWNET),
    ("p", abi::CLONE_NEWPID),
    ("U", abi::CLONE_NEWUSER),
    ("C", abi::CLONE_NEWCGROUP),
    ("T", abi::CLONE_NEWTIME),
];

/// util-linux 2.38, `unshare.c`; BusyBox 1.35, `util-linux/unshare.c`.
fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut flags = NAMESPACES
        .iter()
        .filter(|(letter, _)| given.has(letter))
        .fold(0, |flags, (_, flag)| flags | flag);
    let map_root = given.has("r");
    let mount_proc = given.has("mount-proc");
    if map_root {
        flags |= abi::CLONE_NEWUSER;
    }
    if mount_proc {
        flags |= abi::CLONE_NEWNS;
    }
    let _ = process.call("geteuid", [Arg::NULL; 0]);
    let _ = process.call("getegid", [Arg::NULL; 0]);
    if let Err(errno) = process.call("unshare", [Arg::from(flags)]) {
        let words = errno.words();
        process.complain(&match process.userland {
            Userland::Gnu => format!("unshare failed: {words}"),
            Userland::Busybox => format!("unshare(0x{flags:x}): {words}"),
        });
        return 1;
    }
    if map_root && let Err((path, errno)) = map(process) {
        let words = errno.words();
        process.complain(&match process.userland {
            Userland::Gnu => format!("write failed {path}: {words}"),
            Userland::Busybox => format!("can't open '{path}': {words}"),
        });
        return 1;
    }
    if flags & abi::CLONE_NEWNS != 0 {
        let private = Arg::from(abi::MS_REC | abi::MS_PRIVATE);
        let made = process.call(
            "mount",
            ["none".into(), "/".into(), Arg::NULL, private, Arg::NULL],
        );
        if let Err(errno) = made {
            process.complain(&match process.userland {
                Userland::Gnu => {
                    format!(
                        "cannot change root filesystem propagation: {}",
                        errno.words()
                    )
                }
                Userland::Busybox => format!("mount: {}", errno.words()),
            });
            return 1;
        }
    }
    if !given.has("f") && !mount_proc {
        return super::go_on(process, &given.operands);
    }
    let Some(pid) = fork(process) else {
        process.complain("fork failed: Resource temporarily unavailable");
        return 1;
    };
    let mut child = process.child(pid);
    let status = in_child(&mut child, given, mount_proc);
    let status = end(&mut child, status);
    reap(process, pid);
    status
}

fn in_child(child: &mut Process<'_>, given: &Given, mount_proc: bool) -> u8 {
    if mount_proc {
        let flags = abi::MS_NOSUID | abi::MS_NOEXEC | abi::MS_NODEV;
        let mounted = child.call(
            "mount",
            [
                "proc".into(),
                "/proc".into(),
                "proc".into(),
                flags.into(),
                Arg::NULL,
            ],
        );
        if let Err(errno) = mounted {
            child.complain(&format!("mount /proc failed: {}", errno.words()));
            return 1;
        }
    }
    super::go_on(child, &given.operands)
}

/// Root inside is the caller outside.
fn map(process: &mut Process<'_>) -> Result<(), (&'static str, Errno)> {
    const USER: (&str, &str) = ("/proc/self/uid_map", "0 0 1\n");
    const GROUPS: (&str, &str) = ("/proc/self/setgroups", "deny");
    const GROUP: (&str, &str) = ("/proc/self/gid_map", "0 0 1\n");
    let order = match process.userland {
        Userland::Gnu => [USER, GROUPS, GROUP],
        Userland::Busybox => [GROUPS, USER, GROUP],
    };
    for (path, text) in order {
        let written = process.open(path, abi::O_WRONLY, 0).and_then(|fd| {
            let written = process.write(fd, text.as_bytes());
            process.close(fd);
            written
        });
        written.map_err(|errno| (path, errno))?;
    }
    Ok(())
}
