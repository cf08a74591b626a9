//! Tests of the numbers of the lecture, and of mistakes in settings.

use serde_json::{Value, json};

use super::*;

fn values(name: &str, settings: Value) -> Vec<String> {
    built_in().find(name).unwrap().count(&settings).unwrap().into_iter().map(|count| count.value).collect()
}

#[test]
fn the_lecture_counts() {
    assert_eq!(values("categorical", json!({"values": 6})), ["5"]);
    assert_eq!(values("rgb_pixel", json!({})), ["16777216", "16777215", "765", "16581375"]);
    assert_eq!(values("full_joint", json!({"pixels": 4})), ["16", "15", "4"]);
    assert_eq!(values("full_joint", json!({}))[0], "101745825697… (237 digits)");
    assert_eq!(values("chain_rule", json!({})), ["0"]);
    // Order 0, 1 and n - 1 are the lecture's three cases.
    for (order, expected) in [(0, "784"), (1, "1567"), (10, "793599")] {
        assert_eq!(values("order_k", json!({"order": order})), [expected]);
    }
    assert_eq!(values("order_k", json!({"pixels": 12, "order": 11})), ["4095"]);
    assert_eq!(values("nade", json!({}))[0], "785284");
}

#[test]
fn a_vae_and_a_gan_of_equal_sizes_have_equal_decoder_and_generator() {
    let sizes = json!({"pixels": 64, "hidden": 100, "latent": 8});
    // 65 x 100 + 101 x 100 + 101 x 16 and so on, by hand.
    assert_eq!(values("vae", sizes.clone()), ["18216", "17464"]);
    assert_eq!(values("gan", sizes), ["16701", "17464"]);
}

#[test]
fn mistakes_name_their_setting() {
    let refused = |name: &str, settings: Value| {
        let problems = built_in().find(name).unwrap().count(&settings).unwrap_err();
        problems.into_iter().map(|one| (one.path, one.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(
        refused("order_k", json!({"pixels": 3, "order": 3})),
        [("order".to_owned(), "use at most 2".to_owned())]
    );
    assert!(refused("nade", json!({"hiden": 3}))[0].1.contains("`hidden`"));
    let out = refused("vae", json!({"pixels": 0, "latent": 65_537}));
    let advice: Vec<_> = out.iter().map(|(path, help)| (path.as_str(), help.as_str())).collect();
    assert_eq!(advice, [("latent", "between 1 and 65536"), ("pixels", "between 1 and 1000000")]);
}
