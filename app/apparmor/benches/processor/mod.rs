//! Processor time, which a busy machine does not change much.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

use std::{fs, time::Duration};

/// How long something is done over and over.
const MEASURED: Duration = Duration::from_millis(500);

/// The mean processor time of one run.
pub fn time_of<T>(mut run: impl FnMut() -> T) -> Duration {
    let start = own_time();
    let mut runs = 0;
    let mut batch = 5;
    while own_time().saturating_sub(start) < MEASURED {
        for _ in 0..batch {
            std::hint::black_box(run());
        }
        runs += batch;
        batch = runs.min(100_000);
    }
    own_time().saturating_sub(start) / runs
}

/// The processor time of a single run, for runs of many milliseconds.
pub fn time_once<T>(run: impl FnOnce() -> T) -> Duration {
    let start = own_time();
    std::hint::black_box(run());
    own_time().saturating_sub(start)
}

/// The processor time of this thread (`/proc/PID/schedstat`, field 1). The kernel counts it up at
/// each tick, so only long stretches tell anything.
fn own_time() -> Duration {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = schedstat
        .split_ascii_whitespace()
        .next()
        .and_then(|field| field.parse().ok())
        .expect("a Linux that counts processor time");
    Duration::from_nanos(nanoseconds)
}
