//! The reference: made from the tables of `lab::reference`.

mod decoder;
mod diagnostics;
mod glossary;
mod permissions;
mod rules;
mod start;
mod syscalls;

use leptos::prelude::*;

use crate::{app::page_title, route::at};

/// A page of the reference.
pub struct Table {
    /// Its part of the address.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What one finds in it, a sentence.
    pub about: &'static str,
    view: fn() -> AnyView,
}

/// All pages, in the order in which they are shown.
pub const TABLES: [Table; 8] = [
    Table {
        slug: "decoder",
        title: "Audit-line decoder",
        about: "Paste a line of the kernel log, or the whole log: what happened, why, and which rules would allow it.",
        view: decoder::view,
    },
    Table {
        slug: "permissions",
        title: "Permission × operation",
        about: "Which letter of a file rule lets which operation through, tried on each kernel.",
        view: permissions::view,
    },
    Table {
        slug: "rules",
        title: "Rules, flags and letters",
        about: "Every kind of rule with an example and the kernels that ask about it; every flag, letter and exec mode.",
        view: rules::view,
    },
    Table {
        slug: "syscalls",
        title: "Ways to do a thing",
        about: "Which system calls bring an action about: what a filter that stops only one of them leaves open.",
        view: syscalls::view,
    },
    Table {
        slug: "start",
        title: "From pod to process",
        about: "What becomes of a pod, by what it asks for and by the version of Kubernetes; and what kubelets have changed.",
        view: start::view,
    },
    Table {
        slug: "nodes",
        title: "Kinds of node",
        about: "The nodes that a fleet may have, and what each makes of a pod that asks for a profile.",
        view: start::nodes,
    },
    Table {
        slug: "diagnostics",
        title: "Diagnostics",
        about: "Everything that the editor can find wrong: an example, the real tool's words, and what to write instead.",
        view: diagnostics::view,
    },
    Table {
        slug: "glossary",
        title: "Glossary",
        about: "The words of the lessons, each in a sentence or two.",
        view: glossary::view,
    },
];

/// The front page of the reference.
#[component]
pub fn Index() -> impl IntoView {
    page_title("Reference");
    let items = TABLES
        .iter()
        .map(|table| {
            view! {
                <li>
                    <a href=at(&format!("/reference/{}/", table.slug))>
                        <b>{table.title}</b>
                        <small>{table.about}</small>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="wrap">
            <div class="hero">
                <h1>"Reference"</h1>
                <p class="lead">
                    "Made from the simulator's own tables, and from what it answers, so it cannot fall behind what the labs do."
                </p>
            </div>
            <ul class="shelf">{items}</ul>
        </div>
    }
    .into_any()
}

/// One page of the reference.
#[component]
pub fn Page(
    /// Which one.
    slug: String,
) -> impl IntoView {
    let Some(table) = TABLES.iter().find(|table| table.slug == slug) else {
        return ().into_any();
    };
    page_title(table.title);
    view! {
        <div class="wrap reference">
            <nav class="crumb" aria-label="Where you are">
                <a href=at("/reference/")>"Reference"</a>
                <span>{table.title}</span>
            </nav>
            <div class="head">
                <h1>{table.title}</h1>
                <p class="lead">{table.about}</p>
            </div>
            {(table.view)()}
        </div>
    }
    .into_any()
}

/// A table in a sheet: it scrolls in itself where it is wider than the page.
fn sheet(label: &str, caption: &str, table: AnyView) -> AnyView {
    let label = label.to_owned();
    let caption =
        (!caption.is_empty()).then(|| view! { <p class="caption">{caption.to_owned()}</p> });
    view! {
        <div class="sheet">
            {caption}
            <div class="wide" tabindex="0" role="region" aria-label=label>
                {table}
            </div>
        </div>
    }
    .into_any()
}
