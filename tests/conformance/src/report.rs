//! What a group found: counts, and the first differences in full.

/// How many failures are printed in full before only the count goes on.
const SHOWN: usize = 40;

/// The tally of one group's run.
pub struct Report {
    group: &'static str,
    passed: usize,
    failed: usize,
}

impl Report {
    /// An empty tally for `group`.
    pub fn new(group: &'static str) -> Self {
        Self {
            group,
            passed: 0,
            failed: 0,
        }
    }

    /// Counts a case that answered as recorded.
    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// Counts `right` of `all` cases as passed, where the group prints its own
    /// differences.
    pub fn count(&mut self, right: usize, all: usize) {
        self.passed += right;
        self.failed += all - right;
    }

    /// Counts a case that did not, and prints the first ones in full.
    pub fn fail(&mut self, case: &str, difference: &str) {
        self.failed += 1;
        if self.failed <= SHOWN {
            println!("{}: {case}: {difference}", self.group);
        }
    }

    /// Prints the closing line; true when no case failed.
    pub fn finish(&self) -> bool {
        println!(
            "{}: {} passed, {} failed",
            self.group, self.passed, self.failed
        );
        self.failed == 0
    }
}
