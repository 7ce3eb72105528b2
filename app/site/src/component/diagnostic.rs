//! Diagnostics: what is wrong, where, why it matters, what the real tool says,
//! and one button that puts it right.

use lab::message::{Diagnostic, FileView, Severity};
use leptos::prelude::*;

use super::{Icon, words};
use crate::bench::Bench;

/// The diagnostics of a file, below its text.
#[component]
pub fn Diagnostics(
    /// The file.
    file: FileView,
    /// The lab that the file belongs to.
    #[prop(optional)]
    bench: Option<Bench>,
) -> impl IntoView {
    let path = file.path;
    file.diagnostics
        .into_iter()
        .map(|diagnostic| one(diagnostic, path.clone(), bench))
        .collect_view()
}

fn one(diagnostic: Diagnostic, path: String, bench: Option<Bench>) -> impl IntoView {
    let (class, kind, icon) = match diagnostic.severity {
        Severity::Error => ("diag", "Error", Icon::Warning),
        Severity::Warning => ("diag", "Warning", Icon::Warning),
        Severity::Hint => ("diag info", "Note", Icon::Info),
    };
    let place = format!("line {}, column {}", diagnostic.line, diagnostic.column);
    let at = diagnostic.span.start;
    let target = path.clone();
    let show = move |_| {
        if let Some(bench) = bench {
            bench.show(&target, at);
        }
    };
    let why = (!diagnostic.why.is_empty()).then(|| view! { <p>{words(&diagnostic.why)}</p> });
    let wording = diagnostic
        .tool_wording
        .map(|wording| view! { <samp>{wording}</samp> });
    let fix = diagnostic.fix.zip(bench).map(|(fix, bench)| {
        view! {
            <p class="row">
                <button type="button" class="btn sm" on:click=move |_| bench.apply(&path, &fix.edits)>
                    {Icon::Pencil.view()}
                    <span>{words(&fix.label)}</span>
                </button>
            </p>
        }
    });
    view! {
        <div class=class data-code=diagnostic.code>
            <p class="t">
                {icon.view()} <span><span class="vh">{kind} ": "</span> {words(&diagnostic.title)}</span>
                <button type="button" class="at" on:click=show>
                    {place}
                </button>
            </p>
            {why}
            {wording}
            {fix}
        </div>
    }
    .into_any()
}
