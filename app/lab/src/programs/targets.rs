//! Where `cp`, `ln` and `mv` put each of their sources.

use crate::process::{Process, Userland};
use kernel::Errno;

/// The name that a call failed on, and the kernel's answer.
pub(super) type Failure = (String, Errno);

/// A source with the names that it may get.
pub(super) struct Target<'a> {
    /// What is copied, linked or moved.
    pub(super) source: &'a str,
    /// The last operand, as it was given.
    pub(super) place: &'a str,
    /// The name inside, when `place` is a directory.
    pub(super) inside: String,
    /// Whether `place` can only be a directory: there are several sources, or
    /// it ends in a slash.
    pub(super) into: bool,
}

/// Does something to each source, and complains about each that fails in the
/// words that `complaint` finds; returns the exit status.
pub(super) fn each(
    process: &mut Process<'_>,
    operands: &[String],
    mut act: impl FnMut(&mut Process<'_>, &Target<'_>) -> Result<(), Failure>,
    complaint: impl Fn(Userland, &Target<'_>, &Failure) -> String,
) -> u8 {
    let [sources @ .., place] = operands else {
        process.complain("missing file operand");
        return 1;
    };
    if sources.is_empty() {
        process.complain(&format!("missing destination file operand after '{place}'"));
        return 1;
    }
    let mut status = 0;
    for source in sources {
        let base = source.trim_end_matches('/').rsplit('/').next();
        let target = Target {
            source,
            place,
            inside: format!("{}/{}", place.trim_end_matches('/'), base.unwrap_or(source)),
            into: sources.len() > 1 || place == "." || place.ends_with('/'),
        };
        if let Err(failure) = act(process, &target) {
            process.complain(&complaint(process.userland, &target, &failure));
            status = 1;
        }
    }
    status
}
