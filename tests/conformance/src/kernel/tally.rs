//! Counts by group and kernel, and the first differences of each.

use std::{collections::BTreeMap, env};

use super::{Step, compare::Differences};
use crate::report::Report;

/// How many differences of each group and kernel are shown.
const SHOWN: usize = 3;

/// Right and all of one kind.
#[derive(Clone, Copy, Default)]
struct Count {
    right: usize,
    all: usize,
}

/// What one group came to on one kernel.
#[derive(Default)]
struct Row {
    outcomes: Count,
    records: Count,
    states: Count,
    data: Count,
    excepted: usize,
    differences: Vec<String>,
}

/// All rows.
#[derive(Default)]
pub struct Tally {
    rows: BTreeMap<(String, &'static str), Row>,
}

impl Tally {
    /// Counts one step.
    pub fn add(
        &mut self,
        kernel: &'static str,
        group: &str,
        place: &str,
        step: &Step,
        differences: &Differences,
        excepted: Option<&str>,
    ) {
        let row = self.rows.entry((group.to_owned(), kernel)).or_default();
        if excepted.is_some() {
            row.excepted += 1;
            return;
        }
        row.outcomes.all += 1;
        row.outcomes.right += usize::from(differences.outcome.is_none());
        if let Some(right) = differences.data {
            row.data.all += 1;
            row.data.right += usize::from(right);
        }
        row.records.all += differences.records_all;
        row.records.right += differences.records_right;
        row.states.all += differences.states_all;
        row.states.right += differences.states_right;
        for line in &differences.lines {
            row.differences
                .push(format!("{place} {}: {line}", fields(step)));
        }
    }

    /// Prints the table and the first differences, and counts into `report`.
    pub fn print(&self, report: &mut Report) {
        let shown = env::var("KERNEL_SHOW")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(SHOWN);
        for ((group, kernel), row) in &self.rows {
            for line in row.differences.iter().take(shown) {
                println!("{group} {kernel}: {line}");
            }
        }
        println!(
            "{:18} {:5} {:>14} {:>14} {:>12} {:>10}",
            "group", "", "outcomes", "records", "states", "data"
        );
        let mut totals: BTreeMap<&str, Row> = BTreeMap::new();
        for ((group, kernel), row) in &self.rows {
            print_row(group, kernel, row);
            let total = totals.entry(kernel).or_default();
            for (sum, part) in [
                (&mut total.outcomes, row.outcomes),
                (&mut total.records, row.records),
                (&mut total.states, row.states),
                (&mut total.data, row.data),
            ] {
                sum.right += part.right;
                sum.all += part.all;
            }
            total.excepted += row.excepted;
            report.count(row.outcomes.right, row.outcomes.all);
            report.count(row.records.right, row.records.all);
            report.count(row.states.right, row.states.all);
        }
        for (kernel, row) in &totals {
            print_row("all", kernel, row);
        }
    }
}

fn print_row(group: &str, kernel: &str, row: &Row) {
    println!(
        "{group:18} {kernel:5} {} {} {} {} {}",
        cell(row.outcomes, 14),
        cell(row.records, 14),
        cell(row.states, 12),
        cell(row.data, 10),
        if row.excepted == 0 {
            String::new()
        } else {
            format!("({} excepted)", row.excepted)
        }
    );
}

fn cell(count: Count, width: usize) -> String {
    if count.all == 0 {
        return format!("{:>width$}", "-");
    }
    let missing = count.all - count.right;
    let hundredths = count.right * 10_000 / count.all;
    let text = format!("{}.{:02}% -{missing}", hundredths / 100, hundredths % 100);
    format!("{text:>width$}")
}

fn fields(step: &Step) -> String {
    let task = step.task.as_deref().unwrap_or("-");
    let parts: Vec<String> = step
        .fields
        .iter()
        .filter(|(name, _)| *name != "check" && *name != "text")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("as {task} {}", parts.join(" "))
}
