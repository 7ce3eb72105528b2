//! A document's tree, with the place of every key and value.

use crate::diagnostic::Span;

/// A value and where it stands in the source; an empty span for values that a
/// component added.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where the value stands.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`, or nothing at all.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or an exponent, or too large for an integer.
    Float(f64),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in source order.
    Map(Vec<Entry>),
}

/// A key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; a key that is not a string is written as JSON would write it.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

impl Value {
    /// A value that stands nowhere in the source.
    pub fn added(data: Data) -> Self {
        Self {
            span: Span::default(),
            data,
        }
    }

    /// A string that stands nowhere in the source.
    pub fn text(text: &str) -> Self {
        Self::added(Data::String(text.to_owned()))
    }

    /// An empty mapping that stands nowhere in the source.
    pub fn map() -> Self {
        Self::added(Data::Map(Vec::new()))
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key of a mapping.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value under a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The string under a chain of keys; empty where there is none.
    pub fn text_at(&self, keys: &[&str]) -> &str {
        self.at(keys).and_then(Self::as_str).unwrap_or_default()
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// A truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self.data {
            Data::Int(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// Sets a key of a mapping, which is made first if this is anything else;
    /// returns the value now under the key.
    pub fn set(&mut self, key: &str, value: Value) -> &mut Value {
        if !matches!(self.data, Data::Map(_)) {
            self.data = Data::Map(Vec::new());
        }
        let Data::Map(entries) = &mut self.data else {
            unreachable!("a mapping was made above")
        };
        let index = entries.iter().position(|entry| entry.key == key);
        let index = index.unwrap_or_else(|| {
            entries.push(Entry {
                key: key.to_owned(),
                key_span: Span::default(),
                value: Value::added(Data::Null),
            });
            entries.len() - 1
        });
        entries[index].value = value;
        &mut entries[index].value
    }

    /// The value under a key, an empty mapping being put there if there is none.
    pub fn map_under(&mut self, key: &str) -> &mut Value {
        let present = self
            .get(key)
            .is_some_and(|value| matches!(value.data, Data::Map(_)));
        if !present {
            return self.set(key, Value::map());
        }
        let Data::Map(entries) = &mut self.data else {
            unreachable!("a mapping holds the key")
        };
        let index = entries
            .iter()
            .position(|entry| entry.key == key)
            .unwrap_or(0);
        &mut entries[index].value
    }

    /// The items of the list under a key, an empty list being put there if there
    /// is none.
    pub fn list_under(&mut self, key: &str) -> &mut Vec<Value> {
        let is_list = |value: &Value| matches!(value.data, Data::List(_));
        if !self.get(key).is_some_and(is_list) {
            self.set(key, Value::added(Data::List(Vec::new())));
        }
        match self.get_mut(key).map(|value| &mut value.data) {
            Some(Data::List(items)) => items,
            _ => unreachable!("a list was put under the key"),
        }
    }

    /// The value under a key, for changing it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        match &mut self.data {
            Data::Map(entries) => entries
                .iter_mut()
                .find(|entry| entry.key == key)
                .map(|entry| &mut entry.value),
            _ => None,
        }
    }

    /// The items of a list, for changing them; none for anything else.
    pub fn items_mut(&mut self) -> &mut [Value] {
        match &mut self.data {
            Data::List(items) => items,
            _ => &mut [],
        }
    }

    /// Drops the entries of a mapping whose keys do not answer yes.
    pub fn retain_keys(&mut self, keep: impl Fn(&str) -> bool) {
        if let Data::Map(entries) = &mut self.data {
            entries.retain(|entry| keep(&entry.key));
        }
    }

    /// What JSON calls this kind of value, as Go's decoder names it in errors.
    pub fn json_kind(&self) -> &'static str {
        match self.data {
            Data::Null => "null",
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::Float(_) => "number",
            Data::String(_) => "string",
            Data::List(_) => "array",
            Data::Map(_) => "object",
        }
    }
}
