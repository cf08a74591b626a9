//! Job files for HyperQueue and Kubernetes.

use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, SMALL, command_output};

#[test]
fn emitted_jobs_list_unfinished_trials_and_are_valid() {
    let bench = Bench::with(SMALL);
    let queue = ["--cluster", "kubernetes.queue=team-a", "--cluster", "mem=2G", "--cluster", "time=4h"];
    let emit = |target: &str| {
        let arguments: Vec<&str> = ["emit", target, "grid.yaml"].into_iter().chain(queue).collect();
        bench.genbench(&arguments)
    };
    let job = emit("kubernetes");
    assert_eq!(job.code, i32::from(exit::DONE), "{job:?}");
    assert!(job.out.contains("kueue.x-k8s.io/queue-name: team-a") && job.out.contains("completions: 2"), "{}", job.out);
    std::fs::write(bench.path("job.yaml"), &job.out).expect("written");
    match std::env::var_os("GENBENCH_KUBERNETES_VALIDATE") {
        Some(validate) => {
            let validated = |file: &str| {
                let command = Command::new(&validate).args(["--strict", file]).current_dir(bench.path(".")).output();
                command_output(command.expect("kubernetes-validate starts"))
            };
            assert_eq!(validated("job.yaml").code, 0, "{:?}", validated("job.yaml"));
            let wrong = job.out.replace("completionMode:", "completionsMode:");
            std::fs::write(bench.path("wrong.yaml"), wrong).expect("written");
            assert_ne!(validated("wrong.yaml").code, 0, "a wrong key is refused");
        }
        None => eprintln!("skipped: validation by Kubernetes's schemas: GENBENCH_KUBERNETES_VALIDATE is not set"),
    }

    // The commands in the job file work: the folders of the trials are ready for a worker.
    let job = emit("hyperqueue");
    let file: toml::Table = toml::from_str(&job.out).expect("TOML");
    let tasks = file["task"].as_array().expect("tasks");
    assert_eq!(tasks.len(), 2);
    for task in tasks {
        let words: Vec<&str> =
            task["command"].as_array().expect("words").iter().filter_map(|word| word.as_str()).collect();
        let ran =
            Command::new(words[0]).args(&words[1..]).current_dir(task["cwd"].as_str().expect("a folder")).status();
        assert!(ran.expect("the worker starts").success(), "{words:?}");
    }
    assert_eq!(bench.genbench(&["collect", "small"]).code, i32::from(exit::DONE));
    assert_eq!(emit("hyperqueue").code, i32::from(exit::NOTHING), "all trials are finished");

    let output = bench.genbench(&["emit", "kubernetes", "grid.yaml", "--cluster", "kubernetes.queu=x"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("did you mean `queue`"), "{output:?}");
}
