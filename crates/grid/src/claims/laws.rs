//! Printing a statement and parsing it again gives the same statement; no text makes the parser panic.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::claim::MAX_CLAIM_DEPTH;
use protocol::{FactName, FigureName, Quantity, Relation, Statement};
use serde_json::Value;

use crate::claims::parser::parse;

/// A name: a word, a keyword, or text that needs quotes.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z_][a-z0-9_]{0,8}", "(and|or|not|rate|equal)", "[ -~é≥]{0,10}"]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..10.0_f64, any::<f64>().prop_map(f64::abs).prop_filter("finite", |x| x.is_finite())]
}

fn settings() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let value = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        name().prop_map(Value::from),
    ];
    prop::collection::btree_map(name(), value, 0..3)
}

fn figure() -> impl Strategy<Value = FigureName> {
    (name(), name(), settings()).prop_map(|(variant, figure, settings)| FigureName { variant, figure, settings })
}

fn leaf() -> impl Strategy<Value = Quantity> {
    let fact = (name(), settings(), prop::option::of(name()));
    prop_oneof![
        number().prop_map(Quantity::Number),
        figure().prop_map(Quantity::Figure),
        figure().prop_map(Quantity::Rate),
        (figure(), name()).prop_map(|(of, control)| Quantity::Control { of, control }),
        name().prop_map(|variant| Quantity::Wall { variant }),
        fact.prop_map(|(fact, settings, quantity)| Quantity::Fact(FactName { fact, settings, quantity, value: None })),
    ]
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let has_rate = |quantity: &Quantity| quantity.any(&|part| matches!(part, Quantity::Rate(_)));
    leaf().prop_recursive(4, 16, 2, move |inner| {
        (inner.clone(), inner, 0..5).prop_map(move |(a, b, kind)| {
            // A rate has no product or quotient with another result.
            let joined = |a, b| {
                if has_rate(&a) || has_rate(&b) {
                    Quantity::Sum(Box::new([a, b]))
                } else {
                    Quantity::Product(Box::new([a, b]))
                }
            };
            match kind {
                0 => Quantity::Negative(Box::new(a)),
                1 => Quantity::Sum(Box::new([a, b])),
                2 => Quantity::Difference(Box::new([a, b])),
                3 => joined(a, b),
                _ if has_rate(&a) || has_rate(&b) => Quantity::Negative(Box::new(b)),
                _ => Quantity::Quotient(Box::new([a, b])),
            }
        })
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let relation = prop_oneof![
        Just(Relation::Less),
        Just(Relation::AtMost),
        Just(Relation::Greater),
        Just(Relation::AtLeast),
        Just(Relation::Equals),
    ];
    let atom = prop_oneof![
        (quantity(), relation, quantity()).prop_map(|(left, relation, right)| Statement::Compare {
            left,
            relation,
            right
        }),
        (quantity(), quantity(), number()).prop_map(|(left, right, tolerance)| Statement::Equal {
            left,
            right,
            tolerance
        }),
    ];
    atom.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Statement::Not(Box::new(one))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Statement::And),
            prop::collection::vec(inner, 2..4).prop_map(Statement::Or),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_statement_is_parsed_to_the_same_tree(mut whole in statement()) {
        let text = whole.to_string();
        let parsed = parse(&text).map_err(|mistake| TestCaseError::fail(format!("{text}: {mistake:?}")))?;
        prop_assert_eq!(&parsed.statement, &whole, "{}", text);
        // Each quantity has its spans.
        let mut leaves = 0;
        whole.visit_leaves(&mut |_| leaves += 1);
        prop_assert_eq!(parsed.leaves.len(), leaves);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "([ -~é≥\\n]|and|or|not|nade|[.]nll|<=|==|rate\\(|equal\\(|[0-9.e+-]){0,40}") {
        if let Err(mistake) = parse(&text) {
            prop_assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len());
            prop_assert!(text.is_char_boundary(mistake.span.start) && text.is_char_boundary(mistake.span.end));
            prop_assert!(!mistake.message.is_empty() && !mistake.help.is_empty());
        }
    }
}

#[test]
fn the_depth_is_bounded() {
    let sum = |terms: usize| format!("{} < 1", vec!["a.x"; terms].join(" + "));
    assert_eq!(parse(&sum(MAX_CLAIM_DEPTH - 1)).map(|parsed| parsed.statement.depth()), Ok(MAX_CLAIM_DEPTH));
    assert!(parse(&sum(MAX_CLAIM_DEPTH)).is_err_and(|mistake| mistake.message.contains("too deeply")));
    for open in ["(", "not ", "-", "not (", "equal("] {
        assert!(parse(&open.repeat(100_000)).is_err_and(|mistake| mistake.message.contains("too deeply")), "{open}");
    }
    // A list of parts is one level.
    let all = vec!["a.x < 1"; 1_000].join(" and ");
    assert_eq!(parse(&all).map(|parsed| parsed.statement.depth()), Ok(3));
}
