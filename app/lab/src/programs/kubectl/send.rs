//! `kubectl apply`, `create` and `run`.

use super::{fail, output};
use crate::{
    apply::{Said, resource},
    process::Process,
    programs::{cat, options::Given},
};
use cluster::{
    client::{Client, Validate},
    yaml,
};

/// `apply` and `create`.
pub(super) fn manifest(process: &mut Process<'_>, given: &Given, verb: &str) -> u8 {
    let Some(path) = given.value("f") else {
        if let ("create", [kind, rest @ ..]) = (verb, given.operands.as_slice()) {
            return match (kind.as_str(), rest) {
                ("namespace" | "ns", [name]) => {
                    let name = quoted(name);
                    let text = format!(
                        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\nspec: {{}}\nstatus: {{}}\n"
                    );
                    text_of(process, given, "", &text, verb)
                }
                _ => fail(
                    process,
                    "error: only kubectl create -f FILE and kubectl create namespace NAME are simulated; write a manifest",
                ),
            };
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
        Ok(DryRun::Client) => return on_client(process, given, text, path),
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
        client.namespace_given = true;
    }
    let applied =
        process
            .machine
            .apply(&client, &yaml::parse(text), verb, dry_run == DryRun::Server);
    for said in &applied.said {
        match said {
            Said::Warning(line) => process.warn(line),
            Said::Done(line) => process.print(line),
        }
    }
    for line in &applied.errors {
        process.warn(line);
    }
    u8::from(!applied.is_accepted())
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
fn on_client(process: &mut Process<'_>, given: &Given, text: &str, path: &str) -> u8 {
    let parsed = yaml::parse(text);
    if let Some(found) = parsed.diagnostics.first() {
        let words = found.tool_wording.as_ref().unwrap_or(&found.sentence);
        return fail(process, &format!("error: error parsing {path}: {words}"));
    }
    if let Some(format) = given.value("o").filter(|format| *format != "name") {
        let documents: Vec<&yaml::Value> = parsed.documents.iter().collect();
        return output::print(process, format, &documents, documents.len() == 1, "");
    }
    for document in &parsed.documents {
        let kind = document.get("kind").and_then(yaml::Value::as_str);
        let name = document.at(&["metadata", "name"]);
        let (Some(_), Some(_)) = (kind, name.and_then(yaml::Value::as_str)) else {
            return fail(
                process,
                &format!("error: unable to decode \"{path}\": Object 'Kind' is missing"),
            );
        };
        process.print(&format!(
            "{} created{}",
            resource(document),
            DryRun::Client.mark()
        ));
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
    let mut options = given.clone();
    options.operands.clear();
    let options = options.and(more);
    let Some(image) = options.value("image") else {
        return fail(process, "error: required flag(s) \"image\" not set");
    };
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  labels:\n    run: {name}\n{namespace}spec:\n  containers:\n  - name: {name}\n    image: {image}\n",
        name = quoted(name),
        image = quoted(image),
        namespace = match options.value("n") {
            Some(namespace) => format!("  namespace: {}\n", quoted(namespace)),
            None => String::new(),
        },
    );
    let words: Vec<&String> = after.iter().skip(1).chain(&options.operands).collect();
    if !words.is_empty() {
        text.push_str(if options.has("command") {
            "    command:\n"
        } else {
            "    args:\n"
        });
        for word in words {
            text.push_str(&format!("    - {}\n", quoted(word)));
        }
    }
    let restart = options.value("restart").unwrap_or("Always");
    if !["Always", "OnFailure", "Never"].contains(&restart) {
        return fail(
            process,
            &format!("error: invalid restart policy: {restart}"),
        );
    }
    text.push_str(&format!(
        "    resources: {{}}\n  dnsPolicy: ClusterFirst\n  restartPolicy: {restart}\nstatus: {{}}\n"
    ));
    text_of(process, &options, "", &text, "create")
}

/// A word as a YAML string.
pub(super) fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}
