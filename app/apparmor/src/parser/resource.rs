//! Capabilities and resource limits.

use super::{Parser, Read};
use crate::{
    diagnostic::{Diagnostic, codes},
    lexer::Kind,
    source::Span,
    tree::{Capability, Prefix, Rlimit, Rule, RuleKind, Text},
    vocabulary::{CAPABILITIES, RLIMITS},
};

/// Time units and the microseconds in them. Source: `parser_misc.c`, `time_units`.
const TIME_UNITS: &[(&str, u64)] = &[
    ("us", 1),
    ("microsecond", 1),
    ("microseconds", 1),
    ("ms", 1000),
    ("millisecond", 1000),
    ("milliseconds", 1000),
    ("s", 1_000_000),
    ("sec", 1_000_000),
    ("second", 1_000_000),
    ("seconds", 1_000_000),
    ("min", 60_000_000),
    ("minute", 60_000_000),
    ("minutes", 60_000_000),
    ("h", 3_600_000_000),
    ("hour", 3_600_000_000),
    ("hours", 3_600_000_000),
    ("d", 86_400_000_000),
    ("day", 86_400_000_000),
    ("days", 86_400_000_000),
    ("week", 604_800_000_000),
    ("weeks", 604_800_000_000),
];

impl Parser<'_> {
    /// `capability [name …],`
    pub(crate) fn capability(&mut self) -> Read<RuleKind> {
        self.expect(Kind::Capability)?;
        let mut names = Vec::new();
        while let Some(name) = self.eat(Kind::Id) {
            let name = self.text(name);
            self.check_capability(&name);
            names.push(name);
        }
        if !self.at(Kind::EndOfRule) {
            return Err(self.unexpected(&[Kind::Id, Kind::EndOfRule]));
        }
        self.next();
        Ok(RuleKind::Capability(Capability { names }))
    }

    fn check_capability(&mut self, name: &Text) {
        if CAPABILITIES.contains(&name.as_str()) {
            return;
        }
        let line = self.last.line;
        let written = name.as_str();
        let lower = written.to_lowercase();
        let plain = lower.strip_prefix("cap_").unwrap_or(&lower);
        let known = CAPABILITIES.contains(&plain);
        let sentence = if known {
            "Capabilities are written in lower case and without `CAP_`.".to_owned()
        } else {
            format!("There is no capability `{written}`.")
        };
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_CAPABILITY, name.span, sentence)
            .tool(Some(line), format!("Invalid capability {written}."));
        if known {
            diagnostic = diagnostic.fix(format!("Write `{plain}`"), name.span, plain);
        }
        self.report(diagnostic);
    }

    /// `set rlimit name <= value [unit],`
    pub(crate) fn rlimit(&mut self) -> Read<Rule> {
        let start = self.expect(Kind::Set)?.span;
        self.expect(Kind::Rlimit)?;
        let resource = self.expect(Kind::Id)?;
        let resource = self.text(resource);
        self.expect(Kind::Le)?;
        let value = self.expect(Kind::Value)?;
        let value = self.text(value);
        let unit = self.eat(Kind::Id).map(|unit| self.text(unit));
        self.expect(Kind::EndOfRule)?;
        let span = start.to(self.last.span);
        let limit = self.limit(&resource, &value, unit.as_ref(), span);
        let words = std::iter::once(value).chain(unit).collect();
        let kind = RuleKind::Rlimit(Rlimit {
            resource,
            value: limit,
            words,
        });
        Ok(Rule {
            prefix: Prefix::default(),
            kind,
            span,
        })
    }

    /// The limit in the kernel's unit; none for `infinity` and for what was reported.
    fn limit(
        &mut self,
        resource: &Text,
        value: &Text,
        unit: Option<&Text>,
        span: Span,
    ) -> Option<u64> {
        let name = resource.as_str();
        let Some((_, number)) = RLIMITS.iter().find(|(known, _)| *known == name) else {
            let sentence = format!("There is no resource limit `{name}`.");
            self.error(
                codes::UNKNOWN_RLIMIT,
                resource.span,
                sentence,
                format!("INVALID RLIMIT '{name}'"),
            );
            return None;
        };
        let written = value.as_str();
        if written == "infinity" {
            return None;
        }
        let unit = unit.map(Text::as_str);
        let with_unit = format!(
            "RLIMIT '{name}' invalid value {written} {}",
            unit.unwrap_or_default()
        );
        let number_of = written.parse::<i64>().unwrap_or(i64::MAX);
        let positive = u64::try_from(number_of).ok();
        let result = match number {
            0 => {
                const SECOND: u64 = 1_000_000;
                let plain = format!("RLIMIT '{name}' invalid value {written}");
                match (positive, unit) {
                    (None, _) => Err(plain),
                    (Some(value), None) => Ok(value),
                    (Some(value), Some(unit)) => match in_microseconds(value, unit) {
                        None => Err(plain),
                        Some(time) if time < SECOND => {
                            Err(format!("RLIMIT '{name} {written}' < minimum value of 1s"))
                        }
                        Some(time) => Ok(time / SECOND),
                    },
                }
            }
            15 => match (positive, unit) {
                (None, _) => Err(with_unit),
                (Some(value), None) => Ok(value),
                (Some(value), Some(unit)) => in_microseconds(value, unit).ok_or(with_unit),
            },
            13 if unit.is_some() => Err(with_unit),
            // The kernel stores niceness turned round: 20 - nice; the parser adds 20 instead.
            13 => match u64::try_from(number_of.saturating_add(20))
                .ok()
                .filter(|value| *value <= 39)
            {
                Some(value) => Ok(value),
                None => Err(format!(
                    "RLIMIT '{name}' out of range (-20 .. 19) {number_of}"
                )),
            },
            6 | 7 | 10 | 11 | 14 => positive.filter(|_| unit.is_none()).ok_or(with_unit),
            _ => match (positive, unit.map(size_unit)) {
                (Some(value), None) => Ok(value),
                (Some(value), Some(Some(factor))) => Ok(value.saturating_mul(factor)),
                _ => Err(with_unit),
            },
        };
        match result {
            Ok(value) => Some(value),
            Err(wording) => {
                let whole = [written, unit.unwrap_or_default()].join(" ");
                let sentence =
                    format!("`{}` is no value for the limit `{name}`.", whole.trim_end());
                self.error(
                    codes::BAD_RLIMIT,
                    span,
                    sentence,
                    wording.trim_end().to_owned(),
                );
                None
            }
        }
    }
}

fn in_microseconds(value: u64, unit: &str) -> Option<u64> {
    let (_, factor) = TIME_UNITS.iter().find(|(known, _)| *known == unit)?;
    Some(value.saturating_mul(*factor))
}

/// `K`, `KB`, `M`, `MB`, `G`, `GB`: any beginning of the unit counts.
fn size_unit(unit: &str) -> Option<u64> {
    [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)]
        .into_iter()
        .find(|(name, _)| name.starts_with(unit))
        .map(|(_, factor)| factor)
}
