//! `README.md`: what the folder holds and how to use it.

use super::{place, prediction::Prediction};
use crate::{document::Document, message::Language, programs, workspace::Workspace};

/// The text for a lab.
pub(super) fn text(document: &Document, workspace: &Workspace, prediction: &Prediction) -> String {
    let mut text = format!("# {}\n\n{}\n\n", document.title, document.goal);
    text.push_str(&format!(
        "This folder is for a real Ubuntu machine with a Kubernetes cluster on it. What it should
do there was worked out by Armor Lab's simulator, for the node {}. `verify.sh` does
every step with the real tools and tells you where the real answers differ.

| file | what it is | where it goes |
| --- | --- | --- |
",
        prediction.node
    ));
    for file in &workspace.files {
        let what = match file.about.language {
            Language::AppArmor => "an AppArmor profile",
            Language::Manifest => "a manifest",
            Language::Seccomp => "a seccomp profile",
            Language::Shell => "a script",
            Language::Plain => "a file",
        };
        let goes = match file.about.node_path.as_str() {
            "" => "stays with you: kubectl apply -f",
            path => path,
        };
        let path = place(file.about.language, &file.about.path);
        text.push_str(&format!("| `{path}` | {what} | `{goes}` |\n"));
    }
    text.push_str(
        "
## Check it

    ./verify.sh --parser-only      # needs only apparmor_parser, not even root
    sudo ./verify.sh               # on the node, with kubectl set up

Use a machine on which you may do anything: the second one loads profiles, writes below
`/var/lib/kubelet/seccomp` and makes and deletes the pods of the manifests.

Every line says `as predicted` or `DIFFERENT`, and the last one counts both. A difference is
worth a look: another version of the kernel, of the parser, of Kubernetes, or a fault of the
simulator.
",
    );
    if !document.image.is_empty() {
        text.push_str(
            "
## The image

The pod's image holds these files besides busybox. Build one with them, make it known to the
node's runtime, and name it in `LAB_IMAGE`:

    FROM busybox:1.36
",
        );
        for file in &document.image {
            match file.path.strip_suffix('/') {
                Some(folder) => text.push_str(&format!("    RUN mkdir -p {folder}\n")),
                None => {
                    let content = super::quoted(&file.text.replace('\n', "\\n"));
                    text.push_str(&format!("    RUN printf {content} > {}\n", file.path));
                }
            }
        }
        text.push_str("\n    LAB_IMAGE=docker.io/you/lab:1 sudo -E ./verify.sh\n");
    }
    if calls_by_hand(document) {
        text.push_str(
            "
`make-call` is a program of Armor Lab that makes the one system call that it is told. Busybox has no
such program, so `verify.sh` leaves its commands out. A script of yours that uses it needs one in the
image: a few lines of C around `syscall(2)`.
",
        );
    }
    text.push_str(
        "
## On every node of a cluster

A profile has to be loaded into the kernel of each node on which the pod may run.

    kubectl apply -f cluster/daemonset.yaml    # a DaemonSet that copies and loads
    kubectl apply -f cluster/operator.yaml     # or, with the Security Profiles Operator installed
",
    );
    text
}

/// Whether a command or a file of the lab uses a program that no real image has.
fn calls_by_hand(document: &Document) -> bool {
    let checks = document.checks.iter().chain(&document.variants);
    let mut runs = checks.flat_map(|check| &check.operations);
    runs.any(|operation| programs::only_here(&operation.run))
        || document.files.iter().any(|file| {
            programs::only_here(&file.text)
                || file.solution.as_deref().is_some_and(programs::only_here)
        })
}
