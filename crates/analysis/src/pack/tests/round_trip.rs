//! Packing, unpacking, packing again.

use serde_json::json;

use super::*;
use crate::pack::{PackError, Part};

#[test]
fn every_table_and_the_report_of_an_unpacked_pack_are_equal_byte_for_byte() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let options = PackOptions { host_names: true, ..PackOptions::default() };
    let there = unpacked(&packed(&fixture.grid, &options).bytes, elsewhere.path()).unwrap();
    assert_eq!(derived(&there.grid), derived(&fixture.grid));
    let comparisons = fs::read_to_string(there.grid.file("comparisons.csv")).unwrap();
    assert!(comparisons.lines().any(|row| row.contains(",true,")), "images are paired: {comparisons}");
    assert_eq!((there.manifest.planned, there.manifest.trials), (15, 12), "trials without an outcome stay behind");
}

#[test]
fn machines_are_numbered_unless_host_names_are_kept() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let there = unpacked(&packed(&fixture.grid, &PackOptions::default()).bytes, elsewhere.path()).unwrap();
    let numbered = |files: Vec<(String, String)>| -> Vec<_> {
        files
            .into_iter()
            .map(|(name, text)| (name, text.replace(",bench", ",machine 1").replace("bench:", "machine 1:")))
            .collect()
    };
    assert_eq!(derived(&there.grid), numbered(derived(&fixture.grid)));
}

#[test]
fn packing_twice_and_packing_an_unpacked_pack_give_the_same_bytes() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let options = PackOptions { points: 4, ..PackOptions::default() };
    let first = packed(&fixture.grid, &options).bytes;
    assert_eq!(packed(&fixture.grid, &options).bytes, first);
    let there = unpacked(&first, elsewhere.path()).unwrap();
    assert_eq!(packed(&there.grid, &options).bytes, first);
}

#[test]
fn no_path_and_no_host_name_of_the_machine_is_packed() {
    let fixture = planned();
    let trial = &fixture.plan.trials[0];
    let dir = fixture.grid.trial(&trial.id());
    let secret = "/home/someone/genbench";
    atomic::write(&fixture.grid.grid_yaml(), format!("name: small\n# {secret}/grid.yaml\n").as_bytes()).unwrap();
    let mut plan = serde_json::to_value(&fixture.plan).unwrap();
    plan["about"] = json!(format!("read from {secret}/about.txt"));
    atomic::write_json(&fixture.grid.plan_json(), &plan).unwrap();
    let mut figures: Value = atomic::read_json(&dir.measurements()).unwrap();
    figures[0]["reason"] = json!(format!("{secret}/features.bin was used"));
    atomic::write_json(&dir.measurements(), &figures).unwrap();
    let trace = fs::read_to_string(dir.trace()).unwrap();
    let event = json!({"v": 1, "unix_ms": 0, "at_s": 11.0, "attempt": 1, "kind": "event", "level": "INFO", "name": "data",
        "fields": {"path": secret}});
    atomic::write(&dir.trace(), format!("{trace}{event}\n").as_bytes()).unwrap();
    fs::write(dir.stderr(), secret).unwrap();
    fs::create_dir_all(dir.checkpoint()).unwrap();
    let lost = dir.checkpoint().with_extension("lost");
    fs::create_dir_all(&lost).unwrap();
    fs::write(lost.join("state.json"), "{}").unwrap();
    fs::write(dir.checkpoint().join("state.json"), format!("{{\"at\": \"{secret}\"}}")).unwrap();

    let elsewhere = tempfile::tempdir().unwrap();
    let there = unpacked(&packed(&fixture.grid, &PackOptions::default()).bytes, elsewhere.path()).unwrap();
    assert!(there.manifest.files.iter().all(|file| !file.path.contains("checkpoint")));
    for file in &there.manifest.files {
        let text = String::from_utf8_lossy(&fs::read(there.grid.0.join(&file.path)).unwrap()).into_owned();
        assert!(!text.contains("someone") && !text.contains("\"bench\""), "{}: {text}", file.path);
    }
    let reason: Value = atomic::read_json(&there.grid.trial(&trial.id()).measurements()).unwrap();
    assert_eq!(reason[0]["reason"], json!("…/features.bin was used"));
    let kept = PackOptions { paths: true, host_names: true, ..PackOptions::default() };
    let elsewhere = tempfile::tempdir().unwrap();
    let there = unpacked(&packed(&fixture.grid, &kept).bytes, elsewhere.path()).unwrap();
    assert!(fs::read_to_string(there.grid.grid_yaml()).unwrap().contains(secret));
}

#[test]
fn curves_are_thinned_and_figures_are_not() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let options = PackOptions { points: 3, host_names: true, ..PackOptions::default() };
    let there = unpacked(&packed(&fixture.grid, &options).bytes, elsewhere.path()).unwrap();
    let (before, after) = (derived(&fixture.grid), derived(&there.grid));
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        match name.as_str() {
            "curves.csv" => {
                assert!(after.lines().count() < before.lines().count());
                assert!(after.lines().all(|line| before.contains(line)), "each remaining point is unchanged: {after}");
                let first = after.lines().filter(|line| line.contains(",independent,0,") && line.contains(",loss,"));
                let steps: Vec<_> = first.map(|line| line.split(',').nth(3).unwrap().to_owned()).collect();
                assert_eq!(steps, ["10", "50", "100"]);
            }
            "report.html" => {}
            _ => assert_eq!(before, after, "{name}"),
        }
    }
}

#[test]
fn parts_can_be_left_out() {
    let fixture = planned();
    let has = |without: &[Part]| {
        let options = PackOptions { without: without.to_vec(), ..PackOptions::default() };
        let pack = packed(&fixture.grid, &options);
        let any = |end: &str| pack.manifest.files.iter().any(|file| file.path.ends_with(end));
        assert_eq!(pack.manifest.without, without);
        let elsewhere = tempfile::tempdir().unwrap();
        let there = unpacked(&pack.bytes, elsewhere.path()).unwrap();
        let curves = derived(&there.grid).into_iter().find(|(name, _)| name == "curves.csv").unwrap().1;
        (any(".npy"), curves.lines().count() > 20, any(".png"))
    };
    assert_eq!(has(&[]), (true, true, true));
    assert_eq!(has(&[Part::Terms]), (false, true, true));
    assert_eq!(has(&[Part::Curves]), (true, false, true));
    assert_eq!(has(&Part::OPTIONAL), (false, false, false));
}

#[test]
fn a_pack_above_its_limit_names_its_largest_part_and_advice_that_works() {
    let fixture = planned();
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let noise: Vec<u8> = (0..20_000).map(|_| noise()).collect();
    fs::write(fixture.grid.trial(&fixture.plan.trials[0].id()).samples().join("noise.png"), &noise).unwrap();
    let limited =
        |without: Vec<Part>| pack(&fixture.grid, &PackOptions { max_size: 12_000, without, ..PackOptions::default() });
    let error = limited(Vec::new()).unwrap_err().to_string();
    assert!(error.contains("above the limit of 11.7 KiB: samples 20."), "{error}");
    assert!(error.contains("help: --without samples is enough"), "{error}");
    let size = limited(vec![Part::Samples]).unwrap().bytes.len() as u64;
    let two = PackOptions { max_size: size - 1, without: vec![Part::Samples], ..PackOptions::default() };
    let error = pack(&fixture.grid, &two).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("help: --without samples,curves is enough"), "{error}");
    pack(&fixture.grid, &PackOptions { without: vec![Part::Samples, Part::Curves], ..two }).unwrap();
    let tiny =
        pack(&fixture.grid, &PackOptions { max_size: 10, without: Part::OPTIONAL.to_vec(), ..PackOptions::default() });
    assert!(tiny.unwrap_err().to_string().contains("--max-size"));
}

#[test]
fn what_cannot_be_packed_is_refused() {
    let fixture = Fixture::new();
    let missing = pack(&fixture.grid, &PackOptions::default()).unwrap_err();
    assert!(matches!(&missing, PackError::File { .. }) && missing.to_string().contains("plan.json"), "{missing}");
    let fixture = planned();
    let trial = fixture.grid.trial(&fixture.plan.trials[0].id());
    atomic::write(&trial.outcome(), b"{").unwrap();
    assert!(pack(&fixture.grid, &PackOptions::default()).unwrap_err().to_string().contains("outcome.json"));
    fs::remove_file(trial.outcome()).unwrap();
    let trace = fixture.grid.trial(&fixture.plan.trials[1].id()).trace();
    let text = fs::read_to_string(&trace).unwrap();
    fs::write(&trace, format!("nonsense\n{text}")).unwrap();
    assert!(pack(&fixture.grid, &PackOptions::default()).unwrap_err().to_string().contains("trace.jsonl:1"));
    fs::remove_dir_all(fixture.grid.trials()).unwrap();
    let nothing = pack(&fixture.grid, &PackOptions::default()).unwrap_err();
    assert!(matches!(nothing, PackError::NothingFinished { .. }), "{nothing}");
}

#[test]
fn labels_that_differ_only_by_a_folder_are_kept_apart() {
    let fixture = planned();
    let mut plan = serde_json::to_value(&fixture.plan).unwrap();
    for (index, folder) in [(0, "/home/a/x"), (3, "/home/b/x")] {
        for seed in 0..3 {
            plan["trials"][index + seed]["variant"] = json!(folder);
        }
    }
    atomic::write_json(&fixture.grid.plan_json(), &plan).unwrap();
    let error = pack(&fixture.grid, &PackOptions::default()).unwrap_err().to_string();
    assert!(error.contains("labels differ only") && error.contains("--paths"), "{error}");
    pack(&fixture.grid, &PackOptions { paths: true, ..PackOptions::default() }).unwrap();
}
