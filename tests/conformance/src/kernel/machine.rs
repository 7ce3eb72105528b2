//! A simulated machine on which a scenario's steps are carried out the way the
//! recorder's program did on the real ones.

mod composite;
mod outcome;
mod spawn;

use std::{collections::BTreeMap, sync::Arc};

use ::kernel::{
    Answer, Arg, Arguments, Call, Event, Fate, INIT, Pid, Settings, World, settings::Presence,
    task::State,
};
use serde_json::{Value, json};

use super::{Step, arguments, flags, operations, policy::Kernel, record::normalise};
pub use outcome::Outcome;
use outcome::{failed, outcome};

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
