//! Parser of quantities: figures with settings, and calls of functions.

use protocol::params::nearest;
use protocol::{FactName, FigureName, Quantity, Statement};
use serde_json::{Map, Value};

use super::Mistake;
use super::join::{Expression, Term, number, term, too_deep, without_quotes};
use super::lexer::Token;
use super::parser::Parser;
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

impl Parser<'_> {
    pub(super) fn leaf(&mut self, quantity: Quantity, span: Span, spans: LeafSpans) -> Result<Term, Mistake> {
        self.leaves.push(spans);
        term(Expression::Quantity(quantity), span, 1)
    }

    /// Parses the figure of a variant, whose label has been read.
    pub(super) fn figure(&mut self, variant: String, span: Span) -> Result<Term, Mistake> {
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
    pub(super) fn call(&mut self, function: &str, span: Span) -> Result<Term, Mistake> {
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
