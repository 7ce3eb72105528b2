//! `kubectl exec`: a program in a container, under the container's confinement.

use super::fail;
use crate::{
    process::{Process, quiet},
    programs::{self, options::Given},
};
use kernel::Pid;

/// `kubectl exec POD [-c CONTAINER] [-it] -- COMMAND…`.
pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut target = None;
    let mut container = None;
    let mut namespace = "default".to_owned();
    let mut rest = given.operands.iter();
    let mut command: Vec<String> = Vec::new();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--" => command.extend(rest.by_ref().cloned()),
            "-i" | "-t" | "-it" | "-ti" | "--stdin" | "--tty" => {}
            "-c" | "--container" => container = rest.next().cloned(),
            "-n" | "--namespace" => namespace = rest.next().cloned().unwrap_or_default(),
            attached if attached.starts_with("-n") || attached.starts_with("--namespace=") => {
                let value = attached.trim_start_matches("--namespace=");
                value.trim_start_matches("-n").clone_into(&mut namespace);
            }
            option if option.starts_with('-') => {
                return fail(
                    process,
                    &format!("error: unknown flag: {option}; -c, -n, -i and -t are simulated"),
                );
            }
            name if target.is_none() => {
                target = Some(name.trim_start_matches("pod/").to_owned());
            }
            // Without --, what follows the pod is the command.
            _ => {
                command.push(word.clone());
                command.extend(rest.by_ref().cloned());
            }
        }
    }
    let Some(pod) = target else {
        return fail(process, "error: pod or type/name must be specified");
    };
    if command.is_empty() {
        return fail(
            process,
            "error: you must specify at least one command for the container",
        );
    }
    inside(process, (&pod, &namespace), container.as_deref(), &command)
}

/// Connects the streams of a process in a container with those of the one that
/// called it. What leads to a file of the node is held back, and returned: the
/// caller writes it, with its own rights.
fn join(inside: &mut Process<'_>, outer: Pid) -> Vec<(i32, usize)> {
    let mut held = Vec::new();
    for fd in 0..3 {
        let files = (
            inside.machine.file(inside.pid, fd),
            inside.machine.file(outer, fd),
        );
        let (Some(inner_file), Some(outer_file)) = files else {
            continue;
        };
        if inside.machine.console.same(inner_file, outer_file) {
            continue;
        }
        if fd > 0 {
            held.push((fd, inside.machine.console.hold(inner_file, Vec::new())));
            continue;
        }
        let mut reader = Process {
            pid: outer,
            name: String::new(),
            userland: inside.userland,
            depth: inside.depth,
            machine: &mut *inside.machine,
        };
        let bytes = quiet(&mut reader, |reader| reader.read_all(0)).unwrap_or_default();
        inside.machine.console.hold(inner_file, bytes);
    }
    held
}

/// Writes what was held back.
fn relay(process: &mut Process<'_>, held: Vec<(i32, usize)>) {
    for (fd, index) in held {
        let bytes = process.machine.console.held(index);
        if !bytes.is_empty() {
            let _ = process.write(fd, &bytes);
        }
    }
}

/// Runs a command in a container that runs.
pub(super) fn inside(
    process: &mut Process<'_>,
    (pod, namespace): (&str, &str),
    container: Option<&str>,
    command: &[String],
) -> u8 {
    let outer = process.pid;
    let mut inside = match process.machine.enter((pod, Some(namespace)), container) {
        Ok(entered) => Process {
            pid: entered,
            name: "runc".to_owned(),
            userland: crate::process::Userland::Busybox,
            depth: process.depth + 1,
            machine: &mut *process.machine,
        },
        Err(message) => return fail(process, &message),
    };
    let held = join(&mut inside, outer);
    let status = programs::start(&mut inside, command);
    relay(process, held);
    match status {
        Ok(0) => 0,
        Ok(status) => {
            fail(
                process,
                &format!("command terminated with exit code {status}"),
            );
            status
        }
        Err(errno) => {
            let name = command.first().map_or("", String::as_str);
            let why = match errno {
                kernel::Errno::ENOENT if !name.contains('/') => {
                    "executable file not found in $PATH".to_owned()
                }
                errno => format!("stat {name}: {}", errno.words().to_lowercase()),
            };
            fail(
                process,
                &format!(
                    "error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \"{name}\": {why}: unknown"
                ),
            )
        }
    }
}
