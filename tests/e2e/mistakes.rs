//! docs/mistakes.md quotes what is said, word for word. GENBENCH_UPDATE_DOCS=1 writes it anew.

use protocol::exit;

use crate::bench::{Bench, read};

const GRID: &str = "```yaml\n";
const SAID: &str = "```text\n";
const END: &str = "```\n";

#[test]
fn every_quoted_message_is_what_is_said() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mistakes.md");
    let page = read(&path);
    let (mut anew, mut rest, mut mistakes) = (String::new(), page.as_str(), 0);
    while let Some(grid_at) = rest.find(GRID) {
        let grid_at = grid_at + GRID.len();
        let (grid, after) = rest[grid_at..].split_once(END).expect("a closed block");
        let (between, quoted) = after.split_once(SAID).expect("a message after each grid");
        let (_, after) = quoted.split_once(END).expect("a closed block");
        let bench = Bench::with(grid);
        let said = bench.genbench(&["plan", "grid.yaml"]);
        assert_eq!(said.code, i32::from(exit::USAGE), "{grid}{said:?}");
        assert!(said.out.is_empty() && !bench.path("results").exists(), "{said:?}");
        anew += &format!("{}{grid}{END}{between}{SAID}{}{END}", &rest[..grid_at], said.err);
        (rest, mistakes) = (after, mistakes + 1);
    }
    anew += rest;
    if std::env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
        std::fs::write(&path, anew).expect("written");
        return;
    }
    assert_eq!(mistakes, 10);
    assert!(anew == page, "docs/mistakes.md is not what is said; GENBENCH_UPDATE_DOCS=1 writes it anew:\n{anew}");
}
