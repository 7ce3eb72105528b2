//! What ARCHITECTURE.md promises about the crates, held against the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

type Edges = BTreeMap<String, BTreeSet<String>>;

/// The crates that compute: no I/O, no clock, no randomness, nothing global.
const LIBRARIES: &[&str] = &["sorted", "apparmor", "seccomp", "kernel", "cluster", "lab"];

/// What such a crate has no use for.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "static mut",
    "thread_local!",
    "println!(",
    "dbg!(",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The edges that the table under "Code map" allows: crate name → crate names.
fn allowed() -> Result<Edges, Box<dyn Error>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    let mut edges = Edges::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, folder, _, _, uses, _] = cells[..] else {
            continue;
        };
        let Some(folder) = folder
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'))
        else {
            continue;
        };
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let uses = uses
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        edges.insert(name.to_owned(), uses.map(str::to_owned).collect());
    }
    Ok(edges)
}

/// The edges that Cargo sees between the crates of the workspace, of any kind.
fn actual() -> Result<Edges, Box<dyn Error>> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--locked",
            "--offline",
        ])
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut edges = Edges::new();
    for package in metadata["packages"].as_array().ok_or("no packages")? {
        let uses = package["dependencies"]
            .as_array()
            .ok_or("no dependencies")?;
        let inside = uses
            .iter()
            .filter(|dependency| dependency["path"].is_string());
        edges.insert(
            package["name"].as_str().ok_or("no name")?.to_owned(),
            inside
                .filter_map(|dependency| Some(dependency["name"].as_str()?.to_owned()))
                .collect(),
        );
    }
    Ok(edges)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

#[test]
fn every_crate_uses_only_what_the_picture_shows() -> Result<(), Box<dyn Error>> {
    let allowed = allowed()?;
    for (name, uses) in actual()? {
        let picture = allowed
            .get(&name)
            .ok_or_else(|| format!("ARCHITECTURE.md has no row for {name}"))?;
        let extra: Vec<_> = uses.difference(picture).collect();
        assert!(
            extra.is_empty(),
            "{name} uses {extra:?}, which ARCHITECTURE.md does not show"
        );
    }
    Ok(())
}

#[test]
fn the_picture_shows_only_crates_that_exist() -> Result<(), Box<dyn Error>> {
    let actual = actual()?;
    for (name, uses) in allowed()? {
        assert!(actual.contains_key(&name), "there is no crate {name}");
        for used in uses {
            assert!(
                actual.contains_key(&used),
                "{name}: there is no crate {used}"
            );
        }
    }
    Ok(())
}

#[test]
fn the_libraries_forbid_unsafe_code() -> Result<(), Box<dyn Error>> {
    for name in LIBRARIES {
        let source = fs::read_to_string(root().join(format!("app/{name}/src/lib.rs")))?;
        assert!(
            source.contains("#![forbid(unsafe_code)]"),
            "{name} does not forbid unsafe code"
        );
    }
    Ok(())
}

#[test]
fn the_libraries_reach_for_nothing_outside() -> Result<(), Box<dyn Error>> {
    for name in LIBRARIES {
        let mut files = Vec::new();
        sources(&root().join(format!("app/{name}/src")), &mut files)?;
        for file in files {
            let text = fs::read_to_string(&file)?;
            // The tests of a module stand at its end.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for outside in OUTSIDE {
                    assert!(
                        !code.contains(outside),
                        "{}:{}: {outside}",
                        file.display(),
                        number + 1
                    );
                }
            }
        }
    }
    Ok(())
}
