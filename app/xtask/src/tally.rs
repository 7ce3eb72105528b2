//! The count of what passed and what failed, and the summary at the end.

use std::time::{Duration, Instant};

/// How many passed and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl Count {
    /// Adds what one line of a test program's output reports, if it does:
    /// a suite of `cargo test` (`test result: ok. 3 passed; 0 failed; …`), a
    /// conformance group (`name: 3 passed, 0 failed`) or Playwright's closing
    /// lines (`3 passed (2s)`, `1 failed`).
    pub fn add_reported(&mut self, line: &str) {
        let line = line.trim();
        let text = match line.strip_prefix("test result: ") {
            Some(result) => result.split_once(". ").map_or("", |(_, counts)| counts),
            None => match line.rsplit_once(": ") {
                Some((group, counts)) if !group.contains(' ') => counts,
                Some(_) => return,
                None => line,
            },
        };
        let mut found = Self::default();
        let parts = text
            .split([';', ','])
            .filter(|part| !part.starts_with(" finished in "));
        for part in parts {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                return;
            };
            match (words.next(), words.next()) {
                (Some("passed"), None) => found.passed += number,
                (Some("passed"), Some(time)) if time.starts_with('(') => found.passed += number,
                (Some("failed"), None) => found.failed += number,
                (Some("ignored" | "measured" | "filtered"), _) => {}
                _ => return,
            }
        }
        self.passed += found.passed;
        self.failed += found.failed;
    }
}

/// One check's outcome.
struct Entry {
    name: &'static str,
    count: Count,
    time: Duration,
}

/// The outcomes so far.
#[derive(Default)]
pub struct Tally {
    entries: Vec<Entry>,
    skipped: Vec<String>,
}

impl Tally {
    /// Runs one check and enters what it counted; a check that cannot be run
    /// counts as one failure.
    pub fn check(&mut self, name: &'static str, run: impl FnOnce() -> crate::Result<Count>) {
        crate::program::say(&format!("{name} ..."));
        let start = Instant::now();
        let count = run().unwrap_or_else(|problem| {
            crate::program::say(&format!("{name}: {problem}"));
            Count {
                passed: 0,
                failed: 1,
            }
        });
        let time = start.elapsed();
        let word = if count.failed == 0 {
            "passed"
        } else {
            "FAILED"
        };
        crate::program::say(&format!("{name}: {word} in {:.1} s", time.as_secs_f32()));
        self.entries.push(Entry { name, count, time });
    }

    /// Enters what was not run, and why.
    pub fn skip(&mut self, what: &str) {
        crate::program::say(&format!("skipped: {what}"));
        self.skipped.push(what.to_owned());
    }

    /// Prints the summary, its last line `N passed, N failed`; true when
    /// nothing failed.
    pub fn finish(&self) -> bool {
        println!(
            "\n{:44} {:>8} {:>8} {:>8}",
            "", "passed", "failed", "seconds"
        );
        let mut sum = Count::default();
        for Entry { name, count, time } in &self.entries {
            let Count { passed, failed } = count;
            println!(
                "{name:44} {passed:>8} {failed:>8} {:>8.1}",
                time.as_secs_f32()
            );
            sum.passed += passed;
            sum.failed += failed;
        }
        for what in &self.skipped {
            println!("skipped: {what}");
        }
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
        sum.failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Count {
        let mut count = Count::default();
        for line in lines {
            count.add_reported(line);
        }
        count
    }

    #[test]
    fn the_suites_of_cargo_test_are_added_up() {
        let count = counted(&[
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ]);
        assert_eq!(
            count,
            Count {
                passed: 4,
                failed: 2
            }
        );
    }

    #[test]
    fn the_groups_of_a_conformance_run_are_added_up() {
        let count = counted(&[
            "seccomp-bpf: 10 passed, 0 failed",
            "mounts: 1 passed, 4 failed",
        ]);
        assert_eq!(
            count,
            Count {
                passed: 11,
                failed: 4
            }
        );
    }

    #[test]
    fn the_closing_lines_of_playwright_are_added_up() {
        assert_eq!(
            counted(&["  1 failed", "  21 passed (13.4s)"]),
            Count {
                passed: 21,
                failed: 1
            }
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        let lines = [
            "running 3 tests",
            "3 files passed review",
            "error: 3 passed, 1 failed it says",
            "",
            "12",
            "ok",
        ];
        assert_eq!(counted(&lines), Count::default());
    }
}
