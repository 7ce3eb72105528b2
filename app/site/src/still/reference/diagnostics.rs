//! The catalogue of diagnostics.

use lab::{
    message::Severity,
    reference::diagnostics::{self, Entry},
};
use leptos::prelude::*;

use crate::component::{Icon, words};

/// The parts of the catalogue: the beginnings of its codes, and a title.
const PARTS: [(&str, &[&str], &str); 9] = [
    ("reading", &["AA01"], "Profiles: reading"),
    ("preamble", &["AA02"], "Profiles: includes and variables"),
    ("profiles", &["AA03"], "Profiles: name and flags"),
    ("file-rules", &["AA04"], "Profiles: file rules"),
    (
        "other-rules",
        &["AA05", "AA06"],
        "Profiles: other rules and patterns",
    ),
    ("surprises", &["AA09"], "Profiles: accepted, and surprising"),
    ("seccomp", &["seccomp-"], "seccomp profiles"),
    ("manifests", &["yaml-", "api-"], "Manifests"),
    ("limits", &["AA00"], "Limits of the simulator"),
];

pub fn view() -> AnyView {
    let entries = diagnostics::all();
    let list = PARTS
        .iter()
        .map(|(id, _, title)| view! { <li><a href=format!("#{id}")>{*title}</a></li> })
        .collect_view();
    let parts = PARTS
        .iter()
        .map(|(id, codes, title)| {
            let entries = entries
                .iter()
                .filter(|entry| codes.iter().any(|code| entry.code.starts_with(code)))
                .map(view_of)
                .collect_view();
            view! {
                <section class="sec" id=*id>
                    <h2>{*title}</h2>
                    <div class="catalogue">{entries}</div>
                </section>
            }
        })
        .collect_view();
    view! {
        <nav aria-label="Parts">
            <ul class="columns">{list}</ul>
        </nav>
        {parts}
    }
    .into_any()
}

fn view_of(entry: &Entry) -> impl IntoView + use<> {
    let severity = match entry.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    };
    let icon = match entry.severity {
        Severity::Error | Severity::Warning => Icon::Warning,
        Severity::Hint => Icon::Info,
    };
    let told = (!entry.sentence.is_empty() && entry.sentence != entry.title)
        .then(|| view! { <p inner_html=words(&entry.sentence).0></p> });
    let why = (!entry.why.is_empty()).then(|| view! { <p inner_html=words(entry.why).0></p> });
    let tool = entry.tool_wording.clone().map(|text| {
        view! {
            <p class="label">"The real tool says"</p>
            <pre class="example">{text}</pre>
        }
    });
    let pair = (!entry.problem.is_empty()).then(|| {
        view! {
            <div class="pair">
                <div>
                    <p class="label">{Icon::Cross.view()} "Wrong"</p>
                    <pre class="example">{entry.problem.clone()}</pre>
                </div>
                <div>
                    <p class="label">{Icon::Pass.view()} "Right"</p>
                    <pre class="example">{entry.correct.clone()}</pre>
                </div>
            </div>
        }
    });
    view! {
        <details class="sheet" id=entry.code.clone()>
            <summary>
                <span class=format!("sev {severity}")>{icon.view()} {severity}</span>
                <code>{entry.code.clone()}</code>
                <span inner_html=words(&entry.title).0></span>
            </summary>
            <div class="pad stack">{told} {why} {pair} {tool}</div>
        </details>
    }
    .into_any()
}
