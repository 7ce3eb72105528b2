//! `sysctl`: settings of the kernel, which are files below `/proc/sys`.

use super::{
    Place, Program,
    options::{Given, Options, flag},
};
use crate::process::{Process, Userland};
use kernel::{Errno, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "sysctl",
    options: Options::Anywhere(&[
        flag('w', "write"),
        flag('n', "values"),
        flag('a', "all"),
        flag('q', "quiet"),
        flag('e', "ignore"),
    ]),
    run,
    place: Place::Everywhere,
}];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut keys = given.operands.clone();
    if given.has("a") {
        walk(process, "/proc/sys", &mut keys);
    }
    if keys.is_empty() {
        process.complain("no variables specified");
        return 1;
    }
    let mut status = 0;
    for key in keys {
        let done = match key.split_once('=') {
            Some((key, value)) => write(process, given, key.trim(), value.trim()),
            None => read(process, given, &key),
        };
        if done.is_err() && !given.has("e") {
            status = 1;
        }
    }
    status
}

/// `kernel.hostname` and `kernel/hostname` are one and the same.
fn path(key: &str) -> String {
    format!("/proc/sys/{}", key.replace('.', "/"))
}

fn walk(process: &mut Process<'_>, folder: &str, keys: &mut Vec<String>) {
    for name in process.list(folder).unwrap_or_default() {
        let path = format!("{folder}/{name}");
        let Ok(status) = process.stat(&path, false) else {
            continue;
        };
        if status.mode & abi::S_IFMT == abi::S_IFDIR {
            walk(process, &path, keys);
        } else if status.mode & 0o400 != 0 {
            keys.push(path.trim_start_matches("/proc/sys/").replace('/', "."));
        }
    }
}

fn read(process: &mut Process<'_>, given: &Given, key: &str) -> Result<(), ()> {
    let path = path(key);
    if let Err(errno) = process.stat(&path, true) {
        unknown(process, key, &path, errno);
        return Err(());
    }
    match process.read_file(&path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for line in text.lines() {
                if given.has("n") {
                    process.print(line);
                } else {
                    process.print(&format!("{} = {line}", key.replace('/', ".")));
                }
            }
            Ok(())
        }
        Err(errno) => {
            process.complain(&match process.userland {
                Userland::Gnu => format!("permission denied on key '{key}'"),
                Userland::Busybox => format!("error reading key '{key}': {}", errno.words()),
            });
            Err(())
        }
    }
}

fn write(process: &mut Process<'_>, given: &Given, key: &str, value: &str) -> Result<(), ()> {
    let path = path(key);
    if let Err(errno) = process.stat(&path, true) {
        unknown(process, key, &path, errno);
        return Err(());
    }
    let written = process
        .open(&path, abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC, 0o666)
        .and_then(|fd| {
            let written = process.write(fd, format!("{value}\n").as_bytes());
            process.close(fd);
            written
        });
    if let Err(errno) = written {
        let words = errno.words();
        process.complain(&match (process.userland, errno) {
            (Userland::Gnu, Errno::EACCES | Errno::EPERM) => {
                format!("permission denied on key \"{key}\"")
            }
            (Userland::Gnu, _) => format!("setting key \"{key}\": {words}"),
            (Userland::Busybox, _) => format!("error setting key '{key}': {words}"),
        });
        return Err(());
    }
    if !given.has("q") {
        process.print(&format!("{} = {value}", key.replace('/', ".")));
    }
    Ok(())
}

fn unknown(process: &mut Process<'_>, key: &str, path: &str, errno: Errno) {
    process.complain(&match process.userland {
        Userland::Gnu => format!("cannot stat {path}: {}", errno.words()),
        Userland::Busybox => format!("error: '{key}' is an unknown key"),
    });
}
