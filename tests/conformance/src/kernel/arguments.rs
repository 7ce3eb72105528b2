//! From a step's named arguments to what a task hands to the call.

use std::collections::BTreeMap;

use kernel::{Arg, Arguments};
use serde_json::Value;

use super::{Step, flags};

/// What arguments refer to besides themselves.
pub struct Names<'a> {
    /// Saved descriptors of the task.
    pub descriptors: &'a BTreeMap<String, i64>,
    /// Buffers that earlier calls filled, by name.
    pub buffers: &'a BTreeMap<String, Vec<u8>>,
    /// The ids of tasks as the calling task sees them.
    pub tasks: &'a BTreeMap<String, u32>,
}

/// The arguments of a step for an operation of this shape.
pub fn build(shape: &str, step: &Step, names: &Names) -> Arguments {
    let list: Vec<Arg> = shape
        .split_whitespace()
        .map(|part| {
            let (name, kind) = part.split_once(':').unwrap_or((part, "z"));
            argument(name, kind, step, names)
        })
        .collect();
    list.into()
}

fn argument(name: &str, kind: &str, step: &Step, names: &Names) -> Arg {
    let value = step.fields.get(name).filter(|value| !value.is_null());
    if let Some(number) = kind.strip_prefix('=') {
        return Arg::Int(number.parse().unwrap_or(0));
    }
    if flags::is_set(kind) {
        return Arg::from(flag(value, kind));
    }
    match kind {
        "z" => Arg::NULL,
        "s" | "b" => value.map_or(Arg::NULL, |value| Arg::bytes(bytes(value, names))),
        "len" => Arg::from(length(step)),
        "fd" => descriptor(value, names),
        "reg" => {
            let buffer = value
                .and_then(Value::as_str)
                .and_then(|name| names.buffers.get(name));
            buffer.map_or(Arg::NULL, Arg::bytes)
        }
        "m" => Arg::from(octal(value)),
        "mk" => Arg::from(node_mode(value)),
        "dev" => Arg::from(device(value)),
        "i" => Arg::from(value.map_or(0, integer)),
        "i128" => Arg::bytes(128_u32.to_le_bytes()),
        "pid" => process(value, names),
        "sa" => value.map_or(Arg::NULL, |value| Arg::bytes(address(value))),
        "salen" => {
            let length = step
                .fields
                .get("addr")
                .filter(|value| !value.is_null())
                .map_or(0, |value| address(value).len());
            Arg::from(length as u64)
        }
        "times" => value.map_or(Arg::NULL, |value| {
            let seconds = integer(value);
            Arg::bytes(words(&[seconds, 0, seconds, 0]))
        }),
        "how" => Arg::bytes(open_how(value)),
        "flock" => Arg::bytes(lock(value)),
        "iour" => {
            let mut bytes = vec![0; 120];
            let word = u32::try_from(flag(step.fields.get("uflags"), "")).unwrap_or(0);
            bytes[8..12].copy_from_slice(&word.to_le_bytes());
            Arg::bytes(bytes)
        }
        "mattr" => {
            let get = |name: &str| step.fields.get(name).map_or(0, integer);
            let propagation = flag(step.fields.get("propagation"), "MS").cast_signed();
            Arg::bytes(words(&[get("set"), get("clr"), propagation, 0]))
        }
        "caph" => Arg::bytes(0x2008_0522_u64.to_le_bytes()),
        "hnd" => Arg::Room(136),
        _ => kind
            .strip_prefix('o')
            .and_then(|size| size.parse().ok())
            .map_or(Arg::NULL, Arg::Room),
    }
}

/// The bytes of a string, hexadecimal or per-task path value.
pub fn bytes(value: &Value, names: &Names) -> Vec<u8> {
    match value {
        Value::String(text) => text.as_bytes().to_vec(),
        Value::Object(fields) => {
            if let Some(Value::String(hex)) = fields.get("hex") {
                return (0..hex.len() / 2)
                    .filter_map(|index| u8::from_str_radix(&hex[index * 2..index * 2 + 2], 16).ok())
                    .collect();
            }
            let task = fields
                .get("proc")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let path = fields
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let pid = names.tasks.get(task).copied().unwrap_or(0);
            format!("/proc/{pid}{path}").into_bytes()
        }
        _ => Vec::new(),
    }
}

fn length(step: &Step) -> u64 {
    for key in [
        "data", "value", "val", "name", "img", "payload", "attr", "mask",
    ] {
        if key == "name" && step.fields.contains_key("value") {
            continue;
        }
        if let Some(value) = step.fields.get(key) {
            return match value {
                Value::String(text) => text.len() as u64,
                Value::Object(fields) => fields
                    .get("hex")
                    .and_then(Value::as_str)
                    .map_or(0, |hex| hex.len() as u64 / 2),
                _ => 0,
            };
        }
    }
    0
}

/// A descriptor: `AT_FDCWD`, a number, or a saved name (-1 when unknown).
pub fn descriptor(value: Option<&Value>, names: &Names) -> Arg {
    match value {
        None => Arg::Int(-100),
        Some(Value::String(name)) if name == "AT_FDCWD" => Arg::Int(-100),
        Some(Value::String(name)) => Arg::Int(names.descriptors.get(name).copied().unwrap_or(-1)),
        Some(value) => Arg::Int(integer(value)),
    }
}

/// An id beyond those that tasks have.
const NOBODY: i64 = 0x7fff_ffff;

fn process(value: Option<&Value>, names: &Names) -> Arg {
    match value {
        // A task that could not be spawned has no id.
        Some(Value::String(name)) => names
            .tasks
            .get(name)
            .map_or(Arg::Int(NOBODY), |pid| Arg::from(*pid)),
        Some(value) => Arg::Int(integer(value)),
        None => Arg::Int(0),
    }
}

/// A number, or a string in C notation.
pub fn integer(value: &Value) -> i64 {
    match value {
        Value::String(text) => {
            flags::value(text, "").map_or_else(|| text.parse().unwrap_or(0), u64::cast_signed)
        }
        Value::Bool(flag) => i64::from(*flag),
        _ => value
            .as_i64()
            .unwrap_or_else(|| value.as_u64().map_or(0, u64::cast_signed)),
    }
}

/// Flags of one set.
pub fn flag(value: Option<&Value>, set: &str) -> u64 {
    match value {
        Some(Value::String(text)) => flags::value(text, set)
            .or_else(|| flags::value(text, ""))
            .unwrap_or(0),
        Some(value) => integer(value).cast_unsigned(),
        None => 0,
    }
}

/// Permission bits in octal.
pub fn octal(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::String(text)) => u64::from_str_radix(text, 8).unwrap_or(0),
        Some(value) => integer(value).cast_unsigned(),
        None => 0,
    }
}

fn node_mode(value: Option<&Value>) -> u64 {
    let text = value.and_then(Value::as_str).unwrap_or("0");
    text.split('|')
        .map(|part| {
            flags::value(part, "S")
                .or_else(|| u64::from_str_radix(part, 8).ok())
                .unwrap_or(0)
        })
        .fold(0, |sum, part| sum | part)
}

fn device(value: Option<&Value>) -> u64 {
    let Some((major, minor)) = value
        .and_then(Value::as_str)
        .and_then(|text| text.split_once(':'))
    else {
        return 0;
    };
    let major: u64 = major.parse().unwrap_or(0);
    let minor: u64 = minor.parse().unwrap_or(0);
    major << 8 | minor & 0xff
}

fn words(list: &[i64]) -> Vec<u8> {
    list.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn open_how(value: Option<&Value>) -> Vec<u8> {
    let get = |name: &str| value.and_then(|value| value.get(name));
    let flags = flag(get("flags"), "O").cast_signed();
    let mode = octal(get("mode")).cast_signed();
    let resolve = flag(get("resolve"), "RESOLVE").cast_signed();
    words(&[flags, mode, resolve])
}

fn lock(value: Option<&Value>) -> Vec<u8> {
    let kind: u16 = match value.and_then(Value::as_str) {
        Some("F_WRLCK") => 1,
        Some("F_UNLCK") => 2,
        _ => 0,
    };
    let mut bytes = vec![0; 40];
    bytes[..2].copy_from_slice(&kind.to_le_bytes());
    bytes
}

/// A socket address structure.
pub fn address(value: &Value) -> Vec<u8> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let port = u16::try_from(value.get("port").map_or(0, integer)).unwrap_or(0);
    match text("family") {
        Some("AF_UNIX") => {
            let mut bytes = 1_u16.to_le_bytes().to_vec();
            if let Some(name) = text("abstract") {
                bytes.push(0);
                bytes.extend_from_slice(name.as_bytes());
            } else if let Some(path) = text("path").filter(|path| !path.is_empty()) {
                bytes.extend_from_slice(path.as_bytes());
                bytes.push(0);
            }
            bytes
        }
        Some("AF_INET") => {
            let mut bytes = 2_u16.to_le_bytes().to_vec();
            bytes.extend_from_slice(&port.to_be_bytes());
            let address: std::net::Ipv4Addr = text("addr")
                .and_then(|text| text.parse().ok())
                .unwrap_or(std::net::Ipv4Addr::UNSPECIFIED);
            bytes.extend_from_slice(&address.octets());
            bytes.resize(16, 0);
            bytes
        }
        Some("AF_INET6") => {
            let mut bytes = 10_u16.to_le_bytes().to_vec();
            bytes.extend_from_slice(&port.to_be_bytes());
            bytes.resize(8, 0);
            let address: std::net::Ipv6Addr = text("addr")
                .and_then(|text| text.parse().ok())
                .unwrap_or(std::net::Ipv6Addr::UNSPECIFIED);
            bytes.extend_from_slice(&address.octets());
            bytes.resize(28, 0);
            bytes
        }
        Some("AF_NETLINK") => {
            let mut bytes = 16_u16.to_le_bytes().to_vec();
            bytes.resize(8, 0);
            let groups = u32::try_from(value.get("groups").map_or(0, integer)).unwrap_or(0);
            bytes.extend_from_slice(&groups.to_le_bytes());
            bytes
        }
        Some("AF_PACKET") => {
            let mut bytes = 17_u16.to_le_bytes().to_vec();
            bytes.extend_from_slice(&0x0300_u16.to_le_bytes());
            bytes.resize(20, 0);
            bytes
        }
        _ => vec![0; 16],
    }
}
