//! Parts of a statement, and their combination by operators.

use protocol::claim::MAX_CLAIM_DEPTH;
use protocol::{Quantity, Relation, Statement};

use super::Mistake;
use crate::source::Span;

/// A parsed part.
pub(super) struct Term {
    pub(super) value: Expression,
    pub(super) span: Span,
    /// Levels of the tree.
    pub(super) depth: usize,
    pub(super) in_parentheses: bool,
}

pub(super) enum Expression {
    Statement(Statement),
    Quantity(Quantity),
}

pub(super) fn term(value: Expression, span: Span, depth: usize) -> Result<Term, Mistake> {
    if depth > MAX_CLAIM_DEPTH {
        return Err(too_deep(span));
    }
    Ok(Term { value, span, depth, in_parentheses: false })
}

pub(super) fn too_deep(span: Span) -> Mistake {
    let help = format!("at most {MAX_CLAIM_DEPTH} levels of operators and parentheses; split the claim");
    Mistake::located(span, "the statement is nested too deeply", help)
}

pub(super) fn number(written: &str, span: Span) -> Result<f64, Mistake> {
    let value = written.parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| {
        Mistake::located(span, format!("`{written}` is out of range"), "numbers are below 1.8e308 in size")
    })
}

/// Joins two parts by an operator.
pub(super) fn combined(left: Term, (operator, sign): (&str, Span), right: Term) -> Result<Term, Mistake> {
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

/// Mistake in a label that needs quotes.
pub(super) fn without_quotes(span: Span, message: String) -> Mistake {
    Mistake::located(span, message, "a label with blanks, signs or dots needs quotes: `\"nade hidden=100\".nll`")
}
