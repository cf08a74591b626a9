//! Claims in plans: labels, figures, facts, blocks.

use protocol::{Claim, Plan};

use crate::plan::Overrides;
use crate::tests::{FakeCatalog, messages, planned};

fn plan(text: &str) -> Plan {
    planned(text).unwrap_or_else(|messages| panic!("{messages}"))
}

fn shown(plan: &Plan) -> Vec<String> {
    plan.claims.iter().map(Claim::to_string).collect()
}

const TOP: &str =
    "name: g\ndata: digits\ntrain: {epochs: 1}\nmeasure: [nll, {name: iwae, k: 5}, {name: iwae, k: 50}]\n";

#[test]
fn claims_reach_the_plan_and_its_record() {
    let text = format!(
        "{TOP}variants: [{{model: nade, matrix: {{model.hidden: [10, 20]}}}}, {{model: vae}}]\n\
         facts: [{{fact: full_joint, pixels: 12}}, {{fact: full_joint, pixels: 64}}]\n\
         claims:\n  wider is better: '\"nade hidden=20\".nll < \"nade hidden=10\".nll - 0.1'\n  \
         more samples: vae.iwae[k=50] > vae.iwae[k=5]\n  \
         counts: fact(full_joint[pixels=12].parameters) == 4095 and rate(vae.failed) < 0.2\n  \
         learns: vae.nll < control(vae.nll, untrained) or wall(vae) < 2\n"
    );
    let plan = plan(&text);
    assert_eq!(
        shown(&plan),
        [
            "wider is better: \"nade hidden=20\".nll < \"nade hidden=10\".nll - 0.1",
            "more samples: vae.iwae[k=50] > vae.iwae[k=5]",
            "counts: fact(full_joint[pixels=12].parameters) == 4095 and rate(vae.failed) < 0.2",
            "learns: vae.nll < control(vae.nll, untrained) or wall(vae) < 2",
        ]
    );
    let record = serde_json::to_string(&plan).unwrap();
    assert!(record.contains(r#""value":"2^12 - 1""#), "the plan has the number of the fact");
    assert_eq!(serde_json::from_str::<Plan>(&record).unwrap(), plan);
    let without = self::plan(&text[..text.find("claims:").unwrap()]);
    assert!(!serde_json::to_string(&without).unwrap().contains("claims"));
    assert_eq!(without.trials, plan.trials);
    // A part of the grid keeps the claims.
    let only = Overrides { only: vec!["vae".into()], ..Overrides::default() };
    let (_, part) = crate::plan::parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &only).unwrap();
    assert_eq!((part.claims, part.trials.len()), (plan.claims, 1));
}

const BLOCKS: &str = "blocks:
  - section: Digits
    variants: [{model: nade}]
    claims: {\"digits: low\": 'nade.nll < 10'}
  - section: Chain
    data: {name: chain, q: 0.1}
    variants: [{model: nade}, {model: vae}]
    claims: {\"chain: low\": 'nade.nll < vae.nll'}
";

#[test]
fn a_block_names_its_own_variants_without_the_settings_of_the_block() {
    let plan = plan(&format!("{TOP}{BLOCKS}claims: {{both: '\"nade data=digits\".nll < \"nade data=chain\".nll'}}\n"));
    let shown: Vec<_> = plan.claims.iter().map(|one| (one.section.as_deref(), one.to_string())).collect();
    assert_eq!(
        shown,
        [
            (None, "both: \"nade data=digits\".nll < \"nade data=chain\".nll".to_owned()),
            (Some("Digits"), "digits: low: \"nade data=digits\".nll < 10".to_owned()),
            (Some("Chain"), "chain: low: \"nade data=chain\".nll < vae.nll".to_owned()),
        ]
    );
    let several = messages(&format!("{TOP}{BLOCKS}claims: {{both: nade.nll < 1}}\n"));
    assert!(several.contains("`nade` names several variants") && several.contains("`nade data=chain`"), "{several}");
    let other = messages(&format!("{TOP}{}", BLOCKS.replace("nade.nll < 10", "vae.nll < 10")));
    assert!(other.contains("`vae` is no variant of this block") && other.contains("--> g.yaml:8:"), "{other}");
}

#[test]
fn an_extending_grid_replaces_single_claims() {
    let folder = tempfile::tempdir().unwrap();
    let base = format!("{TOP}variants: [{{model: nade}}]\nclaims: {{low: nade.nll < 10, high: nade.nll > 1}}\n");
    std::fs::write(folder.path().join("base.yaml"), base).unwrap();
    let file = folder.path().join("g.yaml");
    std::fs::write(&file, "name: h\nextends: base.yaml\nclaims: {low: nade.nll < 5, known: 'nade.iwae[k=5] > 1'}\n")
        .unwrap();
    let (_, plan) = crate::plan::load_and_plan(&file, &FakeCatalog::default(), &Overrides::default()).unwrap();
    assert_eq!(shown(&plan), ["low: nade.nll < 5", "high: nade.nll > 1", "known: nade.iwae[k=5] > 1"]);
}
