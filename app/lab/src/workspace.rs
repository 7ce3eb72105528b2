//! The learner's files, read as the tools read them.

pub mod filter;

use crate::{
    document::{Document, DocumentFile},
    language::{self, Structure},
    message::{Diagnostic, FileText, FileView, Fix, Language, NodeSpec, Severity, Span, TextEdit},
};
use apparmor::{Compiled, Level, Options, Profile, SourceSet};
use cluster::yaml;
use std::sync::Arc;

/// What the AppArmor compiler is told on a node.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// Below `/etc/apparmor.d`.
    pub sources: SourceSet,
    /// The parser's release and the kernel's features.
    pub options: Options,
}

/// The files of a session.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// In the order of their tabs.
    pub files: Vec<File>,
    toolchain: Toolchain,
}

/// A file with what was found in it.
#[derive(Debug, Clone)]
pub struct File {
    /// What the document says about it.
    pub about: DocumentFile,
    /// Its text as it is now.
    pub text: Arc<str>,
    /// What is wrong with it, as far as the file alone can tell.
    pub diagnostics: Vec<Diagnostic>,
    /// What to colour and to fold.
    pub structure: Structure,
    /// An AppArmor file as the parser compiles it.
    pub policy: Option<Arc<Compiled>>,
    /// A seccomp file as the runtime reads it.
    pub seccomp: Option<Arc<seccomp::Profile>>,
    /// A manifest as kubectl reads it.
    pub manifest: Option<Arc<yaml::Parsed>>,
}

impl Workspace {
    /// The document's files, with drafts laid over them, read by the tools of
    /// the first of `nodes` that has AppArmor.
    pub fn new(document: &Document, nodes: &[NodeSpec], drafts: &[FileText]) -> Self {
        let host = nodes
            .iter()
            .filter_map(|spec| cluster::node::kind(&spec.kind))
            .map(|kind| &kind.stack.host)
            .find(|host| host.apparmor.works());
        let release = host.map_or("6.12", |host| &host.kernel_release);
        let mut workspace = Self {
            files: Vec::new(),
            toolchain: crate::release::of(release).1,
        };
        for about in &document.files {
            let draft = drafts.iter().find(|draft| draft.path == about.path);
            let text = draft.map_or(about.text.as_str(), |draft| draft.text.as_str());
            let file = workspace.read(about, text);
            workspace.files.push(file);
        }
        workspace.read_including();
        workspace
    }

    /// Replaces a text; false when there is no such file.
    pub fn edit(&mut self, path: &str, text: &str) -> bool {
        let Some(index) = self.files.iter().position(|file| file.about.path == path) else {
            return false;
        };
        let about = self.files[index].about.clone();
        self.files[index] = self.read(&about, text);
        if fragment(&about).is_some() {
            self.read_including();
        }
        true
    }

    /// Adds a file, or replaces the one of its path.
    pub fn add(&mut self, about: DocumentFile, text: &str) {
        self.files.retain(|file| file.about.path != about.path);
        let file = self.read(&about, text);
        let is_fragment = fragment(&about).is_some();
        self.files.push(file);
        if is_fragment {
            self.read_including();
        }
    }

    /// The file of this path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.about.path == path)
    }

    /// The path of the file that lies at a place of the nodes.
    pub fn path_of(&self, node_path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.about.node_path == node_path)
            .map(|file| file.about.path.as_str())
    }

    /// The first file of a language.
    pub fn first(&self, language: Language) -> Option<&File> {
        self.files
            .iter()
            .find(|file| file.about.language == language)
    }

    /// The files of a language.
    pub fn of(&self, language: Language) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(move |file| file.about.language == language)
    }

    /// What the AppArmor compiler is told.
    pub fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    fn read(&self, about: &DocumentFile, text: &str) -> File {
        let mut file = File {
            about: about.clone(),
            text: Arc::from(text),
            diagnostics: Vec::new(),
            structure: language::structure(about.language, text),
            policy: None,
            seccomp: None,
            manifest: None,
        };
        match about.language {
            Language::AppArmor => self.read_profile(&mut file),
            Language::Seccomp => {
                let (profile, found) = filter::read(text);
                file.seccomp = profile.map(Arc::new);
                file.diagnostics = found;
            }
            Language::Manifest => file.manifest = Some(Arc::new(yaml::parse(text))),
            Language::Shell | Language::Plain => {}
        }
        file
    }

    fn read_profile(&self, file: &mut File) {
        let options = &self.toolchain.options;
        let mut sources = self.sources();
        if let Some(path) = fragment(&file.about) {
            sources.insert(path, Arc::clone(&file.text));
            file.diagnostics = fragment_diagnostics(path, &file.text, &sources, options);
            return;
        }
        let name = match file.about.node_path.as_str() {
            "" => file.about.path.as_str(),
            path => path,
        };
        let compiled = apparmor::compile(name, &file.text, &sources, options);
        file.diagnostics = compiled
            .diagnostics
            .iter()
            .map(|found| profile_diagnostic(&file.text, found, &compiled.files))
            .collect();
        sorted::sort_by_key(&mut file.diagnostics, |found| found.span);
        file.policy = Some(Arc::new(compiled));
    }

    /// Whether another release of the parser takes an AppArmor file too.
    pub fn is_read_by(&self, file: &File, level: Level) -> bool {
        let options = Options {
            level,
            ..self.toolchain.options.clone()
        };
        let expanded = apparmor::expand(&file.about.path, &file.text, &self.sources(), &options);
        !apparmor::is_refused(&expanded.diagnostics)
    }

    /// What may be included: the node's files, and those of the learner's that are there for it.
    fn sources(&self) -> SourceSet {
        let mut sources = self.toolchain.sources.clone();
        for file in &self.files {
            if let Some(path) = fragment(&file.about) {
                sources.insert(path, Arc::clone(&file.text));
            }
        }
        sources
    }

    /// Reads the profiles anew that may include one of the learner's files.
    fn read_including(&mut self) {
        if !self
            .files
            .iter()
            .any(|file| fragment(&file.about).is_some())
        {
            return;
        }
        for index in 0..self.files.len() {
            let File { about, text, .. } = &self.files[index];
            if about.language == Language::AppArmor && fragment(about).is_none() {
                self.files[index] = self.read(&about.clone(), &Arc::clone(text));
            }
        }
    }
}

/// The path below the policy folder of a file that is there to be included: one in a folder of its
/// own, like `local/web`, which the parser does not load when it is told to load all profiles.
fn fragment(about: &DocumentFile) -> Option<&str> {
    about
        .node_path
        .strip_prefix("/etc/apparmor.d/")
        .filter(|path| about.language == Language::AppArmor && path.contains('/'))
}

/// What is wrong in a file that is there to be included, in the place where such a file is included.
fn fragment_diagnostics(
    path: &str,
    text: &str,
    sources: &SourceSet,
    options: &Options,
) -> Vec<Diagnostic> {
    let including = if path.starts_with("tunables/") {
        format!("include <{path}>\n")
    } else {
        format!("include <tunables/global>\nprofile including {{\n  include <{path}>\n}}\n")
    };
    let compiled = apparmor::compile("including", &including, sources, options);
    let is_own = |found: &&apparmor::diagnostic::Diagnostic| {
        let file = compiled.files.get(found.span.file);
        file.is_some_and(|file| file.name.ends_with(path))
    };
    let own = compiled.diagnostics.iter().filter(is_own);
    let mut found: Vec<Diagnostic> = own
        .map(|found| diagnostic_at(text, found, found.span))
        .collect();
    sorted::sort_by_key(&mut found, |found| found.span);
    found
}

impl File {
    /// The compiled profiles of an AppArmor file; empty when it has errors.
    pub fn profiles(&self) -> &[Arc<Profile>] {
        self.policy.as_ref().map_or(&[], |policy| &policy.profiles)
    }

    /// The objects of a manifest, up to the first error.
    pub fn objects(&self) -> &[yaml::Value] {
        self.manifest
            .as_ref()
            .map_or(&[], |manifest| &manifest.documents)
    }

    /// What a pod that asks for a profile by this name would find amiss in an
    /// AppArmor file.
    pub fn name_for_pod(&self, asked: &str) -> Option<Diagnostic> {
        let policy = self.policy.as_ref()?;
        let found = apparmor::lint::name_for_pod(policy, asked)?;
        Some(profile_diagnostic(&self.text, &found, &policy.files))
    }

    /// The file as the pages show it; deciding lines are added by the session.
    pub fn view(&self) -> FileView {
        FileView {
            path: self.about.path.clone(),
            language: self.about.language,
            text: self.text.to_string(),
            editable: self.about.editable,
            diagnostics: self.diagnostics.clone(),
            deciding: Vec::new(),
            tokens: self.structure.tokens.clone(),
            folds: self.structure.folds.clone(),
        }
    }
}

/// Line and column of a byte, both from 1, the column in characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before.get(line_start..).unwrap_or_default().chars().count() + 1,
    )
}

fn profile_diagnostic(
    text: &str,
    found: &apparmor::diagnostic::Diagnostic,
    files: &apparmor::Files,
) -> Diagnostic {
    // What is wrong in an included file is shown where it is included.
    let mut span = found.span;
    while let Some(outer) = files.get(span.file).and_then(|file| file.included_at) {
        span = outer;
    }
    diagnostic_at(text, found, span)
}

fn diagnostic_at(
    text: &str,
    found: &apparmor::diagnostic::Diagnostic,
    span: apparmor::source::Span,
) -> Diagnostic {
    let own = span == found.span;
    let range = span.range();
    let (line, column) = line_and_column(text, range.start);
    Diagnostic {
        code: found.code.to_string(),
        severity: match found.severity {
            apparmor::diagnostic::Severity::Hint => Severity::Hint,
            apparmor::diagnostic::Severity::Warning => Severity::Warning,
            apparmor::diagnostic::Severity::Error => Severity::Error,
        },
        span: Span {
            start: range.start,
            end: range.end,
        },
        line,
        column,
        title: found.sentence.clone(),
        why: match found.severity {
            apparmor::diagnostic::Severity::Error => {
                "apparmor_parser refuses the whole file, so none of its profiles is loaded."
                    .to_owned()
            }
            _ => String::new(),
        },
        tool_wording: found.tool.as_ref().map(|tool| tool.lines.join("\n")),
        fix: found.fix.as_ref().filter(|_| own).map(|fix| Fix {
            label: fix.label.clone(),
            edits: fix
                .edits
                .iter()
                .map(|edit| TextEdit {
                    start: edit.span.range().start,
                    end: edit.span.range().end,
                    text: edit.text.clone(),
                })
                .collect(),
        }),
    }
}
