//! Conditions: how they are read and what they come to.

use sorted::SortedSet;

use super::{Parser, Read};
use crate::{
    diagnostic::{Diagnostic, codes},
    level::Syntax,
    lexer::Kind,
    source::Span,
    tree::{Comparison, Condition, Operand, Text},
    variables::{ExpansionError, Variable, name_of},
};

impl Parser<'_> {
    /// `c or c …`
    pub(crate) fn condition(&mut self) -> Read<Condition> {
        let first = self.conjunction()?;
        if !self.at(Kind::Or) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while let Some(or) = self.eat(Kind::Or) {
            self.needs(Syntax::BooleanExpressions, or.span, "`or` in conditions");
            parts.push(self.conjunction()?);
        }
        Ok(Condition::Or(parts))
    }

    fn conjunction(&mut self) -> Read<Condition> {
        let first = self.negation()?;
        if !self.at(Kind::And) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while let Some(and) = self.eat(Kind::And) {
            self.needs(Syntax::BooleanExpressions, and.span, "`and` in conditions");
            parts.push(self.negation()?);
        }
        Ok(Condition::And(parts))
    }

    fn negation(&mut self) -> Read<Condition> {
        match self.eat(Kind::Not) {
            Some(not) => {
                let inner = self.nested(Self::negation)?;
                Ok(Condition::Not(Box::new(inner), not.span))
            }
            None => self.factor(),
        }
    }

    fn factor(&mut self) -> Read<Condition> {
        let ahead = self.peek();
        match ahead.kind {
            Kind::BoolVar => {
                self.next();
                let variable = self.raw(ahead.span);
                self.check_boolean(&variable);
                Ok(Condition::Boolean(variable))
            }
            Kind::Defined => {
                self.next();
                let variable = self.peek();
                if !matches!(variable.kind, Kind::SetVar | Kind::BoolVar) {
                    return Err(self.unexpected(&[Kind::SetVar, Kind::BoolVar]));
                }
                self.next();
                let is_boolean = variable.kind == Kind::BoolVar;
                let variable = self.raw(variable.span);
                if is_boolean && !self.options.level.has(Syntax::BooleanExpressions) {
                    self.check_boolean(&variable);
                }
                Ok(Condition::Defined(variable))
            }
            Kind::OpenParen => {
                self.next();
                self.needs(
                    Syntax::BooleanExpressions,
                    ahead.span,
                    "brackets in conditions",
                );
                let inner = self.nested(Self::condition)?;
                if !self.at(Kind::CloseParen) {
                    return Err(self.unexpected(&[Kind::CloseParen, Kind::Or]));
                }
                let close = self.next();
                Ok(Condition::Group(Box::new(inner), ahead.span.to(close.span)))
            }
            Kind::Id | Kind::SetVar => self.comparison(),
            _ => Err(self.unexpected(&[
                Kind::Id,
                Kind::SetVar,
                Kind::BoolVar,
                Kind::Not,
                Kind::Defined,
                Kind::OpenParen,
            ])),
        }
    }

    fn comparison(&mut self) -> Read<Condition> {
        let left = self.operand()?;
        let comparison = match self.peek().kind {
            Kind::EqOp => Comparison::Equal,
            Kind::NeOp => Comparison::NotEqual,
            Kind::InOp => Comparison::In,
            Kind::Lt => Comparison::Less,
            Kind::Le => Comparison::LessOrEqual,
            Kind::Gt => Comparison::Greater,
            Kind::Ge => Comparison::GreaterOrEqual,
            _ => {
                self.check_truth(left.text().as_str(), left.text().span);
                return Ok(Condition::Word(left));
            }
        };
        let operator = self.next();
        self.needs(Syntax::BooleanExpressions, operator.span, "comparisons");
        let right = self.operand()?;
        self.check_comparison(&left, comparison, &right);
        Ok(Condition::Compare(left, comparison, right))
    }

    fn operand(&mut self) -> Read<Operand> {
        let ahead = self.peek();
        match ahead.kind {
            Kind::Id => {
                self.next();
                Ok(Operand::Word(self.text(ahead)))
            }
            Kind::SetVar => {
                self.next();
                Ok(Operand::Variable(self.raw(ahead.span)))
            }
            _ => Err(self.unexpected(&[Kind::Id, Kind::SetVar])),
        }
    }

    pub(crate) fn raw(&self, span: Span) -> Text {
        Text::new(self.written(span), span)
    }

    /// Refuses what the chosen release does not know.
    pub(crate) fn needs(&mut self, syntax: Syntax, span: Span, what: &str) {
        if !self.options.level.has(syntax) {
            let sentence = format!("The chosen release does not know {what}.");
            self.error(codes::NOT_AT_THIS_LEVEL, span, sentence, "syntax error");
        }
    }

    fn check_truth(&mut self, word: &str, span: Span) {
        if truth(word).is_none() {
            let line = self.peek().line;
            let sentence = format!("`{word}` is neither `true` nor `false`.");
            let wording = format!("Invalid boolean : '{word}' is not true or false");
            let diagnostic = Diagnostic::error(codes::NOT_A_BOOLEAN, span, sentence);
            self.report(diagnostic.tool(Some(line), wording));
        }
    }

    fn check_comparison(&mut self, left: &Operand, comparison: Comparison, right: &Operand) {
        // Sets of one file alone are unknown where its includes are not followed.
        if self.sources.is_none() {
            return;
        }
        let mut values = |operand: &Operand| match self.operand_values(operand) {
            Ok(values) => Some(values),
            Err(error) => {
                let text = operand.text().clone();
                let written = text.as_str().to_owned();
                let wording = match error {
                    ExpansionError::Undeclared(_) => format!("Error retrieving variable {written}"),
                    other => other.to_string(),
                };
                let sentence = format!("`{written}` has no values to compare.");
                self.error(codes::VARIABLE_UNDEFINED, text.span, sentence, wording);
                None
            }
        };
        let (Some(left_values), Some(right_values)) = (values(left), values(right)) else {
            return;
        };
        let ordering = !matches!(
            comparison,
            Comparison::Equal | Comparison::NotEqual | Comparison::In
        );
        let numbers = (number(&left_values), number(&right_values));
        if ordering && matches!(numbers, (Some(_), None) | (None, Some(_))) {
            let span = left.text().span.to(right.text().span);
            let sentence = "A number can only be compared with another number.";
            self.error(
                codes::NOT_COMPARABLE,
                span,
                sentence,
                "Can only compare numbers with numbers",
            );
        }
    }

    fn operand_values(&mut self, operand: &Operand) -> Result<SortedSet<String>, ExpansionError> {
        match operand {
            Operand::Word(text) => Ok(std::iter::once(text.value.clone()).collect()),
            Operand::Variable(text) => {
                let name = name_of(text.as_str()).to_owned();
                let values = self.variables.values(&name)?;
                Ok(values.values.iter().cloned().collect())
            }
        }
    }

    /// What a condition comes to with the variables as they are now.
    pub(crate) fn evaluate(&mut self, condition: &Condition) -> bool {
        match condition {
            Condition::Boolean(text) => {
                matches!(
                    self.variables.get(name_of(text.as_str())),
                    Some(Variable::Boolean(true))
                )
            }
            Condition::Defined(text) => self.is_defined(text),
            Condition::Word(operand) => truth(operand.text().as_str()).unwrap_or_default(),
            Condition::Compare(left, comparison, right) => {
                let left = self.operand_values(left).unwrap_or_default();
                let right = self.operand_values(right).unwrap_or_default();
                compare(&left, *comparison, &right)
            }
            Condition::Not(inner, _) => !self.evaluate(inner),
            Condition::And(parts) => parts.iter().all(|part| self.evaluate(part)),
            Condition::Or(parts) => parts.iter().any(|part| self.evaluate(part)),
            Condition::Group(inner, _) => self.evaluate(inner),
        }
    }

    /// Reports a boolean that nothing sets.
    fn check_boolean(&mut self, text: &Text) {
        let written = text.as_str();
        let is_set = matches!(
            self.variables.get(name_of(written)),
            Some(Variable::Boolean(_))
        );
        if is_set || self.sources.is_none() {
            return;
        }
        let sentence = format!("Nothing gives `{written}` a value.");
        let wording = format!("Unset boolean variable {written} used in if-expression");
        self.error(codes::BOOLEAN_UNSET, text.span, sentence, wording);
    }

    /// From 5.0 on `defined` knows sets alone; before, it knew booleans too.
    fn is_defined(&self, text: &Text) -> bool {
        let is_boolean = text.as_str().starts_with('$');
        match self.variables.get(name_of(text.as_str())) {
            Some(Variable::Set { .. }) => true,
            Some(Variable::Boolean(_)) => {
                is_boolean && !self.options.level.has(Syntax::BooleanExpressions)
            }
            None => false,
        }
    }
}

fn truth(word: &str) -> Option<bool> {
    if word.eq_ignore_ascii_case("true") {
        Some(true)
    } else if word.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A set of one number, written as C's `strtol` reads it with base 0.
fn number(values: &SortedSet<String>) -> Option<i64> {
    let [value] = values.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let (sign, digits) = match value.trim_start().strip_prefix(['+', '-']) {
        Some(digits) if value.trim_start().starts_with('-') => (-1, digits),
        Some(digits) => (1, digits),
        None => (1, value.trim_start()),
    };
    let magnitude = if let Some(hex) = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        i64::from_str_radix(hex, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(digits, 8)
    } else {
        digits.parse()
    };
    magnitude.ok().map(|magnitude| sign * magnitude)
}

fn compare(left: &SortedSet<String>, comparison: Comparison, right: &SortedSet<String>) -> bool {
    use std::cmp::Ordering;
    let ordering = match (number(left), number(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.cmp(right),
    };
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::In => left.is_subset(right),
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
    }
}
