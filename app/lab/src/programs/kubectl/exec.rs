//! `kubectl exec`: a program in a container, under the container's confinement.

use super::fail;
use crate::{process::Process, programs};

/// `kubectl exec POD [-c CONTAINER] [-it] -- COMMAND…`.
pub(super) fn run(process: &mut Process<'_>, words: &[String]) -> u8 {
    let mut target = None;
    let mut container = None;
    let mut rest = words.iter();
    let mut command: Vec<String> = Vec::new();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--" => command.extend(rest.by_ref().cloned()),
            "-i" | "-t" | "-it" | "-ti" | "--stdin" | "--tty" => {}
            "-c" | "--container" => container = rest.next().cloned(),
            "-n" | "--namespace" => {
                rest.next();
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
    let mut inside = match process.machine.enter(&pod, container.as_deref()) {
        Ok(entered) => Process {
            pid: entered,
            name: "runc".to_owned(),
            userland: crate::process::Userland::Busybox,
            depth: process.depth + 1,
            machine: &mut *process.machine,
        },
        Err(message) => return fail(process, &message),
    };
    let status = programs::start(&mut inside, &command);
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
