//! Names and what they lead to: a hard link and a mount give a file a second
//! name, and a rule is about names.

use super::{Figure, text};

/// A name, where it stands in the drawing, and whether the rule matches it.
const NAMES: [(&str, &str, bool); 3] = [
    ("/data/target", "its first name", true),
    ("/tmp/second", "a hard link made before", false),
    ("/mnt/target", "through a bind mount", false),
];

pub fn draw() -> String {
    let mut svg = text("t2", 12, 28, "start", "names");
    svg.push_str(&text("t2", 588, 28, "end", "inode"));
    for (row, (name, about, matched)) in (0_u32..).zip(NAMES) {
        let y = 50 + row * 84;
        svg.push_str(&format!(
            "<rect class=\"bx\" x=\"12\" y=\"{y}\" width=\"196\" height=\"56\"/>"
        ));
        svg.push_str(&text("t1", 24, y + 24, "start", name));
        svg.push_str(&text("t2", 24, y + 44, "start", about));
        let middle = y + 28;
        if matched {
            svg.push_str(&format!(
                "<path class=\"lb\" d=\"M208 {middle}H288\"/><path class=\"bl\" d=\"M292 {}v48\"/>",
                middle - 24
            ));
            svg.push_str(&text("tb", 304, middle - 6, "start", "deny /data/** w"));
            svg.push_str(&text("tb", 304, middle + 16, "start", "blocked"));
        } else {
            svg.push_str(&format!(
                "<path class=\"ls\" d=\"M208 {middle}C330 {middle} 360 162 468 162\"/>"
            ));
        }
    }
    svg.push_str(&text(
        "ts",
        226,
        290,
        "start",
        "no rule on these names: the write lands",
    ));
    svg.push_str("<rect class=\"bx\" x=\"470\" y=\"134\" width=\"118\" height=\"56\"/>");
    svg.push_str(&text("t1", 529, 158, "middle", "the file"));
    svg.push_str(&text("t2", 529, 178, "middle", "2 links"));
    Figure {
        id: "names",
        title: "Three names, one file",
        size: (600, 310),
        svg,
        caption: "A rule is about a name, not about the file. A second name that exists already, or a mount that shows the place elsewhere, is a second door.",
        words: vec![
            "The name /data/target leads to the file. The rule deny /data/** w stands on this way and blocks writing.".to_owned(),
            "The name /tmp/second is a hard link that was made before the profile was in force. It leads to the same file, and no rule is about it.".to_owned(),
            "The name /mnt/target leads to the same file through a bind mount, and no rule is about it.".to_owned(),
        ],
    }
    .html()
}
