//! Settings from a file and from the command line.

use super::*;

fn over(settings: &[&str]) -> Result<Settings, Vec<Problem>> {
    let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
    Settings::read(None, &settings)
}

#[test]
fn settings_override_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.yaml");
    std::fs::write(&file, "time: 4h\nslurm: {partition: cpu, args: [--exclusive]}\n").unwrap();
    let read = Settings::read(Some(&file), &["slurm.partition=gpu".into(), "mem=2G".into()]).unwrap();
    assert_eq!(read.time(), Some(Duration::from_secs(14400)));
    assert_eq!((read.slurm.partition.as_deref(), read.mem_mib()), (Some("gpu"), Some(2048)));
    assert_eq!((read.slurm.args, read.slurm.signal_s), (vec!["--exclusive".to_owned()], 60));
    assert_eq!(over(&["slurm.args=[--a=1, --b]"]).unwrap().slurm.args, ["--a=1", "--b"]);
    assert_eq!(over(&["time=04:00:00"]).unwrap().time(), Some(Duration::from_secs(14400)));
}

#[test]
fn problems_are_named() {
    let first = |settings: &[&str]| {
        let problem = over(settings).unwrap_err().remove(0);
        format!("{problem}; {}", problem.help.as_deref().unwrap_or_default())
    };
    assert!(first(&["slurm.partion=x"]).contains("did you mean `partition`"), "{}", first(&["slurm.partion=x"]));
    assert!(first(&["time=60s0"]).contains("04:00:00"));
    assert!(first(&["mem=4"]).starts_with("mem: "), "{}", first(&["mem=4"]));
    assert!(first(&["cpus=0"]).contains("at least 1"));
    assert!(first(&["nonsense"]).contains("KEY=VALUE"));
    assert!(first(&["slurm.args=[constraint]"]).contains("--name=value"));
    assert!(first(&["time.x=1", "time=4h", "time.y=1"]).contains("no settings below"));
}
