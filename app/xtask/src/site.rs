//! Building the site, showing it, taking its picture and its time.

use std::{fs, path::Path};

use crate::{
    Result,
    program::{call, program, root, run, say},
    setup,
};

/// Where the site is served while it is worked on, as in Trunk.toml.
const ADDRESS: &str = "http://127.0.0.1:8080/";

/// How a site is built.
#[derive(Debug, PartialEq, Eq)]
pub struct BuildOptions<'a> {
    /// Optimised and with its offline copy, for a host; else quick to build.
    pub release: bool,
    /// The folder on the host, with slashes at both ends.
    pub public_url: &'a str,
}

impl<'a> BuildOptions<'a> {
    /// Reads the options of `cargo xtask build`.
    pub fn read(arguments: &[&'a str]) -> Result<Self> {
        let mut options = Self {
            release: false,
            public_url: "/",
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--release" => options.release = true,
                "--public-url" => {
                    options.public_url = rest
                        .next()
                        .ok_or("--public-url needs a folder such as /course/")?;
                }
                other => return Err(format!("build has no option {other:?}")),
            }
        }
        if !(options.public_url.starts_with('/') && options.public_url.ends_with('/')) {
            return Err(format!(
                "--public-url {:?}: a folder begins and ends with a slash, as in /course/",
                options.public_url
            ));
        }
        Ok(options)
    }
}

/// Builds the site into `dist`.
pub fn build(options: &BuildOptions) -> Result {
    let mut trunk = call("trunk", &["build", "--public-url", options.public_url]);
    if options.release {
        trunk.arg("--release");
    }
    run("site", &mut trunk)?;
    let dist = root().join("dist");
    let (files, bytes) = weigh(&dist).map_err(|error| format!("dist: {error}"))?;
    say(&format!(
        "dist/ holds the site for {}: {files} files, {} KB",
        options.public_url,
        bytes / 1024
    ));
    Ok(())
}

/// Builds the site, serves it to this machine only and builds it again
/// whenever a file changes, until it is interrupted.
pub fn serve() -> Result {
    say(&format!(
        "the site will be at {ADDRESS} when it is built; Ctrl+C ends it"
    ));
    let status = call("trunk", &["serve"])
        .status()
        .map_err(|error| format!("trunk: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!(
            "trunk serve ended ({status}); if the address is in use, end the other program first"
        ))
    }
}

/// Takes a picture of every page in every size and theme.
pub fn screenshots(folder: Option<&str>) -> Result {
    let options = BuildOptions {
        release: true,
        public_url: "/",
    };
    build(&options)?;
    let folder = folder.unwrap_or("target/screenshots");
    let mut command = program("node");
    command.args(["tests/browser/screenshots.mjs", folder]);
    if let Some(browser) = setup::browser() {
        command.env("CHROMIUM", browser);
    }
    run(&format!("screenshots into {folder}"), &mut command)
}

/// Measures the site's speed in a browser; `parts` of it, or all.
pub fn measure(parts: &[&str]) -> Result {
    build(&BuildOptions {
        release: true,
        public_url: "/",
    })?;
    let mut command = program("node");
    command.arg("tests/browser/measure.mjs").args(parts);
    if let Some(browser) = setup::browser() {
        command.env("CHROMIUM", browser);
    }
    run("measurements", &mut command)
}

/// The number of files below `folder`, and their bytes.
fn weigh(folder: &Path) -> std::io::Result<(u64, u64)> {
    let mut sum = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (files, bytes) = if entry.file_type()?.is_dir() {
            weigh(&entry.path())?
        } else {
            (1, entry.metadata()?.len())
        };
        sum = (sum.0 + files, sum.1 + bytes);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_for_a_folder_of_a_host_is_asked_for_by_two_options() {
        let read = BuildOptions::read(&["--release", "--public-url", "/course/"]);
        assert_eq!(
            read,
            Ok(BuildOptions {
                release: true,
                public_url: "/course/"
            })
        );
    }

    #[test]
    fn a_folder_without_its_slashes_is_refused() {
        assert!(BuildOptions::read(&["--public-url", "course"]).is_err());
        assert!(BuildOptions::read(&["--public-url"]).is_err());
    }
}
