//! Kinds of rule, and the words of the language.

use lab::reference::{rules, versions::KERNELS};
use leptos::prelude::*;

use super::sheet;
use crate::component::{Icon, words};

pub fn view() -> AnyView {
    let heads = KERNELS
        .iter()
        .map(|kernel| view! { <th scope="col">"Linux " {kernel.version}</th> })
        .collect_view();
    let body = rules::all()
        .into_iter()
        .map(|rule| {
            let kernels = rule
                .mediated
                .iter()
                .map(|asked| {
                    let (class, icon, word) = if *asked {
                        ("cell y", Icon::Pass, "asks")
                    } else {
                        ("cell", Icon::Dash, "does not ask")
                    };
                    view! {
                        <td>
                            <span class=class>{icon.view()} {word}</span>
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr id=rule.keyword>
                    <th scope="row">
                        <code>{rule.keyword}</code>
                    </th>
                    <td>
                        <span inner_html=words(rule.meaning).0></span>
                        <pre class="example">{rule.example}</pre>
                    </td>
                    {kernels}
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table class="tbl rules">
            <thead>
                <tr>
                    <th scope="col">"Rule"</th>
                    <th scope="col">"What it is for"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{body}</tbody>
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

fn meanings(list: Vec<rules::Meaning>) -> impl IntoView {
    let items = list
        .into_iter()
        .map(|(word, meaning)| {
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
