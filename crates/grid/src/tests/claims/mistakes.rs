//! Messages about claims, at the place of the mistake.

use insta::assert_snapshot;

use crate::tests::messages;

fn with(claims: &str) -> String {
    messages(&format!(
        "name: g\ndata: digits\ntrain: {{epochs: 1}}\nmeasure: [nll, {{name: iwae, k: 5}}, {{name: iwae, k: 50}}]\n\
         variants: [{{model: nade}}, {{model: vae, label: a vae}}]\nfacts: [{{fact: full_joint, pixels: 12}}]\n\
         claims:\n{claims}"
    ))
}

#[test]
fn unknown_names() {
    assert_snapshot!(with("  a: nad.nll < 1 and nade.nl < 'a vae'.nll\n  b: control(nade.nll, untraned) > fact(ful_joint)\n  c: nade.iwae < nade.iwae[j=5] + nade.iwae[k=7]\n"), @r#"
        error: `nad` is no variant
         --> g.yaml:8:6
          |
        8 |   a: nad.nll < 1 and nade.nl < 'a vae'.nll
          |      ^^^
          |
          = help: did you mean `nade`?

        error: no measure of `nade` has the figure `nl`
         --> g.yaml:8:27
          |
        8 |   a: nad.nll < 1 and nade.nl < 'a vae'.nll
          |                           ^^
          |
          = help: did you mean `nll`? Figures: bits_per_dim, iwae, nll

        error: `untraned` is no control of `nll`
         --> g.yaml:9:24
          |
        9 |   b: control(nade.nll, untraned) > fact(ful_joint)
          |                        ^^^^^^^^
          |
          = help: did you mean `untrained`? Controls: untrained, real, chance

        error: the grid has no fact `ful_joint`
         --> g.yaml:9:41
          |
        9 |   b: control(nade.nll, untraned) > fact(ful_joint)
          |                                         ^^^^^^^^^
          |
          = help: did you mean `full_joint`?

        error: several measures have the figure `iwae`
          --> g.yaml:10:11
           |
        10 |   c: nade.iwae < nade.iwae[j=5] + nade.iwae[k=7]
           |           ^^^^
           |
           = help: add settings that only one of them has, such as `iwae[k=5]`

        error: the measure has no setting `j`
          --> g.yaml:10:27
           |
        10 |   c: nade.iwae < nade.iwae[j=5] + nade.iwae[k=7]
           |                           ^^^^^
           |
           = help: did you mean `k`? Settings: k

        error: no measure of the variant has these settings
          --> g.yaml:10:44
           |
        10 |   c: nade.iwae < nade.iwae[j=5] + nade.iwae[k=7]
           |                                            ^^^^^
           |
           = help: the variant has `[k=5]`
        "#);
}

#[test]
fn syntax() {
    assert_snapshot!(with("  a: nade hidden=100.nll < 1\n  b: nade.nll\n  c: 1 < nade.nll < 2\n  d: nade.nll = 3\n  e: \"'a vae'.nll < 1 &&\\\n    nade.nll < 1\"\n  f: equal(nade.nll, 3)\n  g: rte(nade.nll) < 1\n"), @r#"
        error: `nade` has no figure
         --> g.yaml:8:6
          |
        8 |   a: nade hidden=100.nll < 1
          |      ^^^^
          |
          = help: a label with blanks, signs or dots needs quotes: `"nade hidden=100".nll`

        error: a quantity is no statement
         --> g.yaml:9:6
          |
        9 |   b: nade.nll
          |      ^^^^^^^^
          |
          = help: compare it with something, such as `nade.nll < 1`

        error: `<` takes two quantities, not a statement
          --> g.yaml:10:19
           |
        10 |   c: 1 < nade.nll < 2
           |                   ^
           |
           = help: to compare three quantities, write `a < b and b < c`

        error: expected an operator, not `=`
          --> g.yaml:11:15
           |
        11 |   d: nade.nll = 3
           |               ^
           |
           = help: write `==`

        error: `&&` is no operator of a claim
          --> g.yaml:12:23
           |
        12 |   e: "'a vae'.nll < 1 &&\
           |                       ^^
           |
           = help: write `and`

        error: `equal` takes two quantities and a tolerance
          --> g.yaml:14:23
           |
        14 |   f: equal(nade.nll, 3)
           |                       ^
           |
           = help: for example `equal(nade.nll, made.nll, 0.1)`

        error: `rte` is no function
          --> g.yaml:15:6
           |
        15 |   g: rte(nade.nll) < 1
           |      ^^^
           |
           = help: did you mean `rate`? Functions: equal, control, rate, wall, fact
        "#);
}

#[test]
fn values_in_the_place_of_statements() {
    assert_snapshot!(with("  a: 3\n  b: true\n  c: [nade.nll < 1]\n  d:\n  \"e\\u0007\": nade.nll < 1\n"), @r#"
        error: a claim must be a statement, not a whole number
         --> g.yaml:8:6
          |
        8 |   a: 3
          |      ^
          |
          = help: for example `nade.nll < made.nll - 0.1`

        error: a claim must be a statement, not true or false
         --> g.yaml:9:6
          |
        9 |   b: true
          |      ^^^^
          |
          = help: for example `nade.nll < made.nll - 0.1`

        error: a claim must be a statement, not a list
          --> g.yaml:10:6
           |
        10 |   c: [nade.nll < 1]
           |      ^^^^^^^^^^^^^^
           |
           = help: for example `nade.nll < made.nll - 0.1`

        error: a claim must be a statement, not nothing
          --> g.yaml:11:3
           |
        11 |   d:
           |   ^
           |
           = help: for example `nade.nll < made.nll - 0.1`

        error: `e\u{7}` cannot be the name of a claim
          --> g.yaml:12:3
           |
        12 |   "e\u0007": nade.nll < 1
           |   ^^^^^^^^^
           |
           = help: write one line of visible characters
        "#);
    for claims in ["claims: nade.nll < 1", "claims: [nade.nll < 1]", "claims: {}", "claims:"] {
        let text = format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\nvariants: [{{model: nade}}]\n{claims}\n");
        let messages = messages(&text);
        assert!(messages.contains(" --> g.yaml:5:") && messages.contains("= help:"), "{messages}");
    }
}

/// The caret is below the name, however the statement is written.
#[test]
fn a_mistake_is_shown_in_every_style_of_text() {
    for (claims, line, column) in [
        ("  a: nad.nll < 1\n", 8, 6),
        ("  a: 'nad.nll < 1'\n", 8, 7),
        ("  a: \"nad.nll < 1\"\n", 8, 7),
        ("  a: '\"a vae\".nll < nad.nll'\n", 8, 21),
        ("  a: \"\\\"a vae\\\".nll < nad.nll\"\n", 8, 23),
        ("  a: >-\n    nade.nll < 1\n    and nad.nll < 2\n", 10, 9),
        ("  a: |\n    nade.nll < 1\n    and nad.nll < 2\n", 10, 9),
        ("  a: nade.nll < 1\n     and nad.nll < 2\n", 9, 10),
    ] {
        let messages = with(claims);
        assert!(messages.contains(&format!("--> g.yaml:{line}:{column}\n")), "{claims}\n{messages}");
        assert!(messages.contains("`nad` is no variant") && messages.contains("did you mean `nade`?"), "{messages}");
    }
}

#[test]
fn names_are_unique() {
    let messages = messages(
        "name: g\ndata: digits\ntrain: {epochs: 1}\nmeasure: [nll]\nblocks:\n  - variants: [{model: nade}]\n    claims: {a: nade.nll < 1}\nclaims: {a: nade.nll < 2}\n",
    );
    assert!(messages.contains("two claims have the name `a`") && messages.contains("g.yaml:7:14"), "{messages}");
}
