//! One command for everything: `cargo xtask serve`, `cargo xtask test`, ….
//!
//! Uses only the standard library, so it compiles in seconds on a fresh
//! machine; every command first prepares what it needs (`setup`).

mod check;
mod lesson;
mod program;
mod setup;
mod site;
mod tally;

use std::{env, process::ExitCode, time::Instant};

use setup::Need;

/// What went wrong, as a sentence for the person at the terminal.
type Result<T = ()> = std::result::Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve                                  build the site, show it on this machine and rebuild on every change
  build [--release] [--public-url /P/]   build the site into dist/
  test                                   run every check and test there is
  conformance GROUP|all [DIR]            replay recorded answers against the crates
  check-lessons [SLUG...]                say what is wrong with the lessons, each with file and line
  spell                                  say which words of the prose are in no dictionary
  try-lesson SLUG [--solution] [COMMAND] show what the nodes of a lesson's lab answer
  new-lesson SLUG [TITLE]                make the folder of a new lesson, with everything that belongs into it
  screenshots [DIR]                      build the site and take its picture in all sizes and themes
  measure [engine|keystroke|load|...]    build the site and measure its speed in a browser
  setup                                  prepare everything that the other commands need";

fn main() -> ExitCode {
    let start = Instant::now();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            eprintln!(
                "xtask: stopped after {:.0} s",
                start.elapsed().as_secs_f32()
            );
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result {
    match arguments {
        ["setup"] => setup::prepare(Need::Tests),
        ["serve"] => {
            setup::prepare(Need::Site)?;
            site::serve()
        }
        ["build", options @ ..] => {
            let options = site::BuildOptions::read(options)?;
            setup::prepare(Need::Site)?;
            site::build(&options)
        }
        ["test"] => {
            setup::prepare(Need::Tests)?;
            check::all()
        }
        ["conformance", group, folder @ ..] if folder.len() < 2 => {
            check::conformance(group, folder)
        }
        ["check-lessons", slugs @ ..] => lesson::check(slugs),
        ["spell"] => lesson::spell(),
        ["try-lesson", arguments @ ..] if !arguments.is_empty() => lesson::attempt(arguments),
        ["new-lesson", arguments @ ..] if (1..=2).contains(&arguments.len()) => {
            lesson::new(arguments)
        }
        ["screenshots", folder @ ..] if folder.len() < 2 => {
            setup::prepare(Need::Tests)?;
            site::screenshots(folder.first().copied())
        }
        ["measure", parts @ ..] => {
            setup::prepare(Need::Tests)?;
            setup::lighthouse()?;
            site::measure(parts)
        }
        _ => Err(format!("no such command\n{USAGE}")),
    }
}
