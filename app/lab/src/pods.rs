//! Pods on a machine: from a manifest to processes, and into them.

use crate::{
    boot,
    container::{self, Container},
    machine::Machine,
    node::Pod,
    process::{Process, Userland, end, fork},
    programs,
};
use cluster::{
    client::Client,
    node::LoadedProfile,
    object,
    start::{Confinement, Outcome, Start},
    status::ContainerState,
    yaml,
};
use kernel::{INIT, Pid, abi};

/// Where localhost seccomp profiles lie.
const SECCOMP: &str = "/var/lib/kubelet/seccomp/";

impl Machine {
    /// Lets the node's components see what is loaded and what lies on its disk.
    pub(crate) fn tell_node(&mut self) {
        self.node.profiles = self
            .world
            .policy()
            .profiles()
            .map(|profile| {
                let mode = match profile.mode() {
                    apparmor::Mode::Complain => LoadedProfile::Complain,
                    apparmor::Mode::Unconfined => LoadedProfile::Unconfined,
                    _ => LoadedProfile::Enforce,
                };
                (profile.name.to_string(), mode)
            })
            .collect();
        let mut files = sorted::SortedMap::new();
        self.quietly(|machine| {
            let mut process = machine.runtime(INIT);
            for name in process.list(SECCOMP).unwrap_or_default() {
                let path = format!("{SECCOMP}{name}");
                if let Ok(bytes) = process.read_file(&path) {
                    files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        });
        self.node.files = files;
    }

    /// Starts the containers that the chain came through to.
    pub(crate) fn run_containers(&mut self, pod: &mut Pod) {
        self.load_default_profile(pod);
        for confinement in pod.start.containers.clone() {
            self.run_one(pod, &confinement);
        }
    }

    /// Starts one container of a pod.
    pub(crate) fn run_one(&mut self, pod: &mut Pod, confinement: &Confinement) {
        let mut all = pod.spec.spec.all_containers();
        let spec = all.find(|(_, _, container)| container.name == confinement.container);
        let Some(spec) = spec.map(|(_, _, container)| container.clone()) else {
            return;
        };
        match self.run_container(&pod.spec, &spec, confinement) {
            Ok(container) => pod.containers.push(container),
            Err(words) => failed(&mut pod.start, &spec.name, &words),
        }
    }

    /// containerd and its like load their own profile when it is not there.
    fn load_default_profile(&mut self, pod: &Pod) {
        let kind = self.node.stack.runtime.kind;
        let name = cluster::runtime::default_apparmor_name(kind);
        let wanted = pod
            .start
            .containers
            .iter()
            .any(|container| container.apparmor.as_deref() == Some(name));
        if wanted && self.has_apparmor() && self.world.policy().find(name).is_none() {
            let text = cluster::runtime::default_apparmor_text(kind, name);
            let compiled =
                apparmor::compile(name, &text, &self.apparmor.sources, &self.apparmor.options);
            self.world.load_profiles(&compiled.profiles);
        }
    }

    fn run_container(
        &mut self,
        pod: &object::Pod,
        spec: &object::Container,
        confinement: &Confinement,
    ) -> Result<Container, String> {
        let root = container::root(&self.world, &pod.name, &spec.name);
        let image = self.image.clone();
        boot::image(&mut self.world, &root, &image);
        let files = self.node.files.clone();
        let read = |path: &str| files.get(path).cloned();
        let filter = cluster::runtime::seccomp_filter(confinement, &self.node.stack, read)
            .map_err(|error| error.to_string())?;
        let child = self.fork_into(|process| {
            let own = kernel::container::OWN_NAMESPACES;
            process.call("unshare", [own.into()]).map(drop)
        })?;
        let made = Container {
            name: spec.name.clone(),
            root,
            init: child,
            confinement: confinement.clone(),
            filter,
        };
        let mut process = self.runtime(child);
        container::create(&mut process, pod, spec, &made)
            .map_err(|failure| format!("{}: {}", failure.doing, failure.errno.words()))?;
        let mut words = spec.command.clone();
        words.extend(spec.args.iter().cloned());
        if words.is_empty() {
            words.push("sh".to_owned());
        }
        programs::become_program(&mut process, &words).map_err(|errno| {
            let name = words.first().map_or("", String::as_str);
            format!("exec: \"{name}\": {}", errno.words().to_lowercase())
        })?;
        Ok(made)
    }

    /// `kubectl debug`: one more container in a pod that runs, confined as the
    /// kubelet confines one that names no profile of its own.
    pub fn add_ephemeral(
        &mut self,
        (pod, namespace): (&str, &str),
        name: &str,
        image: &str,
    ) -> Result<(), String> {
        let not_found = || format!("Error from server (NotFound): pods \"{pod}\" not found");
        let index = self
            .pods
            .iter()
            .position(|known| known.is_named(pod, Some(namespace)))
            .ok_or_else(not_found)?;
        if self.pods[index]
            .spec
            .spec
            .all_containers()
            .any(|(_, _, one)| one.name == name)
        {
            return Ok(());
        }
        self.tell_node();
        let mut container = yaml::Value::map();
        container.set("name", yaml::Value::text(name));
        container.set("image", yaml::Value::text(image));
        let client = Client::kubectl("STDIN");
        let running = &self.pods[index].start;
        let start = cluster::start::debug(running, &container, &client, &self.api, &self.node);
        let confinement = start
            .containers
            .iter()
            .find(|confinement| confinement.container == name);
        let added = start.placed.as_ref().and_then(|stored| stored.pod.clone());
        let (Some(confinement), Some(spec)) = (confinement.cloned(), added) else {
            return Err(match start.client_output.as_str() {
                "" => start.sentence,
                words => words.to_owned(),
            });
        };
        let wanted = spec.spec.ephemeral_containers.last().cloned();
        let wanted = wanted.ok_or_else(not_found)?;
        let made = self.quietly(|machine| machine.run_container(&spec, &wanted, &confinement))?;
        let known = &mut self.pods[index];
        known.spec = spec;
        known.containers.push(made);
        // How the pod itself was started stays as it was.
        let (chain, outcome, sentence) = (
            std::mem::take(&mut known.start.chain),
            known.start.outcome,
            std::mem::take(&mut known.start.sentence),
        );
        known.start = Start {
            chain,
            outcome,
            sentence,
            ..start
        };
        Ok(())
    }

    /// A process in a pod's container, confined as the container is and about
    /// to execute a program; or what kubectl says instead.
    ///
    /// Without a namespace the first pod of the name is meant.
    pub fn enter(
        &mut self,
        (pod, namespace): (&str, Option<&str>),
        container: Option<&str>,
    ) -> Result<Pid, String> {
        let found = self
            .pods
            .iter()
            .find(|known| known.is_named(pod, namespace))
            .ok_or_else(|| format!("Error from server (NotFound): pods \"{pod}\" not found"))?;
        let phase = found.start.status.phase;
        if matches!(
            phase,
            cluster::status::Phase::Failed | cluster::status::Phase::Succeeded
        ) {
            return Err(format!(
                "error: cannot exec into a container in a completed pod; current phase is {}",
                phase.name()
            ));
        }
        let first = found.spec.spec.containers.first();
        let name = container
            .or(first.map(|first| first.name.as_str()))
            .unwrap_or_default()
            .to_owned();
        let spec = found
            .spec
            .spec
            .all_containers()
            .map(|(_, _, container)| container)
            .find(|container| container.name == name)
            .ok_or_else(|| {
                format!(
                    "Error from server (BadRequest): container {name} is not valid for pod {pod}"
                )
            })?;
        let running = found
            .containers
            .iter()
            .find(|running| running.name == name)
            .ok_or_else(|| {
                format!("error: unable to upgrade connection: container not found (\"{name}\")")
            })?;
        let (found, spec, running) = (found.spec.clone(), spec.clone(), running.clone());
        self.quietly(|machine| {
            let init = running.init;
            let child = machine.fork_into(|process| {
                process.machine.world.join_namespaces(process.pid, init)
            })?;
            let mut process = machine.runtime(child);
            process.connect();
            match container::join(&mut process, &found, &spec, &running) {
                Ok(()) => Ok(child),
                Err(failure) => {
                    end(&mut process, 1);
                    Err(format!(
                        "error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: {}: {}: unknown",
                        failure.doing,
                        failure.errno.words().to_lowercase()
                    ))
                }
            }
        })
    }

    /// A grandchild of the first process; what its parent did to its
    /// namespaces before holds for it, process ids included.
    pub(crate) fn fork_into(
        &mut self,
        prepare: impl FnOnce(&mut Process<'_>) -> Result<(), kernel::Errno>,
    ) -> Result<Pid, String> {
        let no_fork = || "fork: Resource temporarily unavailable".to_owned();
        let shim = fork(&mut self.runtime(INIT)).ok_or_else(no_fork)?;
        let mut process = self.runtime(shim);
        prepare(&mut process).map_err(|errno| format!("unshare: {}", errno.words()))?;
        let child = fork(&mut process).ok_or_else(no_fork);
        end(&mut process, 0);
        child
    }

    /// A process of the runtime on the node.
    pub fn runtime(&mut self, pid: Pid) -> Process<'_> {
        Process {
            machine: self,
            pid,
            name: "runc".to_owned(),
            userland: Userland::Gnu,
            depth: 0,
        }
    }

    /// A shell on the node, its output on the terminal.
    pub fn terminal(&mut self) -> Pid {
        self.quietly(|machine| {
            let mut init = machine.runtime(INIT);
            let Some(child) = fork(&mut init) else {
                return INIT;
            };
            let mut shell = machine.runtime(child);
            shell.connect();
            let words = ["bash".to_owned()];
            let _ = programs::become_program(&mut shell, &words);
            let _ = shell.call("chdir", ["/root".into()]);
            let _ = shell.call("umask", [0o022_i32.into()]);
            child
        })
    }
}

impl Process<'_> {
    /// Gives a process that has no descriptors a terminal: 0, 1 and 2.
    fn connect(&mut self) {
        for stream in [
            None,
            Some(crate::message::Stream::Output),
            Some(crate::message::Stream::Error),
        ] {
            let Ok(fd) = self.open("/dev/null", abi::O_RDWR, 0) else {
                continue;
            };
            if let (Some(file), Some(stream)) = (self.machine.file(self.pid, fd), stream) {
                self.machine.console.connect(file, stream);
            }
        }
    }
}

/// Notes in a start that a container could not be made after all.
fn failed(start: &mut Start, container: &str, words: &str) {
    let sentence = format!("{container} could not be started: {words}.");
    // That another one runs unprotected counts more.
    if start.outcome == Outcome::SilentlyUnprotected {
        start.sentence = format!("{} {sentence}", start.sentence);
    } else {
        start.outcome = Outcome::Invalid;
        start.sentence = sentence;
    }
    for status in &mut start.status.containers {
        if status.name == container {
            status.state = ContainerState::Waiting {
                reason: "RunContainerError".to_owned(),
                message: format!(
                    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {words}: unknown"
                ),
            };
        }
    }
}
