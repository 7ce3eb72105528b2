//! Versions of components, and tables that say what changed with which.

use std::fmt;

/// A released version, such as Kubernetes 1.30.14 or containerd 1.7.27.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number: what Kubernetes calls the minor release.
    pub minor: u16,
    /// The third number, 0 for a release line as a whole.
    pub patch: u16,
}

impl Version {
    /// The first release of a line: `Version::new(1, 30)` is 1.30.0.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self {
            major,
            minor,
            patch: 0,
        }
    }

    /// One release of a line.
    pub const fn with_patch(major: u16, minor: u16, patch: u16) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Reads `1.30`, `v1.30` or `v1.30.14`; nothing for any other form.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts = text.split('.');
        let mut number = || parts.next()?.parse::<u16>().ok();
        let (major, minor) = (number()?, number()?);
        let patch = match parts.next() {
            Some(patch) => patch.parse().ok()?,
            None => 0,
        };
        parts.next().is_none().then_some(Self {
            major,
            minor,
            patch,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 {
            write!(f, ".{}", self.patch)?;
        }
        Ok(())
    }
}

/// A row of a version table: what holds from one release on, until the next row.
#[derive(Clone, Copy, Debug)]
pub struct Era<T> {
    /// The first release for which the row holds.
    pub from: Version,
    /// What holds.
    pub rule: T,
    /// Where it was read.
    pub source: &'static str,
}

/// The row that holds for `version`: the last whose `from` is not later.
///
/// A version older than the whole table gets the first row.
pub fn era<T>(table: &'static [Era<T>], version: Version) -> &'static Era<T> {
    table
        .iter()
        .rev()
        .find(|row| row.from <= version)
        .unwrap_or(&table[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Era<&str>] = &[
        Era {
            from: Version::new(1, 4),
            rule: "old",
            source: "",
        },
        Era {
            from: Version::new(1, 30),
            rule: "new",
            source: "",
        },
    ];

    #[test]
    fn a_version_reads_as_it_prints() {
        for text in ["1.4", "1.30", "1.24.14"] {
            assert_eq!(
                Version::parse(text).map(|v| v.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in ["", "1", "1.x", "1.2.3.4", "latest"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_row_that_has_begun_holds() {
        assert_eq!(era(TABLE, Version::new(1, 3)).rule, "old");
        assert_eq!(era(TABLE, Version::with_patch(1, 29, 14)).rule, "old");
        assert_eq!(era(TABLE, Version::new(1, 30)).rule, "new");
        assert_eq!(era(TABLE, Version::with_patch(1, 36, 3)).rule, "new");
    }
}
