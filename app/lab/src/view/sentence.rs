//! System calls as sentences: "touch opens /data/x to create it".

use kernel::{Arg, Call, Submission, abi};

/// What a call is about, in words, without who made it. `existed` says
/// whether the name that it is about was there before.
pub fn sentence(call: &Call, existed: bool) -> String {
    let text = |index: usize| path(call, index);
    let flags = |index: usize| call.args.word(index);
    match call.name.as_ref() {
        "open" => open(&text(0), flags(1), existed),
        "openat" => open(&text(1), flags(2), existed),
        "openat2" => open(&text(1), call.args.field(2, 0, 8).unwrap_or(0), existed),
        "creat" => open(
            &text(0),
            abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC,
            existed,
        ),
        "mkdir" => format!("makes the directory {}", text(0)),
        "mkdirat" => format!("makes the directory {}", text(1)),
        "mknod" => format!("makes the node {}", text(0)),
        "mknodat" => format!("makes the node {}", text(1)),
        "rmdir" => format!("removes the directory {}", text(0)),
        "unlink" => format!("removes the name {}", text(0)),
        "unlinkat" if flags(2) & abi::AT_REMOVEDIR != 0 => {
            format!("removes the directory {}", text(1))
        }
        "unlinkat" => format!("removes the name {}", text(1)),
        "link" => format!("makes {} a second name of {}", text(1), text(0)),
        "linkat" => format!("makes {} a second name of {}", text(3), text(1)),
        "symlink" => format!("makes {} a symbolic link to {}", text(1), text(0)),
        "symlinkat" => format!("makes {} a symbolic link to {}", text(2), text(0)),
        "rename" => format!("renames {} to {}", text(0), text(1)),
        "renameat" | "renameat2" => format!("renames {} to {}", text(1), text(3)),
        "stat" | "lstat" | "access" => format!("looks at {}", text(0)),
        "newfstatat" | "statx" | "faccessat" | "faccessat2" => format!("looks at {}", text(1)),
        "readlink" => format!("reads where the symbolic link {} leads", text(0)),
        "readlinkat" => format!("reads where the symbolic link {} leads", text(1)),
        "utimensat" if call.args.is_null(1) => "sets the times of the open file".to_owned(),
        "utimensat" => format!("sets the times of {}", text(1)),
        "chmod" => format!("changes the mode of {}", text(0)),
        "fchmodat" | "fchmodat2" => format!("changes the mode of {}", text(1)),
        "fchmod" => "changes the mode of the open file".to_owned(),
        "chown" | "lchown" => format!("changes the owner of {}", text(0)),
        "fchownat" => format!("changes the owner of {}", text(1)),
        "fchown" => "changes the owner of the open file".to_owned(),
        "truncate" => format!("cuts {} to a length", text(0)),
        "ftruncate" => "cuts the open file to a length".to_owned(),
        "execve" => format!("starts {}", text(0)),
        "execveat" => format!("starts {}", text(1)),
        "chdir" => format!("goes into {}", text(0)),
        "fchdir" => "goes into the open directory".to_owned(),
        "chroot" => format!("makes {} its root", text(0)),
        "getdents64" => "reads the names in the open directory".to_owned(),
        "read" | "pread64" => format!("reads from descriptor {}", call.args.int(0)),
        "write" | "pwrite64" => format!("writes to descriptor {}", call.args.int(0)),
        "sendfile" => format!(
            "copies from descriptor {} to descriptor {}",
            call.args.int(1),
            call.args.int(0)
        ),
        "mount" if flags(3) & abi::MS_REMOUNT != 0 => format!("mounts {} anew", text(1)),
        "mount" if flags(3) & abi::MS_BIND != 0 => {
            format!("makes {} appear at {} too", text(0), text(1))
        }
        "mount" => format!("mounts {} on {}", text(2), text(1)),
        "umount2" => format!("unmounts {}", text(0)),
        "pivot_root" => format!(
            "makes {} the root and puts the old one at {}",
            text(0),
            text(1)
        ),
        "unshare" => "leaves shared namespaces for its own".to_owned(),
        "setns" => "enters another namespace".to_owned(),
        "kill" => format!(
            "sends signal {} to process {}",
            call.args.int(1),
            call.args.int(0)
        ),
        "ptrace" => "traces another process".to_owned(),
        "fsopen" => format!("begins a file system of type {}", text(0)),
        "fsmount" => "makes a mount that lies nowhere yet".to_owned(),
        "open_tree" => format!("takes a copy of the mount at {}", text(1)),
        "move_mount" => format!("puts a mount at {}", text(3)),
        "io_uring_setup" => "makes a ring for operations".to_owned(),
        "io_uring_enter" => match ring(call).as_slice() {
            [] => "asks what its ring has done".to_owned(),
            operations => format!(
                "has a ring carry out: {}",
                operations
                    .iter()
                    .map(|operation| sentence(operation, existed))
                    .collect::<Vec<_>>()
                    .join("; ")
            ),
        },
        "socket" => "makes a socket".to_owned(),
        "connect" => "connects a socket".to_owned(),
        "bind" => "gives a socket an address".to_owned(),
        "prctl" => "changes something about itself".to_owned(),
        other => format!("calls {other}"),
    }
}

fn open(path: &str, flags: u64, existed: bool) -> String {
    let write = flags & abi::O_ACCMODE != abi::O_RDONLY;
    let purpose = if flags & abi::O_PATH != 0 {
        "only to point at it"
    } else if flags & abi::O_TMPFILE == abi::O_TMPFILE {
        "to make a file without a name in it"
    } else if flags & abi::O_CREAT != 0 && !existed {
        "to create it"
    } else if flags & abi::O_TRUNC != 0 {
        "to empty and write it"
    } else if flags & abi::O_APPEND != 0 && write {
        "to append to it"
    } else if write {
        "to write it"
    } else if flags & abi::O_DIRECTORY != 0 {
        "to list it"
    } else {
        "to read it"
    };
    format!("opens {path} {purpose}")
}

/// The calls that the entries of a ring stand for.
fn ring(call: &Call) -> Vec<Call> {
    match call.args.0.get(4) {
        Some(Arg::Submissions(list)) => list.iter().filter_map(Submission::call).collect(),
        _ => Vec::new(),
    }
}

/// A path argument as the program gave it.
fn path(call: &Call, index: usize) -> String {
    match call.args.0.get(index) {
        Some(Arg::Memory(bytes)) if bytes.is_empty() => "the open file".to_owned(),
        Some(Arg::Memory(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => "a bad address".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_reads_as_a_sentence() {
        let cwd = || Arg::Int(abi::AT_FDCWD);
        let calls = [
            Call::new(
                "openat",
                [cwd(), "/data/x".into(), (abi::O_RDWR | abi::O_CREAT).into()],
            ),
            Call::new("openat", [cwd(), "/etc/passwd".into(), Arg::NULL]),
            Call::new("mkdir", [Arg::from("/data/d"), 0o777_i32.into()]),
            Call::new("link", [Arg::from("/tmp/note"), "/data/note".into()]),
            Call::new("utimensat", [cwd(), "/data/x".into()]),
            Call::new("rename", [Arg::from("/a"), "/b".into()]),
        ];
        let sentences: Vec<String> = calls.iter().map(|call| sentence(call, false)).collect();
        insta::assert_snapshot!(sentences.join("\n"));
    }
}
