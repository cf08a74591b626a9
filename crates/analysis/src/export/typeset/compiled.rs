//! LaTeX tables, compiled by a program that is found.

use std::process::{Command, Stdio};

use super::tests::with_name;
use super::{Markup, typeset};
use crate::tables::fixture::Fixture;

/// Set `GENBENCH_REQUIRE_LATEX` to fail where no program compiles LaTeX.
#[test]
fn latex_compiles() {
    let found = |program: &&&str| {
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    let Some(program) = ["pdflatex", "tectonic"].iter().find(found) else {
        assert!(std::env::var_os("GENBENCH_REQUIRE_LATEX").is_none(), "neither pdflatex nor tectonic is on the path");
        eprintln!("skipped: neither pdflatex nor tectonic is on the path");
        return;
    };
    let fixture = Fixture::new();
    let names = "a_b & 50% {x} \\input{none} $^~# [1] *2 <é> \"q\" 'r' `s` -- ± ≥ ≤ → × · … ∞ −";
    let tables = typeset(&with_name(&fixture, names), Markup::Latex, &[]).unwrap();
    let document = format!(
        "\\documentclass{{article}}\n\\usepackage{{booktabs}}\n\\begin{{document}}\n{tables}\\end{{document}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.tex"), &document).unwrap();
    let mut command = Command::new(program);
    if *program == "pdflatex" {
        command.args(["-interaction=nonstopmode", "-halt-on-error"]);
    }
    let output = command.arg("table.tex").current_dir(folder.path()).output().unwrap();
    let log = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{program}: {log}\n{document}");
    assert!(folder.path().join("table.pdf").exists());
}
