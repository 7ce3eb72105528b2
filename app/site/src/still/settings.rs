//! Settings: how the pages look, what this device keeps, and the versions that
//! are modelled. `web/settings.js` makes the controls work.

use lab::reference::{start, versions::KERNELS};
use leptos::prelude::*;

use crate::{app::page_title, component::Icon, route::at};

/// A choice: its name, its title, and its values with their titles.
type Choice = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The choices; names and values are those of `web/look.js`.
const CHOICES: [Choice; 3] = [
    (
        "theme",
        "Theme",
        &[
            ("system", "As the system has it"),
            ("light", "Light"),
            ("dark", "Dark"),
        ],
    ),
    (
        "text",
        "Text size",
        &[
            ("normal", "As the browser has it"),
            ("large", "An eighth larger"),
            ("larger", "A quarter larger"),
        ],
    ),
    (
        "motion",
        "Motion",
        &[
            ("system", "As the system has it"),
            ("less", "Nothing moves by itself"),
        ],
    ),
];

/// The settings page.
#[component]
pub fn Settings() -> impl IntoView {
    page_title("Settings");
    let choices = CHOICES
        .map(|(name, title, values)| {
            let options = values
                .iter()
                .enumerate()
                .map(|(index, (value, title))| {
                    view! {
                        <label class="opt">
                            <input type="radio" name=name value=*value data-choice=name checked=index == 0 />
                            <span>{*title}</span>
                        </label>
                    }
                })
                .collect_view();
            view! {
                <fieldset class="ask" id=name>
                    <legend>{title}</legend>
                    {options}
                </fieldset>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <div class="wrap sec settings">
            <h1>"Settings"</h1>
            <noscript>
                <p class="note">
                    {Icon::Info.view()}
                    <span>"Scripts are off in this browser. Without them nothing is kept, and the pages look as your system has them."</span>
                </p>
            </noscript>
            <div class="three">{choices}</div>
            <p class="why" id="settings-told" role="status"></p>
            <section class="stack" aria-labelledby="device">
                <h2 id="device">"On this device"</h2>
                <p>
                    "Your drafts, your progress, your scores, your review cards and these settings are kept in this browser and nowhere else. Nothing is sent anywhere. One file holds all of it, for another browser or for safe keeping."
                </p>
                <p class="row">
                    <button type="button" class="btn" id="export">
                        "Save all of it as a file"
                    </button>
                    <label class="btn" for="import">
                        "Take over a file"
                    </label>
                    <input class="vh" type="file" id="import" accept=".json,application/json" />
                    <button type="button" class="btn danger" id="forget">
                        "Delete all of it"
                    </button>
                </p>
            </section>
            <section class="stack" id="versions" aria-labelledby="modelled">
                <h2 id="modelled">"The versions that are modelled"</h2>
                {versions()}
                <p>
                    "What differs between them is told by the "
                    <a href=at("/reference/")>"reference"</a>
                    "."
                </p>
            </section>
        </div>
    }
    .into_any()
}

fn versions() -> impl IntoView {
    let kernels = KERNELS
        .iter()
        .map(|kernel| {
            view! {
                <tr>
                    <th scope="row">"Linux " {kernel.version}</th>
                    <td>
                        <code>{kernel.release.name}</code>
                    </td>
                    <td>"apparmor_parser " {kernel.parser}</td>
                </tr>
            }
        })
        .collect_view();
    let kinds = start::kinds()
        .into_iter()
        .map(|kind| {
            let facts = kind
                .facts
                .iter()
                .map(|fact| format!("{} {}", fact.label, fact.value))
                .collect::<Vec<_>>()
                .join(" · ");
            view! {
                <li>
                    <b>{kind.title}</b>
                    <small class="mono">{facts}</small>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="wide" tabindex="0" role="region" aria-label="Kernels and parsers">
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">"Kernel"</th>
                        <th scope="col">"Recorded on"</th>
                        <th scope="col">"Parser"</th>
                    </tr>
                </thead>
                <tbody>{kernels}</tbody>
            </table>
        </div>
        <details class="sheet">
            <summary>"The nodes that a fleet may have"</summary>
            <ul class="facts-list">{kinds}</ul>
        </details>
    }
}
