//! Kinds of rule, and the words of the language.

use lab::reference::{rules, versions::KERNELS};
use leptos::prelude::*;

use super::sheet;
use crate::component::{Icon, words};

pub fn view() -> AnyView {
    let heads = KERNELS
        .iter()
        .map(|kernel| view! { <th scope="col" role="columnheader">"Linux " {kernel.version}</th> })
        .collect_view();
    let body = rules::all()
        .into_iter()
        .map(|rule| {
            let kernels = rule
                .mediated
                .iter()
                .zip(KERNELS)
                .map(|(asked, kernel)| {
                    let (class, icon, word) = if *asked {
                        ("cell y", Icon::Pass, "asks")
                    } else {
                        ("cell", Icon::Dash, "does not ask")
                    };
                    view! {
                        <td data-h=format!("Linux {}", kernel.version) role="cell">
                            <span class=class>{icon.view()} {word}</span>
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr id=rule.keyword role="row">
                    <th scope="row" role="rowheader">
                        <code>{rule.keyword}</code>
                    </th>
                    <td role="cell">
                        <span inner_html=words(rule.meaning).0></span>
                        <pre class="example">{rule.example}</pre>
                    </td>
                    {kernels}
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table class="tbl rules fold" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">"Rule"</th>
                    <th scope="col" role="columnheader">"What it is for"</th>
                    {heads}
                </tr>
            </thead>
            <tbody role="rowgroup">{body}</tbody>
        </table>
    };
    let letters = meanings(rules::letters());
    let flags = meanings(rules::words());
    view! {
        {sheet(
            "Kinds of rule",
            "Each kernel with the apparmor_parser of its distribution. A rule that a kernel does not ask about is accepted, and protects nothing there.",
            table.into_any(),
        )}
        <section class="sec">
            <h2>"Letters and exec modes"</h2>
            {letters}
        </section>
        <section class="sec">
            <h2>"Keywords and flags"</h2>
            {flags}
        </section>
    }
    .into_any()
}

/// Words with what each means.
pub(super) fn meanings(list: Vec<rules::Meaning>) -> impl IntoView {
    let items = list
        .into_iter()
        .map(|(word, meaning)| {
            // The term is the sentence's subject.
            let meaning = meaning
                .strip_prefix(&format!("`{word}` "))
                .unwrap_or(meaning);
            view! {
                <div>
                    <dt>
                        <code>{word}</code>
                    </dt>
                    <dd inner_html=words(meaning).0></dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="decode">{items}</dl> }
}
