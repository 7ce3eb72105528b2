//! Diagnostics: what is wrong, where, why it matters, what the real tool says,
//! and one button that puts it right.

use lab::message::{Diagnostic, FileView, Severity};
use leptos::{ev::MouseEvent, prelude::*};
use maud::{Markup, html};

use super::{Icon, pressed, words};
use crate::bench::Bench;

/// The diagnostics of the file at `index`, below its text.
#[component]
pub fn Diagnostics(
    /// The lab.
    bench: Bench,
    /// The file's place among the lab's.
    index: usize,
) -> impl IntoView {
    let found = Memo::new(move |_| {
        bench
            .files
            .with(|files| files.get(index).map(diagnostics).unwrap_or_default().0)
    });
    let press = move |event: MouseEvent| {
        let Some(path) = bench
            .files
            .with_untracked(|files| files.get(index).map(|file| file.path.clone()))
        else {
            return;
        };
        if let Some((_, at)) = pressed(&event, "data-show") {
            bench.show(&path, at.parse().unwrap_or_default());
        } else if let Some((_, number)) = pressed(&event, "data-fix") {
            let fix = bench.files.with_untracked(|files| {
                let found = files
                    .get(index)?
                    .diagnostics
                    .get(number.parse::<usize>().ok()?)?;
                found.fix.clone()
            });
            if let Some(fix) = fix {
                bench.apply(&path, &fix.edits);
            }
        }
    };
    view! {
        <div
            class="diags"
            id=format!("diagnostics-{index}")
            aria-live="polite"
            on:click=press
            inner_html=found
        ></div>
    }
    .into_any()
}

/// Everything that is wrong with a file. The buttons are known by an attribute each: `data-show`,
/// the byte at which a fault begins, and `data-fix`, the number of the one to put right.
pub fn diagnostics(file: &FileView) -> Markup {
    html! {
        @for (number, found) in file.diagnostics.iter().enumerate() {
            (one(number, found))
        }
    }
}

fn one(number: usize, diagnostic: &Diagnostic) -> Markup {
    let (class, kind, icon) = match diagnostic.severity {
        Severity::Error => ("diag", "Error", Icon::Warning),
        Severity::Warning => ("diag", "Warning", Icon::Warning),
        Severity::Hint => ("diag info", "Note", Icon::Info),
    };
    html! {
        div class=(class) data-code=(diagnostic.code) {
            p.t {
                (icon) " " span { span.vh { (kind) ": " } (words(&diagnostic.title)) }
                button.at type="button" data-show=(diagnostic.span.start) {
                    "line " (diagnostic.line) ", column " (diagnostic.column)
                }
            }
            @if !diagnostic.why.is_empty() {
                p { (words(&diagnostic.why)) }
            }
            @if let Some(wording) = &diagnostic.tool_wording {
                samp { (wording) }
            }
            @if let Some(fix) = &diagnostic.fix {
                p.row {
                    button.btn.sm type="button" data-fix=(number) {
                        (Icon::Pencil) span { (words(&fix.label)) }
                    }
                }
            }
        }
    }
}
