//! The lexer's modes: which patterns apply depends on the words before.

use super::Kind;

/// A start condition of the real lexer (`parser_lex.l`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    Initial,
    SubId,
    SubIdWs,
    SubValue,
    IdentityValue,
    ExtCond,
    ExtCondList,
    Network,
    ListVal,
    ListCond,
    ListCondVal,
    ListCondParenVal,
    Assign,
    Rlimit,
    Mount,
    Dbus,
    Signal,
    Ptrace,
    Unix,
    ChangeProfile,
    Include,
    IncludeExists,
    Abi,
    Userns,
    Mqueue,
    Integer,
    Expr,
    AssignExpr,
    AssignExprStart,
}

impl Mode {
    /// The name that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "INITIAL",
            Self::SubId => "SUB_ID",
            Self::SubIdWs => "SUB_ID_WS",
            Self::SubValue => "SUB_VALUE",
            Self::IdentityValue => "IDENTITY_VALUE",
            Self::ExtCond => "EXTCOND_MODE",
            Self::ExtCondList => "EXTCONDLIST_MODE",
            Self::Network => "NETWORK_MODE",
            Self::ListVal => "LIST_VAL_MODE",
            Self::ListCond => "LIST_COND_MODE",
            Self::ListCondVal => "LIST_COND_VAL",
            Self::ListCondParenVal => "LIST_COND_PAREN_VAL",
            Self::Assign => "ASSIGN_MODE",
            Self::Rlimit => "RLIMIT_MODE",
            Self::Mount => "MOUNT_MODE",
            Self::Dbus => "DBUS_MODE",
            Self::Signal => "SIGNAL_MODE",
            Self::Ptrace => "PTRACE_MODE",
            Self::Unix => "UNIX_MODE",
            Self::ChangeProfile => "CHANGE_PROFILE_MODE",
            Self::Include => "INCLUDE",
            Self::IncludeExists => "INCLUDE_EXISTS",
            Self::Abi => "ABI_MODE",
            Self::Userns => "USERNS_MODE",
            Self::Mqueue => "MQUEUE_MODE",
            Self::Integer => "INTEGER_MODE",
            Self::Expr => "EXPR_MODE",
            Self::AssignExpr => "ASSIGN_EXPR_MODE",
            Self::AssignExprStart => "ASSIGN_EXPR_START",
        }
    }

    /// Whether blanks are passed over.
    pub fn skips_blanks(self) -> bool {
        !matches!(self, Self::SubId | Self::SubValue)
    }

    /// Whether line ends are passed over.
    pub fn skips_lines(self) -> bool {
        !matches!(
            self,
            Self::SubId
                | Self::SubValue
                | Self::Assign
                | Self::Integer
                | Self::IdentityValue
                | Self::AssignExpr
                | Self::AssignExprStart
        )
    }

    /// Whether a line end ends the mode: the values of a variable.
    pub fn ends_with_line(self) -> bool {
        matches!(self, Self::Assign | Self::AssignExpr)
    }

    /// Whether a stray character has no message of its own ("flex scanner jammed").
    pub fn jams(self) -> bool {
        matches!(self, Self::Integer | Self::IdentityValue)
    }

    /// Whether a comma ends the rule and with it the mode.
    pub fn ends_with_comma(self) -> bool {
        self.is_rule()
            || matches!(
                self,
                Self::Initial | Self::Rlimit | Self::ChangeProfile | Self::Abi | Self::Userns
            )
    }

    /// The modes of rules with conditions, `name=value`.
    pub fn is_rule(self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::Mount
                | Self::Dbus
                | Self::Signal
                | Self::Ptrace
                | Self::Unix
                | Self::Mqueue
        )
    }

    /// The words of a rule mode that are permissions.
    pub fn permission(self, word: &str) -> Option<Kind> {
        let network = matches!(self, Self::Unix | Self::Network);
        let kind = match word {
            "listen" if network => Kind::Listen,
            "accept" if network => Kind::Accept,
            "connect" if network => Kind::Connect,
            "getopt" if network => Kind::GetOpt,
            "setopt" if network => Kind::SetOpt,
            "shutdown" if network => Kind::Shutdown,
            "create" if network || matches!(self, Self::Userns | Self::Mqueue) => Kind::Create,
            "open" if self == Self::Mqueue => Kind::Open,
            "delete" if self == Self::Mqueue => Kind::Delete,
            "getattr" if network || self == Self::Mqueue => Kind::GetAttr,
            "setattr" if network || self == Self::Mqueue => Kind::SetAttr,
            "bind" if network || self == Self::Dbus => Kind::Bind,
            "eavesdrop" if self == Self::Dbus => Kind::Eavesdrop,
            "send" if network || matches!(self, Self::Dbus | Self::Signal) => Kind::Send,
            "receive" if network || matches!(self, Self::Dbus | Self::Signal) => Kind::Receive,
            "trace" if self == Self::Ptrace => Kind::Trace,
            "readby" if self == Self::Ptrace => Kind::ReadBy,
            "tracedby" if self == Self::Ptrace => Kind::TracedBy,
            "read" if self.is_rule() && self != Self::Mount => Kind::Read,
            "write" if self.is_rule() && self != Self::Mount => Kind::Write,
            _ => return None,
        };
        Some(kind)
    }

    /// The mode that a keyword begins.
    pub fn begun_by(keyword: Kind) -> Self {
        match keyword {
            Kind::Rlimit => Self::Rlimit,
            Kind::Network => Self::Network,
            Kind::ChangeProfile => Self::ChangeProfile,
            Kind::Mount | Kind::Remount | Kind::Umount => Self::Mount,
            Kind::Dbus => Self::Dbus,
            Kind::Signal => Self::Signal,
            Kind::Ptrace => Self::Ptrace,
            Kind::Unix => Self::Unix,
            Kind::Abi => Self::Abi,
            Kind::Userns => Self::Userns,
            Kind::Mqueue => Self::Mqueue,
            Kind::If => Self::Expr,
            _ => Self::Initial,
        }
    }
}
