//! The schema in yaml-language-server: mistakes, completion, descriptions.

use super::language_server::{Server, uri};
use super::{grids, with_tool};

#[test]
fn an_editor_finds_mistakes_completes_and_explains() {
    let Some(bench) = with_tool("yaml-language-server") else { return };
    let folder = bench.path("").canonicalize().expect("a folder");
    let mut server = Server::start(&folder);
    let modeline = format!("# yaml-language-server: $schema={}\n", uri(&folder.join("grid.schema.json")));

    for (name, text, _) in grids::all() {
        let messages = server.open(&folder.join(&name), &format!("{modeline}{text}"));
        assert!(messages.is_empty(), "{name}: {messages:?}");
    }
    for (at, (text, word)) in grids::BAD.iter().enumerate() {
        let messages = server.open(&folder.join(format!("bad{at}.yaml")), &format!("{modeline}{text}"));
        // For a wrong value the server prints the allowed values, not the value.
        assert!(!messages.is_empty(), "{text}");
        let key = !["digitz", "many", "../g"].contains(word);
        assert!(!key || messages.iter().any(|one| one.contains(word)), "{text}: {messages:?}");
    }

    let path = folder.join("typing.yaml");
    let text = format!(
        "{modeline}name: typing\ndata: digits\nvariants:\n  - model:\n      name: nade\n      hidden: 100\n      \n"
    );
    server.open(&path, &text);
    let offered = server.complete(&path, 7, 6);
    assert!(offered.iter().any(|one| one == "lr") && !offered.iter().any(|one| one == "latent"), "{offered:?}");
    let description = server.hover(&path, 6, 8);
    assert!(description.contains("idden units"), "{description}");
}
