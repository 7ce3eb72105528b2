//! Prepares what the project needs beyond Rust and Node: each step is skipped
//! when it is done already, says what it does, and says what is missing when
//! it cannot be done. Everything but the WASM target and Debian's packages goes
//! below `target/tools` and `node_modules`.

use std::{env, fs, path::PathBuf, process::Stdio, thread, time::Instant};

use crate::{
    Result,
    program::{call, find, output, program, root, run, say, tools},
};

const TRUNK: &str = "0.21.14";
const LIGHTHOUSE: &str = "13.5.0";

/// What is going to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Building and showing the site.
    Site,
    /// All of that, and the tests.
    Tests,
}

/// Brings the machine to where `need` can be met.
pub fn prepare(need: Need) -> Result {
    let start = Instant::now();
    present()?;
    // Compiling needs the processor, the other downloads need the network.
    thread::scope(|scope| {
        let compiled = scope.spawn(compiled);
        let downloaded = downloaded(need);
        let compiled = compiled
            .join()
            .unwrap_or_else(|_| Err("xtask stopped".to_owned()));
        compiled.and(downloaded)
    })?;
    say(&format!(
        "everything is prepared ({:.1} s)",
        start.elapsed().as_secs_f32()
    ));
    Ok(())
}

/// The WASM target and the programs that are compiled from source.
fn compiled() -> Result {
    run(
        "WASM target",
        &mut call("sh", &["app/xtask/wasm-target.sh"]),
    )?;
    // Trunk only copies and starts other programs: optimising it is not repaid.
    cargo_tool(
        "trunk",
        "trunk",
        TRUNK,
        &["--no-default-features", "--debug"],
    )?;
    let bindgen = locked_version("wasm-bindgen")?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &bindgen, &[])?;
    // What compiling the tools has left: a gigabyte that nothing needs again.
    let _ = fs::remove_dir_all(tools().join("build"));
    Ok(())
}

/// Everything that only has to be fetched.
fn downloaded(need: Need) -> Result {
    crates("Cargo.toml")?;
    npm_packages()?;
    if need == Need::Tests {
        crates("app/fuzz/Cargo.toml")?;
        debian_packages()?;
        parser();
    }
    Ok(())
}

/// The programs that only the person can bring.
fn present() -> Result {
    const PROGRAMS: &[(&str, &[&str], &str)] = &[
        (
            "a C compiler (it links every Rust program)",
            &["cc", "gcc", "clang"],
            "apt-get install build-essential",
        ),
        (
            "node, version 20 or later",
            &["node"],
            "apt-get install nodejs npm, or nodejs.org",
        ),
        (
            "npm",
            &["npm"],
            "apt-get install npm; it comes with node from nodejs.org",
        ),
    ];
    for (what, names, source) in PROGRAMS {
        if find(names).is_none() {
            return Err(format!("{what} is missing: {source}"));
        }
    }
    Ok(())
}

/// Installs a cargo program into `target/tools`, unless that very version is
/// there or on the search path.
fn cargo_tool(package: &str, name: &str, version: &str, features: &[&str]) -> Result {
    let has = output(name, &["--version"]).unwrap_or_default();
    if has.split_whitespace().nth(1) == Some(version) {
        say(&format!("{name} {version} is there"));
        return Ok(());
    }
    let folder = tools();
    let install = |extra: &[&str]| {
        let mut command = program("cargo");
        command
            .args([
                "install",
                "--quiet",
                package,
                "--version",
                &format!("={version}"),
                "--force",
                "--root",
            ])
            .arg(&folder)
            .args(features)
            .args(extra)
            .env("CARGO_TARGET_DIR", folder.join("build"));
        run(
            &format!("{package} {version}, compiled from source (minutes)"),
            &mut command,
        )
    };
    // A registry that lags behind may lack a version that the program's own
    // lock file names.
    install(&["--locked"]).or_else(|_| install(&[])).map_err(|problem| {
        format!("{problem}\nxtask: this needs a network that reaches the crates registry; or put {name} {version} on the search path")
    })
}

/// Fetches the crates that the lock file beside `manifest` names, so that
/// builds need no network.
fn crates(manifest: &str) -> Result {
    let fetch = ["fetch", "--locked", "--quiet", "--manifest-path", manifest];
    let here = call("cargo", &fetch)
        .arg("--offline")
        .stderr(Stdio::null())
        .status();
    if here.is_ok_and(|status| status.success()) {
        say(&format!("the crates of {manifest} are there"));
        return Ok(());
    }
    run(&format!("crates of {manifest}"), &mut call("cargo", &fetch)).map_err(|problem| {
        format!("{problem}\nxtask: this needs a network that reaches the crates registry, and a lock file that is up to date")
    })
}

/// Installs the packages that package-lock.json names.
fn npm_packages() -> Result {
    let lock = fs::read(root().join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = root().join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        say("the npm packages are there");
        return Ok(());
    }
    run(
        "npm packages",
        &mut call("npm", &["ci", "--loglevel=error"]),
    )
    .map_err(|problem| {
        format!("{problem}\nxtask: this needs a network that reaches the npm registry")
    })?;
    fs::write(stamp, lock).map_err(|error| format!("node_modules: {error}"))
}

/// Installs Lighthouse below `target/tools`: only measuring needs it, and it
/// brings as many packages as all the rest.
pub fn lighthouse() -> Result {
    let folder = tools().join("lighthouse");
    if folder.join("node_modules/lighthouse").exists() {
        say("lighthouse is there");
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let package = format!("lighthouse@{LIGHTHOUSE}");
    let prefix = folder.to_string_lossy().into_owned();
    run(
        &package,
        &mut call(
            "npm",
            &[
                "install",
                "--loglevel=error",
                "--no-save",
                "--prefix",
                &prefix,
                &package,
            ],
        ),
    )
}

/// The browser for the tests: `CHROMIUM`, or the system's.
pub fn browser() -> Option<PathBuf> {
    env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| find(&["chromium", "chromium-browser", "google-chrome"]))
}

/// Whether hunspell finds the dictionary by which prose is checked: it lists
/// those that it finds, and ends.
fn has_dictionary() -> bool {
    call("hunspell", &["-D"])
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stderr).contains("/en_GB"))
}

/// Installs what the tests use of Debian.
fn debian_packages() -> Result {
    let mut missing = Vec::new();
    if browser().is_none() {
        missing.push("chromium");
    }
    if find(&["shellcheck"]).is_none() {
        missing.push("shellcheck");
    }
    if find(&["hunspell"]).is_none() {
        missing.push("hunspell");
    }
    if !has_dictionary() {
        missing.push("hunspell-en-gb");
    }
    if missing.is_empty() {
        say("chromium, shellcheck and hunspell with its dictionary are there");
        return Ok(());
    }
    let packages = missing.join(" ");
    let advice = format!(
        "the tests need {packages}: as root, apt-get install {packages} (or set CHROMIUM to a browser)"
    );
    if find(&["apt-get"]).is_none() || output("id", &["-u"]).as_deref() != Some("0") {
        return Err(advice);
    }
    let install = || {
        let mut command = call(
            "apt-get",
            &["install", "-qq", "-y", "--no-install-recommends"],
        );
        command
            .args(&missing)
            .env("DEBIAN_FRONTEND", "noninteractive");
        run(&format!("Debian packages: {packages}"), &mut command)
    };
    install()
        .or_else(|_| {
            run(
                "Debian's package lists",
                &mut call("apt-get", &["update", "-qq"]),
            )?;
            install()
        })
        .map_err(|problem| format!("{problem}\nxtask: {advice}"))
}

/// The real parser of profiles with its options, for the parser's part of exported scripts:
/// `APPARMOR_PARSER`, the system's, or Debian's below `target/tools`.
pub fn apparmor_parser() -> Option<String> {
    if let Ok(named) = env::var("APPARMOR_PARSER") {
        return Some(named);
    }
    if find(&["apparmor_parser"]).is_some() {
        return Some("apparmor_parser".to_owned());
    }
    let folder = tools().join("apparmor");
    let program = ["usr/sbin/apparmor_parser", "sbin/apparmor_parser"]
        .map(|path| folder.join(path))
        .into_iter()
        .find(|path| path.exists())?;
    Some(format!(
        "{} --base {} --config-file /dev/null",
        program.display(),
        folder.join("etc/apparmor.d").display()
    ))
}

/// Unpacks Debian's parser below `target/tools`, where there is none: installing it would add to
/// what the machine does when it boots. Without it those checks are skipped, and say so.
fn parser() {
    if apparmor_parser().is_some() {
        say("apparmor_parser is there");
        return;
    }
    let folder = tools().join("apparmor");
    let unpack = || -> Result {
        fs::create_dir_all(&folder).map_err(|problem| problem.to_string())?;
        let mut fetch = call("apt-get", &["download", "-qq", "apparmor"]);
        run("Debian's apparmor_parser", fetch.current_dir(&folder))?;
        let mut archives = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|problem| problem.to_string())? {
            let path = entry.map_err(|problem| problem.to_string())?.path();
            if path.extension().is_some_and(|extension| extension == "deb") {
                archives.push(path);
            }
        }
        let archive = archives.first().ok_or("nothing was fetched")?;
        let mut extract = call("dpkg", &["--extract"]);
        run("unpack it", extract.arg(archive).arg(&folder))
    };
    if let Err(problem) = unpack() {
        say(&format!("no apparmor_parser: {problem}"));
    }
}

/// The version that Cargo.lock has for a package.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock does not have {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\n"))?;
    let version = after.lines().next()?.strip_prefix("version = ")?;
    Some(version.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version_of_a_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "absent"), None);
    }
}
