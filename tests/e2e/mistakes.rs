//! Messages quoted in docs/mistakes.md, compared with the program's. GENBENCH_UPDATE_DOCS=1 updates the page.

use protocol::exit;

use crate::bench::{Bench, read};

const GRID: &str = "```yaml\n";
const MESSAGE: &str = "```text\n";
const END: &str = "```\n";

#[test]
fn quoted_messages_equal_the_programs() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mistakes.md");
    let page = read(&path);
    let (mut updated, mut rest, mut mistakes) = (String::new(), page.as_str(), 0);
    while let Some(grid_at) = rest.find(GRID) {
        let grid_at = grid_at + GRID.len();
        let (grid, after) = rest[grid_at..].split_once(END).expect("a closed block");
        let (between, quoted) = after.split_once(MESSAGE).expect("a message after each grid");
        let (_, after) = quoted.split_once(END).expect("a closed block");
        let bench = Bench::with(grid);
        let output = bench.genbench(&["plan", "grid.yaml"]);
        assert_eq!(output.code, i32::from(exit::USAGE), "{grid}{output:?}");
        assert!(output.out.is_empty() && !bench.path("results").exists(), "{output:?}");
        updated += &format!("{}{grid}{END}{between}{MESSAGE}{}{END}", &rest[..grid_at], output.err);
        (rest, mistakes) = (after, mistakes + 1);
    }
    updated += rest;
    if std::env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
        std::fs::write(&path, updated).expect("written");
        return;
    }
    assert_eq!(mistakes, 10);
    assert!(updated == page, "docs/mistakes.md is out of date; GENBENCH_UPDATE_DOCS=1 updates it:\n{updated}");
}
