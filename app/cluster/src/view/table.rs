//! Tables as kubectl prints them.

use crate::start::Start;

/// A table with a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

/// White space between columns (`printers.GetNewTabWriter`).
const PADDING: usize = 3;
/// The least width of a column but the last.
const LEAST: usize = 6;

impl Table {
    /// A table with these column headings.
    pub fn new(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(|&heading| heading.to_owned()).collect()],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The lines of the table, each ended.
    pub fn print(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let longest = self
                .rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max();
            LEAST.max(longest.unwrap_or(0) + PADDING)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < row.len() {
                    out.extend(std::iter::repeat_n(
                        ' ',
                        widths[column].saturating_sub(cell.chars().count()),
                    ));
                }
            }
            out.push('\n');
        }
        out
    }
}

/// `kubectl get pods`.
pub fn pods(starts: &[Start], age: &str) -> String {
    let stored: Vec<&Start> = starts
        .iter()
        .filter(|start| start.object.is_some())
        .collect();
    if stored.is_empty() {
        return "No resources found in default namespace.\n".to_owned();
    }
    let mut table = Table::new(&["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    for start in stored {
        let (ready, all) = start.status.ready();
        let all = all.max(regular_containers(start));
        let restarts: u32 = start
            .status
            .containers
            .iter()
            .map(|container| container.restarts)
            .sum();
        table.row(vec![
            start.pod.clone(),
            format!("{ready}/{all}"),
            start.status.display(),
            restarts.to_string(),
            age.to_owned(),
        ]);
    }
    table.print()
}

/// How many containers the pod has: a rejected pod's status lists none.
fn regular_containers(start: &Start) -> usize {
    let template = start.object.as_ref().and_then(crate::object::pod_template);
    template
        .and_then(|pod| pod.at(&["spec", "containers"]))
        .map_or(0, |containers| containers.items().len())
}
