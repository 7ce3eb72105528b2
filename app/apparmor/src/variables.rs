//! Variables: their table while a policy is read, and what their uses become.
//!
//! Source: `symtab.cc` and `variable.cc` of the real parser.

use sorted::{SortedMap, SortedSet};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use crate::{effective::VariableUse, source::Span};

/// How many values a variable may come to.
pub const MAX_VALUES: usize = 10_000;

/// How many bytes a text may become by expansion.
pub const MAX_EXPANDED_BYTES: usize = 1 << 20;

/// How many bytes all texts of a policy together may become by expansion.
pub const MAX_EXPANDED_TOTAL: usize = 64 << 20;

/// How deeply variables may name each other.
pub const MAX_VARIABLE_DEPTH: usize = 100;

/// A variable that was given a value.
#[derive(Clone, Debug)]
pub enum Variable {
    /// A set of texts.
    Set {
        /// The texts as written.
        values: SortedSet<String>,
        /// The assignments that gave them.
        definitions: Vec<Span>,
    },
    /// A truth value.
    Boolean(bool),
}

/// The table of variables.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    table: HashMap<Arc<str>, Arc<Variable>>,
    /// What the profile at hand gives: `profile_name` and its kin.
    automatic: SortedMap<&'static str, String>,
    expanded: HashMap<String, Arc<VariableUse>>,
    /// How many bytes have come out of expansions so far.
    produced: usize,
}

/// Why a text cannot be expanded; carries the words that messages need.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpansionError {
    /// A variable that nothing declares, written as `@{NAME}`.
    #[error("Failed to find declaration for: {0}")]
    Undeclared(String),
    /// A variable that comes back to itself.
    #[error("Variable @{{{variable}}} is referenced recursively (by @{{{by}}})")]
    Recursive {
        /// The one that is named again.
        variable: String,
        /// The one whose value names it.
        by: String,
    },
    /// A boolean where a set is needed.
    #[error("Variable {0} is not a set variable")]
    NotASet(String),
    /// Something in `@{…}` that is no name.
    #[error("Variable '{0}' contains invalid characters")]
    InvalidName(String),
    /// More than [`MAX_VALUES`] values.
    #[error("@{{{0}}} comes to more than {MAX_VALUES} values")]
    TooManyValues(String),
    /// More than [`MAX_EXPANDED_BYTES`].
    #[error("the expanded text is longer than {MAX_EXPANDED_BYTES} bytes")]
    TooLong,
    /// More than [`MAX_EXPANDED_TOTAL`] in all.
    #[error("the expanded texts are longer than {MAX_EXPANDED_TOTAL} bytes together")]
    TooMuch,
    /// Nested deeper than [`MAX_VARIABLE_DEPTH`].
    #[error("variables name each other more than {MAX_VARIABLE_DEPTH} deep")]
    TooDeep,
}

/// The name inside `@{NAME}`, `@NAME`, `${NAME}` or `$NAME`.
pub fn name_of(written: &str) -> &str {
    let name = written.strip_prefix(['@', '$']).unwrap_or(written);
    name.strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'))
        .unwrap_or(name)
}

impl Variables {
    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The variable of a name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.table.get(name).map(Arc::as_ref)
    }

    /// Declares a variable; false where it exists already.
    pub fn declare(&mut self, name: &str, variable: Variable) -> bool {
        let Entry::Vacant(place) = self.table.entry(name.into()) else {
            return false;
        };
        place.insert(Arc::new(variable));
        self.expanded.clear();
        true
    }

    /// Gives a variable its value, whatever it was before; gives the old one back.
    pub fn set(&mut self, name: &str, variable: Variable) -> Option<Arc<Variable>> {
        self.expanded.clear();
        self.table.insert(name.into(), Arc::new(variable))
    }

    /// Gives the profile at hand its variables, in place of those of the one before.
    pub fn set_automatic(&mut self, automatic: impl IntoIterator<Item = (&'static str, String)>) {
        self.automatic = automatic.into_iter().collect();
    }

    /// Adds values to a set variable; false where there is no variable of the name.
    pub fn append(
        &mut self,
        name: &str,
        more: impl IntoIterator<Item = String>,
        definition: Span,
    ) -> bool {
        self.expanded.clear();
        match self.table.get_mut(name).map(Arc::make_mut) {
            Some(Variable::Set {
                values,
                definitions,
            }) => {
                values.extend(more);
                definitions.push(definition);
                true
            }
            Some(Variable::Boolean(_)) => true,
            None => false,
        }
    }

    /// The values of a set variable, sorted, with every variable in them expanded.
    pub fn values(&mut self, name: &str) -> Result<Arc<VariableUse>, ExpansionError> {
        if let Some(known) = self.expanded.get(name) {
            return Ok(known.clone());
        }
        let mut expanding = Expanding::default();
        let values = self.expand(name, &mut expanding)?.into_iter().collect();
        let definitions = match self.get(name) {
            Some(Variable::Set { definitions, .. }) if !self.automatic.contains_key(name) => {
                definitions.clone()
            }
            _ => Vec::new(),
        };
        let name = name.to_owned();
        let expanded = Arc::new(VariableUse {
            name: name.clone(),
            values,
            definitions,
        });
        if !expanding.automatic {
            self.expanded.insert(name, expanded.clone());
        }
        Ok(expanded)
    }

    fn expand(
        &self,
        name: &str,
        expanding: &mut Expanding,
    ) -> Result<SortedSet<String>, ExpansionError> {
        if let Some(known) = self.expanded.get(name) {
            return Ok(known.values.iter().cloned().collect());
        }
        if let Some(value) = self.automatic.get(name) {
            expanding.automatic = true;
            return Ok(std::iter::once(value.clone()).collect());
        }
        let values = match self.get(name) {
            Some(Variable::Set { values, .. }) => values,
            Some(Variable::Boolean(_)) => return Err(ExpansionError::NotASet(name.to_owned())),
            None => return Err(ExpansionError::Undeclared(format!("@{{{name}}}"))),
        };
        if expanding.names.len() >= MAX_VARIABLE_DEPTH {
            return Err(ExpansionError::TooDeep);
        }
        expanding.names.push(name.to_owned());
        let mut done = SortedSet::new();
        let mut work: Vec<String> = values.iter().cloned().collect();
        let mut bytes = 0usize;
        while let Some(value) = work.pop() {
            bytes += value.len();
            if done.len() + work.len() > MAX_VALUES || bytes > MAX_EXPANDED_BYTES {
                return Err(ExpansionError::TooManyValues(name.to_owned()));
            }
            let Some(Use {
                prefix,
                variable,
                suffix,
            }) = find_use(&value)
            else {
                done.insert(value);
                continue;
            };
            let inner = name_of(variable);
            if expanding.names.iter().any(|outer| outer == inner) {
                let (variable, by) = (inner.to_owned(), name.to_owned());
                return Err(ExpansionError::Recursive { variable, by });
            }
            for inner in self.expand(inner, expanding)? {
                work.push(format!("{prefix}{inner}{suffix}"));
            }
        }
        expanding.names.pop();
        Ok(done)
    }

    /// Replaces each variable of a text by its value, or by the alternation of its
    /// values; a slash at the seam is kept once. Records what was used.
    ///
    /// Source: `variable::expand_by_alternation`.
    pub fn expand_text(
        &mut self,
        text: &str,
        used: &mut Vec<Arc<VariableUse>>,
    ) -> Result<String, ExpansionError> {
        let mut done = String::new();
        let mut rest = Cow::Borrowed(text);
        while let Some(Use {
            prefix,
            variable,
            suffix,
        }) = find_use(&rest)
        {
            let name = name_of(variable);
            let valid = name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !valid {
                if name.contains(',') {
                    break;
                }
                return Err(ExpansionError::InvalidName(variable.to_owned()));
            }
            let after_slash = prefix.ends_with('/') && prefix.contains(|c| c != '/');
            let before_slash = suffix.starts_with('/');
            let variable = self.values(name)?;
            let trimmed = variable.values.iter().map(|value| {
                let value = if after_slash {
                    value.trim_start_matches('/')
                } else {
                    value
                };
                if before_slash {
                    value.trim_end_matches('/')
                } else {
                    value
                }
            });
            let is_alternation = variable.values.len() != 1;
            let mut expanded = String::with_capacity(text.len());
            expanded.push_str(if is_alternation { "{" } else { "" });
            for (index, value) in trimmed.enumerate() {
                expanded.push_str(if index > 0 { "," } else { "" });
                expanded.push_str(value);
            }
            expanded.push_str(if is_alternation { "}" } else { "" });
            expanded.push_str(suffix);
            done.push_str(prefix);
            rest = Cow::Owned(expanded);
            if !used.iter().any(|used| used.name == variable.name) {
                used.push(variable);
            }
            if done.len() + rest.len() > MAX_EXPANDED_BYTES {
                return Err(ExpansionError::TooLong);
            }
        }
        done.push_str(&rest);
        self.produced += done.len();
        if self.produced > MAX_EXPANDED_TOTAL {
            return Err(ExpansionError::TooMuch);
        }
        Ok(done)
    }
}

/// The variables that are being expanded, outermost first.
#[derive(Default)]
struct Expanding {
    names: Vec<String>,
    /// One of the profile's own variables was met.
    automatic: bool,
}

/// The first variable of a text and what stands around it.
struct Use<'a> {
    prefix: &'a str,
    variable: &'a str,
    suffix: &'a str,
}

fn find_use(text: &str) -> Option<Use<'_>> {
    let bytes = text.as_bytes();
    let mut escaped = false;
    let mut start = None;
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        match byte {
            b'\\' => escaped = !escaped,
            b'@' if !escaped && bytes.get(index + 1) == Some(&b'{') => {
                start = Some(index);
                // The character behind the brace is never looked at.
                index += 2;
            }
            b'}' if !escaped => {
                if let Some(start) = start {
                    return Some(Use {
                        prefix: text.get(..start)?,
                        variable: text.get(start..=index)?,
                        suffix: text.get(index + 1..)?,
                    });
                }
            }
            _ => escaped = false,
        }
        if matches!(byte, b'@' | b'}') {
            escaped = false;
        }
        index += 1;
    }
    None
}
