//! A profile as a manifest asks for it: the same shape for AppArmor and seccomp.

use std::fmt;

use crate::yaml::Value;

/// The three types that the API knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProfileType {
    /// A profile that the node has.
    Localhost,
    /// The runtime's own default.
    RuntimeDefault,
    /// None.
    Unconfined,
}

impl ProfileType {
    /// Every type, in the order in which error messages list them.
    pub const ALL: [Self; 3] = [Self::Localhost, Self::RuntimeDefault, Self::Unconfined];

    /// The spelling in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Localhost => "Localhost",
            Self::RuntimeDefault => "RuntimeDefault",
            Self::Unconfined => "Unconfined",
        }
    }
}

/// An `appArmorProfile` or `seccompProfile`, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Profile {
    /// `type`, empty when absent; any string.
    pub kind: String,
    /// `localhostProfile`, nothing when absent.
    pub localhost: Option<String>,
}

impl Profile {
    /// A profile of a type without a name.
    pub fn of(kind: ProfileType) -> Self {
        Self {
            kind: kind.name().to_owned(),
            localhost: None,
        }
    }

    /// A profile of the node.
    pub fn localhost(name: &str) -> Self {
        Self {
            kind: ProfileType::Localhost.name().to_owned(),
            localhost: Some(name.to_owned()),
        }
    }

    /// Reads the mapping of a profile field; nothing unless it is a mapping.
    pub fn read(value: Option<&Value>) -> Option<Self> {
        let value = value?;
        matches!(value.data, crate::yaml::Data::Map(_)).then(|| Self {
            kind: super::text(value, "type").unwrap_or_default(),
            localhost: super::text(value, "localhostProfile"),
        })
    }

    /// The type, if the API knows it.
    pub fn profile_type(&self) -> Option<ProfileType> {
        ProfileType::ALL
            .into_iter()
            .find(|kind| kind.name() == self.kind)
    }

    /// Whether this is of the given type.
    pub fn is(&self, kind: ProfileType) -> bool {
        self.kind == kind.name()
    }

    /// The mapping of a profile field.
    pub fn to_value(&self) -> Value {
        let mut value = Value::map();
        if let Some(name) = &self.localhost {
            value.set("localhostProfile", Value::text(name));
        }
        value.set("type", Value::text(&self.kind));
        value
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.localhost {
            Some(name) => write!(f, "{} {name}", self.kind),
            None => f.write_str(&self.kind),
        }
    }
}
