//! The form that every lesson has: its sections, a refutation for each wrong
//! answer, cases for its claims, variants, and two review cards.

use crate::{cards, misconception::Misconceptions};
use lab::{
    document::{Document, LabError, Places, PredictionOption},
    lint,
};

/// The sections of a lesson, in their order.
pub const SECTIONS: [&str; 9] = [
    "Predict",
    "One run, step by step",
    "The idea",
    "Your turn",
    "What it also had to survive",
    "Why it works",
    REFUTATION,
    "With the real tools",
    "What is left out here",
];
/// The section that answers the wrong answers.
const REFUTATION: &str = "If you predicted otherwise";
/// The sections that a guided run replaces by those of its steps.
const STEPS: [&str; 2] = ["One run, step by step", "The idea"];
/// How many hidden variants a lab has at least.
const VARIANTS: usize = 3;
/// The section that explains, and how many words it has at most; its tables,
/// its picture and the picture's words are not counted.
const IDEA: (&str, usize) = ("The idea", 300);

/// How many columns a drawn picture has at most: a phone shows so many, and the column beside a lab.
const COLUMNS: usize = 44;

const PROSE: &str = "index.md";

fn at(file: &str, line: usize, message: String) -> LabError {
    LabError {
        file: file.to_owned(),
        line,
        message,
    }
}

/// What is wrong with the form of a lesson. `cards` is the text of its
/// `cards.yaml`, if it has one.
pub fn lesson(
    prose: &str,
    document: &Document,
    places: &Places,
    cards: Option<&str>,
    known: &Misconceptions,
) -> Vec<LabError> {
    let mut problems = sections(prose);
    problems.extend(long(prose));
    problems.extend(broad(prose));
    problems.extend(refutations(prose, document, places));
    problems.extend(cards::form(cards));
    if document.checks.is_empty() {
        let message = "the lab of a lesson has a task with checks";
        problems.push(places.at("checks", message));
    }
    problems.extend(lab(prose, document, places, known));
    problems
}

/// What is wrong with the form of a lab, of a lesson's or a challenge's.
pub fn lab(
    prose: &str,
    document: &Document,
    places: &Places,
    known: &Misconceptions,
) -> Vec<LabError> {
    let mut problems = Vec::new();
    let variants = document.variants.len();
    if variants < VARIANTS {
        problems.push(places.at(
            "variants",
            format!("a lab has at least {VARIANTS} hidden variants, this one has {variants}"),
        ));
    }
    let cited: Vec<&str> = cited(prose).map(|(_, id)| id).collect();
    for (index, case) in document.cases.iter().enumerate() {
        if !cited.contains(&case.check.id.as_str()) {
            problems.push(places.at(
                &format!("cases[{index}]"),
                format!(
                    "no text cites this case: put `<!-- case: {} -->` behind the claim that it proves",
                    case.check.id
                ),
            ));
        }
    }
    for (index, option) in wrong(document) {
        let path = format!("prediction.options[{index}]");
        let text = &option.text;
        match option.misconception {
            None => problems.push(places.at(
                &path,
                format!("the wrong answer “{text}” names no misconception: write `misconception:` and its number in lessons/misconceptions.yaml"),
            )),
            Some(number) if !known.has(number) => problems.push(places.at(
                &path,
                format!("lessons/misconceptions.yaml has no number {number}"),
            )),
            Some(_) => {}
        }
    }
    problems
}

/// The cases that a text cites, with their lines.
pub fn cited(prose: &str) -> impl Iterator<Item = (usize, &str)> {
    marked(prose, "case")
}

fn marked<'a>(prose: &'a str, what: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    lint::markers(prose).filter_map(move |(line, marker)| {
        let (kind, name) = marker.split_once(':')?;
        (kind.trim() == what).then(|| (line, name.trim()))
    })
}

fn wrong(document: &Document) -> impl Iterator<Item = (usize, &PredictionOption)> {
    let options = document
        .prediction
        .iter()
        .flat_map(|prediction| &prediction.options);
    options.enumerate().filter(|(_, option)| !option.right)
}

/// The headings of the second level with their lines, those in code left out.
fn headings(prose: &str) -> Vec<(usize, &str)> {
    let mut code = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(prose.lines()) {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code && let Some(heading) = line.strip_prefix("## ") {
            found.push((number, heading.trim()));
        }
    }
    found
}

/// Whether the sections of the template are there, and in its order.
fn sections(prose: &str) -> Vec<LabError> {
    let mut problems = Vec::new();
    let found = headings(prose);
    let guided = marked(prose, "lab").any(|(_, part)| part.starts_with("run "));
    let mut last = 0;
    for section in SECTIONS {
        let place = found.iter().find(|(_, heading)| *heading == section);
        match place {
            None if guided && STEPS.contains(&section) => {}
            None => problems.push(at(
                PROSE,
                last.max(1),
                format!("the section “{section}” is missing"),
            )),
            Some((line, _)) if *line < last => problems.push(at(
                PROSE,
                *line,
                format!(
                    "the section “{section}” stands before what the template puts in front of it"
                ),
            )),
            Some((line, _)) => last = *line,
        }
    }
    if !guided {
        for (line, heading) in found {
            if !SECTIONS.contains(&heading) {
                problems.push(at(
                    PROSE,
                    line,
                    format!("the template has no section “{heading}”: make it a part of one (###)"),
                ));
            }
        }
    }
    problems
}

/// Whether the idea is longer than it may be.
fn long(prose: &str) -> Option<LabError> {
    let (section, most) = IDEA;
    let headings = headings(prose);
    let (from, _) = *headings.iter().find(|(_, heading)| *heading == section)?;
    let to = headings.iter().find(|(line, _)| *line > from);
    let to = to.map_or(usize::MAX, |(line, _)| *line);
    let mut code = false;
    let mut text = Vec::new();
    for (number, line) in (1..).zip(prose.lines()) {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code && (from + 1..to).contains(&number) {
            text.push(line);
        }
    }
    let words: usize = text.join("\n").split("\n\n").map(words).sum();
    (words > most).then(|| {
        at(
            PROSE,
            from,
            format!("“{section}” has {words} words: {most} are enough, the rest belongs under “What is left out here” or in the reference"),
        )
    })
}

/// The pictures that would be cut off: blocks of text with their words in italics behind them.
fn broad(prose: &str) -> Vec<LabError> {
    let lines: Vec<&str> = prose.lines().collect();
    let mut fences = (0..lines.len()).filter(|index| lines[*index].starts_with("```"));
    let mut problems = Vec::new();
    while let (Some(from), Some(to)) = (fences.next(), fences.next()) {
        let behind = lines.get(to + 2).copied().unwrap_or_default();
        if !behind.starts_with("*The picture in words") {
            continue;
        }
        let widest = (from + 1..to).max_by_key(|index| lines[*index].chars().count());
        if let Some(index) = widest
            && lines[index].chars().count() > COLUMNS
        {
            problems.push(at(
                PROSE,
                index + 1,
                format!(
                    "the picture has {} columns: {COLUMNS} are what a phone shows",
                    lines[index].chars().count()
                ),
            ));
        }
    }
    problems
}

/// The words of a paragraph; none in a table or in the words of a picture,
/// which stand in italics.
fn words(paragraph: &str) -> usize {
    let start = paragraph.trim_start();
    let italics = start.starts_with('*') && !start.starts_with("**");
    if start.starts_with('|') || italics {
        return 0;
    }
    let mut count = 0;
    let mut comment = false;
    for word in paragraph.split_whitespace() {
        match word {
            "<!--" => comment = true,
            "-->" => comment = false,
            _ => count += usize::from(!comment),
        }
    }
    count
}

/// Whether each wrong answer is answered in the section for that, in a paragraph
/// marked with the answer's misconception.
fn refutations(prose: &str, document: &Document, places: &Places) -> Vec<LabError> {
    let headings = headings(prose);
    let from = headings.iter().find(|(_, heading)| *heading == REFUTATION);
    let from = from.map_or(usize::MAX, |(line, _)| *line);
    let to = headings.iter().find(|(line, _)| *line > from);
    let to = to.map_or(usize::MAX, |(line, _)| *line);
    let mut marks: Vec<(usize, &str)> = marked(prose, "misconception")
        .filter(|(line, _)| (from..to).contains(line))
        .collect();
    let mut problems = Vec::new();
    for (index, option) in wrong(document) {
        let Some(number) = option.misconception else {
            continue;
        };
        let mark = marks
            .iter()
            .position(|(_, mark)| *mark == number.to_string());
        if let Some(mark) = mark {
            marks.remove(mark);
        } else {
            problems.push(places.at(
                &format!("prediction.options[{index}]"),
                format!("the wrong answer “{}” has no refutation of its own: mark one with `<!-- misconception: {number} -->` in “{REFUTATION}”", option.text),
            ));
        }
    }
    problems
}
