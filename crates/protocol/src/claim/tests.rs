//! Text and records of statements. That the text parses to the same tree is tested in `grid`.

use super::*;

fn figure(variant: &str, figure: &str) -> Quantity {
    Quantity::Figure(FigureName { variant: variant.into(), figure: figure.into(), settings: BTreeMap::new() })
}

fn less(left: Quantity, right: Quantity) -> Statement {
    Statement::Compare { left, relation: Relation::Less, right }
}

#[test]
fn parentheses_are_written_where_they_are_needed() {
    let pair = |a: Quantity, b: Quantity| Box::new([a, b]);
    let (a, b) = (|| figure("a", "nll"), || figure("b", "nll"));
    let margin = Quantity::Difference(pair(b(), Quantity::Number(0.1)));
    assert_eq!(less(a(), margin.clone()).to_string(), "a.nll < b.nll - 0.1");
    let right = Quantity::Difference(pair(a(), margin));
    assert_eq!(right.to_string(), "a.nll - (b.nll - 0.1)");
    let scaled = Quantity::Product(pair(Quantity::Negative(Box::new(right)), Quantity::Number(1e-9)));
    assert_eq!(scaled.to_string(), "-(a.nll - (b.nll - 0.1)) * 1e-9");
    let either = Statement::Or(vec![less(a(), b()), Statement::Not(Box::new(less(b(), a())))]);
    let all = Statement::And(vec![either.clone(), Statement::Not(Box::new(either))]);
    assert_eq!(all.to_string(), "(a.nll < b.nll or not b.nll < a.nll) and not (a.nll < b.nll or not b.nll < a.nll)");
}

#[test]
fn names_are_quoted_where_they_are_needed() {
    assert_eq!(figure("aae prior=mixture", "latent_mmd2").to_string(), "\"aae prior=mixture\".latent_mmd2");
    assert_eq!(figure("a \"b\"", "nll").to_string(), "\"a \"\"b\"\"\".nll");
    for quoted in ["not", "3d", "v1.5", "", "a-b"] {
        assert!(!is_bare_name(quoted), "{quoted}");
    }
    assert!(is_bare_name("véga_2"));
    let settings = BTreeMap::from([("k".to_owned(), 50.into()), ("features".to_owned(), "conv".into())]);
    let iwae = FigureName { variant: "vae".into(), figure: "iwae".into(), settings };
    assert_eq!(Quantity::Rate(iwae).to_string(), "rate(vae.iwae[features=\"conv\", k=50])");
}

#[test]
fn a_record_has_words_for_its_operators() {
    let statement = less(figure("a", "nll"), Quantity::Wall { variant: "b".into() });
    let claim = Claim { name: "c".into(), section: None, statement };
    let text = serde_json::to_string(&claim).unwrap();
    assert_eq!(
        text,
        r#"{"name":"c","statement":{"compare":{"left":{"figure":{"variant":"a","figure":"nll"}},"relation":"less","right":{"wall":{"variant":"b"}}}}}"#
    );
    assert_eq!(serde_json::from_str::<Claim>(&text).unwrap(), claim);
}

#[test]
fn the_deepest_statement_is_a_readable_record() {
    let mut left = figure("a", "nll");
    while left.depth() < MAX_CLAIM_DEPTH - 1 {
        left = Quantity::Sum(Box::new([left, Quantity::Number(1.0)]));
    }
    let statement = less(left, Quantity::Number(0.0));
    assert_eq!(statement.depth(), MAX_CLAIM_DEPTH);
    let plan = crate::Plan {
        claims: vec![Claim { name: "c".into(), section: None, statement }],
        ..crate::Plan::new("g", Vec::new())
    };
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<crate::Plan>(&text).unwrap(), plan);
}
