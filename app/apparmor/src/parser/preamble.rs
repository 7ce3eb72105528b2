//! What stands before the first profile, and the whole.

use sorted::SortedSet;

use super::{Parser, Read, recovery::After};
use crate::{
    diagnostic::{Diagnostic, codes},
    features::Features,
    level::Syntax,
    lexer::Kind,
    source::Found,
    tree::{Abi, Alias, Assignment, BooleanVariable, Item, SetVariable, Tree},
    variables::{Variable, name_of},
};

impl Parser<'_> {
    /// Reads the whole policy.
    pub(crate) fn policy(&mut self) -> Tree {
        let mut tree = Tree::default();
        let mut names = SortedSet::new();
        let mut preamble = true;
        loop {
            self.between_items = true;
            let ahead = self.peek();
            self.between_items = false;
            tree.items
                .extend(self.take_includes().into_iter().map(Item::Include));
            self.count_statement(ahead.span);
            let item = match ahead.kind {
                Kind::End => break,
                Kind::Abi if preamble => self.abi().map(Item::Abi),
                Kind::Alias if preamble => self.alias().map(Item::Alias),
                Kind::SetVar if preamble => self.set_variable().map(Item::Set),
                Kind::BoolVar if preamble => self.boolean_variable().map(Item::Boolean),
                Kind::Profile | Kind::Hat | Kind::Caret | Kind::Id => {
                    preamble = false;
                    self.outer_profile(&mut names).map(Item::Profile)
                }
                _ => Err(self.outside(preamble)),
            };
            match item {
                Ok(item) => tree.items.push(item),
                Err(_) => {
                    if self.recover(ahead.span) == After::Body {
                        // A header that could not be read: its body is read for its own sake.
                        let _ = self.nested(|parser| Ok(parser.body(ahead.span)));
                    }
                }
            }
            tree.items
                .extend(self.take_includes().into_iter().map(Item::Include));
        }
        tree
    }

    /// `abi <path>,`
    pub(crate) fn abi(&mut self) -> Read<Abi> {
        let start = self.expect(Kind::Abi)?.span;
        let path = match self.peek().kind {
            Kind::Id | Kind::Value => self.next(),
            _ => return Err(self.unexpected(&[Kind::Id, Kind::Value])),
        };
        let end = self.expect(Kind::EndOfRule)?.span;
        let magic = path.kind == Kind::Id;
        let written = self.written(path.span);
        let inner = written
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .unwrap_or(written);
        let name = crate::lexer::unquote(inner.trim());
        let abi = Abi {
            path: crate::tree::Text::new(name, path.span),
            magic,
            span: start.to(end),
        };
        self.look_up_abi(&abi);
        Ok(abi)
    }

    fn look_up_abi(&mut self, abi: &Abi) {
        let Some(sources) = self.sources else { return };
        let name = abi.path.as_str();
        let built_in = abi.magic && self.options.level.has(Syntax::BuiltInAbi);
        let features = match name {
            "kernel" if built_in => Some(self.options.kernel.clone()),
            "default" if built_in => Some(Features::without_abi()),
            _ => {
                let found = if abi.magic {
                    sources.find_magic(name)
                } else {
                    sources.find(name)
                };
                match (found, &self.policy_abi) {
                    // Only the first counts; the others need no reading.
                    (Some(Found::File(_)), Some(first)) => Some(first.clone()),
                    (Some(Found::File(file)), None) => Some(file.text.features().clone()),
                    _ => None,
                }
            }
        };
        if let Some(features) = features {
            self.policy_abi.get_or_insert(features);
        } else {
            let sentence = format!("There is no feature file `{name}`.");
            let wording = format!("Could not open '{name}': No such file or directory");
            self.error(codes::ABI_MISSING, abi.span, sentence, wording);
        }
    }

    /// `alias /a/ -> /b/,`
    fn alias(&mut self) -> Read<Alias> {
        let start = self.expect(Kind::Alias)?.span;
        let from = self.expect(Kind::Id)?;
        let from = self.text(from);
        self.expect(Kind::Arrow)?;
        let to = self.expect(Kind::Id)?;
        let to = self.text(to);
        let end = self.expect(Kind::EndOfRule)?.span;
        Ok(Alias {
            from,
            to,
            span: start.to(end),
        })
    }

    fn assignment(&mut self) -> Read<Assignment> {
        let assignment = match self.peek().kind {
            Kind::Equals => Assignment::Set,
            Kind::AddAssign => Assignment::Append,
            Kind::CondAssign => Assignment::SetIfUnset,
            Kind::OverrideAssign => Assignment::Override,
            _ => {
                let all = [
                    Kind::Equals,
                    Kind::AddAssign,
                    Kind::CondAssign,
                    Kind::OverrideAssign,
                ];
                let known = if self.options.level.has(Syntax::ConditionalAssignment) {
                    &all[..]
                } else {
                    &all[..2]
                };
                return Err(self.unexpected(known));
            }
        };
        let sign = self.next();
        let newer = matches!(assignment, Assignment::SetIfUnset | Assignment::Override);
        if newer && !self.options.level.has(Syntax::ConditionalAssignment) {
            let sentence = "`?=` and `:=` are known from AppArmor 5.0 on.";
            let wording = "Lexer found unexpected character: '?' (0x3f) in state: INITIAL";
            self.error(codes::NOT_AT_THIS_LEVEL, sign.span, sentence, wording);
        }
        Ok(assignment)
    }

    /// `@{NAME} = value …`
    fn set_variable(&mut self) -> Read<SetVariable> {
        let variable = self.expect(Kind::SetVar)?;
        let assignment = self.assignment()?;
        let first = self.expect(Kind::Value)?;
        let mut values = vec![self.text(first)];
        while let Some(value) = self.eat(Kind::Value) {
            values.push(self.text(value));
        }
        let span = variable.span.to(self.last.span);
        let written = self.written(variable.span).to_owned();
        let name = name_of(&written).to_owned();
        // The real parser needs the next symbol to know that no value follows.
        let line = self.peek().line;
        let texts = values.iter().map(|value| value.value.clone());
        let declared = Variable::Set {
            values: texts.clone().collect(),
            definitions: vec![span],
        };
        match assignment {
            Assignment::Set => {
                if !self.variables.declare(&name, declared) {
                    let sentence =
                        format!("`{written}` was declared before; `+=` adds values to it.");
                    let diagnostic = Diagnostic::error(codes::VARIABLE_REDECLARED, span, sentence)
                        .tool(Some(line), format!("'{written}' is already defined"))
                        .tool(
                            Some(line),
                            format!("variable {written} was previously declared"),
                        );
                    let diagnostic = self.related_declaration(diagnostic, &name);
                    self.report(diagnostic);
                }
            }
            Assignment::SetIfUnset => {
                self.variables.declare(&name, declared);
            }
            Assignment::Override => {
                self.variables.set(&name, declared);
            }
            Assignment::Append => {
                let is_boolean = matches!(self.variables.get(&name), Some(Variable::Boolean(_)));
                if is_boolean || !self.variables.append(&name, texts, span) {
                    let sentence = format!(
                        "`{written}` gets more values here, but nothing declares it before."
                    );
                    let first = if is_boolean {
                        format!("Variable {name} is not a set variable")
                    } else {
                        format!("Failed to find declaration for: {name}")
                    };
                    let wording = format!(
                        "variable {written} was not previously declared, but is being assigned additional values"
                    );
                    let diagnostic =
                        Diagnostic::error(codes::VARIABLE_NOT_DECLARED, span, sentence)
                            .tool(Some(line), first)
                            .tool(Some(line), wording);
                    self.report(diagnostic);
                }
            }
        }
        Ok(SetVariable {
            name: crate::tree::Text::new(written, variable.span),
            assignment,
            values,
            span,
        })
    }

    fn related_declaration(&self, diagnostic: Diagnostic, name: &str) -> Diagnostic {
        match self.variables.get(name) {
            Some(Variable::Set { definitions, .. }) => match definitions.first() {
                Some(first) => diagnostic.related(*first, "declared here"),
                None => diagnostic,
            },
            _ => diagnostic,
        }
    }

    /// `$NAME = true`
    fn boolean_variable(&mut self) -> Read<BooleanVariable> {
        let variable = self.expect(Kind::BoolVar)?;
        let assignment = self.assignment()?;
        let value = self.condition()?;
        let span = variable.span.to(self.last.span);
        let written = self.written(variable.span).to_owned();
        let name = name_of(&written).to_owned();
        let line = self.peek().line;
        if assignment == Assignment::Append {
            let diagnostic = Diagnostic::error(
                codes::VARIABLE_TYPE,
                span,
                "A boolean holds one value; nothing can be added to it.",
            )
            .tool(
                Some(line),
                "Invalid assignment += not allowed with boolean variables",
            );
            self.report(diagnostic);
        }
        let truth = self.evaluate(&value);
        if assignment == Assignment::Override {
            self.variables.set(&name, Variable::Boolean(truth));
        } else if !self.variables.declare(&name, Variable::Boolean(truth))
            && assignment == Assignment::Set
        {
            let diagnostic = Diagnostic::error(
                codes::VARIABLE_REDECLARED,
                span,
                format!("`{written}` was declared before."),
            )
            .tool(Some(line), format!("'{written}' is already defined"))
            .tool(
                Some(line),
                format!("variable {written} was previously declared"),
            );
            self.report(diagnostic);
        }
        Ok(BooleanVariable {
            name: crate::tree::Text::new(written, variable.span),
            assignment,
            value,
            span,
        })
    }
}
