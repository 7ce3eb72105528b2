//! The files of a lab: a tab each, the editor, what is wrong, and whether it
//! is kept.

use lab::message::Severity;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
};
use maud::{Markup, html};

use super::{Diagnostics, Editor, Icon, fault, pressed};
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
    let marks = Signal::derive(move || {
        let count = faults.get();
        html! {
            @if count > 0 {
                span.n { (count) span.vh { (if count == 1 { " problem" } else { " problems" }) } }
            }
            @if changed.get() {
                span.dot {}
                span.vh { "changed" }
            }
        }
        .0
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
            aria-selected=Signal::derive(move || selected().to_string())
            tabindex=Signal::derive(move || if selected() { "0" } else { "-1" }.to_owned())
            on:click=move |_| bench.shown.set(index)
            on:keydown=key
        >
            {path}
            <span inner_html=marks></span>
        </button>
    }
    .into_any()
}

#[component]
fn Panel(bench: Bench, index: usize) -> impl IntoView {
    view! {
        <div
            role="tabpanel"
            id=format!("panel-{index}")
            aria-labelledby=format!("tab-{index}")
            class:off=Signal::derive(move || bench.shown.get() != index)
        >
            <Editor bench index />
            <Diagnostics bench index />
        </div>
    }
    .into_any()
}

/// The title block: how the engine is, whether what was typed is kept.
#[component]
fn Foot(bench: Bench) -> impl IntoView {
    let kept = Signal::derive(move || match bench.kept.get() {
        Kept::Fresh => "as the lab began".to_owned(),
        Kept::Saved => "saved on this device".to_owned(),
        Kept::Resumed => "taken up from your last visit".to_owned(),
        Kept::FromOtherTab => "followed your other tab".to_owned(),
        Kept::Refused(_) => "not saved".to_owned(),
        Kept::Unreadable(_) => "began afresh".to_owned(),
    });
    let trouble = move || match bench.kept.get() {
        Kept::Refused(reason) => Some(format!(
            "This browser does not keep what you type: {reason}. Copy your text before you leave the page."
        )),
        Kept::Unreadable(reason) => Some(format!(
            "What was saved here cannot be read: {reason}. The lab begins afresh; the unreadable copy is set aside, not deleted."
        )),
        _ => None,
    };
    let engine = Signal::derive(move || {
        match bench.engine.get() {
            Engine::Asleep => "wakes when you type",
            Engine::Starting => "starting",
            Engine::Ready => "ready",
            Engine::Refused(_) => "refused",
            Engine::Stopped(_) => "stopped",
        }
        .to_owned()
    });
    let troubles = Signal::derive(move || {
        let engine = bench.engine.get();
        html! {
            @if let Some(text) = trouble() { (fault(&text)) }
            @match engine {
                Engine::Refused(reason) => (fault(&reason)),
                Engine::Stopped(reason) => (stopped(&reason)),
                _ => {}
            }
        }
        .0
    });
    let press = move |event: MouseEvent| {
        if pressed(&event, "data-wake").is_some() {
            bench.wake();
        }
    };
    view! {
        <div role="status" class="troubles" on:click=press inner_html=troubles></div>
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

/// That the engine stopped, with a button by which it starts again.
fn stopped(reason: &str) -> Markup {
    html! {
        div.note.fault id="engine-stopped" {
            (Icon::Warning)
            div {
                p {
                    b { "Your files are safe on this page. The simulator stopped: " }
                    (reason)
                    ". What you see is its last answer."
                }
                p.row {
                    button.btn.sm type="button" data-wake { (Icon::Again) "Start the simulator again" }
                }
            }
        }
    }
}
