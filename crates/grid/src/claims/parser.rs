//! Parser of statements, by precedence of operators: `or`, `and`, `not`, comparisons, sums, products, `-`.

use protocol::claim::MAX_CLAIM_DEPTH;
use protocol::{Quantity, Statement};

use super::Mistake;
use super::join::{Expression, Term, combined, number, term, too_deep, without_quotes};
use super::lexer::{Token, tokens};
use crate::grid::LeafSpans;
use crate::source::Span;

/// Ranks of operators; a higher one binds tighter.
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const NEGATIVE: u8 = 7;

/// A statement, with the spans of its quantities without parts, from left to right.
pub(super) struct Parsed {
    pub(super) statement: Statement,
    pub(super) leaves: Vec<LeafSpans>,
}

/// Parses the text of a statement.
///
/// # Errors
/// The first mistake in the text.
pub(super) fn parse(text: &str) -> Result<Parsed, Mistake> {
    let mut parser = Parser { text, tokens: tokens(text)?, at: 0, depth: 0, leaves: Vec::new() };
    let term = parser.expression(0)?;
    let (token, span) = parser.peek();
    if *token != Token::End {
        return Err(parser.no_operator(span));
    }
    match term.value {
        Expression::Statement(statement) => Ok(Parsed { statement, leaves: parser.leaves }),
        Expression::Quantity(_) => {
            let help = format!("compare it with something, such as `{} < 1`", &text[term.span.start..term.span.end]);
            Err(Mistake::located(term.span, "a quantity is no statement", help))
        }
    }
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    /// Open calls of [`Parser::expression`].
    depth: usize,
    pub(super) leaves: Vec<LeafSpans>,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> (&Token, Span) {
        let (token, span) = &self.tokens[self.at];
        (token, *span)
    }

    /// Returns the next token; the end of the text is never passed.
    pub(super) fn next(&mut self) -> (Token, Span) {
        let next = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        next
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek().0, Token::Symbol(found) if *found == symbol)
    }

    pub(super) fn expect(&mut self, symbol: &str, sample: &str) -> Result<Span, Mistake> {
        if self.is_symbol(symbol) {
            return Ok(self.next().1);
        }
        let (_, span) = self.peek();
        Err(Mistake::with_sample(span, format!("expected `{symbol}`, not {}", self.shown(span)), sample))
    }

    /// Text of a span for messages.
    pub(super) fn shown(&self, span: Span) -> String {
        match &self.text[span.start..span.end] {
            "" => "the end of the claim".to_owned(),
            text => format!("`{text}`"),
        }
    }

    fn no_operator(&self, span: Span) -> Mistake {
        let message = format!("expected an operator, not {}", self.shown(span));
        match self.peek().0 {
            Token::Symbol("=") => Mistake::located(span, message, "write `==`"),
            Token::Word(_) | Token::Quoted(_) | Token::Number(_) => without_quotes(span, message),
            _ => Mistake::located(span, message, "allowed: + - * / < <= > >= ==, `and`, `or`, `not`"),
        }
    }

    /// The operator at this place, with its rank.
    fn operator(&self) -> Option<(String, u8)> {
        let (word, rank) = match self.peek().0 {
            Token::Word(word) if word == "or" => ("or", 1),
            Token::Word(word) if word == "and" => ("and", 2),
            Token::Symbol(symbol) => match *symbol {
                "<" | "<=" | ">" | ">=" | "==" => (*symbol, COMPARISON),
                "+" | "-" => (*symbol, 5),
                "*" | "/" => (*symbol, 6),
                _ => return None,
            },
            _ => return None,
        };
        Some((word.to_owned(), rank))
    }

    /// Parses a part whose operators have at least the rank `least`.
    pub(super) fn expression(&mut self, least: u8) -> Result<Term, Mistake> {
        self.depth += 1;
        if self.depth > MAX_CLAIM_DEPTH {
            return Err(too_deep(self.peek().1));
        }
        let mut left = self.prefix()?;
        while let Some((operator, rank)) = self.operator().filter(|(_, rank)| *rank >= least) {
            let (_, sign) = self.next();
            let right = self.expression(rank + 1)?;
            left = combined(left, (&operator, sign), right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Parses a part without an operator on its left.
    fn prefix(&mut self) -> Result<Term, Mistake> {
        let (token, span) = self.next();
        match token {
            Token::Word(word) if word == "not" => {
                let inner = self.expression(NOT)?;
                let whole = Span { start: span.start, end: inner.span.end };
                let Expression::Statement(statement) = inner.value else {
                    return Err(Mistake::with_sample(span, "`not` takes a statement, not a quantity", "not a.nll < 1"));
                };
                term(Expression::Statement(Statement::Not(Box::new(statement))), whole, inner.depth + 1)
            }
            Token::Symbol("-") => {
                let inner = self.expression(NEGATIVE)?;
                let whole = Span { start: span.start, end: inner.span.end };
                let Expression::Quantity(quantity) = inner.value else {
                    return Err(Mistake::with_sample(span, "`-` takes a quantity, not a statement", "not (a.nll < 1)"));
                };
                term(Expression::Quantity(Quantity::Negative(Box::new(quantity))), whole, inner.depth + 1)
            }
            Token::Symbol("(") => {
                let inner = self.expression(0)?;
                let close = self.expect(")", "(a.nll + b.nll) / 2")?;
                Ok(Term { span: Span { start: span.start, end: close.end }, in_parentheses: true, ..inner })
            }
            Token::Number(written) => {
                let number = number(&written, span)?;
                self.leaf(Quantity::Number(number), span, LeafSpans::of(span))
            }
            Token::Word(word) if self.is_symbol("(") => self.call(&word, span),
            Token::Word(word) if word != "and" && word != "or" => self.figure(word, span),
            Token::Quoted(name) => self.figure(name, span),
            _ => {
                let message = format!("expected a figure, a number or a function, not {}", self.shown(span));
                Err(Mistake::with_sample(span, message, "nade.nll < made.nll - 0.1"))
            }
        }
    }
}
