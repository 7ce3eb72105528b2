//! A node of the fleet: its computer, its part of the cluster, and who sits at
//! its terminal.

use crate::{
    boot,
    container::Container,
    desk::DeskError,
    document::ImageFile,
    machine::Machine,
    message::{Diagnostic, Fix, Language, Line, NodeSpec, Outcome, Severity, Span, TextEdit},
    process::{Process, Userland},
    programs,
    shell::{self, History, Shell},
    workspace::{File, Workspace, line_and_column},
};
use cluster::{
    client::Client,
    kubelet,
    node::{Lsm, NodeKind, ParserPlace},
    object::{self, Kind},
    start::Start,
    view,
    yaml::Value,
};
use kernel::{INIT, Pid, Settings, World, settings::Presence};

/// A pod on this node.
#[derive(Debug, Clone)]
pub struct Pod {
    /// How it was started, and what came of it.
    pub start: Start,
    /// What it is.
    pub spec: object::Pod,
    /// Its containers that run.
    pub containers: Vec<Container>,
    /// The document that it came of, as kubectl sent it.
    pub sent: Value,
}

impl Pod {
    /// Whether this is the stored pod of a name; without a namespace, in any.
    pub fn is_named(&self, name: &str, namespace: Option<&str>) -> bool {
        self.start.pod == name
            && self.start.pod_object().is_some()
            && namespace.is_none_or(|namespace| self.spec.namespace == namespace)
    }

    /// The stored object of a kind: the pod's own, or of what made it.
    pub fn object(&self, kind: Kind) -> Option<Value> {
        match kind {
            Kind::Pod => self.start.pod_object().cloned(),
            _ => view::workload(&self.start, kind),
        }
    }
}

/// A node of the fleet.
#[derive(Debug, Clone)]
pub struct Node {
    /// What was asked for.
    pub spec: NodeSpec,
    /// What it is made of.
    pub kind: &'static NodeKind,
    /// The computer after boot, with nothing of the learner's on it.
    base: Machine,
    /// The computer as it is.
    pub machine: Machine,
    shell: Shell,
    terminal: Pid,
    /// Why there is no pod, when the manifest is at fault.
    refused: Option<String>,
}

impl Node {
    /// A node of the kind that the spec names, booted.
    pub fn new(spec: NodeSpec) -> Result<Self, DeskError> {
        let kind =
            cluster::node::kind(&spec.kind).ok_or_else(|| DeskError::NoKind(spec.kind.clone()))?;
        let base = boot(&spec.id, kind);
        Ok(Self {
            machine: base.clone(),
            base,
            spec,
            kind,
            shell: Shell::interactive(History::default()),
            terminal: INIT,
            refused: None,
        })
    }

    /// The same node after boot.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            spec: self.spec.clone(),
            kind: self.kind,
            base: self.base.clone(),
            machine: self.base.clone(),
            // What was typed stays known, although what it did is undone.
            shell: Shell::interactive(self.shell.history.clone()),
            terminal: INIT,
            refused: None,
        }
    }

    /// Sets the node up from the files: profiles loaded, pod applied.
    pub fn start(&mut self, workspace: &Workspace, image: &[ImageFile]) {
        *self = self.fresh();
        let machine = &mut self.machine;
        machine.image = image.to_vec();
        for file in &mut machine.image {
            if let Some(source) = file.file.as_ref().and_then(|path| workspace.file(path)) {
                file.text = source.text.to_string();
            }
        }
        for file in &workspace.files {
            let path = match file.about.node_path.as_str() {
                "" => format!("/root/{}", file.about.path),
                path => path.to_owned(),
            };
            let _ = machine
                .world
                .place_file(&path, file.text.as_bytes(), 0o644, 0, 0);
        }
        if machine.has_apparmor() {
            for file in workspace.of(Language::AppArmor) {
                if !file.profiles().is_empty() && !file.about.node_path.is_empty() {
                    machine.world.load_profiles(file.profiles());
                }
            }
        }
        self.terminal = machine.terminal();
        for file in workspace.of(Language::Manifest) {
            let Some(manifest) = &file.manifest else {
                continue;
            };
            let client = Client::kubectl(&file.about.path);
            let applied = machine.apply(&client, manifest, "apply", false);
            if !applied.is_accepted() && self.refused.is_none() {
                self.refused = Some(applied.errors.join("\n"));
            }
        }
    }

    /// Runs a command line in the first container of the first pod; nothing
    /// happens when there is none.
    pub fn run_in_pod(&mut self, command: &str) {
        let _ = self.run_in("", "", command);
    }

    /// Runs a command line in a container, as `kubectl exec` does; an empty
    /// name stands for the first pod or container. Its exit code, or why it
    /// could not be run.
    pub fn run_in(&mut self, pod: &str, container: &str, command: &str) -> Result<u8, String> {
        let pods = &self.machine.pods;
        let found = if pod.is_empty() {
            pods.first()
        } else {
            pods.iter().find(|known| known.start.pod == pod)
        };
        let pod = match found {
            Some(found) if !found.containers.is_empty() => found.start.pod.clone(),
            Some(found) => return Err(found.start.sentence.clone()),
            None if pod.is_empty() => return Err(self.sentence()),
            None => return Err(format!("there is no pod {pod}")),
        };
        self.machine.begin(command);
        let pid = self
            .machine
            .enter((&pod, None), (!container.is_empty()).then_some(container))?;
        let mut process = Process {
            machine: &mut self.machine,
            pid,
            name: "runc".to_owned(),
            userland: Userland::Busybox,
            depth: 1,
        };
        let words = crate::shell::plain_words(command);
        let started = programs::start(&mut process, &words);
        // Nobody reads what is printed; the calls are what counts.
        self.machine.console.take();
        match started {
            Ok(exit) => Ok(exit),
            Err(kernel::Errno::ENOENT) => {
                let name = words.first().map_or("", String::as_str);
                Err(format!("{name}: there is no such program in the image"))
            }
            Err(_) => Ok(126),
        }
    }

    /// Runs a command line in the terminal.
    pub fn run(&mut self, command: &str) -> (Vec<Line>, u8) {
        self.machine.begin(command);
        if let Some(mut dialog) = self.machine.dialog.take() {
            let mut process = Process {
                machine: &mut self.machine,
                pid: self.terminal,
                name: "aa-logprof".to_owned(),
                userland: Userland::Gnu,
                depth: 0,
            };
            if dialog.answer(&mut process, command) {
                self.machine.dialog = Some(dialog);
            }
            return (self.machine.console.take(), 0);
        }
        let mut shell = std::mem::take(&mut self.shell);
        let expanded = shell.history.expand(command);
        let command = match &expanded {
            Ok(Some(line)) => {
                // As bash does, so that one sees what is run.
                self.machine.console.echo(line);
                line
            }
            Ok(None) => command,
            Err(event) => {
                let words = format!("bash: {event}: event not found");
                self.machine.console.echo(&words);
                self.shell = shell;
                return (self.machine.console.take(), 1);
            }
        };
        shell.history.add(command);
        let mut process = Process {
            machine: &mut self.machine,
            pid: self.terminal,
            name: "bash".to_owned(),
            userland: Userland::Gnu,
            depth: 0,
        };
        let exit = shell.run(&mut process, command);
        if shell.exited().is_some() {
            shell = Shell::interactive(shell.history);
            self.machine
                .console
                .notice("the shell ended; here is a new one");
        }
        self.shell = shell;
        (self.machine.console.take(), exit)
    }

    /// What came of the pod.
    pub fn outcome(&self) -> Outcome {
        match self.machine.pods.first() {
            None => Outcome::Invalid,
            Some(pod) => match pod.start.outcome {
                cluster::start::Outcome::Enforced => Outcome::Enforced,
                cluster::start::Outcome::Unconfined => Outcome::Unconfined,
                cluster::start::Outcome::RefusedToStart => Outcome::RefusedToStart,
                cluster::start::Outcome::SilentlyUnprotected => Outcome::SilentlyUnprotected,
                cluster::start::Outcome::Invalid => Outcome::Invalid,
            },
        }
    }

    /// The outcome in one sentence.
    pub fn sentence(&self) -> String {
        match (&self.refused, self.machine.pods.first()) {
            (Some(words), _) => words.clone(),
            (None, Some(pod)) => pod.start.sentence.clone(),
            (None, None) => "There is no pod on this node.".to_owned(),
        }
    }

    /// What the cluster's components found wrong with a file.
    pub fn diagnostics(&self, file: &File, workspace: &Workspace) -> Vec<Diagnostic> {
        match file.about.language {
            Language::AppArmor => self.names_asked_for(file, workspace),
            Language::Manifest => self.manifest_diagnostics(file),
            _ => Vec::new(),
        }
    }

    /// The names that pods ask for and no file has, where this file is the only
    /// one that could.
    fn names_asked_for(&self, file: &File, workspace: &Workspace) -> Vec<Diagnostic> {
        if workspace.of(Language::AppArmor).count() != 1 {
            return Vec::new();
        }
        let version = self.machine.node.stack.kubelet.version;
        let policy = self.machine.world.policy();
        let pods = self.machine.pods.iter().map(|pod| &pod.spec);
        pods.flat_map(|pod| {
            let containers = pod.spec.all_containers();
            containers.filter_map(move |(_, _, container)| {
                kubelet::apparmor_profile(pod, container, version)?.localhost
            })
        })
        .filter(|name| policy.find(name).is_none())
        .filter_map(|name| file.name_for_pod(&name))
        .collect()
    }

    fn manifest_diagnostics(&self, file: &File) -> Vec<Diagnostic> {
        let manifest = file.manifest.iter();
        let starts = self.machine.pods.iter().map(|pod| &pod.start);
        manifest
            .flat_map(|manifest| &manifest.diagnostics)
            .chain(starts.flat_map(|start| &start.diagnostics))
            .map(|found| manifest_diagnostic(&file.text, found))
            .collect()
    }

    /// Where the word at the cursor begins, and what it could become.
    pub fn complete(&mut self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let mut process = Process {
            machine: &mut self.machine,
            pid: self.terminal,
            name: "bash".to_owned(),
            userland: Userland::Gnu,
            depth: 0,
        };
        shell::complete(&mut process, line, cursor)
    }
}

/// A booted computer of a kind, with nothing of the learner's on it.
fn boot(name: &str, kind: &NodeKind) -> Machine {
    let host = &kind.stack.host;
    let presence = match (host.apparmor.enabled, host.apparmor.filesystem) {
        (Some(true), true) => Presence::On,
        (Some(_), _) => Presence::Off,
        (None, _) => Presence::Absent,
    };
    let settings = Settings {
        apparmor: presence,
        other_module: (host.lsm == Lsm::SeLinux).then_some("selinux"),
        ..Settings::default()
    };
    let (release, toolchain) = crate::release::of(&host.kernel_release);
    let mut world = World::boot(release, settings);
    boot::node(&mut world, host.apparmor.parser != ParserPlace::Absent);
    let length = i64::try_from(name.len()).unwrap_or(i64::MAX);
    world.syscall(
        INIT,
        kernel::Call::new("sethostname", [name.into(), kernel::Arg::Int(length)]),
    );
    Machine::new(
        world,
        cluster::node::Node::new(name, &kind.stack),
        toolchain,
    )
}

fn manifest_diagnostic(text: &str, found: &cluster::diagnostic::Diagnostic) -> Diagnostic {
    let (line, column) = line_and_column(text, found.span.start);
    Diagnostic {
        code: found.code.to_owned(),
        severity: match found.severity {
            cluster::diagnostic::Severity::Error => Severity::Error,
            cluster::diagnostic::Severity::Warning => Severity::Warning,
        },
        span: Span {
            start: found.span.start,
            end: found.span.end,
        },
        line,
        column,
        title: found.sentence.clone(),
        why: match found.severity {
            cluster::diagnostic::Severity::Error => {
                "The API server does not store the object, so no pod comes of it.".to_owned()
            }
            cluster::diagnostic::Severity::Warning => String::new(),
        },
        tool_wording: found.tool_wording.clone(),
        fix: found.fix.as_ref().map(|fix| Fix {
            label: fix.label.clone(),
            edits: vec![TextEdit {
                start: fix.span.start,
                end: fix.span.end,
                text: fix.text.clone(),
            }],
        }),
    }
}
