//! `data fetch` on the command line. The tests of the downloader are in `crates/data`.

use protocol::exit;

use crate::bench::Bench;

#[test]
fn a_failed_download_is_explained_and_leaves_no_file() {
    let bench = Bench::with("name: unused\n");
    let fetch = |arguments: &[&str]| {
        let mut command = bench.command(&[&["data", "fetch"], arguments].concat());
        // Tests use no network: every address leads to a closed port of this machine.
        let closed = "http://127.0.0.1:1";
        let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
        proxies.iter().for_each(|name| {
            command.env(name, closed);
        });
        let output = command.env("GENBENCH_CACHE", bench.path("cache")).output().expect("the binary runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (code, output) = fetch(&["mnits"]);
    assert_eq!(code, Some(i32::from(exit::USAGE)), "{output}");
    assert!(output.contains("did you mean `mnist`?"), "{output}");
    let (code, output) = fetch(&["mnist", "--mirror", "http://127.0.0.1:1/"]);
    assert_eq!(code, Some(i32::from(exit::ENVIRONMENT)), "{output}");
    assert!(output.contains("no mirror delivered") && output.contains("http://127.0.0.1:1/"), "{output}");
    let files = std::fs::read_dir(bench.path("cache/mnist"))
        .expect("the folder was created")
        .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|end| end == "gz")))
        .count();
    assert_eq!(files, 0);
}
