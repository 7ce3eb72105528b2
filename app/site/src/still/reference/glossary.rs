//! The glossary.

use leptos::prelude::*;

use super::super::course;

pub fn view() -> AnyView {
    let terms = course()
        .glossary
        .iter()
        .map(|term| {
            view! {
                <div id=term.id.clone()>
                    <dt>{term.word.clone()}</dt>
                    <dd inner_html=term.html.clone()></dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="glossary">{terms}</dl> }.into_any()
}
