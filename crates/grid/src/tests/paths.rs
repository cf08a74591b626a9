//! Relative paths are resolved against the file that contains them.

use std::fs;
use std::path::Path;

use crate::plan::{Overrides, load_and_plan};
use crate::tests::FakeCatalog;

/// Writes files, plans the last one, and returns the path of the data or the messages, without the folder's own path.
fn planned(files: &[(&str, &str)], set: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let last = folder.path().join(files.last().unwrap().0);
    let plain = |text: String| text.replace(&folder.path().display().to_string(), "FOLDER");
    let overrides = Overrides { set: set.iter().map(|one| (*one).to_owned()).collect(), ..Overrides::default() };
    let planned = load_and_plan(&last, &FakeCatalog::default(), &overrides);
    let (_, plan) = planned.map_err(|messages| plain(messages.to_string()))?;
    Ok(plain(plan.trials[0].data.config["path"].as_str().unwrap().to_owned()))
}

fn grid(path: &str) -> String {
    format!("name: g\ntrain: {{steps: 1}}\ndata: {{name: files, path: {path}}}\nvariants: [{{model: nade}}]\n")
}

#[test]
fn a_path_is_relative_to_its_own_file() {
    assert_eq!(planned(&[("exp/g.yaml", &grid("pixels"))], &[]).unwrap(), "FOLDER/exp/pixels");
    assert_eq!(planned(&[("exp/g.yaml", &grid("../pixels"))], &[]).unwrap(), "FOLDER/exp/../pixels");
    assert_eq!(planned(&[("exp/g.yaml", &grid("/data/pixels"))], &[]).unwrap(), "/data/pixels");
    // Of a file that another one extends.
    let top = "name: top\nextends: ../shared/base.yaml\n";
    let files = [("shared/base.yaml", &*grid("pixels")), ("exp/top.yaml", top)];
    assert_eq!(planned(&files, &[]).unwrap(), "FOLDER/exp/../shared/pixels");
    let files = [("shared/base.yaml", &*grid("nothing")), ("exp/top.yaml", &format!("{top}data: {{path: pixels}}\n"))];
    assert_eq!(planned(&files, &[]).unwrap(), "FOLDER/exp/pixels");
    // Of the command line.
    let here = std::env::current_dir().unwrap();
    let set = planned(&[("exp/g.yaml", &grid("nothing"))], &["data.path=sub/pixels"]).unwrap();
    assert_eq!(Path::new(&set), here.join("sub/pixels"));
}

#[test]
fn each_value_of_an_axis_is_resolved() {
    let text = "name: g\ntrain: {steps: 1}\ndata: files\nvariants:\n  - {model: nade, matrix: {data.path: [a/pixels, b/pixels]}}\n";
    assert_eq!(planned(&[("exp/g.yaml", text)], &[]).unwrap(), "FOLDER/exp/a/pixels");
    let whole = text
        .replace("data: files\n", "")
        .replace("data.path: [a/pixels, b/pixels]", "data: [{name: files, path: a/pixels}]");
    assert_eq!(planned(&[("exp/g.yaml", &whole)], &[]).unwrap(), "FOLDER/exp/a/pixels");
}

#[test]
fn a_path_that_leads_nowhere_is_reported_as_written_with_its_folder() {
    insta::assert_snapshot!(planned(&[("exp/g.yaml", &grid("mnist"))], &[]).unwrap_err(), @r"
        error: `data.path`: FOLDER/exp/mnist: not found
         --> FOLDER/exp/g.yaml:3:27
          |
        3 | data: {name: files, path: mnist}
          |                           ^^^^^
        4 | variants: [{model: nade}]
          |            ------------- for this variant
          |
          = help: `mnist` is relative to FOLDER/exp, the folder of FOLDER/exp/g.yaml
        ");
    let home = planned(&[("exp/g.yaml", &grid("~/mnist"))], &[]).unwrap_err();
    assert!(
        home.contains("= help: `~` is not expanded: write the whole path. `~/mnist` is relative to FOLDER/exp"),
        "{home}"
    );
    let variable = planned(&[("exp/g.yaml", &grid("$HOME/mnist"))], &[]).unwrap_err();
    assert!(variable.contains("`$HOME` is not expanded"), "{variable}");
    let set = planned(&[("exp/g.yaml", &grid("mnist"))], &["data.path=here"]).unwrap_err();
    assert!(set.contains("--set data.path=here:1:11") && set.contains(", the current folder"), "{set}");
    let absolute = planned(&[("exp/g.yaml", &grid("/mnist"))], &[]).unwrap_err();
    assert!(absolute.contains("/mnist: not found") && !absolute.contains("help"), "{absolute}");
}
