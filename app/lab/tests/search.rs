//! Ways past the guards that a search finds without being told of them.

use kernel::{Arg, Call, INIT, K61, K612, Pid, Settings, World};
use lab::{
    message::Goal,
    search::{Progress, Search},
};

/// A node with `/data/secret` and a process on it under a profile that allows
/// every file and then has `rules`.
struct Scene {
    world: World,
    attacker: Pid,
}

impl Scene {
    fn new(rules: &str) -> Self {
        Self::on(&K612, rules)
    }

    fn on(release: &'static kernel::Release, rules: &str) -> Self {
        let mut world = World::boot(release, Settings::default());
        for (path, mode) in [
            ("/data/secret", 0o644),
            ("/bin/tool", 0o755),
            ("/etc/note", 0o644),
        ] {
            world
                .place_file(path, &[b"\x7fELF", path.as_bytes()].concat(), mode, 0, 0)
                .expect("a fresh world takes a file");
        }
        let text = format!(
            "abi <abi/4.0>,\nprofile guard flags=(attach_disconnected) {{\n  file,\n  {rules}\n}}"
        );
        let options = apparmor::Options::default();
        let compiled = apparmor::compile("guard", &text, &apparmor::standard::standard(), &options);
        assert!(compiled.profiles.len() == 1, "{:?}", compiled.diagnostics);
        world.load_profiles(&compiled.profiles);
        let attacker = world.fork(INIT).expect("the first process can fork");
        Self { world, attacker }
    }

    fn call(&mut self, pid: Pid, call: Call) -> i64 {
        let event = self.world.syscall(pid, call);
        event
            .result
            .unwrap_or_else(|errno| panic!("{}: {errno:?}", event.call))
    }

    /// The attacker enters the profile.
    fn confine(&mut self) -> &mut Self {
        let attacker = self.attacker;
        let file = self.call(
            attacker,
            Call::new(
                "openat",
                [Arg::Int(-100), "/proc/self/attr/current".into(), 1.into()],
            ),
        );
        let words = "changeprofile guard";
        self.call(
            attacker,
            Call::new("write", [Arg::Int(file), words.into(), 19.into()]),
        );
        self.call(attacker, Call::new("close", [file]));
        self
    }

    /// The attacker gives up root's powers and name.
    fn become_nobody(&mut self) -> &mut Self {
        self.call(self.attacker, Call::new("setuid", [65534]));
        self
    }

    fn filter(&mut self, denied: &[&str]) -> &mut Self {
        let names: Vec<String> = denied.iter().map(|name| format!("\"{name}\"")).collect();
        let json = format!(
            "{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{{\"names\": [{}], \"action\": \"SCMP_ACT_ERRNO\"}}]}}",
            names.join(", ")
        );
        let context = seccomp::ReadContext::new(seccomp::Arch::X86_64);
        let Ok(seccomp::Reading::Profile(profile)) =
            seccomp::read(json.as_bytes(), seccomp::Format::Oci, &context)
        else {
            panic!("the filter reads");
        };
        let filter = seccomp::build(&profile, seccomp::BuildOptions::new(seccomp::Arch::X86_64))
            .expect("the filter builds");
        self.world
            .install_filter(self.attacker, filter.into(), false)
            .expect("the attacker runs");
        self
    }

    /// Searches to the end: the attack as strace writes it, or none.
    fn search(&self, goal: &Goal, depth: u8) -> Option<Vec<String>> {
        let mut search =
            Search::new(&self.world, self.attacker, goal, depth).expect("the goal makes sense");
        while search.advance(1000) == &Progress::Running {}
        match search.progress().clone() {
            Progress::Found(attack) => {
                let mut world = self.world.clone();
                let script = search.script(&attack);
                let lines = script.into_iter().map(|call| {
                    let event = world.syscall(self.attacker, call);
                    assert!(event.result.is_ok(), "{} replays", event.call);
                    event.call.to_string()
                });
                Some(lines.collect())
            }
            Progress::None => None,
            other => panic!("{other:?}"),
        }
    }
}

fn secret_changes() -> Goal {
    Goal::BytesChange {
        path: "/data/secret".to_owned(),
    }
}

fn file_appears() -> Goal {
    Goal::FileAppears {
        directory: "/data".to_owned(),
    }
}

const CLOSED: &str = "deny /data/** wl, deny /data/ wl,";

#[test]
fn nothing_gets_past_a_profile_that_closes_the_directory_and_its_name() {
    let mut scene = Scene::new(CLOSED);
    scene.confine();
    assert_eq!(scene.search(&secret_changes(), 4), None);
    assert_eq!(scene.search(&file_appears(), 3), None);
}

#[test]
fn a_filter_that_forbids_mkdir_is_passed_by_openat() {
    let mut scene = Scene::new("");
    scene.filter(&["mkdir"]);
    let attack = scene.search(&file_appears(), 2).expect("there is a way");
    assert_eq!(
        attack,
        ["openat(AT_FDCWD, \"/data/x\", O_WRONLY|O_CREAT, 0777)"]
    );
}

#[test]
fn a_filter_that_forbids_every_open_but_one_is_passed_by_that_one() {
    let mut scene = Scene::new("");
    scene.filter(&["open", "openat", "creat", "truncate"]);
    let attack = scene.search(&secret_changes(), 2).expect("there is a way");
    assert!(attack[0].starts_with("openat2("), "{attack:?}");
}

#[test]
fn a_hard_link_made_beforehand_leads_to_the_secret() {
    let mut scene = Scene::new(CLOSED);
    scene.call(INIT, Call::new("mkdir", [Arg::from("/srv"), 0o755.into()]));
    scene.call(
        INIT,
        Call::new("link", [Arg::from("/data/secret"), "/srv/old".into()]),
    );
    scene.confine();
    let attack = scene.search(&secret_changes(), 3).expect("there is a way");
    assert!(
        attack.len() == 1 && attack[0].contains("/srv/old"),
        "{attack:?}"
    );
}

#[test]
fn a_bind_mount_gives_the_secret_another_name_to_who_may_mount() {
    let mut scene = Scene::new(&format!("{CLOSED} capability sys_admin, mount,"));
    scene.confine();
    let attack = scene.search(&secret_changes(), 3).expect("there is a way");
    assert!(attack[0].starts_with("mount("), "{attack:?}");
    assert_eq!(attack.len(), 2, "{attack:?}");
    let mut scene = Scene::new(&format!("{CLOSED} capability sys_admin,"));
    scene.confine();
    assert_eq!(
        scene.search(&secret_changes(), 3),
        None,
        "without the mount rule"
    );
}

#[test]
fn the_new_mount_calls_pass_by_the_mount_rules_of_an_old_kernel() {
    let rules = format!("{CLOSED} capability,");
    let mut scene = Scene::on(&K61, &rules);
    scene.confine();
    let attack = scene.search(&secret_changes(), 4).expect("there is a way");
    assert!(attack[0].starts_with("open_tree("), "{attack:?}");
}

#[test]
fn renaming_the_directory_takes_the_secret_out_of_the_rule() {
    let mut scene = Scene::new("deny /data/** wl,");
    scene.confine();
    let attack = scene.search(&secret_changes(), 3).expect("there is a way");
    assert!(attack[0].starts_with("rename"), "{attack:?}");
    assert_eq!(attack.len(), 2, "{attack:?}");
}

#[test]
fn a_descriptor_inherited_from_before_the_confinement_still_writes() {
    let mut scene = Scene::new(CLOSED);
    let attacker = scene.attacker;
    scene.call(
        attacker,
        Call::new("openat", [Arg::Int(-100), "/data/secret".into(), 1.into()]),
    );
    scene.confine();
    let attack = scene.search(&secret_changes(), 3).expect("there is a way");
    assert_eq!(attack, ["write(0, \"bypassed\", 8)"]);
}

#[test]
fn the_root_of_another_process_leads_to_the_secret_under_another_name() {
    let mut scene = Scene::new(&format!("{CLOSED} ptrace, capability sys_ptrace,"));
    let other = scene.world.fork(INIT).expect("the first process can fork");
    scene.call(INIT, Call::new("mkdir", [Arg::from("/srv"), 0o755.into()]));
    scene.call(other, Call::new("unshare", [kernel::abi::CLONE_NEWNS]));
    let bind = [
        Arg::from("/data"),
        "/srv".into(),
        Arg::NULL,
        kernel::abi::MS_BIND.into(),
        Arg::NULL,
    ];
    scene.call(other, Call::new("mount", bind));
    scene.confine();
    let attack = scene.search(&secret_changes(), 3).expect("there is a way");
    let by = format!("/proc/{}/root/srv/secret", other.0);
    assert!(attack.len() == 1 && attack[0].contains(&by), "{attack:?}");
}

#[test]
fn a_program_that_must_not_run_by_its_name_runs_by_another() {
    let goal = Goal::Executed {
        path: "/bin/tool".to_owned(),
    };
    let mut scene = Scene::new("deny /bin/tool x,");
    scene.confine();
    let attack = scene.search(&goal, 3).expect("there is a way");
    assert_eq!(attack.len(), 2, "{attack:?}");
    let mut scene = Scene::new("deny /** x,");
    scene.confine();
    assert_eq!(scene.search(&goal, 3), None);
}

#[test]
fn a_process_leaves_its_profile_when_a_rule_lets_it() {
    let mut scene = Scene::new(CLOSED);
    scene.confine();
    assert_eq!(scene.search(&Goal::Unconfined, 4), None);
    let mut scene = Scene::new("change_profile -> unconfined,");
    scene.confine();
    let attack = scene.search(&Goal::Unconfined, 4).expect("there is a way");
    assert_eq!(attack.len(), 2, "{attack:?}");
    let mut scene = Scene::new("/bin/tool ux,");
    scene.confine();
    let attack = scene.search(&Goal::Unconfined, 4).expect("there is a way");
    assert!(
        attack.len() == 1 && attack[0].starts_with("execve(\"/bin/tool\""),
        "{attack:?}"
    );
}

#[test]
fn who_is_not_confined_has_reached_that_goal_without_a_call() {
    let scene = Scene::new("");
    assert_eq!(scene.search(&Goal::Unconfined, 1), Some(Vec::new()));
}

#[test]
fn a_user_without_rights_finds_no_way_where_there_is_no_profile() {
    let mut scene = Scene::new("");
    scene.become_nobody();
    assert_eq!(scene.search(&secret_changes(), 3), None);
}

#[test]
fn leaving_out_last_calls_that_cannot_end_an_attack_changes_no_result() {
    for rules in [
        CLOSED,
        "deny /data/** wl,",
        "deny /data/** w, deny /data/ w,",
    ] {
        for goal in [secret_changes(), file_appears(), Goal::Unconfined] {
            let mut scene = Scene::new(rules);
            scene.confine();
            let run = |mut search: Search| {
                while search.advance(500) == &Progress::Running {}
                match search.progress() {
                    Progress::Found(attack) => Some(attack.len()),
                    Progress::None => None,
                    other => panic!("{other:?}"),
                }
            };
            let begin = || {
                Search::new(&scene.world, scene.attacker, &goal, 2).expect("the goal makes sense")
            };
            assert_eq!(
                run(begin()),
                run(begin().without_pruning()),
                "{rules} {goal:?}"
            );
        }
    }
}

#[test]
fn the_slices_in_which_a_search_is_driven_change_nothing() {
    let mut scene = Scene::new(CLOSED);
    scene.confine();
    let run = |slice: u64| {
        let mut search = Search::new(&scene.world, scene.attacker, &secret_changes(), 3)
            .expect("the goal makes sense");
        while search.advance(slice) == &Progress::Running {}
        (search.calls(), search.states())
    };
    assert_eq!(run(1), run(u64::MAX));
}

#[test]
fn a_search_that_runs_out_of_states_says_up_to_which_length_it_came() {
    let mut scene = Scene::new(CLOSED);
    scene.confine();
    let mut search = Search::new(&scene.world, scene.attacker, &secret_changes(), 6)
        .expect("the goal makes sense")
        .with_limit(20);
    while search.advance(1000) == &Progress::Running {}
    let Progress::Full(length) = search.progress() else {
        panic!("{:?}", search.progress());
    };
    assert!((1..6).contains(length), "{length}");
    assert!(search.memory() <= 20 * lab::search::STATE_BYTES);
}
