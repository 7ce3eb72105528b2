//! `getent`: entries of the name service's databases.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "getent",
    options: Options::Anywhere(&[]),
    run,
    place: Place::Node,
}];

/// The databases that are files here, with the column of the number.
const DATABASES: [(&str, &str, usize); 2] =
    [("passwd", "/etc/passwd", 2), ("group", "/etc/group", 2)];

const TRY: &str = "Try `getent --help' or `getent --usage' for more information.\n";

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some((database, keys)) = given.operands.split_first() else {
        process.complain("wrong number of arguments");
        let _ = process.write(2, TRY.as_bytes());
        return 1;
    };
    if database == "hosts" {
        return hosts(process, keys);
    }
    let Some((_, path, number)) = DATABASES.iter().find(|(name, ..)| name == database) else {
        let said = format!("Unknown database: {database}\n{TRY}");
        let _ = process.write(2, said.as_bytes());
        process
            .machine
            .console
            .notice("databases that are simulated: passwd, group, hosts");
        return 1;
    };
    let Ok(bytes) = process.read_file(path) else {
        return 2;
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if keys.is_empty() {
        let _ = process.write(1, text.as_bytes());
        return 0;
    }
    let mut status = 0;
    for key in keys {
        let found = text.lines().find(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            fields.first() == Some(&key.as_str()) || fields.get(*number) == Some(&key.as_str())
        });
        match found {
            Some(line) => process.print(line),
            None => status = 2,
        }
    }
    status
}

/// The node's own names; there is no network to ask for others.
fn hosts(process: &mut Process<'_>, keys: &[String]) -> u8 {
    let host = process.machine.host.clone();
    let known = [("127.0.0.1", "localhost"), ("127.0.1.1", host.as_str())];
    let mut status = 0;
    let wanted = |key: &str| {
        known
            .iter()
            .find(|(address, name)| key == *name || key == *address)
    };
    if keys.is_empty() {
        for (address, name) in known {
            process.print(&format!("{address:<15} {name}"));
        }
    }
    for key in keys {
        match wanted(key) {
            Some((address, name)) => process.print(&format!("{address:<15} {name}")),
            None => status = 2,
        }
    }
    status
}
