//! `spawn`: fork, a list of changes in the child, then exec, as the recorder's
//! program does them.

use std::sync::Arc;

use ::kernel::{Arg, Arguments, Call, Pid, task::State};
use serde_json::Value;

use super::super::{Step, arguments};
use super::{
    Actor, Machine, O_WRONLY, Outcome, PROGRAM, Result, capabilities, outcome::failed, signal_name,
    text, truthy,
};

impl Machine {
    /// `spawn`: fork, a list of changes in the child, then exec.
    pub(super) fn spawn(&mut self, step: &Step, parent: &str, pid: Pid) -> Outcome {
        let task = text(step, "task");
        if !self.slots.contains(&task) {
            self.slots.push(task.clone());
        }
        if let Some(old) = self.actors.remove(&task) {
            self.world.reap(old.pid);
        }
        let mut unshared = arguments::flag(step.fields.get("flags"), "CLONE").cast_signed();
        const NEWPID: i64 = 0x2000_0000;
        if unshared & NEWPID != 0 {
            if let Err(errno) = self.call(pid, "unshare", [NEWPID]) {
                return Outcome {
                    stage: Some("spawn".to_owned()),
                    ..failed(&errno)
                };
            }
            unshared &= !NEWPID;
        }
        let Ok(child) = self.world.fork(pid) else {
            return failed("EAGAIN");
        };
        let slot = self
            .slots
            .iter()
            .position(|name| *name == task)
            .unwrap_or(0)
            .to_string();
        let result = self.prepare(step, parent, child, unshared).and_then(|()| {
            if truthy(step, "noexec") {
                return Ok(());
            }
            let run = match step.fields.get("xfd").and_then(Value::as_str) {
                Some(name) => {
                    let saved = self
                        .actors
                        .get(parent)
                        .and_then(|actor| actor.saved.get(name));
                    let file = saved.copied().unwrap_or(-1);
                    let argv = Arg::Strings(Arc::from([Arc::from(&b"oprun"[..])]));
                    self.call_with(
                        child,
                        "execveat",
                        vec![
                            Arg::Int(file),
                            Arg::from(""),
                            argv,
                            Arg::NULL,
                            Arg::Int(0x1000),
                        ],
                    )
                }
                None => {
                    let path = step
                        .fields
                        .get("path")
                        .and_then(Value::as_str)
                        .unwrap_or(PROGRAM)
                        .to_owned();
                    self.execute(child, &path, &slot)
                }
            };
            run.map(|_| ()).map_err(|errno| ("execve", errno))
        });
        if let Some(State::Killed(signal)) = self.world.task(child).map(|task| task.state) {
            self.world.reap(child);
            return Outcome {
                killed: Some(signal_name(signal)),
                ..Outcome::default()
            };
        }
        if let Err((stage, errno)) = result {
            self.world.reap(child);
            return Outcome {
                stage: Some(stage.to_owned()),
                ..failed(&errno)
            };
        }
        let mut actor = Actor::new(child);
        if truthy(step, "noexec")
            && let Some(parent) = self.actors.get(parent)
        {
            actor.saved = parent.saved.clone();
        }
        for signal in CAUGHT.into_iter().chain(34..=64) {
            let _ = self.catch(child, signal);
        }
        self.actors.insert(task, actor);
        Outcome {
            ret: Some(0),
            ..Outcome::default()
        }
    }

    pub(super) fn catch(&mut self, pid: Pid, signal: i64) -> Result<i64> {
        if !self.runs(pid) {
            return Err("ESRCH".to_owned());
        }
        let action = Arg::bytes(1_u64.to_le_bytes());
        let args: Arguments = vec![Arg::Int(signal), action, Arg::NULL, Arg::Int(8)].into();
        let event = self.world.syscall(pid, Call::new("rt_sigaction", args));
        event.result.map_err(|errno| errno.name().to_owned())
    }

    pub(super) fn prepare(
        &mut self,
        step: &Step,
        parent: &str,
        child: Pid,
        unshared: i64,
    ) -> std::result::Result<(), (&'static str, String)> {
        let has = |name: &str| step.fields.contains_key(name);
        if unshared != 0 {
            self.call(child, "unshare", [unshared])
                .map_err(|errno| ("unshare", errno))?;
        }
        if has("chroot") {
            let path = text(step, "chroot");
            self.call_with(child, "chroot", vec![Arg::from(path.as_str())])
                .map_err(|errno| ("chroot", errno))?;
            self.call_with(child, "chdir", vec![Arg::from("/")])
                .map_err(|errno| ("chdir", errno))?;
        }
        if has("cwd") {
            let path = text(step, "cwd");
            self.call_with(child, "chdir", vec![Arg::from(path.as_str())])
                .map_err(|errno| ("chdir", errno))?;
        }
        if has("cur") {
            let data = self.bytes(step, "cur", parent);
            self.write_file(child, "/proc/thread-self/attr/current", &data, O_WRONLY)
                .0
                .map_err(|errno| ("attr_current", errno))?;
        }
        let on_exec = match (
            step.fields.get("onexec"),
            step.fields.get("profile"),
            step.fields.get("stack"),
        ) {
            (_, _, Some(stack)) => Some(format!("stack {}", stack.as_str().unwrap_or_default())),
            (_, Some(profile), _) => Some(format!("exec {}", profile.as_str().unwrap_or_default())),
            (Some(raw), ..) => Some(raw.as_str().unwrap_or_default().to_owned()),
            _ => None,
        };
        if let Some(text) = on_exec {
            self.write_file(
                child,
                "/proc/thread-self/attr/exec",
                text.as_bytes(),
                O_WRONLY,
            )
            .0
            .map_err(|errno| ("attr_exec", errno))?;
        }
        let mask = has("caps").then(|| capabilities(step.fields.get("caps")));
        if let Some(mask) = mask {
            for number in 0..=40 {
                if mask >> number & 1 == 0 {
                    self.call(child, "prctl", [24, number, 0, 0, 0])
                        .map_err(|errno| ("capbset", errno))?;
                }
            }
        }
        let no_new_privs = truthy(step, "nnp");
        let filter = match step.fields.get("seccomp") {
            Some(object) => Some(filter(object).map_err(|error| ("seccomp", error))?),
            None => None,
        };
        let flag = step
            .fields
            .get("seccomp_flags")
            .map_or(0, arguments::integer);
        let install = |machine: &mut Self| match &filter {
            Some(filter) => machine
                .call_with(
                    child,
                    "seccomp",
                    vec![Arg::Int(1), Arg::Int(flag), Arg::Filter(Arc::clone(filter))],
                )
                .map(|_| ())
                .map_err(|errno| ("seccomp", errno)),
            None => Ok(()),
        };
        if !no_new_privs {
            install(self)?;
        }
        self.identify(step, child, mask)?;
        if no_new_privs {
            self.call(child, "prctl", [38, 1, 0, 0, 0])
                .map_err(|errno| ("nnp", errno))?;
            install(self)?;
        }
        Ok(())
    }

    pub(super) fn identify(
        &mut self,
        step: &Step,
        child: Pid,
        mask: Option<u64>,
    ) -> std::result::Result<(), (&'static str, String)> {
        let number = |name: &str| step.fields.get(name).map(arguments::integer);
        let _ = self.call(child, "prctl", [8, 1, 0, 0, 0]);
        if let Some(groups) = step.fields.get("groups").and_then(Value::as_str) {
            let list: Vec<u32> = groups
                .split(',')
                .filter_map(|gid| gid.parse().ok())
                .collect();
            let bytes: Vec<u8> = list.iter().flat_map(|gid| gid.to_le_bytes()).collect();
            self.call_with(
                child,
                "setgroups",
                vec![Arg::from(list.len() as u64), Arg::bytes(bytes)],
            )
            .map_err(|errno| ("setgroups", errno))?;
        }
        if let Some(gid) = number("gid") {
            self.call(child, "setresgid", [gid, gid, gid])
                .map_err(|errno| ("setgid", errno))?;
        }
        if let Some(uid) = number("uid") {
            self.call(child, "setresuid", [uid, uid, uid])
                .map_err(|errno| ("setuid", errno))?;
        }
        if let Some(bits) = number("securebits") {
            self.call(child, "prctl", [28, bits, 0, 0, 0])
                .map_err(|errno| ("securebits", errno))?;
        }
        if let Some(mask) = mask {
            let ambient = truthy(step, "amb");
            self.capset(child, mask, if ambient { mask } else { 0 })
                .map_err(|errno| ("capset", errno))?;
            if ambient {
                for number in (0..41).filter(|number| mask >> number & 1 != 0) {
                    let _ = self.call(child, "prctl", [47, 2, number, 0, 0]);
                }
            }
        }
        let _ = self.call(child, "prctl", [8, 0, 0, 0, 0]);
        Ok(())
    }

    pub(super) fn capset(&mut self, pid: Pid, mask: u64, inheritable: u64) -> Result<i64> {
        let mut bytes = Vec::new();
        for shift in [0, 32] {
            for set in [mask, mask, inheritable] {
                bytes.extend_from_slice(&(set >> shift & 0xffff_ffff).to_le_bytes()[..4]);
            }
        }
        let header = Arg::bytes(0x2008_0522_u64.to_le_bytes());
        self.call_with(pid, "capset", vec![header, Arg::bytes(bytes)])
    }

    pub(super) fn execute(&mut self, pid: Pid, path: &str, slot: &str) -> Result<i64> {
        let argv: Vec<Arc<[u8]>> = ["oprun", "task", slot]
            .iter()
            .map(|word| Arc::from(word.as_bytes()))
            .collect();
        let argv = Arg::Strings(Arc::from(argv));
        self.call_with(
            pid,
            "execve",
            vec![Arg::from(path), argv, Arg::Strings(Arc::from([]))],
        )
    }
}

/// Signals that the recorder's program ignores.
const CAUGHT: [i64; 6] = [10, 12, 13, 15, 1, 2];

/// A filter as the recorder built it: libseccomp alone, without runc's stub.
pub(super) fn filter(object: &Value) -> Result<Arc<seccomp::Filter>> {
    let context = seccomp::ReadContext::new(seccomp::Arch::X86_64);
    let text = object.to_string();
    let reading = seccomp::read(text.as_bytes(), seccomp::Format::Oci, &context)
        .map_err(|error| format!("{error:?}"))?;
    let seccomp::Reading::Profile(profile) = reading else {
        return Err("the profile says nothing".to_owned());
    };
    let options = seccomp::BuildOptions {
        stub: false,
        ..seccomp::BuildOptions::new(seccomp::Arch::X86_64)
    };
    seccomp::build(&profile, options)
        .map(Arc::new)
        .map_err(|error| format!("{error:?}"))
}
