//! The colours of `static/style/tokens.css`, in both themes: every pair that
//! stands together can be told apart.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../../static/style/tokens.css");

/// Ink on a surface, and the contrast that it needs.
const PAIRS: &[(&str, &[&str], f64)] = &[
    (
        "ink",
        &[
            "paper",
            "sheet",
            "sunk",
            "accent-soft",
            "fault-bg",
            "hint-bg",
        ],
        7.0,
    ),
    (
        "ink",
        &["allowed-bg", "blocked-bg", "refused-bg", "silent-bg"],
        7.0,
    ),
    ("ink-2", &["paper", "sheet"], 7.0),
    (
        "ink-2",
        &["sunk", "refused-bg", "silent-bg", "blocked-bg"],
        4.5,
    ),
    ("ink-3", &["paper", "sheet", "sunk"], 4.5),
    ("accent", &["paper", "sheet", "accent-soft"], 4.5),
    ("accent-ink", &["accent"], 4.5),
    ("allowed", &["paper", "sheet", "allowed-bg"], 4.5),
    ("blocked", &["paper", "sheet", "blocked-bg"], 4.5),
    ("refused", &["paper", "sheet", "refused-bg"], 4.5),
    ("silent", &["paper", "sheet", "silent-bg"], 4.5),
    ("silent-on", &["silent-fill"], 4.5),
    ("fault", &["paper", "sheet", "fault-bg"], 4.5),
    ("hint", &["sheet", "hint-bg"], 4.5),
    ("syn-key", &["sheet", "blocked-bg", "allowed-bg"], 4.5),
    ("syn-path", &["sheet", "blocked-bg", "allowed-bg"], 4.5),
    ("syn-perm", &["sheet", "blocked-bg", "allowed-bg"], 4.5),
    ("syn-com", &["sheet", "blocked-bg", "allowed-bg"], 4.5),
    ("term-ink", &["term"], 7.0),
    ("term-2", &["term"], 4.5),
    // Edges of controls.
    ("line-2", &["paper", "sheet"], 3.0),
];

/// The colours of one theme: 0 light, 1 dark.
fn colours(theme: usize) -> HashMap<&'static str, [f64; 3]> {
    TOKENS
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": ")?;
            let value = value.trim_end_matches(';');
            let value = match value.strip_prefix("light-dark(") {
                Some(both) => both.trim_end_matches(')').split(", ").nth(theme)?,
                None => value,
            };
            Some((name, channels(value)?))
        })
        .collect()
}

/// `#rrggbb` as three numbers from 0 to 1.
fn channels(value: &str) -> Option<[f64; 3]> {
    let hex = value.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let channel = |at: usize| {
        let value = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
        Some(f64::from(value) / 255.0)
    };
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Relative luminance as WCAG 2 defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |channel: f64| {
        if channel <= 0.040_45 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_ink_can_be_read_on_its_surfaces_in_both_themes() {
    for (theme, name) in ["light", "dark"].into_iter().enumerate() {
        let colours = colours(theme);
        for (ink, surfaces, least) in PAIRS {
            for surface in *surfaces {
                let found = contrast(colours[ink], colours[surface]);
                assert!(
                    found >= *least,
                    "{name}: --{ink} on --{surface} is {found:.2}:1, less than {least}:1"
                );
            }
        }
    }
}

#[test]
fn every_colour_is_written_for_both_themes() {
    let both = |theme| {
        let mut names: Vec<_> = colours(theme).into_keys().collect();
        names.sort_unstable();
        names
    };
    assert_eq!(both(0), both(1));
    assert!(both(0).len() > 30);
}
