//! A lab as a folder for a real machine, and a real machine's output beside the
//! prediction.

mod page;

use lab::{
    document::Document,
    message::{Comparison, LineVerdict, PastedKind, Request, Response},
    session::Session,
};
use page::Page;

fn exported(document: Document) -> Vec<lab::export::ExportFile> {
    Session::open(document, &[], None)
        .expect("it opens")
        .export()
        .expect("it is small")
}

#[test]
fn the_folder_holds_the_files_what_brings_them_to_nodes_and_a_script() {
    let files = exported(page::lesson());
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "README.md",
            "cluster/daemonset.yaml",
            "cluster/operator.yaml",
            "manifests/pod.yaml",
            "profiles/k8s-deny-data",
            "seccomp/no-mkdir.json",
            "verify.sh",
        ]
    );
    for file in &files {
        insta::assert_snapshot!(file.path.replace('/', "_"), file.text);
    }
}

#[test]
fn the_cluster_takes_the_manifests_of_the_folder() {
    for file in exported(page::lesson()) {
        if file.path != "cluster/daemonset.yaml" {
            continue;
        }
        let mut page = Page::open(page::lesson());
        let text = format!("printf %s {} > /tmp/d.yaml", shell_word(&file.text));
        page.run("ubuntu", &text);
        let (output, exit) = page.run("ubuntu", "kubectl apply --dry-run=client -f /tmp/d.yaml");
        assert_eq!(exit, 0, "{output}");
        assert!(
            output.contains("daemonset.apps/two-guards-files created"),
            "{output}"
        );
    }
}

fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[test]
fn the_same_lab_makes_the_same_archive() {
    let archive = |page: &mut Page| match page.ask(Request::Export) {
        Response::Exported {
            name,
            archive,
            problem,
        } => {
            assert_eq!(name, "lab-two-guards.zip");
            assert_eq!(problem, "");
            archive
        }
        other => panic!("not an archive: {other:?}"),
    };
    let first = archive(&mut Page::open(page::lesson()));
    assert_eq!(first, archive(&mut Page::open(page::lesson())));
    assert!(first.starts_with("UEsDB"), "it is no zip file");
}

#[test]
fn another_answer_makes_another_prediction() {
    let mut lesson = page::lesson();
    let profile = lesson
        .files
        .iter_mut()
        .find(|file| file.path == "k8s-deny-data")
        .expect("the lab has the profile");
    profile.text = profile
        .text
        .replace("deny /data/** w,", "audit deny /data/** w,");
    let before = exported(page::lesson());
    let after = exported(lesson);
    let script = |files: &[lab::export::ExportFile]| {
        let file = files.iter().find(|file| file.path == "verify.sh");
        file.expect("there is a script").text.clone()
    };
    assert!(
        script(&before).contains("\nrun writer c 1 0 touch /data/x\n"),
        "{}",
        script(&before)
    );
    assert!(
        script(&after).contains("\nrun writer c 1 1 touch /data/x\n"),
        "{}",
        script(&after)
    );
}

fn compared(page: &mut Page, text: &str) -> Comparison {
    let request = Request::Compare {
        node: "ubuntu".to_owned(),
        text: text.to_owned(),
    };
    match page.ask(request) {
        Response::Compared(comparison) => comparison,
        other => panic!("not a comparison: {other:?}"),
    }
}

fn verdicts(comparison: &Comparison) -> Vec<LineVerdict> {
    comparison.lines.iter().map(|line| line.verdict).collect()
}

/// A page whose deny rule is audited, so that the log has lines.
fn audited() -> Page {
    let mut page = Page::open(page::lesson());
    page.edit(
        "k8s-deny-data",
        "deny /data/** w,",
        "audit deny /data/** w,",
    );
    page
}

#[test]
fn a_real_log_is_compared_line_by_line() {
    let mut page = audited();
    let real = "\
[ 100.1] usb 1-1: new device\n\
[ 200.2] audit: type=1400 audit(1700000000.1:42): apparmor=\"DENIED\" operation=\"mknod\" class=\"file\" profile=\"k8s-deny-data\" name=\"/data/x\" pid=4242 comm=\"touch\" requested_mask=\"c\" denied_mask=\"c\" fsuid=0 ouid=0\n\
[ 200.3] audit: type=1400 audit(1700000000.2:43): apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"k8s-deny-data\" name=\"/etc/shadow\" pid=4243 comm=\"cat\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n\
[ 200.4] audit: type=1400 audit(1700000000.3:44): apparmor=\"DENIED\" operation=\"mkdir\" class=\"file\" profile=\"k8s-deny-data\" name=\"/data/d/\" pid=4244 comm=\"mkdir\" requested_mask=\"w\" denied_mask=\"w\" fsuid=0 ouid=0\n\
[ 200.5] audit: type=1400 audit(1700000000.4:45): apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"snap.firefox\" name=\"/x\" pid=1 comm=\"x\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n";
    let comparison = compared(&mut page, real);
    assert_eq!(comparison.kind, PastedKind::KernelLog);
    assert_eq!(
        verdicts(&comparison),
        [
            LineVerdict::Unrelated,
            LineVerdict::Same,
            LineVerdict::Unexpected,
            LineVerdict::Different,
            LineVerdict::Unrelated,
        ],
        "{comparison:#?}"
    );
    assert_eq!(
        comparison.lines[3].note,
        "Predicted requested_mask=\"c\" instead of \"w\", denied_mask=\"c\" instead of \"w\"."
    );
    let nothing = compared(
        &mut page,
        "[ 200.3] audit: type=1400 apparmor=\"STATUS\" operation=\"profile_load\"\n",
    );
    let missing = verdicts(&nothing);
    assert_eq!(
        missing
            .iter()
            .filter(|verdict| **verdict == LineVerdict::Missing)
            .count(),
        2
    );
}

#[test]
fn the_node_s_own_output_is_as_predicted() {
    let mut page = audited();
    for (command, kind) in [
        ("dmesg", PastedKind::KernelLog),
        ("aa-status", PastedKind::AaStatus),
        ("kubectl describe pod writer", PastedKind::Describe),
    ] {
        let (output, _) = page.run("ubuntu", command);
        let comparison = compared(&mut page, &output);
        assert_eq!(comparison.kind, kind, "{command}");
        for line in &comparison.lines {
            assert!(
                matches!(line.verdict, LineVerdict::Same | LineVerdict::Unrelated),
                "{command}: {line:?}"
            );
        }
        assert!(
            comparison
                .lines
                .iter()
                .any(|line| line.verdict == LineVerdict::Same),
            "{command}: nothing was compared"
        );
    }
}

#[test]
fn a_profile_in_another_mode_and_one_that_is_missing_are_told() {
    let mut page = Page::open(page::lesson());
    let real = "apparmor module is loaded.\n3 profiles are loaded.\n1 profiles are in enforce mode.\n   /usr/bin/man\n2 profiles are in complain mode.\n   k8s-deny-data\n";
    let comparison = compared(&mut page, real);
    assert_eq!(comparison.kind, PastedKind::AaStatus);
    assert_eq!(comparison.lines[3].verdict, LineVerdict::Unrelated);
    assert_eq!(comparison.lines[5].verdict, LineVerdict::Different);
    assert_eq!(comparison.lines[5].note, "Predicted in enforce mode.");
    let without = compared(
        &mut page,
        "apparmor module is loaded.\n0 profiles are loaded.\n",
    );
    assert!(without.lines.iter().any(|line| line.verdict == LineVerdict::Missing && line.text.trim() == "k8s-deny-data"));
}

#[test]
fn a_text_of_another_kind_is_said_to_be_one() {
    let mut page = Page::open(page::lesson());
    let comparison = compared(&mut page, "total 0\n");
    assert_eq!(comparison.kind, PastedKind::Unknown);
    assert!(comparison.lines.is_empty());
}
