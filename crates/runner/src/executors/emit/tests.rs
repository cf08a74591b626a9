//! Both kinds of job files, and their readers.

use std::collections::BTreeMap;

use protocol::fixtures::trial;
use serde::Deserialize;

use super::*;

fn emitted(manifest: Manifest, settings: &[&str]) -> (tempfile::TempDir, String) {
    let results = tempfile::tempdir().unwrap();
    let gpu = protocol::Trial { device: "wgpu".into(), ..trial("vae", 1) };
    let plan = Plan::new("My_grid", vec![trial("nade", 0), trial("nade", 1), gpu]);
    let options = RunOptions {
        results: results.path().to_owned(),
        worker: vec!["/opt/genbench".into(), "trial".into()],
        ..RunOptions::default()
    };
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    let settings = Settings::read(None, &settings).unwrap();
    let text = emit(manifest, &plan, &options, &settings).unwrap().expect("three open trials");
    let folder = results.path().display().to_string();
    for entry in &plan.trials {
        assert!(results.path().join("My_grid/trials").join(entry.id().0).join("trial.json").exists());
    }
    (results, text.replace(&folder, "/results"))
}

/// Keys that `hq job submit-file` reads; it refuses others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields check that the file can be read")]
struct JobDefinition {
    name: String,
    max_fails: Option<u32>,
    stream: Option<String>,
    #[serde(default)]
    task: Vec<TaskDefinition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields check that the file can be read")]
struct TaskDefinition {
    id: Option<u32>,
    command: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    request: Vec<RequestDefinition>,
    stdout: Option<String>,
    stderr: Option<String>,
    cwd: Option<String>,
    time_limit: Option<String>,
    priority: Option<i32>,
    crash_limit: Option<u16>,
    stdin: Option<String>,
    #[serde(default)]
    deps: Vec<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields check that the file can be read")]
struct RequestDefinition {
    #[serde(default)]
    n_nodes: u32,
    time_request: Option<String>,
    resources: BTreeMap<String, u32>,
    weight: Option<f32>,
}

#[test]
fn hyperqueue() {
    let (_results, text) = emitted(Manifest::HyperQueue, &["time=4h", "mem=2G", "setup=module load vulkan"]);
    insta::assert_snapshot!(text);
    let read: JobDefinition = toml::from_str(&text).unwrap();
    assert_eq!(read.task.len(), 3);
    assert_eq!(read.task[2].request[0].resources["gpus/nvidia"], 1);
    assert!(!read.task[0].request[0].resources.contains_key("gpus/nvidia"));
}

#[test]
fn kubernetes() {
    let settings = ["time=4h", "mem=2G", "throttle=2", "kubernetes.queue=team-a", "kubernetes.namespace=lab"];
    insta::assert_snapshot!(emitted(Manifest::Kubernetes, &settings).1);
}

#[test]
fn kubernetes_mounts_the_data_where_the_trials_expect_them() {
    let (_results, text) = emitted(Manifest::Kubernetes, &[]);
    assert!(!text.contains("readOnly"), "{text}");
    let settings = ["kubernetes.data_claim=datasets", "kubernetes.data_mount=/srv/data"];
    let (_results, text) = emitted(Manifest::Kubernetes, &settings);
    for part in ["mountPath: /srv/data", "claimName: datasets", "readOnly: true"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}
