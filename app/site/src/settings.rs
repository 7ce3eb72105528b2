//! How a reader wants the pages to look, kept on this device.

use serde::{Deserialize, Serialize};

use crate::{platform, store};

const NAME: &str = "settings";

/// The choices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Light or dark.
    #[serde(default)]
    pub theme: Theme,
    /// How large the text is.
    #[serde(default)]
    pub text: TextSize,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How large the text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As the browser has it.
    #[default]
    Normal,
    /// An eighth larger.
    Large,
    /// A quarter larger.
    Larger,
}

impl Theme {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::System => "As the system has it",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

impl TextSize {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Larger];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Normal => "As the browser has it",
            Self::Large => "An eighth larger",
            Self::Larger => "A quarter larger",
        }
    }
}

/// The choices as they are kept.
pub fn read() -> Settings {
    store::read(NAME).ok().flatten().unwrap_or_default()
}

/// Keeps the choices, or says why the browser does not.
pub fn write(settings: Settings) -> Result<(), String> {
    store::write(NAME, &settings)
}

/// Applies the choices to the page.
pub fn show(settings: Settings) {
    platform::set_root_attribute(
        "data-theme",
        match settings.theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        },
    );
    platform::set_root_attribute(
        "data-text",
        match settings.text {
            TextSize::Normal => None,
            TextSize::Large => Some("large"),
            TextSize::Larger => Some("larger"),
        },
    );
}
