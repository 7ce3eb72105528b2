//! `cargo xtask test`: every check and test there is, counted in one summary.

use std::env;

use crate::{
    Result, lesson,
    program::{WORKSPACE, call, follow, program, run, workspace_program},
    setup,
    site::{self, BuildOptions},
    tally::{Count, Tally},
};

/// The browser tests look at the site where a host would have it: in a folder.
const SUB_PATH: &str = "/course/";

/// Runs every check; an error when any of them failed.
pub fn all() -> Result {
    let mut tally = Tally::default();
    tally.check("format (cargo fmt)", || {
        one(&["cargo", "fmt", "--all", "--check"])
    });
    tally.check("scripts (shellcheck)", || {
        one(&["shellcheck", ".ci/run", "app/xtask/wasm-target.sh"])
    });
    tally.check("lints (cargo clippy), benches compile", || {
        cargo(
            &["clippy", "--quiet"],
            &["--all-targets", "--", "-D", "warnings"],
        )
    });
    tally.check("lints of what runs in the browser", || {
        one(&[
            "cargo",
            "clippy",
            "--quiet",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            "engine",
            "--package",
            "site",
            "--features",
            "site/hydrate",
            "--",
            "-D",
            "warnings",
        ])
    });
    tally.check("tests of the crates (cargo test)", || {
        counted(cargo_command(&["test", "--quiet"], &["--no-fail-fast"]))
    });
    tally.check("lessons (check-lessons)", || {
        counted(lesson::check_command(&[])?)
    });
    tally.check("spelling of what people read (hunspell)", || {
        counted(lesson::spell_command()?)
    });
    let mut parser = false;
    tally.check("exported scripts (shellcheck, parser checks)", || {
        parser = lesson::exported()?;
        Ok(PASS)
    });
    if !parser {
        tally.skip("parser checks of the exported scripts: no apparmor_parser here; APPARMOR_PARSER names one");
    }
    tally.check("fuzz targets compile", || {
        one(&[
            "cargo",
            "check",
            "--quiet",
            "--locked",
            "--manifest-path",
            "app/fuzz/Cargo.toml",
            "--target-dir",
            "target",
        ])
    });
    if env::var_os("ARMORLAB_CORPUS").is_some() {
        tally.check("conformance with recorded answers", || {
            counted(conformance_command("all", &[])?)
        });
    } else {
        tally.skip(
            "conformance with recorded answers: ARMORLAB_CORPUS names no folder of recordings",
        );
    }
    tally.check("release build of the site under /course/", || {
        site::build(&BuildOptions {
            release: true,
            public_url: SUB_PATH,
        })
        .map(|()| PASS)
    });
    tally.check("byte budgets of the site", || {
        counted(call("node", &["tests/browser/budgets.mjs", "dist"]))
    });
    tally.check("browser tests (Playwright)", || {
        let mut command = program("playwright");
        command
            .args(["test", "--config", "tests/browser"])
            .env("SITE_BASE", SUB_PATH);
        if let Some(browser) = setup::browser() {
            command.env("CHROMIUM", browser);
        }
        counted(command)
    });
    if tally.finish() {
        Ok(())
    } else {
        Err("not everything passed".to_owned())
    }
}

/// `cargo xtask conformance GROUP [DIR]`.
pub fn conformance(group: &str, folder: &[&str]) -> Result {
    run("conformance", &mut conformance_command(group, folder)?)
}

const PASS: Count = Count {
    passed: 1,
    failed: 0,
};

fn conformance_command(group: &str, folder: &[&str]) -> Result<std::process::Command> {
    let mut command = workspace_program("conformance", &[group])?;
    command.args(folder);
    Ok(command)
}

fn cargo_command(before: &[&str], after: &[&str]) -> std::process::Command {
    let mut command = call("cargo", before);
    command.args(WORKSPACE).args(after);
    command
}

/// A check that passes or fails as a whole.
fn one(words: &[&str]) -> Result<Count> {
    run_whole(call(words[0], &words[1..]))
}

fn cargo(before: &[&str], after: &[&str]) -> Result<Count> {
    run_whole(cargo_command(before, after))
}

fn run_whole(mut command: std::process::Command) -> Result<Count> {
    let failed = !follow(&mut command, |_| {})?;
    Ok(Count {
        passed: u64::from(!failed),
        failed: u64::from(failed),
    })
}

/// A test program that counts its own tests. When it fails without having
/// counted a failure (it did not compile, or crashed), or succeeds without
/// having counted anything, that is one failure.
fn counted(mut command: std::process::Command) -> Result<Count> {
    let mut count = Count::default();
    let succeeded = follow(&mut command, |line| count.add_reported(line))?;
    if count.failed == 0 && (!succeeded || count.passed == 0) {
        count.failed = 1;
    }
    Ok(count)
}
