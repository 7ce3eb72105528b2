//! Containers: what the OCI runtime does to make a process one, call by call
//! (runc `libcontainer/standard_init_linux.go` and `setns_init_linux.go`).

use crate::process::Process;
use cluster::{
    object::{Container as Spec, Pod},
    runtime::{InitStep, init_steps, join_steps, masked_paths, readonly_paths},
    start::Confinement,
};
use kernel::{Arg, Capability, Errno, Pid, World, abi};
use std::sync::Arc;

/// A container that runs.
#[derive(Debug, Clone)]
pub struct Container {
    /// Its name in the pod.
    pub name: String,
    /// Where the node keeps its root directory.
    pub root: String,
    /// Its first process.
    pub init: Pid,
    /// What confines it.
    pub confinement: Confinement,
    /// Its filter, built once.
    pub filter: Option<Arc<seccomp::Filter>>,
}

/// `prctl(2)`.
const PR_SET_KEEPCAPS: i32 = 8;
/// `prctl(2)`.
pub(crate) const PR_SET_NAME: i32 = 15;
/// `prctl(2)`.
const PR_CAPBSET_DROP: i32 = 24;
/// `prctl(2)`.
const PR_SET_NO_NEW_PRIVS: i32 = 38;
/// `_LINUX_CAPABILITY_VERSION_3`.
const CAPABILITY_VERSION: u32 = 0x2008_0522;

/// Why a container could not be made: the call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was being done, in runc's words.
    pub doing: &'static str,
    /// What the kernel answered.
    pub errno: Errno,
}

fn at(doing: &'static str) -> impl Fn(Errno) -> Failure {
    move |errno| Failure { doing, errno }
}

/// Where the node keeps the root directory of a pod's container: no container is
/// started in one that was used before.
pub fn root(world: &World, pod: &str, container: &str) -> String {
    let first = std::iter::once(String::new());
    let names = first.chain((1_u32..).map(|number| format!("-{number}")));
    names
        .map(|suffix| format!("/run/containerd/{pod}-{container}{suffix}/rootfs"))
        .find(|path| world.locate(path).is_none())
        .unwrap_or_default()
}

/// Where the node keeps a volume of a pod.
fn volume(pod: &Pod, name: &str) -> String {
    match pod.namespace.as_str() {
        "default" | "" => format!("/var/lib/kubelet/pods/{}-{name}", pod.name),
        namespace => format!("/var/lib/kubelet/pods/{namespace}-{}-{name}", pod.name),
    }
}

/// Makes a process the first one of a container: its own namespaces and root,
/// then the confinement. The caller executes the container's program next.
pub fn create(
    process: &mut Process<'_>,
    pod: &Pod,
    spec: &Spec,
    container: &Container,
) -> Result<(), Failure> {
    for step in init_steps(container.confinement.no_new_privs) {
        take(*step, process, pod, spec, container)?;
    }
    Ok(())
}

/// Confines a process that has joined a running container. The caller executes
/// a program next.
pub fn join(
    process: &mut Process<'_>,
    pod: &Pod,
    spec: &Spec,
    container: &Container,
) -> Result<(), Failure> {
    for step in join_steps(container.confinement.no_new_privs) {
        take(step, process, pod, spec, container)?;
    }
    Ok(())
}

fn take(
    step: InitStep,
    process: &mut Process<'_>,
    pod: &Pod,
    spec: &Spec,
    container: &Container,
) -> Result<(), Failure> {
    match step {
        InitStep::Rootfs => rootfs(process, pod, spec, &container.root),
        InitStep::AppArmor => apparmor(process, container),
        InitStep::ReadonlyPaths => readonly_paths(&spec.security)
            .iter()
            .try_for_each(|path| make_read_only(process, path)),
        InitStep::MaskedPaths => {
            let kubelet = process.machine.node.stack.kubelet.version;
            masked_paths(&spec.security, kubelet)
                .iter()
                .try_for_each(|path| mask(process, path))
        }
        InitStep::NoNewPrivs => no_new_privs(process),
        InitStep::Seccomp => filter(process, container),
        InitStep::Capabilities => {
            // The user is changed while every capability is still held
            // (`finalizeNamespace`): one may keep none, not even `setuid`.
            let kept = wanted(&container.confinement.capabilities);
            bound(process, kept)?;
            user(process, pod, spec)?;
            capabilities(process, kept)
        }
    }
}

/// The root directory, and the volumes in it.
fn rootfs(process: &mut Process<'_>, pod: &Pod, spec: &Spec, root: &str) -> Result<(), Failure> {
    let pid = process.pid;
    let length = i64::try_from(pod.name.len()).unwrap_or(i64::MAX);
    process
        .call("sethostname", [pod.name.as_str().into(), Arg::Int(length)])
        .map_err(at("set the host name"))?;
    let world = &mut process.machine.world;
    world
        .enter_rootfs(pid, root)
        .map_err(at("prepare the rootfs"))?;
    for wanted in &spec.mounts {
        let Some(volume) = pod
            .spec
            .volumes
            .iter()
            .find(|one| one.name == wanted.volume)
        else {
            continue;
        };
        let source = match &volume.host_path {
            Some(path) => path.clone(),
            None => self::volume(pod, &volume.name),
        };
        if world.locate(&source).is_none() {
            world
                .place_directory(&source, 0o777, 0, 0)
                .map_err(at("make a volume"))?;
        }
        world
            .mount_volume(pid, &source, &wanted.path, wanted.read_only)
            .map_err(at("mount a volume"))?;
    }
    if spec.security.read_only_root_filesystem == Some(true) {
        world
            .make_root_read_only(pid)
            .map_err(at("make the root read-only"))?;
    }
    Ok(())
}

/// The profile for the exec that follows.
fn apparmor(process: &mut Process<'_>, container: &Container) -> Result<(), Failure> {
    // What runc calls its process until the exec.
    let _ = process.call("prctl", [PR_SET_NAME.into(), Arg::from("runc:[2:INIT]")]);
    if let Some(profile) = &container.confinement.apparmor {
        let doing = at("apply the AppArmor profile");
        let fd = process
            .open("/proc/self/attr/apparmor/exec", abi::O_WRONLY, 0)
            .or_else(|_| process.open("/proc/self/attr/exec", abi::O_WRONLY, 0))
            .map_err(&doing)?;
        let text = format!("exec {profile}");
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        let written = process.call("write", [fd.into(), text.as_str().into(), Arg::Int(length)]);
        process.close(fd);
        written.map_err(&doing)?;
    }
    Ok(())
}

/// Mounts a path over itself, to be read only (runc `readonlyPath`); one that
/// is not there needs nothing.
fn make_read_only(process: &mut Process<'_>, path: &str) -> Result<(), Failure> {
    let bind = abi::MS_BIND | abi::MS_REC;
    match mount(process, path, path, "", bind) {
        Err(Errno::ENOENT) => return Ok(()),
        made => made.map_err(at("make a path read-only"))?,
    }
    let again = bind | abi::MS_REMOUNT | abi::MS_RDONLY;
    mount(process, path, path, "", again).map_err(at("make a path read-only"))
}

/// Hides a path behind `/dev/null`, or a directory behind an empty one (runc
/// `maskPaths`); one that is not there needs nothing.
fn mask(process: &mut Process<'_>, path: &str) -> Result<(), Failure> {
    let masked = match mount(process, "/dev/null", path, "", abi::MS_BIND) {
        Err(Errno::ENOENT) => Ok(()),
        Err(Errno::ENOTDIR) => mount(process, "tmpfs", path, "tmpfs", abi::MS_RDONLY),
        made => made,
    };
    masked.map_err(at("mask a path"))
}

fn mount(
    process: &mut Process<'_>,
    source: &str,
    target: &str,
    kind: &str,
    flags: u64,
) -> Result<(), Errno> {
    let arguments = [
        Arg::from(source),
        target.into(),
        kind.into(),
        flags.into(),
        Arg::NULL,
    ];
    process.call("mount", arguments).map(drop)
}

fn no_new_privs(process: &mut Process<'_>) -> Result<(), Failure> {
    let arguments = [
        PR_SET_NO_NEW_PRIVS.into(),
        Arg::from(1_i32),
        Arg::NULL,
        Arg::NULL,
        Arg::NULL,
    ];
    process
        .call("prctl", arguments)
        .map(drop)
        .map_err(at("set no_new_privs"))
}

fn filter(process: &mut Process<'_>, container: &Container) -> Result<(), Failure> {
    let Some(filter) = &container.filter else {
        return Ok(());
    };
    process
        .machine
        .world
        .install_filter(process.pid, Arc::clone(filter), filter.flags.log)
        .map_err(at("install the seccomp filter"))
}

/// The capabilities of these names, as bits.
fn wanted(names: &[&str]) -> u64 {
    names
        .iter()
        .filter_map(|name| Capability::from_name(name))
        .fold(0, |bits, capability| bits | 1 << capability.number())
}

fn all_capabilities() -> impl Iterator<Item = Capability> {
    (0..64).map_while(Capability::from_number)
}

/// Takes every other capability out of the bounding set, and has the kept ones
/// outlast a change of the user.
fn bound(process: &mut Process<'_>, kept: u64) -> Result<(), Failure> {
    let doing = at("apply the bounding set");
    for capability in all_capabilities() {
        if kept & 1 << capability.number() == 0 {
            let number = u32::from(capability.number());
            process
                .call("prctl", [PR_CAPBSET_DROP.into(), Arg::from(number)])
                .map_err(&doing)?;
        }
    }
    process
        .call("prctl", [PR_SET_KEEPCAPS.into(), Arg::from(1_i32)])
        .map(drop)
        .map_err(at("set keep caps"))
}

/// Keeps only these capabilities.
fn capabilities(process: &mut Process<'_>, kept: u64) -> Result<(), Failure> {
    let halves = kept.to_le_bytes();
    let (low, high) = halves.split_at(4);
    let mut header = CAPABILITY_VERSION.to_le_bytes().to_vec();
    header.extend([0; 4]);
    let data = [low, low, &[0; 4][..], high, high, &[0; 4][..]].concat();
    process
        .call("capset", [Arg::bytes(header), Arg::bytes(data)])
        .map(drop)
        .map_err(at("apply the capabilities"))
}

fn user(process: &mut Process<'_>, pod: &Pod, spec: &Spec) -> Result<(), Failure> {
    let image = i64::from(process.machine.node.image_user(&spec.image).uid);
    let asked = spec.security.run_as_user.or(pod.spec.security.run_as_user);
    let uid = asked.unwrap_or(image);
    let gid = spec
        .security
        .run_as_group
        .or(pod.spec.security.run_as_group);
    let gid = gid.unwrap_or(0);
    if gid != 0 {
        process
            .call("setgid", [Arg::Int(gid)])
            .map_err(at("set the group"))?;
    }
    if uid != 0 {
        process
            .call("setuid", [Arg::Int(uid)])
            .map_err(at("set the user"))?;
    }
    Ok(())
}
