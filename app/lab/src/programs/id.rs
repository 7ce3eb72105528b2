//! `id`, `whoami`, `hostname` and `capsh --print`: who one is.

use super::{
    Place, Program, ls,
    options::{Given, flag},
};
use crate::process::Process;

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "id",
        options: &[flag('u', "user"), flag('g', "group"), flag('n', "name")],
        run: id,
        place: Place::Everywhere,
    },
    Program {
        name: "whoami",
        options: &[],
        run: |process, _| {
            let (uid, _) = ids(process);
            process.print(&ls::owner(uid));
            0
        },
        place: Place::Everywhere,
    },
    Program {
        name: "hostname",
        options: &[],
        run: |process, _| {
            let host = process.machine.host.clone();
            process.print(&host);
            0
        },
        place: Place::Everywhere,
    },
];

fn ids(process: &Process<'_>) -> (u32, u32) {
    process
        .machine
        .world
        .task(process.pid)
        .map_or((0, 0), |task| {
            (
                task.credentials.uid.effective,
                task.credentials.gid.effective,
            )
        })
}

fn id(process: &mut Process<'_>, given: &Given) -> u8 {
    let (uid, gid) = ids(process);
    let shown = |id: u32| {
        if given.has("n") {
            ls::owner(id)
        } else {
            id.to_string()
        }
    };
    let line = if given.has("u") {
        shown(uid)
    } else if given.has("g") {
        shown(gid)
    } else {
        format!(
            "uid={uid}({}) gid={gid}({}) groups={gid}({})",
            ls::owner(uid),
            ls::owner(gid),
            ls::owner(gid)
        )
    };
    process.print(&line);
    0
}
