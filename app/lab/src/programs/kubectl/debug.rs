//! `kubectl debug`: a container for looking around, on a node or in a pod.

use super::{exec, fail, send::quoted};
use crate::{process::Process, programs::options::Given};
use cluster::{
    client::{Client, Validate},
    object::Kind,
    yaml,
};

/// What kubectl appends to the names that it makes up.
const SUFFIX: &str = "x7kq2";

/// `kubectl debug (POD|node/NODE) -it --image=IMAGE [--target=CONTAINER] [-- COMMAND…]`.
pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut target = None;
    let mut image = None;
    let mut namespace = "default".to_owned();
    let mut command: Vec<String> = Vec::new();
    let mut words = given.operands.iter();
    while let Some(word) = words.next() {
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) if word.starts_with("--") => (option, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        match option {
            "--" => command.extend(words.by_ref().cloned()),
            "-i" | "-t" | "-it" | "-ti" | "--stdin" | "--tty" | "-q" | "--quiet" => {}
            "--image" => image = attached.or_else(|| words.next().cloned()),
            "-n" | "--namespace" => {
                let value = attached.or_else(|| words.next().cloned());
                namespace = value.unwrap_or_default();
            }
            "--target" | "-c" | "--container" | "--profile" => {
                if attached.is_none() {
                    words.next();
                }
            }
            _ if option.starts_with('-') => {
                return fail(
                    process,
                    &format!(
                        "error: unknown flag: {option}; -i, -t, --image, --target and -- are simulated"
                    ),
                );
            }
            _ => target = Some(word.clone()),
        }
    }
    let Some(target) = target else {
        return fail(
            process,
            "error: you must provide a target to debug, such as a pod name or node/NAME",
        );
    };
    let Some(image) = image else {
        return fail(
            process,
            "error: you must specify --image, --copy-to or --set-image",
        );
    };
    let node = target
        .strip_prefix("node/")
        .or_else(|| target.strip_prefix("nodes/"));
    if let Some(node) = node {
        return on_node(process, node, &image, &command);
    }
    let pod = target.trim_start_matches("pod/").to_owned();
    let name = format!("debugger-{SUFFIX}");
    if let Err(words) = process
        .machine
        .add_ephemeral((&pod, &namespace), &name, &image)
    {
        return fail(process, &words);
    }
    process.warn(&format!("Defaulting debug container name to {name}."));
    let command = shell_or(command);
    exec::inside(process, (&pod, &namespace), Some(&name), &command)
}

fn shell_or(command: Vec<String>) -> Vec<String> {
    if command.is_empty() {
        vec!["sh".to_owned()]
    } else {
        command
    }
}

/// A pod on the node that sees the node's files under `/host`.
fn on_node(process: &mut Process<'_>, node: &str, image: &str, command: &[String]) -> u8 {
    if node != process.machine.node.name {
        return fail(
            process,
            &format!("Error from server (NotFound): nodes \"{node}\" not found"),
        );
    }
    let pod = format!("node-debugger-{node}-{SUFFIX}");
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {pod}\nspec:\n  hostIPC: true\n  hostNetwork: true\n  hostPID: true\n  nodeName: {node}\n  restartPolicy: Never\n  containers:\n  - name: debugger\n    image: {}\n    volumeMounts:\n    - name: host-root\n      mountPath: /host\n  volumes:\n  - name: host-root\n    hostPath:\n      path: /\n",
        quoted(image)
    );
    let _ = process.machine.delete(Kind::Pod, (&pod, "default"), true);
    let client = Client {
        validate: Validate::Ignore,
        ..Client::kubectl("")
    };
    let applied = process
        .machine
        .apply(&client, &yaml::parse(&text), "create", false);
    if !applied.is_accepted() {
        return fail(process, &applied.errors.join("\n"));
    }
    process.print(&format!(
        "Creating debugging pod {pod} with container debugger on node {node}."
    ));
    let command = shell_or(command.to_vec());
    exec::inside(process, (&pod, "default"), None, &command)
}
