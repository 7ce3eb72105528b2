//! Unix socket and D-Bus rules.

use super::{Parser, Read, network::SOCKET_WORDS, network::Words};
use crate::{
    diagnostic::codes,
    level::Syntax,
    lexer::Kind,
    tree::{AddressConditions, Dbus, NamedCondition, Operator, RuleKind, Text, Unix},
    vocabulary::SOCKET_TYPES,
};

const DBUS_WORDS: Words = &[
    ("bind", "bind"),
    ("send", "send"),
    ("write", "send"),
    ("receive", "receive"),
    ("read", "receive"),
    ("eavesdrop", "eavesdrop"),
];

impl Parser<'_> {
    /// `unix [(permissions)] [conditions] [peer=(…)],`
    pub(crate) fn unix(&mut self) -> Read<RuleKind> {
        let start = self.expect(Kind::Unix)?.span;
        let permissions = self.permissions("unix", SOCKET_WORDS)?;
        let local = self.conditions()?;
        let peer = self.peer("unix")?;
        self.expect(Kind::EndOfRule)?;
        let span = start.to(self.last.span);
        self.unix_conditions(&local, false);
        self.unix_conditions(&peer, true);
        let not_for_peers = permissions
            .iter()
            .any(|permission| !matches!(*permission, "send" | "receive" | "accept" | "connect"));
        if !peer.is_empty() && not_for_peers {
            self.local_permissions_with_peer("unix socket", span);
        }
        let local = AddressConditions { conditions: local };
        let peer = AddressConditions { conditions: peer };
        Ok(RuleKind::Unix(Unix {
            permissions,
            local,
            peer,
        }))
    }

    /// Source: `unix_rule::move_conditionals` and `af_rule::cond_check`.
    fn unix_conditions(&mut self, conditions: &[NamedCondition], peer: bool) {
        let (mut address, mut kind, mut label) = (None, None, None);
        for condition in conditions.iter().rev() {
            let name = condition.name.value.clone();
            let rule = if name == "addr" { "unix" } else { "unknown" };
            let complaint = match name.as_str() {
                "addr" | "type" | "label" | "protocol" => None,
                name if peer => Some(format!("unix rule: invalid peer conditional '{name}'")),
                name => Some(format!("unix rule: invalid conditional '{name}'")),
            };
            let complaint = complaint.or_else(|| match name.as_str() {
                "protocol" => Some(format!("{rule} rule: '{name}' conditional is not currently supported")),
                "label" if !peer => {
                    Some(format!("{rule} rule: '{name}' conditional is only valid in the peer expression"))
                }
                "type" if peer => Some(format!("{rule} rule: '{name}' conditional is not allowed in the peer expression")),
                _ if condition.operator != Operator::Equals => Some(if self.options.level.has(Syntax::NetworkInterface) {
                    format!("{rule} rule: operator used is not allowed in '{name}' socket conditional")
                } else {
                    format!("{rule} rule: keyword 'in' is not allowed in '{name}' socket conditional")
                }),
                _ if condition.values.len() > 1 => {
                    Some(format!("{rule} rule: conditional '{name}' only supports a single value"))
                }
                _ => None,
            });
            if let Some(complaint) = complaint {
                self.bad_condition(codes::BAD_CONDITION, condition, complaint);
                continue;
            }
            let value = condition
                .values
                .first()
                .map(Text::as_str)
                .unwrap_or_default()
                .to_owned();
            match name.as_str() {
                "addr" => {
                    self.once(
                        if peer { "unix" } else { "unix socket" },
                        &mut address,
                        condition,
                    );
                    if !value.starts_with('@') && value != "none" && value != "auto" {
                        let wording = format!("unix rule: invalid value for addr='{value}'");
                        self.bad_condition(codes::BAD_CONDITION_VALUE, condition, wording);
                    }
                }
                "type" => {
                    self.once("socket rule", &mut kind, condition);
                    let known =
                        value == "none" || SOCKET_TYPES.iter().any(|(known, _)| *known == value);
                    if !known {
                        let wording = format!("socket rule: invalid socket type '{value}'");
                        self.bad_condition(codes::BAD_CONDITION_VALUE, condition, wording);
                    }
                }
                _ => self.once("unix", &mut label, condition),
            }
        }
    }

    /// `dbus [(permissions)] [conditions] [peer=(…)],`
    pub(crate) fn dbus(&mut self) -> Read<RuleKind> {
        let start = self.expect(Kind::Dbus)?.span;
        let permissions = self.permissions("DBus", DBUS_WORDS)?;
        let local = self.conditions()?;
        let peer = self.peer("dbus")?;
        self.expect(Kind::EndOfRule)?;
        let span = start.to(self.last.span);
        let mut slots = Slots::default();
        self.dbus_conditions(&local, &mut slots);
        let service = slots.name.is_some();
        if let Some(label) = &slots.label {
            let label = label.span;
            let sentence = "A label is the other side's: write `peer=(label=…)`.";
            let wording =
                "dbus \"label\" conditional can only be used inside of the \"peer=()\" grouping";
            self.error(codes::BAD_CONDITION, label, sentence, wording);
        }
        self.dbus_conditions(&peer, &mut slots);
        let message = slots.path.is_some()
            || slots.interface.is_some()
            || slots.member.is_some()
            || slots.label.is_some()
            || (slots.name.is_some() && !service);
        let has = |word: &str| permissions.contains(&word);
        let complaint = if message && service {
            Some("dbus rule contains message conditionals and service conditionals")
        } else if message && has("bind") {
            Some("dbus \"bind\" access cannot be used with message rule conditionals")
        } else if service && (has("send") || has("receive")) {
            Some(
                "dbus \"send\" and/or \"receive\" accesses cannot be used with service rule conditionals",
            )
        } else if has("eavesdrop") && (message || service) {
            Some("dbus \"eavesdrop\" access can only contain a bus conditional")
        } else {
            None
        };
        if let Some(wording) = complaint {
            let sentence = "A dbus rule speaks of messages (path, interface, member, peer) or of a service name \
                            (name, for bind), not of both.";
            self.error(codes::BAD_CONDITION, span, sentence, wording);
        }
        let local = AddressConditions { conditions: local };
        let peer = AddressConditions { conditions: peer };
        Ok(RuleKind::Dbus(Dbus {
            permissions,
            local,
            peer,
        }))
    }

    fn dbus_conditions(&mut self, conditions: &[NamedCondition], slots: &mut Slots) {
        for condition in conditions.iter().rev() {
            let name = condition.name.value.clone();
            if condition.operator != Operator::Equals {
                self.bad_condition(
                    codes::BAD_CONDITION,
                    condition,
                    "only \"=\" allowed in conditions of dbus rules",
                );
                continue;
            }
            if condition.values.len() > 1 {
                let wording = format!("dbus conditional \"{name}\" only supports a single value");
                self.bad_condition(codes::BAD_CONDITION_VALUE, condition, wording);
            }
            match slots.get(&name) {
                Some(slot) => self.once("dbus", slot, condition),
                None => {
                    self.bad_condition(
                        codes::BAD_CONDITION,
                        condition,
                        format!("invalid dbus conditional \"{name}\""),
                    );
                }
            }
        }
    }
}

/// The conditions of a dbus rule; those of both sides share them, as in the real parser.
#[derive(Default)]
struct Slots {
    bus: Option<Text>,
    name: Option<Text>,
    label: Option<Text>,
    path: Option<Text>,
    interface: Option<Text>,
    member: Option<Text>,
}

impl Slots {
    fn get(&mut self, name: &str) -> Option<&mut Option<Text>> {
        match name {
            "bus" => Some(&mut self.bus),
            "name" => Some(&mut self.name),
            "label" => Some(&mut self.label),
            "path" => Some(&mut self.path),
            "interface" => Some(&mut self.interface),
            "member" => Some(&mut self.member),
            _ => None,
        }
    }
}
