//! Parser of statements, by precedence of operators: `or`, `and`, `not`, comparisons, sums, products, `-`.

use protocol::claim::MAX_CLAIM_DEPTH;
use protocol::params::nearest;
use protocol::{FactName, FigureName, Quantity, Relation, Statement};
use serde_json::{Map, Value};

use super::Mistake;
use super::lexer::{Token, tokens};
use crate::grid::LeafSpans;
use crate::source::Span;

/// Functions of a statement, each with an example.
const FUNCTIONS: [(&str, &str); 5] = [
    ("equal", "equal(nade.nll, made.nll, 0.1)"),
    ("control", "control(vae.linear_probe, pixels)"),
    ("rate", "rate(gan.collapsed)"),
    ("wall", "wall(nade)"),
    ("fact", "fact(full_joint.parameters)"),
];

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

/// A parsed part.
struct Term {
    value: Expression,
    span: Span,
    /// Levels of the tree.
    depth: usize,
    in_parentheses: bool,
}

enum Expression {
    Statement(Statement),
    Quantity(Quantity),
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    /// Open calls of [`Parser::expression`].
    depth: usize,
    leaves: Vec<LeafSpans>,
}

impl Parser<'_> {
    fn peek(&self) -> (&Token, Span) {
        let (token, span) = &self.tokens[self.at];
        (token, *span)
    }

    /// Returns the next token; the end of the text is never passed.
    fn next(&mut self) -> (Token, Span) {
        let next = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        next
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek().0, Token::Symbol(found) if *found == symbol)
    }

    fn expect(&mut self, symbol: &str, sample: &str) -> Result<Span, Mistake> {
        if self.is_symbol(symbol) {
            return Ok(self.next().1);
        }
        let (_, span) = self.peek();
        Err(Mistake::with_sample(span, format!("expected `{symbol}`, not {}", self.shown(span)), sample))
    }

    /// Text of a span for messages.
    fn shown(&self, span: Span) -> String {
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
    fn expression(&mut self, least: u8) -> Result<Term, Mistake> {
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

    fn leaf(&mut self, quantity: Quantity, span: Span, spans: LeafSpans) -> Result<Term, Mistake> {
        self.leaves.push(spans);
        term(Expression::Quantity(quantity), span, 1)
    }

    /// Parses the figure of a variant, whose label has been read.
    fn figure(&mut self, variant: String, span: Span) -> Result<Term, Mistake> {
        let (name, spans) = self.figure_name(variant, span)?;
        let whole = Span { start: span.start, end: spans.settings.end.max(spans.part.end) };
        self.leaf(Quantity::Figure(name), whole, spans)
    }

    fn figure_name(&mut self, variant: String, span: Span) -> Result<(FigureName, LeafSpans), Mistake> {
        if !self.is_symbol(".") {
            let (next, _) = self.peek();
            let message = format!("{} has no figure", self.shown(span));
            let is_longer = match next {
                Token::Word(word) => word != "and" && word != "or",
                Token::Symbol("=") | Token::Number(_) => true,
                _ => false,
            };
            return Err(match is_longer {
                true => without_quotes(span, message),
                false => Mistake::with_sample(span, message, "nade.nll"),
            });
        }
        self.next();
        let (figure, part) = self.name("the name of a figure", "nade.nll")?;
        let (settings, brackets) = self.settings()?;
        let spans = LeafSpans { owner: span, part, settings: brackets.unwrap_or(part), control: part };
        Ok((FigureName { variant, figure, settings: settings.into_iter().collect() }, spans))
    }

    /// Parses a name, with or without quotes.
    fn name(&mut self, what: &str, sample: &str) -> Result<(String, Span), Mistake> {
        match self.next() {
            (Token::Quoted(name), span) => Ok((name, span)),
            (Token::Word(name), span) if !protocol::claim::KEYWORDS.contains(&name.as_str()) => Ok((name, span)),
            (_, span) => {
                let message = format!("expected {what}, not {}", self.shown(span));
                Err(Mistake::with_sample(span, message, sample))
            }
        }
    }

    /// Parses settings in brackets, if there are any.
    fn settings(&mut self) -> Result<(Map<String, Value>, Option<Span>), Mistake> {
        const SAMPLE: &str = "vae.linear_probe[train=100]";
        let mut settings = Map::new();
        if !self.is_symbol("[") {
            return Ok((settings, None));
        }
        let start = self.next().1.start;
        loop {
            let (key, span) = self.name("the name of a setting", SAMPLE)?;
            self.expect("=", SAMPLE)?;
            let value = self.setting()?;
            if settings.insert(key.clone(), value).is_some() {
                return Err(Mistake::located(span, format!("`{key}` is set twice"), "remove one of the two"));
            }
            if !self.is_symbol(",") {
                break;
            }
            self.next();
        }
        let end = self.expect("]", SAMPLE)?.end;
        Ok((settings, Some(Span { start, end })))
    }

    /// Parses the value of a setting: a number, true, false, null or text.
    fn setting(&mut self) -> Result<Value, Mistake> {
        let is_negative = self.is_symbol("-");
        if is_negative {
            self.next();
        }
        match self.next() {
            (Token::Number(written), span) => {
                let written = if is_negative { format!("-{written}") } else { written };
                number(&written, span)?;
                Ok(serde_json::from_str(&written).unwrap_or(Value::Null))
            }
            (Token::Word(word), _) if !is_negative && word == "true" => Ok(true.into()),
            (Token::Word(word), _) if !is_negative && word == "false" => Ok(false.into()),
            (Token::Word(word), _) if !is_negative && word == "null" => Ok(Value::Null),
            (Token::Word(text) | Token::Quoted(text), _) if !is_negative => Ok(text.into()),
            (_, span) => {
                let message = format!("expected the value of a setting, not {}", self.shown(span));
                Err(Mistake::with_sample(span, message, "[train=100]"))
            }
        }
    }

    /// Parses the arguments of a function.
    fn call(&mut self, function: &str, span: Span) -> Result<Term, Mistake> {
        let Some((_, sample)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else {
            let names = FUNCTIONS.map(|(name, _)| name);
            let near = nearest(function, names).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let help = format!("{near}Functions: {}", names.join(", "));
            return Err(Mistake::located(span, format!("`{function}` is no function"), help));
        };
        self.expect("(", sample)?;
        let term = match function {
            "equal" => return self.equal(span, sample),
            "wall" => {
                let (variant, owner) = self.name("the label of a variant", sample)?;
                self.leaf(Quantity::Wall { variant }, span, LeafSpans::of(owner))?
            }
            "fact" => {
                let (fact, spans) = self.fact(sample)?;
                self.leaf(Quantity::Fact(fact), span, spans)?
            }
            _ => {
                let (variant, owner) = self.name("the label of a variant", sample)?;
                let (of, mut spans) = self.figure_name(variant, owner)?;
                let quantity = if function == "control" {
                    self.expect(",", sample)?;
                    let (control, at) = self.name("the name of a control", sample)?;
                    spans.control = at;
                    Quantity::Control { of, control }
                } else {
                    Quantity::Rate(of)
                };
                self.leaf(quantity, span, spans)?
            }
        };
        let end = self.expect(")", sample)?.end;
        Ok(Term { span: Span { start: span.start, end }, ..term })
    }

    fn fact(&mut self, sample: &str) -> Result<(FactName, LeafSpans), Mistake> {
        let (fact, owner) = self.name("the name of a fact", sample)?;
        let (settings, brackets) = self.settings()?;
        let mut spans = LeafSpans { settings: brackets.unwrap_or(owner), ..LeafSpans::of(owner) };
        let mut quantity = None;
        if self.is_symbol(".") {
            self.next();
            let (words, part) = self.name("words of a quantity", sample)?;
            (quantity, spans.part) = (Some(words), part);
        }
        Ok((FactName { fact, settings: settings.into_iter().collect(), quantity, value: None }, spans))
    }

    /// Parses `a, b, tolerance)`.
    fn equal(&mut self, span: Span, sample: &str) -> Result<Term, Mistake> {
        let mut sides = Vec::new();
        for _ in 0..2 {
            let side = self.expression(0)?;
            let Expression::Quantity(quantity) = side.value else {
                return Err(Mistake::with_sample(side.span, "`equal` takes quantities, not a statement", sample));
            };
            if !self.is_symbol(",") {
                let (_, at) = self.peek();
                let message = "`equal` takes two quantities and a tolerance";
                return Err(Mistake::with_sample(at, message, sample));
            }
            self.next();
            sides.push((quantity, side.depth));
        }
        let (token, at) = self.next();
        let Token::Number(written) = token else {
            let message = format!("the tolerance must be a number that is not negative, not {}", self.shown(at));
            return Err(Mistake::with_sample(at, message, sample));
        };
        let tolerance = number(&written, at)?;
        let end = self.expect(")", sample)?.end;
        let depth = 1 + sides.iter().map(|(_, depth)| *depth).max().unwrap_or_default();
        let mut sides = sides.into_iter().map(|(quantity, _)| quantity);
        let (Some(left), Some(right)) = (sides.next(), sides.next()) else { return Err(too_deep(span)) };
        term(Expression::Statement(Statement::Equal { left, right, tolerance }), Span { start: span.start, end }, depth)
    }
}

/// A label without its quotes.
fn without_quotes(span: Span, message: String) -> Mistake {
    Mistake::located(span, message, "a label with blanks, signs or dots needs quotes: `\"nade hidden=100\".nll`")
}

fn term(value: Expression, span: Span, depth: usize) -> Result<Term, Mistake> {
    if depth > MAX_CLAIM_DEPTH {
        return Err(too_deep(span));
    }
    Ok(Term { value, span, depth, in_parentheses: false })
}

fn too_deep(span: Span) -> Mistake {
    let help = format!("at most {MAX_CLAIM_DEPTH} levels of operators and parentheses; split the claim");
    Mistake::located(span, "the statement is nested too deeply", help)
}

fn number(written: &str, span: Span) -> Result<f64, Mistake> {
    let value = written.parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| {
        Mistake::located(span, format!("`{written}` is out of range"), "numbers are below 1.8e308 in size")
    })
}

/// Joins two parts by an operator.
fn combined(left: Term, (operator, sign): (&str, Span), right: Term) -> Result<Term, Mistake> {
    let span = Span { start: left.span.start, end: right.span.end };
    let depth = 1 + left.depth.max(right.depth);
    match (left.value, right.value) {
        (Expression::Quantity(a), Expression::Quantity(b)) if operator != "and" && operator != "or" => {
            quantities(a, (operator, sign), b).and_then(|value| term(value, span, depth))
        }
        (Expression::Statement(a), Expression::Statement(b)) if operator == "and" || operator == "or" => {
            let is_and = operator == "and";
            let (mut parts, depth) = match a {
                Statement::And(parts) if is_and && !left.in_parentheses => (parts, left.depth.max(right.depth + 1)),
                Statement::Or(parts) if !is_and && !left.in_parentheses => (parts, left.depth.max(right.depth + 1)),
                other => (vec![other], depth),
            };
            parts.push(b);
            let joined = if is_and { Statement::And(parts) } else { Statement::Or(parts) };
            term(Expression::Statement(joined), span, depth)
        }
        (left, _) if operator == "and" || operator == "or" => {
            let side = if matches!(left, Expression::Quantity(_)) { "left" } else { "right" };
            let message = format!("`{operator}` joins two statements, and its {side} side is a quantity");
            Err(Mistake::with_sample(sign, message, "a.nll < 1 and b.nll < 1"))
        }
        _ => {
            let message = format!("`{operator}` takes two quantities, not a statement");
            Err(Mistake::located(sign, message, "to compare three quantities, write `a < b and b < c`"))
        }
    }
}

fn quantities(a: Quantity, (operator, sign): (&str, Span), b: Quantity) -> Result<Expression, Mistake> {
    let has_rate = |quantity: &Quantity| quantity.any(&|part| matches!(part, Quantity::Rate(_)));
    let is_scaled_rate = match operator {
        "*" => (has_rate(&a) && !b.is_constant()) || (has_rate(&b) && !a.is_constant()),
        "/" => has_rate(&b) || (has_rate(&a) && !b.is_constant()),
        _ => false,
    };
    if is_scaled_rate {
        let help = "multiply or divide a rate by numbers only, such as `rate(a.collapsed) < 0.5 * rate(b.collapsed)`";
        return Err(Mistake::located(sign, "a rate has no product or quotient with another result", help));
    }
    let relation = match operator {
        "<" => Relation::Less,
        "<=" => Relation::AtMost,
        ">" => Relation::Greater,
        ">=" => Relation::AtLeast,
        "==" => Relation::Equals,
        _ => {
            let parts = Box::new([a, b]);
            return Ok(Expression::Quantity(match operator {
                "+" => Quantity::Sum(parts),
                "-" => Quantity::Difference(parts),
                "*" => Quantity::Product(parts),
                _ => Quantity::Quotient(parts),
            }));
        }
    };
    Ok(Expression::Statement(Statement::Compare { left: a, relation, right: b }))
}
