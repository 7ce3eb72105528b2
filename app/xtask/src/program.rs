//! Other programs: how they are found, run, timed and read.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use crate::Result;

/// Everything, so that one build of each dependency serves them all. The
/// site's pages are compiled as the pre-renderer needs them.
pub const WORKSPACE: &[&str] = &["--locked", "--workspace", "--features", "site/ssr"];

/// The project's own folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where the project keeps the tools that it installs for itself.
pub fn tools() -> PathBuf {
    root().join("target/tools")
}

/// A program started in the project's folder, which finds the project's own
/// tools first.
pub fn program(name: &str) -> Command {
    let mut folders = vec![tools().join("bin"), root().join("node_modules/.bin")];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(name);
    command.current_dir(root());
    if let Ok(path) = env::join_paths(folders) {
        command.env("PATH", path);
    }
    // Trunk refuses NO_COLOR=1, as some CI systems set it.
    command.env_remove("NO_COLOR");
    command
}

/// A program with its arguments.
pub fn call(name: &str, arguments: &[&str]) -> Command {
    let mut command = program(name);
    command.args(arguments);
    command
}

/// A program of the workspace itself. A test is built along with it: only then
/// has it the features that the tests have, else cargo compiles every crate
/// below once more.
pub fn workspace_program(name: &str, arguments: &[&str]) -> Result<Command> {
    let targets = ["build", "--quiet", "--bin", name, "--test", "architecture"];
    let mut build = call("cargo", &targets);
    build.args(WORKSPACE);
    let built = build
        .status()
        .map_err(|error| not_started(&build, &error))?;
    if !built.success() {
        return Err(format!("{name} does not compile"));
    }
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut command = program(
        &root()
            .join(target)
            .join("debug")
            .join(name)
            .to_string_lossy(),
    );
    command.args(arguments);
    Ok(command)
}

/// Runs a command to its end; `doing` tells the person what it is for.
pub fn run(doing: &str, command: &mut Command) -> Result {
    say(&format!("{doing} ..."));
    let start = Instant::now();
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    let seconds = start.elapsed().as_secs_f32();
    if status.success() {
        say(&format!("{doing}: done in {seconds:.1} s"));
        Ok(())
    } else {
        Err(format!(
            "{doing}: {} failed after {seconds:.1} s ({status})",
            name(command)
        ))
    }
}

/// Runs a command to its end, shows what it prints and gives it line by line
/// to `line`, the ordinary and the error output alike; true when it succeeded.
pub fn follow(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let (reader, writer) = io::pipe().map_err(|error| error.to_string())?;
    let second = writer.try_clone().map_err(|error| error.to_string())?;
    command.stdin(Stdio::null()).stdout(writer).stderr(second);
    let mut child = command
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    // The reader sees the end only when no writing end is left open here.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    for text in BufReader::new(reader).split(b'\n') {
        let text = text.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        line(&text);
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok(status.success())
}

/// What a command prints, if it can be run and succeeds.
pub fn output(name: &str, arguments: &[&str]) -> Option<String> {
    let output = call(name, arguments).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of `names` that is on the search path.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// One line of progress.
pub fn say(text: &str) {
    println!("xtask: {text}");
    // Before the output of a program that writes to the same terminal.
    let _ = io::stdout().flush();
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn not_started(command: &Command, error: &io::Error) -> String {
    let name = name(command);
    if error.kind() == io::ErrorKind::NotFound {
        format!("{name} is not on the search path: install it and try again")
    } else {
        format!("{name} could not be started: {error}")
    }
}
