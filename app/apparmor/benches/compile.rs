//! How fast policies compile, beside the real parser.
//!
//! With `ARMORLAB_CORPUS` set, each profile of `apparmor/timing` is compiled and a table shows
//! the time beside that of `apparmor_parser`: run here where `AA_PARSER` names one (words
//! separated by blanks), else as recorded. Then every profile of `apparmor/profiles` is compiled
//! once, and the slowest and the largest are shown. Both times are processor time.

mod processor;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use apparmor::{FilePermissions, Level, Options, SourceSet, compile};
use criterion::Criterion;
use serde_json::Value;

/// How often the real parser runs for one row.
const RUNS_OF_THE_PARSER: u32 = 20;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    edits(&mut criterion);
    if let Some(corpus) = std::env::var_os("ARMORLAB_CORPUS").map(PathBuf::from) {
        let corpus = Corpus::read(&corpus.join("apparmor"));
        corpus.beside_the_real_parser(&mut criterion);
        corpus.every_profile();
    } else {
        println!("ARMORLAB_CORPUS is not set: no table");
    }
    criterion.final_summary();
}

/// Whether criterion only tries that everything runs.
fn is_tested() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

/// What the playground does after a keystroke: compile 2,000 rules and ask about one path.
fn edits(criterion: &mut Criterion) {
    let mut text = String::from("profile p {\n");
    for number in 0..2000 {
        let _ = match number % 4 {
            0 => writeln!(text, "  /srv/app{number}/** rw,"),
            1 => writeln!(text, "  owner /home/*/.config/app{number}/{{a,b}}.conf r,"),
            2 => writeln!(text, "  /usr/bin/tool{number} ix,"),
            _ => writeln!(text, "  deny /etc/app{number}.d/* w,"),
        };
    }
    text.push('}');
    criterion.bench_function("2,000 rules, from text to verdict", |bencher| {
        bencher.iter(|| {
            let compiled = compile(
                "p",
                black_box(&text),
                &SourceSet::new(),
                &Options::default(),
            );
            compiled.profiles[0].file(b"/srv/app1000/x", FilePermissions::WRITE, true)
        });
    });
}

/// A row of the recorded times.
struct Recorded {
    name: String,
    lines: u64,
    user_milliseconds: f64,
}

struct Corpus {
    folder: PathBuf,
    debian: SourceSet,
    overlaid: SourceSet,
    recorded: Vec<Recorded>,
    /// Profiles written for the decisions, by id.
    written: BTreeMap<String, String>,
}

impl Corpus {
    fn read(folder: &Path) -> Self {
        let timing: Value = read_json(&folder.join("timing/timing.json"));
        let recorded = timing["results"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["parser"] == "5.0.2")
            .map(|row| Recorded {
                name: row["name"].as_str().expect("a name").to_owned(),
                lines: row["lines_preprocessed"].as_u64().expect("a number"),
                user_milliseconds: row["user_ms_median"].as_f64().expect("a number"),
            })
            .collect();
        let profiles = folder.join("profiles");
        let debian = folder_of_policy(&profiles.join("debian"), "");
        let overlaid = ["abstractions", "tunables", "mappings", "namespaces"]
            .iter()
            .map(|part| folder_of_policy(&profiles.join("roddhjav").join(part), part))
            .fold(debian.clone(), |all, part| all.overlaid(&part));
        let written = read(&folder.join("decisions/open/profiles.jsonl"))
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
            .map(|row| {
                (
                    row["id"].as_str().unwrap_or_default().to_owned(),
                    row["text"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        Self {
            folder: folder.to_path_buf(),
            debian,
            overlaid,
            recorded,
            written,
        }
    }

    /// The text of a profile and what it may include.
    fn policy(&self, name: &str) -> (String, &SourceSet) {
        if let Some(text) = self.written.get(&format!("h-{name}")) {
            return (text.clone(), &self.debian);
        }
        if name == "cri-containerd" {
            // Its template is Docker's with one more peer.
            let text = self.written["h-docker-default"].replace("docker-default", name);
            let peer = "  signal (receive) peer=/usr/bin/containerd,\n  network,";
            return (text.replacen("  network,", peer, 1), &self.debian);
        }
        let sources = if name.starts_with("roddhjav/") {
            &self.overlaid
        } else {
            &self.debian
        };
        (read(&self.folder.join("profiles").join(name)), sources)
    }

    fn beside_the_real_parser(&self, criterion: &mut Criterion) {
        let options = Options::default();
        let parser = std::env::var("AA_PARSER").ok();
        let mut group = criterion.benchmark_group("compile");
        group.sample_size(20);
        let tested = is_tested();
        let mut rows = Vec::new();
        for recorded in &self.recorded {
            let (text, sources) = self.policy(&recorded.name);
            let once = || compile("policy", black_box(&text), sources, &options);
            assert!(!once().profiles.is_empty(), "{} compiles", recorded.name);
            group.bench_function(&recorded.name, |bencher| bencher.iter(once));
            if !tested {
                rows.push((recorded, processor::time_of(once).as_secs_f64() * 1e3));
            }
        }
        group.finish();
        if rows.is_empty() {
            return;
        }
        let whose = if parser.is_some() {
            "run here"
        } else {
            "recorded"
        };
        println!(
            "\n{:<34} {:>6} {:>11} {:>11} {:>7}",
            "profile",
            "lines",
            "ours",
            format!("5.0.2 {whose}"),
            "faster"
        );
        for (recorded, ours) in rows {
            let theirs = match &parser {
                Some(parser) => self.run_parser(parser, &recorded.name),
                None => recorded.user_milliseconds,
            };
            println!(
                "{:<34} {:>6} {:>8.3} ms {theirs:>8.1} ms {:>6.1}x",
                recorded.name,
                recorded.lines,
                ours,
                theirs / ours
            );
        }
    }
}

impl Corpus {
    /// The user time of `AA_PARSER` on a profile, in milliseconds.
    fn run_parser(&self, parser: &str, name: &str) -> f64 {
        let (text, sources) = self.policy(name);
        let base = std::env::temp_dir().join("armorlab-policy");
        for path in sources.paths() {
            let file = base.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a writable folder");
            fs::write(file, sources.text(path).expect("a text")).expect("a writable file");
        }
        let file = base.join("profile-to-compile");
        fs::write(&file, text).expect("a writable file");
        let mut words = parser.split(' ');
        let program = words.next().unwrap_or_default();
        let fixed: Vec<&str> = words.collect();
        let before = children_time();
        for _ in 0..RUNS_OF_THE_PARSER {
            let done = Command::new(program)
                .args(&fixed)
                .args(["-q", "-Q", "-K", "-j", "1", "-o", "/dev/null", "-b"])
                .arg(&base)
                .arg("-I")
                .arg(&base)
                .arg(&file)
                .output()
                .expect("AA_PARSER runs");
            assert!(
                done.status.success(),
                "{name}: {}",
                String::from_utf8_lossy(&done.stderr)
            );
        }
        children_time().saturating_sub(before).as_secs_f64() * 1e3 / f64::from(RUNS_OF_THE_PARSER)
    }

    /// Compiles every profile once and shows the slowest and the largest.
    fn every_profile(&self) {
        if is_tested() {
            return;
        }
        let index: Value = read_json(&self.folder.join("profiles/index.json"));
        let options = Options {
            level: Level::default(),
            overriding: None,
            ..Options::default()
        };
        let mut times = Vec::new();
        let mut sizes = Vec::new();
        for case in index.as_array().expect("rows") {
            let name = case["file"].as_str().expect("a path");
            let (text, sources) = self.policy(name);
            let before = memory("VmRSS");
            // Makes the peak count from here on (`proc_pid_clear_refs(5)`).
            let counted = fs::write("/proc/self/clear_refs", "5").is_ok();
            let start = Instant::now();
            let compiled = compile(name, &text, sources, &options);
            times.push((start.elapsed(), name));
            if counted {
                sizes.push((memory("VmHWM") - before, name));
            }
            drop(compiled);
        }
        times.sort_unstable();
        sizes.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let total: Duration = times.iter().map(|(time, _)| *time).sum();
        println!(
            "\n{} profiles in {:.2} s; the slowest:",
            times.len(),
            total.as_secs_f64()
        );
        for (time, name) in times.iter().rev().take(5) {
            println!("{:>9.2} ms  {name}", time.as_secs_f64() * 1e3);
        }
        println!("the largest, by what the process grew:");
        for (kibibytes, name) in sizes.iter().rev().take(5) {
            println!("{:>9.1} MiB {name}", kibibytes / 1024.0);
        }
    }
}

/// The user time of all children that have ended (`proc_pid_stat(5)`, field 16).
fn children_time() -> Duration {
    let stat = read(Path::new("/proc/self/stat"));
    let behind = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 = behind
        .split_ascii_whitespace()
        .nth(13)
        .and_then(|field| field.parse().ok())
        .unwrap_or_default();
    Duration::from_millis(ticks * 10)
}

/// A line of `/proc/self/status`, in KiB.
fn memory(field: &str) -> f64 {
    read(Path::new("/proc/self/status"))
        .lines()
        .find_map(|line| {
            line.strip_prefix(field)?
                .strip_prefix(':')?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .unwrap_or_default()
}

fn folder_of_policy(folder: &Path, name: &str) -> SourceSet {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder of the corpus") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = Path::new(name).join(path.strip_prefix(folder).expect("below"));
                files.push((below.display().to_string(), read(&path)));
            }
        }
    }
    files.into_iter().collect()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).expect("JSON")
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}
