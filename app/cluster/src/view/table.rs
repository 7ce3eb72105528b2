//! Tables as kubectl prints them.

use sorted::SortedMap;

use crate::start::Start;

/// A table with a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<String>>,
    columns: Columns,
}

/// The columns that are added to those of any kind (`printers.PrintOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// NAMESPACE, the first: `--all-namespaces`, of kinds whose objects have one.
    pub namespace: bool,
    /// LABELS, the last: `--show-labels`.
    pub labels: bool,
    /// What stands before each name, where several kinds are asked for; empty for
    /// nothing.
    pub kind: &'static str,
}

/// White space between columns (`printers.GetNewTabWriter`).
const PADDING: usize = 3;
/// The least width of a column but the last.
const LEAST: usize = 6;

impl Table {
    /// A table with these column headings.
    pub fn new(headings: &[&str]) -> Self {
        Self::with(Columns::default(), headings)
    }

    /// A table of objects with these column headings, and those that are added.
    pub fn with(columns: Columns, headings: &[&str]) -> Self {
        let mut table = Self {
            rows: Vec::new(),
            columns,
        };
        let headings = headings.iter().map(|&heading| heading.to_owned());
        table.add("NAMESPACE", "LABELS".to_owned(), headings);
        table
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Adds the row of an object that has this namespace and these labels.
    pub fn object(
        &mut self,
        namespace: &str,
        labels: &SortedMap<String, String>,
        mut cells: Vec<String>,
    ) {
        if let (Some(name), false) = (cells.first_mut(), self.columns.kind.is_empty()) {
            *name = format!("{}/{name}", self.columns.kind);
        }
        self.add(namespace, labels_text(labels), cells);
    }

    fn add(&mut self, first: &str, last: String, cells: impl IntoIterator<Item = String>) {
        let mut row = Vec::new();
        row.extend(self.columns.namespace.then(|| first.to_owned()));
        row.extend(cells);
        row.extend(self.columns.labels.then_some(last));
        self.rows.push(row);
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

/// Labels in one cell (`labels.FormatLabels`).
pub(super) fn labels_text(labels: &SortedMap<String, String>) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    if pairs.is_empty() {
        "<none>".to_owned()
    } else {
        pairs.join(",")
    }
}

/// `kubectl get pods`.
pub fn pods(starts: &[Start], columns: Columns, age: &str) -> String {
    let mut pods = starts
        .iter()
        .filter_map(|start| Some((start, start.stored_pod()?)))
        .peekable();
    if pods.peek().is_none() {
        return "No resources found in default namespace.\n".to_owned();
    }
    let mut table = Table::with(columns, &["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    for (start, pod) in pods {
        let (ready, all) = start.status.ready();
        // An init container that goes on running beside the others counts too.
        let beside = pod.spec.init_containers.iter();
        let beside = beside.filter(|container| container.restartable);
        let (ready, all) = (
            ready + start.status.restartable(),
            // A rejected pod's status lists no containers.
            all.max(pod.spec.containers.len()) + beside.count(),
        );
        let restarts: u32 = start
            .status
            .containers
            .iter()
            .map(|container| container.restarts)
            .sum();
        let cells = vec![
            start.pod.clone(),
            format!("{ready}/{all}"),
            start.shown_status(),
            restarts.to_string(),
            age.to_owned(),
        ];
        table.object(&pod.namespace, &pod.labels, cells);
    }
    table.print()
}
