//! Settings: theme, text size, and what this device keeps.

use leptos::prelude::*;

use crate::{
    app::page_title,
    platform,
    settings::{self, TextSize, Theme},
    store,
};

/// The settings page.
#[component]
pub fn Settings() -> impl IntoView {
    page_title("Settings");
    let chosen = RwSignal::new(settings::Settings::default());
    let trouble = RwSignal::new(None::<String>);
    Effect::new(move || chosen.set(settings::read()));
    let keep = move |change: fn(&mut settings::Settings, usize), index: usize| {
        chosen.update(|settings| change(settings, index));
        let now = chosen.get_untracked();
        settings::show(now);
        trouble.set(settings::write(now).err());
    };
    let forget = move |_| {
        if platform::confirm(
            "Delete everything that this site keeps on this device? Drafts, progress and settings are lost.",
        ) {
            store::forget_all();
            chosen.set(settings::Settings::default());
            settings::show(settings::Settings::default());
        }
    };
    let themes = Theme::ALL.iter().enumerate().map(|(index, theme)| {
        let theme = *theme;
        view! {
            <label class="opt">
                <input
                    type="radio"
                    name="theme"
                    prop:checked=move || chosen.get().theme == theme
                    on:change=move |_| keep(|settings, index| settings.theme = Theme::ALL[index], index)
                />
                <span>{theme.title()}</span>
            </label>
        }
    }).collect_view();
    let sizes = TextSize::ALL.iter().enumerate().map(|(index, size)| {
        let size = *size;
        view! {
            <label class="opt">
                <input
                    type="radio"
                    name="text-size"
                    prop:checked=move || chosen.get().text == size
                    on:change=move |_| keep(|settings, index| settings.text = TextSize::ALL[index], index)
                />
                <span>{size.title()}</span>
            </label>
        }
    }).collect_view();
    view! {
        <div class="wrap sec settings">
            <h1>"Settings"</h1>
            <fieldset class="ask" id="theme">
                <legend>"Theme"</legend>
                {themes}
            </fieldset>
            <fieldset class="ask" id="text-size">
                <legend>"Text size"</legend>
                {sizes}
            </fieldset>
            <p class="why" role="status">
                {move || trouble.get().map(|reason| format!("This browser does not keep your choice: {reason}."))}
            </p>
            <section class="stack">
                <h2>"On this device"</h2>
                <p>
                    "Your drafts, your progress and these settings are kept in this browser and nowhere else. Nothing is sent anywhere."
                </p>
                <p>
                    <button type="button" class="btn danger" id="forget" on:click=forget>
                        "Delete all of it"
                    </button>
                </p>
            </section>
        </div>
    }
    .into_any()
}
