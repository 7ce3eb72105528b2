//! What an include brings that stands before everything else: as a rule `tunables/global`, with
//! its hundred variables the largest part of most policies, and the part that stays the same
//! while they are written.

use std::sync::Arc;

use sorted::SortedSet;

use super::{MAX_STATEMENTS, MAX_TOTAL_BYTES, Parser};
use crate::{
    lexer::Lexeme,
    options::Options,
    source::{FileId, OpenedFile, SourceSet, Span},
    tree::{Include, Item},
    variables::Variables,
};

/// What a reading has come to behind such an include that brings nothing but variables.
#[derive(Debug)]
pub(crate) struct Brought {
    files: Vec<OpenedFile>,
    included: SortedSet<String>,
    variables: Variables,
    /// The last symbol of what was included, if there was one.
    last: Option<Lexeme>,
    statements: usize,
    bytes: usize,
}

impl Brought {
    /// Reads the include by itself; none where it brings other things, or where anything is
    /// wrong with them.
    fn read(path: &str, sources: &SourceSet, options: &Options) -> Option<Self> {
        // Without a line end, which could end a mode that the include leaves open.
        let written = format!("include <{path}>");
        let mut parser = Parser::new("", &written, Some(sources), options);
        parser.recalls = false;
        let tree = parser.policy();
        let brings_variables = tree
            .items
            .iter()
            .all(|item| matches!(item, Item::Include(_) | Item::Set(_)));
        let is_read_alike = matches!(
            tree.items.first(),
            Some(Item::Include(include)) if include.path.as_str() == path
        );
        if !is_read_alike
            || !brings_variables
            || !parser.diagnostics.is_empty()
            || !parser.lexer.is_outermost()
        {
            return None;
        }
        Some(Self {
            files: parser.files.iter().skip(1).cloned().collect(),
            included: parser.included.pop()?,
            variables: parser.variables,
            last: Some(parser.last).filter(|last| last.span.file != FileId::default()),
            // Without the end.
            statements: parser.statements - 1,
            bytes: parser.bytes - written.len(),
        })
    }
}

impl Parser<'_> {
    /// Goes on behind an include as if it had been read; false where it has to be read.
    pub(super) fn recall(&mut self, include: &Include) -> bool {
        let Some(sources) = self.sources else {
            return false;
        };
        let nothing_before = self.files.len() == 1
            && self.variables.is_empty()
            && matches!(self.included.as_slice(), [included] if included.is_empty());
        if !self.recalls || !self.between_items || !nothing_before || !include.magic {
            return false;
        }
        let (path, options) = (include.path.as_str(), self.options);
        let brought = sources.brought(options.level, path, || {
            Brought::read(path, sources, options).map(Arc::new)
        });
        let Some(brought) = brought else { return false };
        let statements = self.statements + brought.statements;
        let bytes = self.bytes + brought.bytes;
        if statements > MAX_STATEMENTS || bytes > MAX_TOTAL_BYTES {
            return false;
        }
        (self.statements, self.bytes) = (statements, bytes);
        self.last = brought.last.unwrap_or(self.last);
        self.variables = brought.variables.clone();
        self.included = vec![brought.included.clone()];
        for file in &brought.files {
            let inner = file.included_at.filter(|at| at.file != FileId::default());
            let at: Span = inner.unwrap_or(include.span);
            self.files
                .open(file.name.clone(), file.text.clone(), Some(at));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::standard;

    /// Everything that a reading comes to, and the uses of some variables.
    fn reading(text: &str, recalls: bool) -> (String, usize) {
        let (sources, options) = (standard(), Options::default());
        let mut parser = Parser::new("policy", text, Some(&sources), &options);
        parser.recalls = recalls;
        let tree = parser.policy();
        let parts: Vec<_> = tree
            .items
            .iter()
            .filter(|item| matches!(item, Item::Profile(_)))
            .collect();
        let files: Vec<_> = parser.files.iter().collect();
        let variables =
            ["HOME", "PROC", "multiarch", "run", "own"].map(|name| parser.variables.get(name));
        let counts = (
            parser.statements,
            parser.bytes,
            parser.last,
            &parser.included,
        );
        let all = format!(
            "{parts:?} {files:?} {:?} {variables:?} {counts:?}",
            parser.diagnostics
        );
        (all, tree.items.len())
    }

    #[test]
    fn what_is_recalled_is_what_would_be_read() {
        let include = "include <tunables/global>\n";
        let profile = "profile p {\n  include <abstractions/base>\n  @{HOME}/** r,\n}\n";
        for (text, is_recalled) in [
            (format!("{include}{profile}"), true),
            (format!("#{include}{profile}"), true),
            (format!("abi <abi/4.0>,\n{include}{profile}"), true),
            (format!("{include}@{{HOME}} = /other\n{profile}"), true),
            (
                format!("{include}@{{own}} = /own\n@{{HOME}} += /more\n{profile}"),
                true,
            ),
            (
                format!("{include}{include}include <tunables/home>\n{profile}"),
                true,
            ),
            (format!("{include}}}\n{profile}"), true),
            (include.to_owned(), true),
            (format!("include <tunables/home>\n{include}{profile}"), true),
            (format!("@{{own}} = /own\n{include}{profile}"), false),
            (format!("profile p {include}{profile}"), false),
            (format!("include <tunables/none>\n{include}{profile}"), true),
            (profile.to_owned(), false),
        ] {
            let (recalled, fewer) = reading(&text, true);
            let (read, items) = reading(&text, false);
            assert_eq!(recalled, read, "{text}");
            assert_eq!(fewer < items, is_recalled, "{text}");
        }
    }
}
