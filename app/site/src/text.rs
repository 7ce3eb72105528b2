//! Texts and places in them: edits, and the translation between the engine's
//! bytes and the browser's UTF-16 units.

use lab::message::TextEdit;

/// `text` after `edits`, which are by position and do not overlap. `None` when
/// an edit does not fit the text: it was made for another one.
pub fn edited(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.start)?);
        out.push_str(&edit.text);
        text.get(edit.start..edit.end)?;
        done = edit.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The lines that `edits` touch, before and after.
pub fn difference(text: &str, edits: &[TextEdit]) -> Option<(String, String)> {
    let after = edited(text, edits)?;
    let (before, after): (Vec<_>, Vec<_>) = (text.lines().collect(), after.lines().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(left, right)| left == right).count()
    };
    let head = same(&mut before.iter().zip(&after));
    let shorter = before.len().min(after.len()) - head;
    let tail = same(&mut before.iter().rev().zip(after.iter().rev())).min(shorter);
    let middle = |lines: &[&str]| lines[head..lines.len() - tail].join("\n");
    Some((middle(&before), middle(&after)))
}

/// Where the byte `at` of a text lands when `old` becomes `new`: places before
/// the typed part stay, places behind it move along.
pub fn moved(old: &str, new: &str) -> impl Fn(usize) -> usize + use<> {
    let head = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    let shorter = old.len().min(new.len()) - head;
    let tail = old
        .bytes()
        .rev()
        .zip(new.bytes().rev())
        .take_while(|(left, right)| left == right)
        .count()
        .min(shorter);
    let (old_end, new_end, new_len) = (old.len() - tail, new.len() - tail, new.len());
    move |at| {
        let place = if at >= old_end {
            at - old_end + new_end
        } else {
            at.min(head.max(new_end))
        };
        place.min(new_len)
    }
}

/// The UTF-16 offset of the byte `at`; the browser counts so.
pub fn utf16(text: &str, at: usize) -> usize {
    text.char_indices()
        .take_while(|&(index, _)| index < at)
        .map(|(_, letter)| letter.len_utf16())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit {
            start,
            end,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_made_by_position() {
        let made = edited(
            "deny /data w,",
            &[edit(5, 10, "/data/"), edit(11, 12, "wl")],
        );
        assert_eq!(made.as_deref(), Some("deny /data/ wl,"));
    }

    #[test]
    fn an_edit_of_another_text_is_refused() {
        assert_eq!(edited("ä", &[edit(1, 2, "")]), None);
        assert_eq!(edited("a", &[edit(3, 4, "")]), None);
    }

    #[test]
    fn a_difference_shows_only_the_lines_that_change() {
        let text = "file,\ndeny /data/** w,\ndeny /data/ w,\n}";
        assert_eq!(
            difference(text, &[edit(6, 22, "deny /data/** wl,")]),
            Some(("deny /data/** w,".into(), "deny /data/** wl,".into()))
        );
        assert_eq!(
            difference(text, &[edit(6, 23, "")]),
            Some(("deny /data/** w,".into(), String::new()))
        );
    }

    #[test]
    fn places_behind_what_was_typed_move_along() {
        let place = moved("deny /data w", "deny /data/ w");
        assert_eq!((place(0), place(5), place(11), place(12)), (0, 5, 12, 13));
    }

    #[test]
    fn the_browser_counts_in_utf_16() {
        assert_eq!(utf16("aä😀b", 7), 4);
    }
}
