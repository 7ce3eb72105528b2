//! Steps of several calls, and those of the node's administrator: files,
//! descriptors over sockets, clones, policy.

use ::kernel::{Answer, Arg, INIT, Pid, settings::Presence};
use serde_json::Value;

use super::super::{Step, arguments, record::normalise};
use super::{
    CWD, ELF, Machine, O_CLOEXEC, O_CREAT_TRUNC, O_WRONLY, Outcome, PROGRAM, Result,
    outcome::{failed, outcome},
    spawn::filter,
    text,
};

impl Machine {
    pub(super) fn put(
        &mut self,
        pid: Pid,
        path: &str,
        data: &[u8],
        create: i64,
        mode: i64,
    ) -> Result<i64> {
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

    pub(super) fn copy_self(&mut self, pid: Pid, path: &str, mode: i64) -> Result<i64> {
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

    pub(super) fn get_file(&mut self, pid: Pid, path: &str) -> Outcome {
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

    pub(super) fn open_write(&mut self, step: &Step, name: &str, pid: Pid, path: &str) -> Outcome {
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

    pub(super) fn write_file(
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

    pub(super) fn clone_task(&mut self, step: &Step, pid: Pid) -> Outcome {
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

    pub(super) fn install(&mut self, step: &Step, pid: Pid) -> Outcome {
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

    pub(super) fn receive_descriptor(&mut self, step: &Step, name: &str, pid: Pid) -> Outcome {
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

    pub(super) fn load(&mut self, step: &Step) -> Outcome {
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

    pub(super) fn remove(&mut self, step: &Step) -> Outcome {
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

    pub(super) fn host(&mut self, step: &Step) -> Outcome {
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
}
