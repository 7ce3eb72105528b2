//! A simulated machine on which a scenario's steps are carried out the way the
//! recorder's program did on the real ones.

use std::{collections::BTreeMap, sync::Arc};

use ::kernel::{
    Answer, Arg, Arguments, Call, Event, Fate, INIT, Pid, Settings, World, settings::Presence,
    task::State,
};
use serde_json::{Value, json};

use super::{Step, arguments, flags, operations, policy::Kernel, record::normalise};

/// What a step came to.
#[derive(Default)]
pub struct Outcome {
    /// Return value, if there is one.
    pub ret: Option<i64>,
    /// What kind of value it is, when the value itself says nothing.
    pub ok: Option<&'static str>,
    /// The errno's name.
    pub errno: Option<String>,
    /// Which part of a composite step failed.
    pub stage: Option<String>,
    /// Which call of `open_write` it was.
    pub at: Option<String>,
    /// What `recvfd` got.
    pub got: Option<String>,
    /// The signal that ended the executing task.
    pub killed: Option<String>,
    /// Exit status of the parser.
    pub exit: Option<i32>,
    /// The task was gone.
    pub gone: bool,
    /// Data that was read.
    pub data: Option<String>,
    /// `stat`'s numbers.
    pub stat: Option<String>,
    /// Normalised records.
    pub records: Vec<String>,
    /// States that changed.
    pub states: BTreeMap<String, Value>,
}

impl Outcome {
    /// In one line, for comparing.
    pub fn text(&self) -> String {
        if let Some(signal) = &self.killed {
            return format!("killed {signal}");
        }
        if let Some(exit) = self.exit {
            return format!("exit {exit}");
        }
        if self.gone {
            return "gone".to_owned();
        }
        let mut text = match (self.ok, self.ret) {
            (Some(kind), _) => kind.to_owned(),
            (None, Some(ret)) => ret.to_string(),
            (None, None) => "nothing".to_owned(),
        };
        for part in [&self.errno, &self.stage, &self.at, &self.got]
            .into_iter()
            .flatten()
        {
            text.push(' ');
            text.push_str(part);
        }
        if let Some(stat) = &self.stat {
            text.push_str(stat);
        }
        text
    }
}

/// A task of a scenario.
struct Actor {
    pid: Pid,
    saved: BTreeMap<String, i64>,
    buffers: BTreeMap<String, Vec<u8>>,
    state: Option<Value>,
}

/// The machine.
pub struct Machine {
    kernel: &'static Kernel,
    world: World,
    actors: BTreeMap<String, Actor>,
    slots: Vec<String>,
    records: Vec<String>,
}

/// Where the recorder's program is.
const PROGRAM: &str = "/bin/oprun";
/// What stands for its content.
const ELF: &[u8] = b"\x7fELF oprun";
const CWD: i64 = -100;
const O_CLOEXEC: i64 = 0o2_000_000;
const O_WRONLY: i64 = 1;
const O_CREAT_TRUNC: i64 = 0o1101;

/// The result of one call on behalf of a step.
type Result<T> = std::result::Result<T, String>;

impl Machine {
    /// The world a scenario starts in.
    pub fn new(kernel: &'static Kernel, without_apparmor: bool) -> Self {
        let apparmor = if without_apparmor {
            Presence::Off
        } else {
            Presence::On
        };
        let settings = Settings {
            apparmor,
            ..Settings::default()
        };
        let mut world = World::boot(kernel.release, settings);
        let _ = world.place_file(PROGRAM, ELF, 0o755, 0, 0);
        let root = world.fork(INIT).unwrap_or(INIT);
        let mut machine = Self {
            kernel,
            world,
            actors: BTreeMap::new(),
            slots: vec!["root".to_owned()],
            records: Vec::new(),
        };
        // Standard streams: the two ends of a pipe.
        let _ = machine.quiet_with(root, "pipe2", vec![Arg::Room(8), Arg::Int(0)]);
        let _ = machine.quiet(root, "dup", [1]);
        let _ = machine.execute(root, PROGRAM, "0");
        machine.actors.insert("root".to_owned(), Actor::new(root));
        machine
    }

    /// Carries out one step.
    pub fn step(&mut self, step: &Step) -> Outcome {
        self.records.clear();
        let mut outcome = match step.op.as_str() {
            "load" => self.load(step),
            "remove" => self.remove(step),
            "hostwrite" | "hostread" => self.host(step),
            _ => self.by_task(step),
        };
        outcome.records = std::mem::take(&mut self.records);
        outcome.states = self.changed_states();
        outcome
    }

    fn by_task(&mut self, step: &Step) -> Outcome {
        let name = step.task.as_deref().unwrap_or("root");
        let Some(actor) = self.actors.get(name) else {
            return Outcome {
                gone: true,
                ..Outcome::default()
            };
        };
        let pid = actor.pid;
        if !self.runs(pid) {
            return Outcome {
                gone: true,
                ..Outcome::default()
            };
        }
        if step.op == "spawn" {
            return self.spawn(step, name, pid);
        }
        let acting = if step.child {
            self.world.fork(pid).unwrap_or(pid)
        } else {
            pid
        };
        let mut outcome = self.operate(step, name, acting);
        if let Some(State::Killed(signal)) = self.world.task(acting).map(|task| task.state) {
            outcome = Outcome {
                killed: Some(signal_name(signal)),
                ..Outcome::default()
            };
        }
        if step.child {
            self.world.reap(acting);
        }
        outcome
    }

    fn operate(&mut self, step: &Step, name: &str, pid: Pid) -> Outcome {
        let path = text(step, "path");
        match step.op.as_str() {
            "putfile" => {
                let mode = arguments::octal(step.fields.get("mode").or(Some(&json!("0644"))));
                let data = self.bytes(step, "data", name);
                outcome(self.put(pid, &path, &data, 0o644, mode.cast_signed()))
            }
            "copyself" => {
                let mode = arguments::octal(step.fields.get("mode").or(Some(&json!("0755"))));
                outcome(self.copy_self(pid, &path, mode.cast_signed()))
            }
            "getfile" => self.get_file(pid, &path),
            "open_write" => self.open_write(step, name, pid, &path),
            "ptrace_attach" => {
                let target = self.number_of(step, "pid", name);
                let attached = self.call(pid, "ptrace", [16, target, 0, 0]);
                if attached.is_ok() {
                    // The recorder detaches and lets the task go on.
                    let _ = self.call(pid, "kill", [target, 18]);
                }
                outcome(attached)
            }
            "clone" | "clone3" => self.clone_task(step, pid),
            "capset" => {
                let mask = capabilities(step.fields.get("caps"));
                outcome(self.capset(pid, mask, 0))
            }
            "seccomp" => self.install(step, pid),
            "sendfd" => {
                let names = self.names(name);
                let socket = arguments::descriptor(step.fields.get("sock"), &names.borrow());
                let file = arguments::descriptor(step.fields.get("fd"), &names.borrow());
                let file = i32::try_from(file.register().cast_signed()).unwrap_or(-1);
                let message = Arg::Message(Arc::from(&b"x"[..]), Arc::from([file]));
                outcome(self.call_with(pid, "sendmsg", vec![socket, message, Arg::Int(0)]))
            }
            "recvfd" => self.receive_descriptor(step, name, pid),
            _ => self.plain(step, name, pid),
        }
    }

    /// A step that is a single call.
    fn plain(&mut self, step: &Step, name: &str, pid: Pid) -> Outcome {
        let Some(operation) = operations::find(&step.op) else {
            return Outcome {
                errno: Some(format!("unknown operation {}", step.op)),
                ..Outcome::default()
            };
        };
        let names = self.names(name);
        let args = arguments::build(operation.arguments, step, &names.borrow());
        let event = self.event(pid, operation.call, args);
        let mut result = match event.result {
            Err(errno) => failed(errno.name()),
            Ok(value) => match operation.answer {
                "fd" => Outcome {
                    ok: Some("fd"),
                    ret: Some(value),
                    ..Outcome::default()
                },
                "addr" => Outcome {
                    ok: Some("addr"),
                    ret: Some(value),
                    ..Outcome::default()
                },
                "pid" => Outcome {
                    ok: Some("pid"),
                    ret: Some(value),
                    ..Outcome::default()
                },
                "id" => Outcome {
                    ok: Some("id"),
                    ret: Some(value),
                    ..Outcome::default()
                },
                "cnt" => Outcome {
                    ret: Some(0),
                    ..Outcome::default()
                },
                _ => Outcome {
                    ret: Some(value),
                    ..Outcome::default()
                },
            },
        };
        match (&event.answer, operation.answer) {
            (Answer::Data(data), "str" | "data") => {
                result.data = Some(String::from_utf8_lossy(data).into_owned());
            }
            (Answer::Status(status), "stat") => {
                result.stat = Some(format!(
                    " mode={:#o} nlink={} uid={} gid={} size={}",
                    status.mode, status.links, status.uid, status.gid, status.size
                ));
            }
            (Answer::Data(data), _) => {
                if let (Some(actor), Some(Value::String(buffer))) =
                    (self.actors.get_mut(name), step.fields.get("save_buf"))
                {
                    actor.buffers.insert(buffer.clone(), data.clone());
                }
            }
            _ => {}
        }
        if let (Ok(value), "fd") = (event.result, operation.answer) {
            match &step.save {
                Some(saved) if !step.child => {
                    if let Some(actor) = self.actors.get_mut(name) {
                        actor.saved.insert(saved.clone(), value);
                    }
                }
                _ => {
                    let _ = self.quiet(pid, "close", [value]);
                }
            }
        } else if let (Ok(value), Some(saved)) = (event.result, &step.save)
            && let Some(actor) = self.actors.get_mut(name)
        {
            actor.saved.insert(saved.clone(), value);
        }
        result
    }

    fn put(&mut self, pid: Pid, path: &str, data: &[u8], create: i64, mode: i64) -> Result<i64> {
        let open = vec![
            Arg::Int(CWD),
            Arg::from(path),
            Arg::Int(O_CREAT_TRUNC | O_CLOEXEC),
            Arg::Int(create),
        ];
        let file = self.call_with(pid, "openat", open)?;
        let _ = self.call_with(
            pid,
            "write",
            vec![
                Arg::Int(file),
                Arg::bytes(data),
                Arg::from(data.len() as u64),
            ],
        );
        let _ = self.call(pid, "fchmod", [file, mode]);
        let _ = self.quiet(pid, "close", [file]);
        Ok(0)
    }

    fn copy_self(&mut self, pid: Pid, path: &str, mode: i64) -> Result<i64> {
        let open = vec![
            Arg::Int(CWD),
            Arg::from(PROGRAM),
            Arg::Int(O_CLOEXEC),
            Arg::Int(0),
        ];
        let source = self.call_with(pid, "openat", open)?;
        let result = self.put(pid, path, ELF, 0o755, mode);
        let _ = self.quiet(pid, "close", [source]);
        result
    }

    fn get_file(&mut self, pid: Pid, path: &str) -> Outcome {
        let open = vec![
            Arg::Int(CWD),
            Arg::from(path),
            Arg::Int(O_CLOEXEC),
            Arg::Int(0),
        ];
        let file = match self.call_with(pid, "openat", open) {
            Ok(file) => file,
            Err(errno) => return failed(&errno),
        };
        let event = self.event(
            pid,
            "read",
            vec![Arg::Int(file), Arg::Room(8192), Arg::Int(8191)].into(),
        );
        let _ = self.quiet(pid, "close", [file]);
        match (event.result, event.answer) {
            (Ok(count), Answer::Data(data)) => Outcome {
                ret: Some(count),
                data: Some(String::from_utf8_lossy(&data).into_owned()),
                ..Outcome::default()
            },
            (Ok(count), _) => Outcome {
                ret: Some(count),
                data: Some(String::new()),
                ..Outcome::default()
            },
            (Err(errno), _) => failed(errno.name()),
        }
    }

    fn open_write(&mut self, step: &Step, name: &str, pid: Pid, path: &str) -> Outcome {
        let flag = match step.fields.get("flags") {
            None => O_WRONLY,
            flags => arguments::flag(flags, "O").cast_signed(),
        };
        let data = self.bytes(step, "data", name);
        let (result, at) = self.write_file(pid, path, &data, flag);
        Outcome {
            at: Some(at.to_owned()),
            ..outcome(result)
        }
    }

    fn write_file(
        &mut self,
        pid: Pid,
        path: &str,
        data: &[u8],
        flag: i64,
    ) -> (Result<i64>, &'static str) {
        let open = vec![
            Arg::Int(CWD),
            Arg::from(path),
            Arg::Int(flag | O_CLOEXEC),
            Arg::Int(0o644),
        ];
        let file = match self.call_with(pid, "openat", open) {
            Ok(file) => file,
            Err(errno) => return (Err(errno), "open"),
        };
        let write = vec![
            Arg::Int(file),
            Arg::bytes(data),
            Arg::from(data.len() as u64),
        ];
        let result = self.call_with(pid, "write", write);
        let _ = self.quiet(pid, "close", [file]);
        (result, "write")
    }

    fn clone_task(&mut self, step: &Step, pid: Pid) -> Outcome {
        let flag = arguments::flag(step.fields.get("flags"), "CLONE").cast_signed();
        let before: Vec<Pid> = self.world.tasks().map(|task| task.pid).collect();
        let result = if step.op == "clone" {
            self.call(pid, "clone", [flag | 17])
        } else {
            let mut bytes = vec![0; 88];
            bytes[..8].copy_from_slice(&flag.to_le_bytes());
            bytes[32] = 17;
            self.call_with(pid, "clone3", vec![Arg::bytes(bytes), Arg::Int(88)])
        };
        let new: Vec<Pid> = self
            .world
            .tasks()
            .map(|task| task.pid)
            .filter(|pid| !before.contains(pid))
            .collect();
        for child in new {
            self.world.reap(child);
        }
        match result {
            Ok(value) => Outcome {
                ok: Some("pid"),
                ret: Some(value),
                ..Outcome::default()
            },
            Err(errno) => failed(&errno),
        }
    }

    fn install(&mut self, step: &Step, pid: Pid) -> Outcome {
        let flag = step.fields.get("flags").map_or(0, arguments::integer);
        match step.fields.get("filter").map(filter) {
            Some(Ok(filter)) => outcome(self.call_with(
                pid,
                "seccomp",
                vec![Arg::Int(1), Arg::Int(flag), Arg::Filter(filter)],
            )),
            Some(Err(error)) => Outcome {
                errno: Some(error),
                ..Outcome::default()
            },
            None => Outcome {
                errno: Some("no filter".to_owned()),
                ..Outcome::default()
            },
        }
    }

    fn receive_descriptor(&mut self, step: &Step, name: &str, pid: Pid) -> Outcome {
        let names = self.names(name);
        let socket = arguments::descriptor(step.fields.get("sock"), &names.borrow());
        let event = self.event(
            pid,
            "recvmsg",
            vec![socket, Arg::Room(64), Arg::Int(0x40)].into(),
        );
        let mut result = match event.result {
            Ok(value) => Outcome {
                ret: Some(value),
                ..Outcome::default()
            },
            Err(errno) => failed(errno.name()),
        };
        let got = match event.answer {
            Answer::Received(Some(number), _) => {
                if let (Some(actor), Some(saved)) = (self.actors.get_mut(name), &step.save) {
                    actor.saved.insert(saved.clone(), i64::from(number));
                }
                "fd"
            }
            Answer::Received(None, true) => "nofd,MSG_CTRUNC",
            _ => "nofd",
        };
        result.got = Some(got.to_owned());
        result
    }

    /// `spawn`: fork, a list of changes in the child, then exec.
    fn spawn(&mut self, step: &Step, parent: &str, pid: Pid) -> Outcome {
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

    fn catch(&mut self, pid: Pid, signal: i64) -> Result<i64> {
        if !self.runs(pid) {
            return Err("ESRCH".to_owned());
        }
        let action = Arg::bytes(1_u64.to_le_bytes());
        let args: Arguments = vec![Arg::Int(signal), action, Arg::NULL, Arg::Int(8)].into();
        let event = self.world.syscall(pid, Call::new("rt_sigaction", args));
        event.result.map_err(|errno| errno.name().to_owned())
    }

    fn prepare(
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

    fn identify(
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

    fn capset(&mut self, pid: Pid, mask: u64, inheritable: u64) -> Result<i64> {
        let mut bytes = Vec::new();
        for shift in [0, 32] {
            for set in [mask, mask, inheritable] {
                bytes.extend_from_slice(&(set >> shift & 0xffff_ffff).to_le_bytes()[..4]);
            }
        }
        let header = Arg::bytes(0x2008_0522_u64.to_le_bytes());
        self.call_with(pid, "capset", vec![header, Arg::bytes(bytes)])
    }

    fn execute(&mut self, pid: Pid, path: &str, slot: &str) -> Result<i64> {
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

    fn load(&mut self, step: &Step) -> Outcome {
        let args: Vec<&str> = match step.fields.get("args").and_then(Value::as_array) {
            Some(list) => list.iter().filter_map(Value::as_str).collect(),
            None => vec!["-r", "-K"],
        };
        let compiled = apparmor::compile(
            "PROFILE",
            &text(step, "text"),
            &self.kernel.sources(),
            &self.kernel.options(&args),
        );
        if self.world.settings().apparmor != Presence::On {
            // The parser finds no interface to write to.
            return Outcome {
                exit: Some(1),
                ..Outcome::default()
            };
        }
        if compiled
            .diagnostics
            .iter()
            .any(|found| found.severity == apparmor::diagnostic::Severity::Error)
        {
            return Outcome {
                exit: Some(1),
                ..Outcome::default()
            };
        }
        let records = self.world.load_profiles(&compiled.profiles);
        self.records.extend(records.iter().map(normalise));
        Outcome {
            exit: Some(0),
            ..Outcome::default()
        }
    }

    fn remove(&mut self, step: &Step) -> Outcome {
        let compiled = apparmor::compile(
            "PROFILE",
            &text(step, "text"),
            &self.kernel.sources(),
            &self.kernel.options(&[]),
        );
        let mut missing = false;
        let before = self.world.log().count();
        for profile in &compiled.profiles {
            if !profile.name().contains("//") {
                missing |= self.world.remove_profile(profile.name()).is_none();
            }
        }
        let records = self.world.log().skip(before).map(normalise);
        self.records.extend(records);
        Outcome {
            exit: Some(if missing { 254 } else { 0 }),
            ..Outcome::default()
        }
    }

    fn host(&mut self, step: &Step) -> Outcome {
        let path = text(step, "path");
        if step.op == "hostread" {
            let outcome = self.get_file(INIT, &path);
            return Outcome {
                ret: outcome.ret.map(|_| 0),
                ..outcome
            };
        }
        let data = text(step, "data");
        outcome(self.write_file(INIT, &path, data.as_bytes(), O_WRONLY).0)
    }

    fn call<const N: usize>(&mut self, pid: Pid, name: &str, args: [i64; N]) -> Result<i64> {
        self.call_with(pid, name, args.map(Arg::Int).to_vec())
    }

    fn call_with(&mut self, pid: Pid, name: &str, args: Vec<Arg>) -> Result<i64> {
        let event = self.event(pid, name, args.into());
        match (event.fate, event.result) {
            (Fate::Lives, Ok(value)) => Ok(value),
            (Fate::Lives, Err(errno)) => Err(errno.name().to_owned()),
            _ => Err("died".to_owned()),
        }
    }

    /// A call that the recorder makes without looking at it.
    fn quiet<const N: usize>(&mut self, pid: Pid, name: &str, args: [i64; N]) -> Result<i64> {
        let event = self.world.syscall(pid, Call::new(name, args));
        event.result.map_err(|errno| errno.name().to_owned())
    }

    fn quiet_with(&mut self, pid: Pid, name: &str, args: Vec<Arg>) -> Result<i64> {
        let args: Arguments = args.into();
        let event = self.world.syscall(pid, Call::new(name, args));
        event.result.map_err(|errno| errno.name().to_owned())
    }

    fn event(&mut self, pid: Pid, name: &str, args: Arguments) -> Event {
        let event = self.world.syscall(pid, Call::new(name, args));
        self.records.extend(event.records.iter().map(normalise));
        event
    }

    fn runs(&self, pid: Pid) -> bool {
        self.world
            .task(pid)
            .is_some_and(|task| task.state == State::Running)
    }

    fn names(&self, actor: &str) -> Lookup {
        let actor = self.actors.get(actor);
        Lookup {
            descriptors: actor.map(|actor| actor.saved.clone()).unwrap_or_default(),
            buffers: actor.map(|actor| actor.buffers.clone()).unwrap_or_default(),
            tasks: self
                .actors
                .iter()
                .filter_map(|(name, actor)| {
                    Some((name.clone(), self.world.task(actor.pid)?.local_pid))
                })
                .collect(),
        }
    }

    fn number_of(&self, step: &Step, field: &str, name: &str) -> i64 {
        let names = self.names(name);
        match step.fields.get(field) {
            Some(Value::String(task)) => names.tasks.get(task).map_or(0, |pid| i64::from(*pid)),
            Some(value) => arguments::integer(value),
            None => 0,
        }
    }

    fn bytes(&self, step: &Step, field: &str, name: &str) -> Vec<u8> {
        let names = self.names(name);
        step.fields
            .get(field)
            .map(|value| arguments::bytes(value, &names.borrow()))
            .unwrap_or_default()
    }

    /// The states that differ from what was last told.
    fn changed_states(&mut self) -> BTreeMap<String, Value> {
        let mut changed = BTreeMap::new();
        for (name, actor) in &mut self.actors {
            if name == "root" {
                continue;
            }
            let Some(state) = state(&self.world, actor.pid) else {
                continue;
            };
            if actor.state.as_ref() != Some(&state) {
                actor.state = Some(state.clone());
                changed.insert(name.clone(), state);
            }
        }
        changed
    }
}

/// Signals that the recorder's program ignores.
const CAUGHT: [i64; 6] = [10, 12, 13, 15, 1, 2];

struct Lookup {
    descriptors: BTreeMap<String, i64>,
    buffers: BTreeMap<String, Vec<u8>>,
    tasks: BTreeMap<String, u32>,
}

impl Lookup {
    fn borrow(&self) -> arguments::Names<'_> {
        arguments::Names {
            descriptors: &self.descriptors,
            buffers: &self.buffers,
            tasks: &self.tasks,
        }
    }
}

impl Actor {
    fn new(pid: Pid) -> Self {
        Self {
            pid,
            saved: BTreeMap::new(),
            buffers: BTreeMap::new(),
            state: None,
        }
    }
}

fn state(world: &World, pid: Pid) -> Option<Value> {
    let task = world.task(pid)?;
    let own = &task.credentials;
    let ids = |ids: ::kernel::credentials::Ids| {
        format!("{},{},{},{}", ids.real, ids.effective, ids.saved, ids.fs)
    };
    let label = if world.settings().apparmor == Presence::On {
        world.label_text(pid)?
    } else {
        String::new()
    };
    Some(json!({
        "label": label,
        "uid": ids(own.uid),
        "gid": ids(own.gid),
        "CapEff": format!("{:016x}", own.effective.bits()),
        "CapPrm": format!("{:016x}", own.permitted.bits()),
        "CapBnd": format!("{:016x}", own.bounding.bits()),
        "CapInh": format!("{:016x}", own.inheritable.bits()),
        "CapAmb": format!("{:016x}", own.ambient.bits()),
        "NoNewPrivs": i32::from(task.no_new_privs),
        "Seccomp": if task.filters.is_empty() { 0 } else { 2 },
    }))
}

/// A filter as the recorder built it: libseccomp alone, without runc's stub.
fn filter(object: &Value) -> Result<Arc<seccomp::Filter>> {
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

fn outcome(result: Result<i64>) -> Outcome {
    match result {
        Ok(value) => Outcome {
            ret: Some(value),
            ..Outcome::default()
        },
        Err(errno) => failed(&errno),
    }
}

fn failed(errno: &str) -> Outcome {
    // The recorder's table of names ends before this one.
    let errno = if errno == "EHWPOISON" { "133" } else { errno };
    Outcome {
        ret: Some(-1),
        errno: Some(errno.to_owned()),
        ..Outcome::default()
    }
}

fn text(step: &Step, field: &str) -> String {
    step.fields
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn truthy(step: &Step, field: &str) -> bool {
    match step.fields.get(field) {
        Some(Value::Bool(flag)) => *flag,
        Some(value) => arguments::integer(value) != 0,
        None => false,
    }
}

/// A capability mask from `all` or a list of names.
fn capabilities(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|name| ::kernel::Capability::from_name(name.as_str()?))
            .fold(0, |mask, capability| mask | 1 << capability.number()),
        Some(_) => ::kernel::CapabilitySet::FULL.bits(),
        None => 0,
    }
}

fn signal_name(signal: u32) -> String {
    flags::name("SIG", u64::from(signal)).map_or_else(|| format!("SIG{signal}"), str::to_owned)
}
