//! What is typed in a terminal is answered as the transcripts in the folder
//! `terminal` say: one file for each program.
//!
//! A transcript holds comments (`# …`) before its first command, then commands
//! after a prompt (`root@NODE:~# …`) with what each prints below it, and
//! `[exit N]` when it fails. `(…)` is what the lab itself says, not a program.
//! `TRANSCRIPTS=write cargo test -p lab --test terminal` writes down what is
//! printed now.

mod page;

use lab::{
    document::{Document, DocumentFile, ImageFile},
    message::{Language, NodeSpec, Request, Response, Stream},
};
use page::Page;
use sorted::SortedMap;
use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

/// A fleet of two, and a pod that its profile keeps from writing to `/data`.
fn lab() -> Document {
    let file = |path: &str, language, node_path: &str, text: &str| DocumentFile {
        path: path.to_owned(),
        language,
        node_path: node_path.to_owned(),
        editable: true,
        text: text.to_owned(),
        solution: None,
    };
    let node = |id: &str, kind: &str| NodeSpec {
        id: id.to_owned(),
        kind: kind.to_owned(),
        options: SortedMap::new(),
    };
    Document {
        id: "terminal".to_owned(),
        title: "Terminal".to_owned(),
        goal: "Type.".to_owned(),
        nodes: vec![
            node("ubuntu", "ubuntu-24.04"),
            node("kind", "kind-docker-desktop"),
        ],
        files: vec![
            file(
                "k8s-deny-data",
                Language::AppArmor,
                "/etc/apparmor.d/k8s-deny-data",
                "#include <tunables/global>\n\nprofile k8s-deny-data flags=(attach_disconnected) {\n  #include <abstractions/base>\n\n  file,\n  network,\n  capability,\n  signal,\n\n  deny /data/** w,\n}\n",
            ),
            file(
                "pod.yaml",
                Language::Manifest,
                "",
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: writer\nspec:\n  containers:\n  - name: shell\n    image: busybox\n    command: [sleep, infinity]\n    securityContext:\n      appArmorProfile:\n        type: Localhost\n        localhostProfile: k8s-deny-data\n",
            ),
        ],
        image: vec![
            ImageFile {
                path: "/data/".to_owned(),
                text: String::new(),
                file: None,
            },
            ImageFile {
                path: "/data/readme".to_owned(),
                text: "was here\n".to_owned(),
                file: None,
            },
            ImageFile {
                path: "/tmp/note".to_owned(),
                text: "one\ntwo\nthree\n".to_owned(),
                file: None,
            },
        ],
        ..Document::default()
    }
}

/// The node and the command of a line that begins with a prompt.
fn command(line: &str) -> Option<(&str, &str)> {
    let (node, command) = line.strip_prefix("root@")?.split_once(":~# ")?;
    Some((node, command))
}

/// What comes of a transcript's commands, written as a transcript.
fn replay(script: &str) -> String {
    let mut page = Page::open(lab());
    let mut transcript = String::new();
    for line in script.lines().take_while(|line| command(line).is_none()) {
        transcript.push_str(line);
        transcript.push('\n');
    }
    for (node, command) in script.lines().filter_map(command) {
        let request = Request::Run {
            node: node.to_owned(),
            command: command.to_owned(),
            seq: 1,
        };
        let Response::Ran { output, exit, .. } = page.ask(request) else {
            panic!("{command} is not run");
        };
        let _ = writeln!(transcript, "root@{node}:~# {command}");
        for line in output {
            let _ = match line.stream {
                Stream::Notice => writeln!(transcript, "({})", line.text),
                Stream::Output | Stream::Error => writeln!(transcript, "{}", line.text),
            };
        }
        if exit != 0 {
            let _ = writeln!(transcript, "[exit {exit}]");
        }
    }
    transcript
}

fn scripts() -> Vec<(std::path::PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terminal");
    let mut scripts: Vec<_> = fs::read_dir(folder)
        .expect("there is a folder of transcripts")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("it is text");
            (path, text)
        })
        .collect();
    scripts.sort();
    scripts
}

#[test]
fn every_command_prints_what_its_transcript_says() {
    let write = std::env::var_os("TRANSCRIPTS").is_some_and(|word| word == "write");
    let mut wrong = Vec::new();
    for (path, script) in scripts() {
        let replayed = replay(&script);
        if replayed == script {
            continue;
        }
        if write {
            fs::write(&path, replayed).expect("it can be written");
            continue;
        }
        let pair = replayed
            .lines()
            .zip(script.lines())
            .find(|(is, was)| is != was);
        wrong.push(format!("{}: {pair:?}", path.display()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_program_has_a_transcript() {
    let mut page = Page::open(lab());
    let (help, _) = page.run("ubuntu", "help");
    let programs = help
        .lines()
        .find_map(|line| line.strip_prefix("programs: "))
        .expect("help lists the programs");
    let texts: Vec<String> = scripts().into_iter().map(|(_, text)| text).collect();
    let typed: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.lines().filter_map(command))
        .flat_map(|(_, line)| line.split([' ', ';', '|', '(', '\'']))
        .collect();
    let missing: Vec<&str> = programs
        .split(' ')
        .filter(|program| !typed.contains(program))
        .collect();
    assert!(missing.is_empty(), "no transcript runs {missing:?}");
}

#[test]
fn a_node_lists_the_security_module_that_it_was_started_with() {
    for (kind, started) in [
        ("ubuntu-24.04", Some("apparmor")),
        ("rhel-9", Some("selinux")),
        ("talos", Some("selinux")),
        ("kind-docker-desktop", None),
        ("ubuntu-apparmor-off", None),
    ] {
        let mut document = lab();
        kind.clone_into(&mut document.nodes[0].kind);
        let request = Request::Run {
            node: "ubuntu".to_owned(),
            command: "cat /sys/kernel/security/lsm".to_owned(),
            seq: 1,
        };
        let Response::Ran { output, .. } = Page::open(document).ask(request) else {
            panic!("{kind}: not run");
        };
        let modules: Vec<&str> = output[0].text.split(',').collect();
        for module in ["apparmor", "selinux"] {
            let listed = modules.contains(&module);
            assert_eq!(listed, started == Some(module), "{kind}: {modules:?}");
        }
    }
}
