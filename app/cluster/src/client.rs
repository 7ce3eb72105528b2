//! The client that sends a manifest: kubectl, or a program with a library.

use crate::yaml::{Data, Value};

/// How unknown fields are treated: kubectl's `--validate`, the query
/// `fieldValidation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Validate {
    /// The request is refused: kubectl's default.
    #[default]
    Strict,
    /// The field is dropped with a warning: the server's default for clients
    /// that say nothing, such as controllers and most libraries.
    Warn,
    /// The field is dropped without a word.
    Ignore,
}

/// Who sends a manifest, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The name of the file, as it was given after `-f`; empty for a client that
    /// makes its objects itself.
    pub file: String,
    /// How unknown fields are treated.
    pub validate: Validate,
    /// The user's name, for exemptions.
    pub user: String,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// Whether that was said with `--namespace`: then kubectl sends no object
    /// that names another one.
    pub namespace_given: bool,
}

impl Client {
    /// `kubectl apply -f FILE` by an administrator.
    pub fn kubectl(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            validate: Validate::Strict,
            user: "kubernetes-admin".to_owned(),
            namespace: "default".to_owned(),
            namespace_given: false,
        }
    }

    /// What kubectl puts before a server's words about an object that comes from
    /// a file (`cmdutil.AddSourceToErr`).
    pub fn source_of_error(&self) -> String {
        if self.file.is_empty() {
            String::new()
        } else {
            format!("error when creating \"{}\": ", self.file)
        }
    }
}

/// How `kubectl debug --profile` shapes the ephemeral container that it adds
/// (`kubectl/pkg/cmd/debug/profiles.go`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DebugProfile {
    /// `legacy`: no security context.
    #[default]
    Legacy,
    /// `general`: may trace processes.
    General,
    /// `baseline`: no security context, fit for the baseline level.
    Baseline,
    /// `restricted`: fit for the restricted level.
    Restricted,
    /// `netadmin`: may configure the network.
    NetAdmin,
    /// `sysadmin`: privileged.
    SysAdmin,
}

impl DebugProfile {
    /// Reads the value of the option.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "legacy" => Self::Legacy,
            "general" => Self::General,
            "baseline" => Self::Baseline,
            "restricted" => Self::Restricted,
            "netadmin" => Self::NetAdmin,
            "sysadmin" => Self::SysAdmin,
            _ => return None,
        })
    }

    /// The container that `kubectl debug POD --image=IMAGE --target=TARGET` adds.
    /// An empty `target` names none.
    pub fn container(self, name: &str, image: &str, target: &str) -> Value {
        let mut container = Value::map();
        container.set("name", Value::text(name));
        container.set("image", Value::text(image));
        container.set("stdin", Value::added(Data::Bool(true)));
        container.set("tty", Value::added(Data::Bool(true)));
        if !target.is_empty() {
            container.set("targetContainerName", Value::text(target));
        }
        let add: &[&str] = match self {
            Self::General => &["SYS_PTRACE"],
            Self::NetAdmin => &["NET_ADMIN", "NET_RAW"],
            _ => &[],
        };
        if !add.is_empty() {
            let names = add.iter().map(|name| Value::text(name)).collect();
            container
                .map_under("securityContext")
                .map_under("capabilities")
                .set("add", Value::added(Data::List(names)));
        }
        match self {
            Self::SysAdmin => {
                container
                    .map_under("securityContext")
                    .set("privileged", Value::added(Data::Bool(true)));
            }
            Self::Restricted => {
                let context = container.map_under("securityContext");
                context.set("allowPrivilegeEscalation", Value::added(Data::Bool(false)));
                let all = Value::added(Data::List(vec![Value::text("ALL")]));
                context.map_under("capabilities").set("drop", all);
                context.set("runAsNonRoot", Value::added(Data::Bool(true)));
                context
                    .map_under("seccompProfile")
                    .set("type", Value::text("RuntimeDefault"));
            }
            _ => {}
        }
        container
    }
}
