//! Which worlds mean the same, and which do not.

#![expect(
    clippy::mutable_key_type,
    reason = "what a profile's automaton keeps changes no answer and is not hashed"
)]

use std::collections::HashSet;

use kernel::{Arg, Call, Errno, INIT, K612, Pid, Settings, World};

fn world() -> (World, Pid) {
    let mut world = World::boot(&K612, Settings::default());
    for directory in ["/a", "/b", "/mnt"] {
        world
            .place_directory(directory, 0o755, 0, 0)
            .expect("a fresh world takes a directory");
    }
    world
        .place_file("/a/f", b"text", 0o644, 0, 0)
        .expect("a fresh world takes a file");
    let pid = world.fork(INIT).expect("the first process can fork");
    (world, pid)
}

fn call(world: &mut World, pid: Pid, name: &str, args: Vec<Arg>) -> Result<i64, Errno> {
    world.syscall(pid, Call::new(name, args)).result
}

fn done(world: &mut World, pid: Pid, name: &str, args: Vec<Arg>) -> i64 {
    call(world, pid, name, args).unwrap_or_else(|errno| panic!("{name} failed: {errno}"))
}

fn text(text: &str) -> Arg {
    Arg::from(text)
}

fn make(world: &mut World, pid: Pid, path: &str) {
    let args = vec![text(path), Arg::Int(0o101), Arg::Int(0o644)];
    let file = done(world, pid, "open", args);
    done(world, pid, "close", vec![Arg::Int(file)]);
}

/// Runs both on the same world, and says whether they come to the same.
fn same(first: impl Fn(&mut World, Pid), second: impl Fn(&mut World, Pid)) -> bool {
    let (start, pid) = world();
    let (mut one, mut two) = (start.clone(), start);
    first(&mut one, pid);
    second(&mut two, pid);
    for world in [&one, &two] {
        assert_eq!(world.broken_invariant(), None);
    }
    let both = HashSet::from([one.clone(), two.clone()]);
    assert_eq!(
        both.len() == 1,
        one == two,
        "equal worlds have equal hashes"
    );
    one == two
}

#[test]
fn the_order_of_independent_calls_does_not_count() {
    assert!(same(
        |world, pid| {
            make(world, pid, "/a/x");
            make(world, pid, "/b/y");
            done(world, pid, "mkdir", vec![text("/b/d"), Arg::Int(0o700)]);
        },
        |world, pid| {
            done(world, pid, "mkdir", vec![text("/b/d"), Arg::Int(0o700)]);
            make(world, pid, "/b/y");
            make(world, pid, "/a/x");
        },
    ));
}

#[test]
fn a_renamed_tree_is_the_tree_made_in_its_place() {
    assert!(same(
        |world, pid| {
            done(world, pid, "mkdir", vec![text("/a/d"), Arg::Int(0o755)]);
            make(world, pid, "/a/d/x");
            done(world, pid, "rename", vec![text("/a/d"), text("/b/e")]);
        },
        |world, pid| {
            done(world, pid, "mkdir", vec![text("/b/e"), Arg::Int(0o755)]);
            make(world, pid, "/b/e/x");
        },
    ));
}

#[test]
fn what_was_undone_does_not_count() {
    assert!(same(
        |world, pid| {
            make(world, pid, "/a/x");
            done(world, pid, "unlink", vec![text("/a/x")]);
            done(world, pid, "chmod", vec![text("/a/f"), Arg::Int(0o600)]);
            done(world, pid, "chmod", vec![text("/a/f"), Arg::Int(0o644)]);
            let tmpfs = [text("none"), text("/mnt"), text("tmpfs")];
            done(
                world,
                pid,
                "mount",
                [&tmpfs[..], &[Arg::Int(0), Arg::NULL]].concat(),
            );
            done(world, pid, "umount2", vec![text("/mnt"), Arg::Int(0)]);
        },
        |_, _| {},
    ));
}

#[test]
fn looking_does_not_count() {
    assert!(same(
        |world, pid| {
            for path in ["/proc/self/status", "/proc/1/fd", "/a/f", "/a/missing"] {
                let _ = call(world, pid, "stat", vec![text(path), Arg::Room(144)]);
            }
            let args = vec![text("/proc/self/maps"), Arg::Int(0), Arg::Int(0)];
            let file = done(world, pid, "open", args);
            done(world, pid, "close", vec![Arg::Int(file)]);
        },
        |_, _| {},
    ));
}

#[test]
fn a_hard_link_is_not_a_copy() {
    let copy = |world: &mut World, pid: Pid| {
        make(world, pid, "/b/g");
        let args = vec![text("/b/g"), Arg::Int(1), Arg::Int(0)];
        let file = done(world, pid, "open", args);
        done(
            world,
            pid,
            "write",
            vec![Arg::Int(file), text("text"), Arg::Int(4)],
        );
        done(world, pid, "close", vec![Arg::Int(file)]);
    };
    assert!(!same(
        |world, pid| {
            done(world, pid, "link", vec![text("/a/f"), text("/b/g")]);
        },
        copy,
    ));
}

#[test]
fn two_links_are_told_apart_by_what_they_share() {
    let twins = |world: &mut World, pid: Pid, pairs: [(&str, &str); 2]| {
        make(world, pid, "/a/1");
        make(world, pid, "/a/2");
        for (old, new) in pairs {
            done(world, pid, "link", vec![text(old), text(new)]);
        }
    };
    assert!(!same(
        |world, pid| twins(world, pid, [("/a/1", "/b/1"), ("/a/2", "/b/2")]),
        |world, pid| twins(world, pid, [("/a/1", "/b/2"), ("/a/2", "/b/1")]),
    ));
}

type Change = dyn Fn(&mut World, Pid);

#[test]
fn every_kind_of_change_counts() {
    let changes: &[&Change] = &[
        &|_, _| {},
        &|world, pid| make(world, pid, "/a/x"),
        &|world, pid| make(world, pid, "/b/x"),
        &|world, pid| {
            done(world, pid, "mkdir", vec![text("/a/x"), Arg::Int(0o755)]);
        },
        &|world, pid| {
            done(world, pid, "chmod", vec![text("/a/f"), Arg::Int(0o600)]);
        },
        &|world, pid| {
            done(world, pid, "chmod", vec![text("/"), Arg::Int(0o700)]);
        },
        &|world, pid| {
            let args = vec![text("/a/f"), Arg::Int(1), Arg::Int(1)];
            done(world, pid, "chown", args);
        },
        &|world, pid| {
            done(world, pid, "truncate", vec![text("/a/f"), Arg::Int(2)]);
        },
        &|world, pid| {
            let args = vec![
                text("/a/f"),
                text("user.x"),
                text("1"),
                Arg::Int(1),
                Arg::Int(0),
            ];
            done(world, pid, "setxattr", args);
        },
        &|world, pid| {
            done(world, pid, "unlink", vec![text("/a/f")]);
        },
        &|world, pid| {
            done(world, pid, "symlink", vec![text("f"), text("/a/l")]);
        },
        &|world, pid| {
            done(world, pid, "symlink", vec![text("g"), text("/a/l")]);
        },
        &|world, pid| {
            done(world, pid, "chdir", vec![text("/a")]);
        },
        &|world, pid| {
            done(
                world,
                pid,
                "open",
                vec![text("/a/f"), Arg::Int(0), Arg::Int(0)],
            );
        },
        &|world, pid| {
            done(
                world,
                pid,
                "open",
                vec![text("/a/f"), Arg::Int(2), Arg::Int(0)],
            );
        },
        &|world, pid| {
            done(
                world,
                pid,
                "open",
                vec![text("/a/f"), Arg::Int(2), Arg::Int(0)],
            );
            done(world, pid, "unlink", vec![text("/a/f")]);
        },
        &|world, pid| {
            done(world, pid, "pipe2", vec![Arg::Room(8), Arg::Int(0)]);
        },
        &|world, pid| {
            done(
                world,
                pid,
                "socket",
                vec![Arg::Int(1), Arg::Int(1), Arg::Int(0)],
            );
        },
        &|world, pid| {
            done(world, pid, "setuid", vec![Arg::Int(7)]);
        },
        &|world, pid| {
            done(world, pid, "umask", vec![Arg::Int(0o77)]);
        },
        &|world, pid| {
            let args = vec![
                Arg::Int(38),
                Arg::Int(1),
                Arg::Int(0),
                Arg::Int(0),
                Arg::Int(0),
            ];
            done(world, pid, "prctl", args);
        },
        &|world, pid| {
            let args = [
                text("none"),
                text("/mnt"),
                text("tmpfs"),
                Arg::Int(0),
                Arg::NULL,
            ];
            done(world, pid, "mount", args.to_vec());
        },
        &|world, pid| {
            let args = [
                text("/a"),
                text("/mnt"),
                Arg::NULL,
                Arg::Int(4096),
                Arg::NULL,
            ];
            done(world, pid, "mount", args.to_vec());
        },
        &|world, pid| {
            done(world, pid, "unshare", vec![Arg::Int(0x20000)]);
        },
        &|world, pid| {
            done(world, pid, "unshare", vec![Arg::Int(0x0400_0000)]);
        },
        &|world, pid| {
            done(world, pid, "fork", vec![]);
        },
        &|world, pid| {
            let _ = call(world, pid, "exit", vec![Arg::Int(1)]);
        },
        &|world, _| {
            world.settings_mut().protected_hardlinks = false;
        },
        &|world, _| load(world, "profile p { /a/** r, }"),
        &|world, _| load(world, "profile p { /b/** r, }"),
        &|world, _| load(world, "profile q { /a/** r, }"),
    ];
    let (start, pid) = world();
    let mut known = HashSet::new();
    for (number, change) in changes.iter().enumerate() {
        let mut changed = start.clone();
        change(&mut changed, pid);
        assert!(known.insert(changed), "change {number} goes unnoticed");
    }
}

fn load(world: &mut World, text: &str) {
    let compiled = apparmor::compile(
        "p",
        text,
        &apparmor::SourceSet::new(),
        &apparmor::Options::default(),
    );
    world.load_profiles(&compiled.profiles);
}

#[test]
fn a_profile_compiled_again_is_the_same() {
    assert!(same(
        |world, _| load(world, "profile p { /a/** r, }"),
        |world, _| {
            load(world, "profile p { /b/** r, }");
            load(world, "profile p { /a/** r, }");
        },
    ));
    assert!(same(
        |world, _| {
            load(world, "profile p { /a/** r, }");
            world.remove_profile("p").expect("it is loaded");
        },
        |_, _| {},
    ));
}

#[test]
fn two_worlds_booted_apart_are_the_same() {
    assert_eq!(world().0, world().0);
}
