//! The system calls that bring an action about.

use lab::reference::syscalls::{self, ByDefault, CONTAINERD, Goal};
use leptos::prelude::*;

use super::sheet;
use crate::{component::Icon, course::slug, picture};

pub fn view() -> AnyView {
    let goals = syscalls::all();
    let list = goals
        .iter()
        .map(|goal| {
            view! {
                <li>
                    <a href=format!("#{}", slug(goal.name))>{goal.name}</a>
                    <small>{goal.ways.len()}</small>
                </li>
            }
        })
        .collect_view();
    let sections = goals.iter().map(section).collect_view();
    view! {
        {picture::named("gates").map(|html| view! { <div inner_html=html></div> })}
        <nav class="sec" aria-label="Actions">
            <h2>"Actions, and how many ways each has"</h2>
            <ul class="columns">{list}</ul>
        </nav>
        {sections}
    }
    .into_any()
}

fn section(goal: &Goal) -> impl IntoView + use<> {
    let rows = goal
        .ways
        .iter()
        .map(|way| {
            let (class, icon, word) = match way.by_default {
                ByDefault::Open => ("cell with", Icon::Through, "open"),
                ByDefault::Depends => ("cell", Icon::Dots, "by its arguments"),
                ByDefault::Closed => ("cell y", Icon::Blocked, "closed"),
            };
            let tried = if way.tried { "tried" } else { "documented" };
            view! {
                <tr>
                    <th scope="row">
                        <code>{way.calls.clone()}</code>
                        {(!way.how.is_empty()).then(|| view! { <small>{way.how}</small> })}
                    </th>
                    <td>
                        <span class=class>{icon.view()} {word}</span>
                    </td>
                    <td>{if way.on_arm { "yes" } else { "no" }}</td>
                    <td>{tried}</td>
                </tr>
            }
        })
        .collect_view();
    let (major, minor) = CONTAINERD;
    let table = view! {
        <table class="tbl ways">
            <thead>
                <tr>
                    <th scope="col">"By"</th>
                    <th scope="col">{format!("containerd {major}.{minor}'s default filter")}</th>
                    <th scope="col">"On 64-bit Arm"</th>
                    <th scope="col">"Known from"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let title = format!("To {}", goal.name);
    view! {
        <section class="sec" id=slug(goal.name)>
            <h2>{title.clone()}</h2>
            {sheet(&title, "", table.into_any())}
        </section>
    }
    .into_any()
}
