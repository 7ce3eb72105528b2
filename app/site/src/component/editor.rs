//! The editor of one file: a text area with the highlighted text behind it.
//! Once it is used, the code editor (web/editor.js) takes the text area over.

use sorted::SortedMap;
use std::fmt::Write as _;

use lab::message::{FileView, Severity, TokenKind};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;

use crate::{bench::Bench, platform, text};

/// The row whose rules are lit: node and row id.
type Lit = Option<(String, u32)>;

/// What the code editor is told.
#[derive(Serialize)]
struct Shown<'a> {
    file: &'a FileView,
    lit: &'a Lit,
}

/// The editor of the file at `index`.
#[component]
pub fn Editor(
    /// The lab.
    bench: Bench,
    /// Which of its files.
    index: usize,
) -> impl IntoView {
    let file = Memo::new(move |_| bench.files.with(|files| files.get(index).cloned()));
    let path = file
        .with_untracked(|file| file.as_ref().map(|file| file.path.clone()))
        .unwrap_or_default();
    let area = NodeRef::<leptos::html::Textarea>::new();
    let open = RwSignal::new(false);
    let listing = Signal::derive(move || {
        if open.get() {
            return String::new();
        }
        let lit = bench.lit.get();
        file.with(|file| {
            file.as_ref()
                .map(|file| listing(file, &lit))
                .unwrap_or_default()
        })
    });
    let text = Signal::derive(move || {
        file.with(|file| {
            file.as_ref()
                .map(|file| file.text.clone())
                .unwrap_or_default()
        })
    });
    let editable = move || file.with(|file| file.as_ref().is_some_and(|file| file.editable));
    let faults = move || {
        file.with(|file| {
            file.as_ref()
                .is_some_and(|file| !file.diagnostics.is_empty())
        })
    };
    let live = RwSignal::new(false);

    let wanted = path.clone();
    Effect::new(move || {
        live.set(true);
        let Some((path, at)) = bench.wanted.get() else {
            return;
        };
        if path == wanted
            && let Some(area) = area.get()
        {
            bench.wanted.set(None);
            if open.get_untracked() {
                platform::place_in_editor(area, at);
            } else {
                let at = text::utf16(&area.value(), at);
                platform::place_cursor(area, at);
            }
        }
    });

    let asked = path.clone();
    let opens = Memo::new(move |_| bench.rich.get() && bench.shown.get() == index);
    Effect::new(move || {
        if let Some(area) = area.get().filter(|_| opens.get() && !open.get_untracked()) {
            let path = asked.clone();
            spawn_local(async move {
                let ask = move |what: &str, text, at| {
                    bench.ask_language(what == "explain", path.clone(), text, at)
                };
                if platform::open_editor(&area, ask).await {
                    open.set(true);
                } else {
                    // The text area goes on; the next focus tries again.
                    bench.rich.set(false);
                }
            });
        }
    });
    // What is typed is in the code editor already, which moves its marks along.
    Effect::new(move || {
        if let Some(area) = area.get().filter(|_| open.get()) {
            bench.said.track();
            let lit = bench.lit.get();
            let json = file.with_untracked(|file| {
                let file = file.as_ref()?;
                serde_json::to_string(&Shown { file, lit: &lit }).ok()
            });
            platform::show_in_editor(&area, &json.unwrap_or_default());
        }
    });

    // For a page whose scripts are off; from then on the property holds.
    let written = file.with_untracked(|file| file.as_ref().map(|file| file.text.clone()));
    let typed = path.clone();
    let label = format!("{path}, text of the file");
    let kept = bench
        .document
        .with_value(|document| format!("{}.{path}", document.id));
    let described = format!("diagnostics-{index}");
    view! {
        <div
            class="editor"
            on:click=move |event| {
                if let Some(row) = platform::clicked(&event, "data-row") {
                    bench.open_row(&row);
                }
            }
        >
            <ol class="code" aria-hidden="true" inner_html=listing></ol>
            <textarea
                node_ref=area
                id=format!("file-{index}")
                data-keep=kept
                aria-label=label
                aria-describedby=described
                aria-invalid=Signal::derive(move || faults().to_string())
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                translate="no"
                wrap="soft"
                readonly=Signal::derive(move || !live.get() || !editable())
                prop:value=text
                on:focus=move |_| {
                    bench.wake();
                    bench.rich.set(true);
                }
                on:input:target=move |event| bench.edit(&typed, event.target().value())
            >
                {written}
            </textarea>
        </div>
    }
    .into_any()
}

/// The file as HTML: one list item per line, tokens coloured, faults
/// underlined, the lines that decided something marked with their rows.
fn listing(file: &FileView, lit: &Lit) -> String {
    let mut out = String::with_capacity(file.text.len() * 4);
    let marks = marks(file);
    let mut start = 0;
    for (index, line) in file.text.split('\n').enumerate() {
        let end = start + line.len();
        open_line(&mut out, file, index + 1, (start, end), lit);
        let mut done = start;
        let inside = marks.starting_at(&start).take_while(|(at, _)| **at < end);
        for (&at, &(until, class, fault)) in inside {
            let until = until.min(end);
            if at < done || until <= at {
                continue;
            }
            escape(&mut out, file.text.get(done..at));
            // Writing into a String cannot fail.
            let _ = write!(out, r#"<span class="{class}{fault}">"#);
            escape(&mut out, file.text.get(at..until));
            out.push_str("</span>");
            done = until;
        }
        escape(&mut out, file.text.get(done..end));
        out.push_str("</li>");
        start = end + 1;
    }
    out
}

/// Where each piece with a class of its own begins: its end, the token's class
/// and the fault's class. Tokens are cut where a fault begins or ends.
fn marks(file: &FileView) -> SortedMap<usize, (usize, &'static str, &'static str)> {
    let mut cuts: Vec<usize> = Vec::new();
    for token in &file.tokens {
        cuts.extend([token.start, token.end]);
    }
    for diagnostic in &file.diagnostics {
        cuts.extend([
            diagnostic.span.start,
            diagnostic.span.end.max(diagnostic.span.start + 1),
        ]);
    }
    // A piece never runs over the end of its line.
    cuts.extend(
        file.text
            .match_indices('\n')
            .flat_map(|(at, _)| [at, at + 1]),
    );
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = SortedMap::new();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let token = file
            .tokens
            .iter()
            .find(|token| token.start <= start && end <= token.end)
            .map_or("", |token| token_class(token.kind));
        let fault = file
            .diagnostics
            .iter()
            .filter(|diagnostic| {
                let span = diagnostic.span;
                span.start <= start && end <= span.end.max(span.start + 1)
            })
            .map(|diagnostic| diagnostic.severity)
            .min()
            .map_or("", |severity| match severity {
                Severity::Hint => " squig info",
                Severity::Error | Severity::Warning => " squig",
            });
        if !(token.is_empty() && fault.is_empty()) {
            pieces.insert(start, (end, token, fault));
        }
    }
    pieces
}

fn token_class(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Keyword => "k",
        TokenKind::Path => "p",
        TokenKind::Permissions => "m",
        TokenKind::Comment => "c",
        TokenKind::Number | TokenKind::Variable => "n",
        TokenKind::String => "s",
        TokenKind::Error => "e",
        TokenKind::Name | TokenKind::Punctuation => "",
    }
}

/// Begins the item of a line.
fn open_line(
    out: &mut String,
    file: &FileView,
    line: usize,
    (start, end): (usize, usize),
    lit: &Lit,
) {
    let deciding: Vec<_> = file
        .deciding
        .iter()
        .filter(|mark| mark.line == line)
        .collect();
    let faulty = file.diagnostics.iter().any(|diagnostic| {
        diagnostic.severity != Severity::Hint && (start..=end).contains(&diagnostic.span.start)
    });
    let mut class = String::new();
    if !deciding.is_empty() {
        class.push_str("decides ");
    }
    if faulty {
        class.push_str("warned ");
    }
    if let Some((node, row)) = lit
        && deciding
            .iter()
            .any(|mark| mark.node == *node && mark.row == *row)
    {
        class.push_str("lit");
    }
    let _ = write!(out, r#"<li class="{}">"#, class.trim_end());
    if !deciding.is_empty() {
        let mut rows: Vec<u32> = deciding.iter().map(|mark| mark.row).collect();
        rows.sort_unstable();
        rows.dedup();
        let rows: Vec<_> = rows.iter().map(u32::to_string).collect();
        let noun = if rows.len() == 1 { "row" } else { "rows" };
        let _ = write!(
            out,
            r#"<span class="rows" data-row="row-{}-{}">{noun} {}</span>"#,
            deciding[0].node,
            deciding[0].row,
            rows.join(", ")
        );
    }
}

fn escape(out: &mut String, text: Option<&str>) {
    for letter in text.unwrap_or_default().chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::message::{Diagnostic, Language, LineMark, Span, Token};

    fn file(text: &str) -> FileView {
        FileView {
            path: "profile".into(),
            language: Language::AppArmor,
            text: text.into(),
            editable: true,
            diagnostics: Vec::new(),
            deciding: Vec::new(),
            tokens: Vec::new(),
            folds: Vec::new(),
        }
    }

    #[test]
    fn a_text_cannot_become_markup() {
        assert_eq!(
            listing(&file("<b>&"), &None),
            r#"<li class="">&lt;b&gt;&amp;</li>"#
        );
    }

    #[test]
    fn a_fault_cuts_the_token_it_lies_in() {
        let mut file = file("deny /data w,");
        file.tokens = vec![Token {
            start: 0,
            end: 4,
            kind: TokenKind::Keyword,
        }];
        file.diagnostics = vec![Diagnostic {
            code: "x".into(),
            severity: Severity::Warning,
            span: Span { start: 2, end: 6 },
            line: 1,
            column: 3,
            title: String::new(),
            why: String::new(),
            tool_wording: None,
            fix: None,
        }];
        assert_eq!(
            listing(&file, &None),
            concat!(
                r#"<li class="warned"><span class="k">de</span><span class="k squig">ny</span>"#,
                r#"<span class=" squig"> /</span>data w,</li>"#
            )
        );
    }

    #[test]
    fn a_deciding_line_names_its_rows_and_lights_up_with_one() {
        let mut file = file("a\nb");
        let mark = |row| LineMark {
            line: 2,
            span: Span { start: 2, end: 3 },
            node: "n".into(),
            row,
        };
        file.deciding = vec![mark(3), mark(1)];
        assert_eq!(
            listing(&file, &Some(("n".into(), 3))),
            r#"<li class="">a</li><li class="decides lit"><span class="rows" data-row="row-n-3">rows 1, 3</span>b</li>"#
        );
    }
}
