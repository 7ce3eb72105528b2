//! Starts: by version of Kubernetes, and by kind of node.

use lab::{
    message::Outcome,
    reference::{
        start::{self, Answer, Host, REQUESTS, Row},
        versions,
    },
};
use leptos::prelude::*;

use super::sheet;
use crate::{
    component::{Badge, Mark, words},
    course::slug,
    picture,
};

pub fn view() -> AnyView {
    let tables = Host::ALL
        .iter()
        .map(|host| {
            view! {
                <section class="sec" id=slug(host.title())>
                    <h2>{host.title()}</h2>
                    {matrix(
                        host.title(),
                        "Kubernetes",
                        "API server and kubelet of one release, containerd and runc.",
                        &start::by_version(*host),
                    )}
                </section>
            }
        })
        .collect_view();
    let changes = versions::kubelets()
        .into_iter()
        .map(|change| {
            let list = change
                .changes
                .iter()
                .map(|text| view! { <li inner_html=words(text).0></li> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{change.from}</th>
                    <td>
                        <ul class="changes">{list}</ul>
                    </td>
                    <td>
                        <small>{change.source}</small>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let kubelets = view! {
        <table class="tbl">
            <thead>
                <tr>
                    <th scope="col">"From"</th>
                    <th scope="col">"What is different since"</th>
                    <th scope="col">"Read in"</th>
                </tr>
            </thead>
            <tbody>{changes}</tbody>
        </table>
    };
    view! {
        {picture::named("start-chain").map(|html| view! { <div inner_html=html></div> })}
        {tables}
        <section class="sec" id="kubelets">
            <h2>"What kubelets have changed"</h2>
            {sheet("Changes of the kubelet", "", kubelets.into_any())}
        </section>
    }
    .into_any()
}

pub fn nodes() -> AnyView {
    let cards = start::kinds()
        .into_iter()
        .map(|kind| {
            let facts = kind
                .facts
                .into_iter()
                .map(|fact| {
                    view! {
                        <div>
                            <dt>{fact.label}</dt>
                            <dd>{fact.value}</dd>
                        </div>
                    }
                })
                .collect_view();
            view! {
                <li class="sheet" id=slug(kind.title)>
                    <header>
                        <h3>{kind.title}</h3>
                    </header>
                    <div class="pad stack">
                        <p inner_html=words(kind.sentence).0></p>
                        <dl class="facts">{facts}</dl>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        {matrix(
            "What each kind of node makes of a pod",
            "Node",
            "The profile k8s-deny-data is loaded wherever a profile can be. “Enforced” means that a profile is on the pod's process: the one it names, or the one in small print.",
            &start::by_kind(),
        )}
        <section class="sec">
            <h2>"The nodes"</h2>
            <ul class="three">{cards}</ul>
        </section>
    }
    .into_any()
}

/// A fleet matrix. On a phone each row is a list.
fn matrix(label: &str, corner: &'static str, caption: &str, rows: &[Row]) -> AnyView {
    let heads = REQUESTS
        .iter()
        .map(|request| view! { <th scope="col" role="columnheader">{request.title} <small>{request.detail}</small></th> })
        .collect_view();
    let body = rows
        .iter()
        .map(|row| {
            let cells = row
                .answers
                .iter()
                .zip(&REQUESTS)
                .map(|(answer, request)| {
                    cell(answer, &format!("{}, {}", request.title, request.detail))
                })
                .collect_view();
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader">{row.title.clone()}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table class="tbl fold" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">{corner}</th>
                    {heads}
                </tr>
            </thead>
            <tbody role="rowgroup">{body}</tbody>
        </table>
    };
    sheet(label, caption, table.into_any())
}

fn cell(answer: &Answer, request: &str) -> impl IntoView + use<> {
    let mark = Mark::from(answer.outcome);
    let small = match (answer.outcome, &answer.profile) {
        (Outcome::Enforced, Some(profile)) => profile.clone(),
        (Outcome::Enforced, None) => "no AppArmor profile".to_owned(),
        (Outcome::Unconfined, _) => "off, as asked".to_owned(),
        _ if answer.component.is_empty() => answer.words.clone(),
        _ => format!("{}: {}", answer.component, answer.words),
    };
    let class = if answer.outcome == Outcome::SilentlyUnprotected {
        "silent"
    } else {
        ""
    };
    view! {
        <td data-h=request.to_owned() class=class role="cell">
            <div>
                <Badge mark />
                <small>{small}</small>
            </div>
        </td>
    }
}
