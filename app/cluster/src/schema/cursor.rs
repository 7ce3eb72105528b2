//! Where a cursor stands in a manifest that may be half written: found by
//! indentation, because what is being typed is seldom whole.

/// A place in a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor<'t> {
    /// The kind that the document names; empty when it names none yet.
    pub kind: &'t str,
    /// The keys that lead to the mapping, the outermost first.
    pub keys: Vec<&'t str>,
    /// The other keys of that mapping.
    pub siblings: Vec<&'t str>,
    /// The key whose value is being written; `None` where a key is.
    pub value_of: Option<&'t str>,
    /// The byte at which the word under the cursor begins.
    pub start: usize,
}

/// A line of a mapping or list, seen from its left edge.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// Where the last dash of the line stands, if it begins with any.
    dash: Option<usize>,
    /// Where its text begins.
    column: usize,
    /// Its key, when it has one.
    key: Option<&'t str>,
}

/// The place of the byte `at`; `None` in a comment or outside the text.
pub(super) fn cursor(text: &str, at: usize) -> Option<Cursor<'_>> {
    let before = text.get(..at)?;
    let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
    let written = &before[begin..];
    if written.trim_start().starts_with('#') || written.contains(" #") {
        return None;
    }
    let earlier = document(&text[..begin]);
    let rest = text
        .get(at..)?
        .split_once('\n')
        .map_or("", |(_, rest)| rest);
    let later = rest.lines().take_while(|line| !line.starts_with("---"));
    let here = line(written);
    let mut found = Cursor {
        kind: lines(earlier)
            .chain(later.clone())
            .find_map(|line| line.strip_prefix("kind:"))
            .map_or("", str::trim),
        value_of: here.key.filter(|_| written.contains(": ")),
        start: begin + word(written),
        ..Cursor::default()
    };
    // A key of this column belongs to the same mapping until its list item
    // begins; one further to the left leads to it.
    let mut limit = here.dash.map_or(here.column, |dash| dash + 1);
    let mut same = here.dash.is_none().then_some(here.column);
    for line in lines(earlier).rev().filter_map(content) {
        let Some(key) = line.key else { continue };
        if same == Some(line.column) {
            found.siblings.push(key);
        } else if line.column < limit {
            found.keys.push(key);
            limit = line.column;
            same = None;
        }
        if let Some(dash) = line.dash
            && line.column <= here.column
        {
            limit = limit.min(dash + 1);
            same = None;
        }
        if limit == 0 {
            break;
        }
    }
    found.keys.reverse();
    let after = later.filter_map(content).take_while(|line| {
        line.column >= here.column && line.dash.is_none_or(|dash| dash > here.column)
    });
    for line in after.filter(|line| line.column == here.column) {
        found.siblings.extend(line.key);
    }
    Some(found)
}

/// The last document of `text`.
fn document(text: &str) -> &str {
    match text.rfind("\n---") {
        Some(at) => &text[at + 4..],
        None => text,
    }
}

fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines()
}

/// A line, unless it is empty or a comment.
fn content(text: &str) -> Option<Line<'_>> {
    let first = text.trim_start();
    (!first.is_empty() && !first.starts_with('#')).then(|| line(text))
}

fn line(text: &str) -> Line<'_> {
    let mut column = 0;
    let mut dash = None;
    loop {
        let rest = text[column..].trim_start_matches(' ');
        column = text.len() - rest.len();
        if rest != "-" && !rest.starts_with("- ") {
            break;
        }
        dash = Some(column);
        column += 1;
    }
    let key = text[column..].split_once(':').map(|(key, _)| key.trim());
    Line {
        dash,
        column,
        key: key.filter(|key| !key.is_empty() && !key.contains([' ', '{', '[', '"'])),
    }
}

/// Where the word at the end of a line begins.
fn word(text: &str) -> usize {
    text.rfind([' ', ',', '[', '{', '"', '\''])
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the `|` in a text.
    fn place(marked: &str) -> (Vec<String>, Vec<String>, Option<String>) {
        let at = marked.find('|').expect("it has a mark");
        let text = marked.replace('|', "");
        let found = cursor(&text, at).expect("it has a place");
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        (
            owned(&found.keys),
            owned(&found.siblings),
            found.value_of.map(str::to_owned),
        )
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_key_knows_the_keys_around_it_and_those_beside_it() {
        let text = "kind: Pod\nspec:\n  securityContext:\n    runAsUser: 1\n    se|\n    fsGroup: 2\n  containers:\n";
        assert_eq!(
            place(text),
            (
                words(&["spec", "securityContext"]),
                words(&["runAsUser", "fsGroup"]),
                None
            )
        );
    }

    #[test]
    fn an_item_of_a_list_is_a_mapping_of_its_own() {
        for indent in ["", "  "] {
            let text = format!(
                "kind: Pod\nspec:\n  containers:\n  {indent}- name: a\n  {indent}  image: b\n  {indent}- name: c\n  {indent}  |\n"
            );
            assert_eq!(
                place(&text),
                (words(&["spec", "containers"]), words(&["name"]), None)
            );
            let begun = format!("kind: Pod\nspec:\n  containers:\n  {indent}- |\n");
            assert_eq!(
                place(&begun),
                (words(&["spec", "containers"]), vec![], None)
            );
        }
    }

    #[test]
    fn a_value_knows_its_key() {
        let text = "kind: Pod\nspec:\n  hostPID: t|\n";
        assert_eq!(
            place(text),
            (words(&["spec"]), vec![], Some("hostPID".to_owned()))
        );
    }

    #[test]
    fn a_comment_is_no_place() {
        assert_eq!(cursor("# a", 3), None);
    }
}
