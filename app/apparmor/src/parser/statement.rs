//! What stands in braces: statements in any order.

use super::{Parser, Read, recovery::After};
use crate::{
    diagnostic::{Diagnostic, codes},
    level::Syntax,
    lexer::Kind,
    source::Span,
    tree::{Block, Body, Conditional, Prefix, Statement},
};

/// What the grammar falls back to expecting where no statement starts.
pub(crate) const RULE_START: [Kind; 3] = [Kind::Id, Kind::Mode, Kind::SetVar];

impl Parser<'_> {
    /// Reads up to the closing brace, the opening one being taken.
    pub(crate) fn body(&mut self, open: Span) -> Body {
        let mut statements = Vec::new();
        loop {
            let ahead = self.peek();
            statements.extend(self.take_includes().into_iter().map(Statement::Include));
            match ahead.kind {
                Kind::Close => {
                    self.next();
                    break;
                }
                Kind::End => {
                    self.missing_brace(open);
                    break;
                }
                _ => {}
            }
            self.count_statement(ahead.span);
            match self.statement() {
                Ok(statement) => statements.push(statement),
                Err(_) => {
                    if self.recover(ahead.span) == After::Body {
                        let inner = self.nested(|parser| Ok(parser.body(ahead.span)));
                        let block = |body: Body| Block {
                            prefix: Prefix::default(),
                            span: body.span,
                            body,
                        };
                        statements.extend(inner.map(|body| Statement::Block(block(body))));
                    }
                }
            }
        }
        Body {
            statements,
            span: open.to(self.last.span),
        }
    }

    /// The file ended inside braces; told once, for the innermost.
    fn missing_brace(&mut self, open: Span) {
        let ahead = self.peek();
        if self.is_stopped() || self.brace_missed {
            return;
        }
        self.brace_missed = true;
        let diagnostic = Diagnostic::error(
            codes::MISSING_BRACE,
            ahead.span,
            "The file ends before the `{` of a profile or block is closed.",
        )
        .related(open, "opened here")
        .fix("Add the closing brace", ahead.span, "}\n")
        .tool(
            Some(ahead.line),
            super::recovery::syntax_error(Kind::End, &RULE_START),
        );
        self.report(diagnostic);
    }

    fn statement(&mut self) -> Read<Statement> {
        let ahead = self.peek();
        match ahead.kind {
            Kind::Abi => self.abi().map(Statement::Abi),
            Kind::Profile | Kind::Hat | Kind::Caret => {
                self.nested(Self::inner_profile).map(Statement::Profile)
            }
            Kind::If => self.nested(Self::conditional).map(Statement::Conditional),
            Kind::Set => self.rlimit().map(Statement::Rule),
            _ => {
                let prefix = self.prefix()?;
                if self.at(Kind::Open) {
                    self.nested(|parser| parser.block(prefix, ahead.span))
                        .map(Statement::Block)
                } else {
                    self.rule(prefix, ahead.span).map(Statement::Rule)
                }
            }
        }
    }

    fn block(&mut self, prefix: Prefix, start: Span) -> Read<Block> {
        let open = self.expect(Kind::Open)?;
        let body = self.body(open.span);
        let span = start.to(body.span);
        if prefix.priority != 0 {
            let sentence = "A priority belongs to a single rule, not to a block.";
            self.error(
                codes::PREFIX_NOT_ALLOWED,
                start,
                sentence,
                "priority is not allowed on rule blocks",
            );
        }
        Ok(Block { prefix, body, span })
    }

    /// `if c { } else if c { } else { }`
    fn conditional(&mut self) -> Read<Conditional> {
        let start = self.peek().span;
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            self.expect(Kind::If)?;
            let start = self.peek().span;
            let condition = self.condition()?;
            if condition.has_word() {
                self.needs(Syntax::BooleanExpressions, start, "words in conditions");
            }
            if !self.at(Kind::Open) {
                return Err(self.unexpected(&[Kind::Open, Kind::Or]));
            }
            let open = self.next();
            let body = self.body(open.span);
            branches.push((condition, body));
            if self.eat(Kind::Else).is_none() {
                break;
            }
            match self.peek().kind {
                Kind::If => {}
                Kind::Open => {
                    let open = self.next();
                    otherwise = Some(self.body(open.span));
                    break;
                }
                _ => return Err(self.unexpected(&[Kind::Open, Kind::If])),
            }
        }
        let span = start.to(self.last.span);
        // All conditions count, whichever branch is taken.
        let mut taken = None;
        for (index, (condition, _)) in branches.iter().enumerate() {
            if self.evaluate(condition) && taken.is_none() {
                taken = Some(index);
            }
        }
        Ok(Conditional {
            taken,
            branches,
            otherwise,
            span,
        })
    }
}
