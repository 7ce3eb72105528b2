//! From text to tree.
//!
//! One pass reads the policy in the order in which the real parser does and
//! finds what it finds, where it finds it. Unlike the real parser it goes on:
//! a statement that cannot be read is passed over up to its end.

mod brought;
mod condition;
mod file;
mod flags;
mod letters;
mod mount;
mod network;
mod preamble;
mod process;
mod profile;
mod recovery;
mod resource;
mod rules;
mod session;
mod socket;
mod statement;

use sorted::SortedSet;

pub(crate) use brought::Brought;
pub(crate) use mount::can_match;
pub(crate) use profile::{MAX_EXEC_TARGETS, split_label};
pub(crate) use session::Session;

use crate::{
    diagnostic::{Code, Diagnostic, Severity, codes},
    lexer::{Kind, Lexeme, Lexer, unquote},
    options::Options,
    source::{FileId, Files, Found, SourceSet, SourceText, Span},
    token::Token,
    tree::{Include, Text, Tree},
    variables::Variables,
};

/// How many bytes one text may have.
pub const MAX_FILE_BYTES: usize = 2 << 20;

/// How many bytes a policy may come to with what it includes.
pub const MAX_TOTAL_BYTES: usize = 8 << 20;

/// How deeply includes may nest.
pub const MAX_INCLUDE_DEPTH: usize = 32;

/// How many files may be opened, one that is included twice counted twice.
pub const MAX_OPENED_FILES: usize = 4000;

/// How deeply profiles, blocks and brackets may nest.
pub const MAX_NESTING: usize = 200;

/// How many statements a policy may have.
pub const MAX_STATEMENTS: usize = 50_000;

/// After how many findings the reading ends.
pub const MAX_DIAGNOSTICS: usize = 200;

/// One text, read by itself: its includes are not followed.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The table with the one file.
    pub files: Files,
    /// What it says.
    pub tree: Tree,
    /// The text in pieces.
    pub tokens: Vec<Token>,
    /// Findings in the order in which the real parser comes upon them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one text. Never fails: what is wrong with it stands in the diagnostics.
///
/// Includes are kept as they are written; what they would bring is missing, so
/// variables are not looked up.
pub fn parse(file_name: &str, text: &str) -> Parsed {
    let options = Options::default();
    let mut parser = Parser::new(file_name, text, None, &options);
    let tree = parser.policy();
    let Session {
        files,
        tokens,
        diagnostics,
        ..
    } = parser.finish();
    Parsed {
        files,
        tree,
        tokens,
        diagnostics,
    }
}

/// Marks that a finding was reported and the statement cannot be read further.
#[derive(Debug)]
pub(crate) struct Reported;

/// What a part of the grammar comes to.
pub(crate) type Read<T> = Result<T, Reported>;

/// The state of one reading.
pub(crate) struct Parser<'a> {
    lexer: Lexer,
    files: Files,
    sources: Option<&'a SourceSet>,
    options: &'a Options,
    ahead: Option<Lexeme>,
    last: Lexeme,
    includes: Vec<Include>,
    /// The files included so far: once for the preamble, once more for each open profile.
    included: Vec<SortedSet<String>>,
    variables: Variables,
    policy_abi: Option<crate::features::Features>,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
    statements: usize,
    bytes: usize,
    stopped: bool,
    lexical_error: Option<Span>,
    brace_missed: bool,
    /// The next symbol would begin a part of the outermost level.
    between_items: bool,
    /// Takes what an include brings from an earlier reading.
    recalls: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(
        file_name: &str,
        text: &str,
        sources: Option<&'a SourceSet>,
        options: &'a Options,
    ) -> Self {
        let mut files = Files::default();
        let too_large = text.len() > MAX_FILE_BYTES;
        let text = SourceText::from(if too_large { "" } else { text });
        let bytes = text.len();
        let file = files.open(file_name, text.clone(), None);
        let lexer = Lexer::new(file, text);
        let start = Span {
            file,
            start: 0,
            end: 0,
        };
        let last = Lexeme {
            kind: Kind::End,
            span: start,
            line: 1,
            mode: crate::lexer::Mode::Initial,
        };
        let mut parser = Self {
            lexer,
            files,
            sources,
            options,
            ahead: None,
            last,
            includes: Vec::new(),
            included: vec![SortedSet::new()],
            variables: Variables::default(),
            policy_abi: None,
            diagnostics: Vec::new(),
            depth: 0,
            statements: 0,
            bytes,
            stopped: false,
            lexical_error: None,
            brace_missed: false,
            between_items: false,
            recalls: true,
        };
        if too_large {
            let sentence =
                format!("The text is larger than {MAX_FILE_BYTES} bytes, so it is not read.");
            parser.stop(codes::TOO_LARGE, start, sentence);
        }
        parser
    }

    pub(crate) fn finish(self) -> Session {
        let length = self
            .files
            .get(FileId::default())
            .map_or(0, |file| file.text.len());
        Session {
            files: self.files,
            tokens: self.lexer.into_tokens(length),
            diagnostics: self.diagnostics,
            variables: self.variables,
            policy_abi: self.policy_abi,
        }
    }

    /// The next symbol, not yet taken. Includes on the way are followed.
    pub(crate) fn peek(&mut self) -> Lexeme {
        loop {
            if let Some(ahead) = self.ahead {
                return ahead;
            }
            if self.stopped {
                return Lexeme {
                    kind: Kind::End,
                    ..self.last
                };
            }
            let lexeme = self.lexer.next();
            if lexeme.kind == Kind::IncludePath {
                self.include(lexeme);
            } else {
                self.ahead = Some(lexeme);
            }
        }
    }

    /// Takes the next symbol.
    pub(crate) fn next(&mut self) -> Lexeme {
        let lexeme = self.peek();
        if lexeme.kind != Kind::End {
            self.ahead = None;
        }
        self.last = lexeme;
        lexeme
    }

    /// Whether the next symbol is of a kind.
    pub(crate) fn at(&mut self, kind: Kind) -> bool {
        self.peek().kind == kind
    }

    /// Takes the next symbol where it is of a kind.
    pub(crate) fn eat(&mut self, kind: Kind) -> Option<Lexeme> {
        self.at(kind).then(|| self.next())
    }

    /// Takes the next symbol, which must be of a kind.
    pub(crate) fn expect(&mut self, kind: Kind) -> Read<Lexeme> {
        match self.eat(kind) {
            Some(lexeme) => Ok(lexeme),
            None => Err(self.unexpected(&[kind])),
        }
    }

    /// A symbol's text as written.
    pub(crate) fn written(&self, span: Span) -> &str {
        self.files.text(span)
    }

    /// A symbol's text as it is meant.
    pub(crate) fn text(&self, lexeme: Lexeme) -> Text {
        Text::new(unquote(self.files.text(lexeme.span)), lexeme.span)
    }

    /// Reports an error that the real parser words too, at the line it has reached.
    pub(crate) fn error(
        &mut self,
        code: Code,
        span: Span,
        sentence: impl Into<String>,
        wording: impl Into<String>,
    ) {
        let line = self.last.line;
        self.report(Diagnostic::error(code, span, sentence).tool(Some(line), wording));
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.stopped {
            return;
        }
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            let sentence = format!(
                "There are more than {MAX_DIAGNOSTICS} findings; the rest of the text is not read."
            );
            self.stop(codes::TOO_MANY_FINDINGS, diagnostic.span, sentence);
            return;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Ends the reading at a limit.
    pub(crate) fn stop(&mut self, code: Code, span: Span, sentence: impl Into<String>) {
        if !self.stopped {
            self.diagnostics
                .push(Diagnostic::error(code, span, sentence));
        }
        self.stopped = true;
        self.ahead = None;
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Counts a statement; ends the reading at the limit.
    pub(crate) fn count_statement(&mut self, span: Span) {
        self.statements += 1;
        if self.statements > MAX_STATEMENTS {
            let sentence = format!(
                "The policy has more than {MAX_STATEMENTS} statements; the rest is not read."
            );
            self.stop(codes::TOO_MANY_STATEMENTS, span, sentence);
        }
    }

    /// Reads something nested, or ends the reading where it nests too deep.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_NESTING {
            let span = self.peek().span;
            self.stop(
                codes::TOO_DEEP,
                span,
                format!("This nests more than {MAX_NESTING} deep; the rest is not read."),
            );
            return Err(Reported);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads something with the files that it includes counted afresh.
    pub(crate) fn with_own_includes<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.included.push(SortedSet::new());
        let result = read(self);
        self.included.pop();
        result
    }

    /// The includes met since they were last asked for.
    pub(crate) fn take_includes(&mut self) -> Vec<Include> {
        std::mem::take(&mut self.includes)
    }

    fn include(&mut self, lexeme: Lexeme) {
        let word = self.lexer.include_word();
        let written = self.files.text(lexeme.span);
        let magic = written.starts_with('<');
        let inner = written
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .unwrap_or(written);
        let path = unquote(inner.trim());
        let span = word.span.to(lexeme.span);
        let include = Include {
            path: Text::new(path.clone(), lexeme.span),
            magic,
            if_exists: word.if_exists,
            hash: word.hash,
            span,
        };
        let is_known = self.recall(&include);
        self.includes.push(include);
        if is_known {
            return;
        }
        let Some(sources) = self.sources else { return };
        let found = if magic {
            sources.find_magic(&path)
        } else {
            sources.find(&path)
        };
        let Some(found) = found else {
            if !word.if_exists {
                let sentence = format!("There is no file `{path}` to include.");
                let wording = format!("Could not open '{path}'");
                let line = lexeme.line;
                self.report(
                    Diagnostic::error(codes::INCLUDE_MISSING, span, sentence)
                        .tool(Some(line), wording),
                );
            }
            return;
        };
        let files = match found {
            Found::File(file) => vec![file],
            Found::Folder(files) => files,
        };
        let fresh: Vec<_> = match self.included.last_mut() {
            Some(included) => files
                .into_iter()
                .filter(|file| included.insert(file.path.clone()))
                .collect(),
            None => files,
        };
        // The file pushed last is read first, as a folder's are in the real parser.
        for file in fresh {
            self.bytes += file.text.len();
            if self.lexer.depth() > MAX_INCLUDE_DEPTH {
                let sentence = format!(
                    "Includes nest more than {MAX_INCLUDE_DEPTH} deep; is a file including itself?"
                );
                return self.stop(codes::INCLUDE_TOO_DEEP, span, sentence);
            }
            if self.files.len() >= MAX_OPENED_FILES {
                let sentence = format!("More than {MAX_OPENED_FILES} files are included.");
                return self.stop(codes::TOO_MANY_FILES, span, sentence);
            }
            if file.text.len() > MAX_FILE_BYTES || self.bytes > MAX_TOTAL_BYTES {
                let sentence =
                    format!("The policy with its includes is larger than {MAX_TOTAL_BYTES} bytes.");
                return self.stop(codes::TOO_LARGE, span, sentence);
            }
            let id = self.files.open(file.path, file.text.clone(), Some(span));
            self.lexer.push(id, file.text);
        }
    }
}

/// Whether a set of findings makes the real parser refuse the policy.
pub fn is_refused(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}
