//! `kubectl apply`, `create`, `run` and `delete`.

use super::fail;
use crate::{process::Process, programs::cat, programs::options::Given};
use cluster::{
    client::{Client, Validate},
    yaml,
};

/// `apply` and `create`.
pub(super) fn manifest(process: &mut Process<'_>, given: &Given, verb: &str) -> u8 {
    let Some(path) = given.value("f") else {
        if verb == "create" && !given.operands.is_empty() {
            return fail(
                process,
                "error: only kubectl create -f FILE is simulated; write a manifest",
            );
        }
        return fail(process, "error: must specify one of -f and -k");
    };
    let text = match cat::read(process, path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => {
            return fail(
                process,
                &format!("error: the path \"{path}\" does not exist"),
            );
        }
    };
    text_of(process, given, path, &text, verb)
}

fn text_of(process: &mut Process<'_>, given: &Given, path: &str, text: &str, verb: &str) -> u8 {
    let validate = given.value("validate").unwrap_or("strict").to_owned();
    if !["strict", "warn", "ignore", "true", "false"].contains(&validate.as_str()) {
        return fail(
            process,
            &format!(
                "error: invalid - validate option \"{validate}\"; must be one of: strict (or true), warn, ignore (or false)"
            ),
        );
    }
    let dry_run = match DryRun::of(process, given) {
        Ok(DryRun::Client) => return on_client(process, text, path),
        Ok(dry_run) => dry_run,
        Err(exit) => return exit,
    };
    let mut client = Client {
        validate: match validate.as_str() {
            "warn" => Validate::Warn,
            "ignore" | "false" => Validate::Ignore,
            _ => Validate::Strict,
        },
        ..Client::kubectl(path)
    };
    if let Some(namespace) = given.value("n") {
        namespace.clone_into(&mut client.namespace);
    }
    let start = process
        .machine
        .apply(&client, text, verb, dry_run == DryRun::Server);
    for line in start.output {
        let line = format!("{line}\n");
        let _ = process.write(if start.accepted { 1 } else { 2 }, line.as_bytes());
    }
    u8::from(!start.accepted)
}

/// `--dry-run`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DryRun {
    /// Not asked for.
    None,
    /// Nothing is sent.
    Client,
    /// The server answers and stores nothing.
    Server,
}

impl DryRun {
    /// What the option says; what it may not say is told, with the exit code.
    pub(super) fn of(process: &mut Process<'_>, given: &Given) -> Result<Self, u8> {
        match given.value("dry-run").unwrap_or("none") {
            "none" => Ok(Self::None),
            "client" => Ok(Self::Client),
            "server" => Ok(Self::Server),
            other => Err(fail(
                process,
                &format!(
                    "error: Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
                ),
            )),
        }
    }

    /// What is printed after the object's name and what was done with it.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// `--dry-run=client`: read, named, and not sent.
fn on_client(process: &mut Process<'_>, text: &str, path: &str) -> u8 {
    let parsed = yaml::parse(text);
    if let Some(found) = parsed.diagnostics.first() {
        let words = found.tool_wording.as_ref().unwrap_or(&found.sentence);
        return fail(process, &format!("error: error parsing {path}: {words}"));
    }
    for document in &parsed.documents {
        let kind = document.get("kind").and_then(yaml::Value::as_str);
        let name = document.at(&["metadata", "name"]);
        let (Some(kind), Some(name)) = (kind, name.and_then(yaml::Value::as_str)) else {
            return fail(
                process,
                &format!("error: unable to decode \"{path}\": Object 'Kind' is missing"),
            );
        };
        process.print(&format!("{}/{name} created (dry run)", kind.to_lowercase()));
    }
    0
}

/// `kubectl run NAME --image=IMAGE [-- ARGS…]`.
pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    // Options stand after the name as well.
    let Some((name, rest)) = given.operands.split_first() else {
        return fail(process, "error: NAME is required for run");
    };
    let (before, after) = match rest.iter().position(|word| word == "--") {
        Some(at) => rest.split_at(at),
        None => (rest, &[][..]),
    };
    let more = match crate::programs::options::read(before, super::RUN) {
        Ok(more) => more,
        Err(wrong) => return wrong.tell(process, super::RUN),
    };
    let Some(image) = more.value("image").or_else(|| given.value("image")) else {
        return fail(process, "error: required flag(s) \"image\" not set");
    };
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {}\n  labels:\n    run: {}\nspec:\n  containers:\n  - name: {}\n    image: {}\n",
        quoted(name),
        quoted(name),
        quoted(name),
        quoted(image)
    );
    let words: Vec<&String> = after.iter().skip(1).chain(&more.operands).collect();
    if !words.is_empty() {
        text.push_str(if more.has("command") || given.has("command") {
            "    command:\n"
        } else {
            "    args:\n"
        });
        for word in words {
            text.push_str(&format!("    - {}\n", quoted(word)));
        }
    }
    let options = if more.value("dry-run").is_some() {
        &more
    } else {
        given
    };
    text_of(process, options, "STDIN", &text, "create")
}

/// A word as a YAML string.
pub(super) fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

pub(super) fn delete(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut names = Vec::new();
    if let Some(path) = given.value("f") {
        let Ok(bytes) = cat::read(process, path) else {
            return fail(
                process,
                &format!("error: the path \"{path}\" does not exist"),
            );
        };
        for document in yaml::parse(&String::from_utf8_lossy(&bytes)).documents {
            let name = document.at(&["metadata", "name"]);
            names.extend(name.and_then(yaml::Value::as_str).map(str::to_owned));
        }
    } else {
        match given.operands.as_slice() {
            [kind, rest @ ..] if matches!(kind.as_str(), "pod" | "pods" | "po") => {
                names.extend(rest.iter().cloned());
                if given.has("all") {
                    let pods = process.machine.pods.iter();
                    names.extend(pods.map(|pod| pod.start.pod.clone()));
                }
            }
            words if !words.is_empty() && words.iter().all(|word| word.starts_with("pod/")) => {
                names.extend(words.iter().map(|word| word["pod/".len()..].to_owned()));
            }
            _ => {
                return fail(
                    process,
                    "error: only pods can be deleted here: kubectl delete pod NAME, or -f FILE",
                );
            }
        }
        if names.is_empty() {
            return fail(
                process,
                "error: resource(s) were provided, but no name was specified",
            );
        }
    }
    let mut status = 0;
    if given.has("force") {
        process.warn("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
    }
    for name in names {
        if process.machine.delete_pod(&name) {
            let how = if given.has("force") {
                "force deleted"
            } else {
                "deleted"
            };
            process.print(&format!("pod \"{name}\" {how}"));
        } else if !given.has("ignore-not-found") {
            status = fail(
                process,
                &format!("Error from server (NotFound): pods \"{name}\" not found"),
            );
        }
    }
    status
}
