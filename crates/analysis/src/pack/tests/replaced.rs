//! Unpacking where something is already.

use super::*;

fn forced() -> UnpackOptions {
    UnpackOptions { force: true, ..UnpackOptions::default() }
}

#[test]
fn the_same_results_are_left_alone_and_others_are_kept() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let bytes = packed(&fixture.grid, &PackOptions::default()).bytes;
    let first = unpacked(&bytes, elsewhere.path()).unwrap();
    fs::write(first.grid.file("notes.txt"), "mine").unwrap();
    assert!(!first.unchanged && unpacked(&bytes, elsewhere.path()).unwrap().unchanged);
    assert_eq!(fs::read_to_string(first.grid.file("notes.txt")).unwrap(), "mine");

    // Other results of the same plan, another plan, something else.
    let outcome = first.grid.trial(&fixture.plan.trials[0].id()).outcome();
    fs::write(&outcome, "{}").unwrap();
    let error = unpacked(&bytes, elsewhere.path()).unwrap_err();
    assert!(error.contains("holds other results of this grid") && error.contains("--force"), "{error}");
    assert_eq!(fs::read_to_string(&outcome).unwrap(), "{}");
    fs::write(first.grid.plan_json(), "{}").unwrap();
    assert!(unpacked(&bytes, elsewhere.path()).unwrap_err().contains("the results of another plan"));
    fs::remove_file(first.grid.plan_json()).unwrap();
    assert!(unpacked(&bytes, elsewhere.path()).unwrap_err().contains("holds other files"));

    let replaced = unpacked_with(&bytes, elsewhere.path(), &forced()).unwrap();
    assert!(!replaced.grid.file("notes.txt").exists());
    assert_eq!(packed(&replaced.grid, &PackOptions::default()).bytes, bytes);
    assert_eq!(names(elsewhere.path()), ["small"], "nothing temporary is left");
}

#[test]
fn an_empty_folder_is_filled_and_a_running_grid_is_not_replaced() {
    let (fixture, elsewhere) = (planned(), tempfile::tempdir().unwrap());
    let bytes = packed(&fixture.grid, &PackOptions::default()).bytes;
    let grid = GridDir::new(elsewhere.path(), "small");
    fs::create_dir(&grid.0).unwrap();
    unpacked(&bytes, elsewhere.path()).unwrap();
    fs::remove_file(grid.plan_json()).unwrap();
    fs::create_dir(grid.runners()).unwrap();
    let runner = fs::File::create(grid.runners().join("host-1")).unwrap();
    runner.lock().unwrap();
    let error = unpacked_with(&bytes, elsewhere.path(), &forced()).unwrap_err();
    assert!(error.contains("a run writes to") && error.contains("genbench cancel small"), "{error}");
    drop(runner);
    unpacked_with(&bytes, elsewhere.path(), &forced()).unwrap();
    assert!(grid.plan_json().exists());
}

#[cfg(unix)]
#[test]
fn an_unpacked_folder_can_be_read_by_others_and_a_link_is_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (fixture, elsewhere, far) = (planned(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bytes = packed(&fixture.grid, &PackOptions::default()).bytes;
    fs::write(far.path().join("kept"), "").unwrap();
    let grid = GridDir::new(elsewhere.path(), "small");
    symlink(far.path(), &grid.0).unwrap();
    assert!(unpacked(&bytes, elsewhere.path()).unwrap_err().contains("holds other files"));
    unpacked_with(&bytes, elsewhere.path(), &forced()).unwrap();
    assert_eq!(names(far.path()), ["kept"]);
    let mode = fs::metadata(&grid.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o500, 0o500, "{mode:o}");
    assert_eq!(mode, fs::metadata(grid.trials()).unwrap().permissions().mode(), "as any other folder");
}
