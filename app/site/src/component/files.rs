//! The files of a lab: a tab each, the editor, what is wrong, and whether it
//! is kept.

use lab::message::Severity;
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{Diagnostics, Editor, Icon};
use crate::{
    bench::{Bench, Engine, Kept},
    platform,
};

/// The panel of files.
#[component]
pub fn Files(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let paths = bench.files.with_untracked(|files| {
        files
            .iter()
            .map(|file| file.path.clone())
            .collect::<Vec<_>>()
    });
    let count = paths.len();
    let tabs = paths
        .iter()
        .enumerate()
        .map(|(index, path)| view! { <Tab bench index count path=path.clone() /> })
        .collect_view();
    let panels = (0..count)
        .map(|index| view! { <Panel bench index /> })
        .collect_view();
    view! {
        <section class="sheet panel files" aria-label="Files">
            <div class="tabs" role="tablist" aria-label="Files">
                {tabs}
            </div>
            {panels}
            <Foot bench />
        </section>
    }
    .into_any()
}

#[component]
fn Tab(bench: Bench, index: usize, count: usize, path: String) -> impl IntoView {
    let selected = move || bench.shown.get() == index;
    let faults = Memo::new(move |_| {
        bench.files.with(|files| {
            files.get(index).map_or(0, |file| {
                file.diagnostics
                    .iter()
                    .filter(|fault| fault.severity != Severity::Hint)
                    .count()
            })
        })
    });
    let first = bench
        .document
        .with_value(|document| document.files.get(index).map(|file| file.text.clone()));
    let changed = Memo::new(move |_| {
        bench.files.with(|files| {
            files
                .get(index)
                .zip(first.as_ref())
                .is_some_and(|(file, first)| file.text != *first)
        })
    });
    // Arrow keys move between tabs; only the selected one is in the tab order.
    let key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" => (index + 1) % count,
            "ArrowLeft" => (index + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        bench.shown.set(to);
        platform::focus(&format!("tab-{to}"));
    };
    view! {
        <button
            type="button"
            role="tab"
            id=format!("tab-{index}")
            aria-controls=format!("panel-{index}")
            aria-selected=move || selected().to_string()
            tabindex=move || if selected() { "0" } else { "-1" }
            on:click=move |_| bench.shown.set(index)
            on:keydown=key
        >
            {path}
            {move || {
                let count = faults.get();
                (count > 0)
                    .then(|| {
                        let noun = if count == 1 { " problem" } else { " problems" };
                        view! {
                            <span class="n">
                                {count}
                                <span class="vh">{noun}</span>
                            </span>
                        }
                    })
            }}
            {move || {
                changed
                    .get()
                    .then(|| {
                        view! {
                            <span class="dot"></span>
                            <span class="vh">"changed"</span>
                        }
                    })
            }}
        </button>
    }
    .into_any()
}

#[component]
fn Panel(bench: Bench, index: usize) -> impl IntoView {
    let faulty = Memo::new(move |_| {
        bench.files.with(|files| {
            files
                .get(index)
                .filter(|file| !file.diagnostics.is_empty())
                .cloned()
        })
    });
    view! {
        <div
            role="tabpanel"
            id=format!("panel-{index}")
            aria-labelledby=format!("tab-{index}")
            class:off=move || bench.shown.get() != index
        >
            <Editor bench index />
            <div class="diags" id=format!("diagnostics-{index}") aria-live="polite">
                {move || faulty.get().map(|file| view! { <Diagnostics file bench /> })}
            </div>
        </div>
    }
    .into_any()
}

/// The title block: how the engine is, whether what was typed is kept.
#[component]
fn Foot(bench: Bench) -> impl IntoView {
    let kept = move || match bench.kept.get() {
        Kept::Fresh => "as the lab began".to_owned(),
        Kept::Saved => "saved on this device".to_owned(),
        Kept::Resumed => "taken up from your last visit".to_owned(),
        Kept::FromOtherTab => "followed your other tab".to_owned(),
        Kept::Refused(_) => "not saved".to_owned(),
        Kept::Unreadable(_) => "began afresh".to_owned(),
    };
    let trouble = move || match bench.kept.get() {
        Kept::Refused(reason) => Some(format!(
            "This browser does not keep what you type: {reason}. Copy your text before you leave the page."
        )),
        Kept::Unreadable(reason) => Some(format!(
            "What was saved here cannot be read: {reason}. The lab begins afresh; the unreadable copy is set aside, not deleted."
        )),
        _ => None,
    };
    let engine = move || match bench.engine.get() {
        Engine::Asleep => "wakes when you type",
        Engine::Starting => "starting",
        Engine::Ready => "ready",
        Engine::Refused(_) => "refused",
        Engine::Stopped(_) => "stopped",
    };
    let stopped = move || match bench.engine.get() {
        Engine::Stopped(reason) => Some(reason),
        _ => None,
    };
    view! {
        <div role="status" class="troubles">
            {move || trouble().map(|text| view! { <p class="note fault">{Icon::Warning.view()} <span>{text}</span></p> })}
            {move || match bench.engine.get() {
                Engine::Refused(reason) => Some(view! { <p class="note fault">{Icon::Warning.view()} <span>{reason}</span></p> }),
                _ => None,
            }}
            {move || {
                stopped()
                    .map(|reason| {
                        view! {
                            <div class="note fault" id="engine-stopped">
                                {Icon::Warning.view()}
                                <div>
                                    <p>
                                        <b>"Your files are safe on this page. The simulator stopped: "</b>
                                        {reason}
                                        ". What you see is its last answer."
                                    </p>
                                    <p class="row">
                                        <button type="button" class="btn sm" on:click=move |_| bench.wake()>
                                            {Icon::Again.view()}
                                            "Start the simulator again"
                                        </button>
                                    </p>
                                </div>
                            </div>
                        }
                    })
            }}
        </div>
        <div class="tblock">
            <span>
                <b>"simulator"</b>
                <span id="engine-state">{engine}</span>
            </span>
            <span>
                <b>"text"</b>
                <span id="kept-state">{kept}</span>
            </span>
            <span>
                <b>"keys"</b>
                <span>"Esc, then Tab leaves the text"</span>
            </span>
        </div>
    }
    .into_any()
}
