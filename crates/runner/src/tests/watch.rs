//! Watching of a grid that another process runs.

use std::io::{self, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use protocol::exit;

use super::bench::{Bench, plan, until};
use crate::options::Show;
use crate::watch::{WatchOptions, watch, watch_state};

/// Output that reports its first line.
struct Output {
    written: Sender<()>,
    text: Vec<u8>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        // Only the first line is waited for.
        let _ = self.written.send(());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_grid_is_watched_through_its_files_until_its_end() {
    let bench = Bench::new();
    let plan = plan(&[("slow", 1), ("diverging", 1), ("ok", 1), ("ok", 2)]);
    assert!(watch_state(&bench.grid()).is_err(), "nothing has run");
    let options = WatchOptions { show: Show::Lines, every: Duration::from_millis(5) };
    let (state, output) = thread::scope(|scope| {
        let run = scope.spawn(|| bench.run(&plan));
        until("all but the slow one", || {
            watch_state(&bench.grid())
                .is_ok_and(|state| state.counts.get("done") == Some(&2) && state.running.len() == 1)
        });
        let state = watch_state(&bench.grid()).unwrap();
        assert_eq!(state.running[0].progress, "train 60/100, loss 2.500, 2 s left");
        assert!(!state.finished() && state.exit_code() == exit::DONE);
        let (written, first_line) = channel();
        let watcher = scope.spawn(|| {
            let mut out = Output { written, text: Vec::new() };
            let state = watch(&bench.grid(), &options, &mut out).unwrap();
            (state, String::from_utf8(out.text).unwrap())
        });
        first_line.recv().unwrap();
        bench.go();
        run.join().unwrap();
        watcher.join().unwrap()
    });
    assert!(output.starts_with("g: 4 trials: 2 done, 1 diverged, 1 running"), "{output}");
    assert!(output.ends_with("slow seed 1: done\n"), "{output}");
    assert!(state.finished() && state.exit_code() == exit::TRIALS_FAILED);
    insta::assert_snapshot!(state, @r"
    g: 4 trials: 3 done, 1 diverged; finished
      diverging seed 1: diverged: loss was not finite after step 7
    ");
}

#[test]
fn a_changed_plan_is_followed() {
    let bench = Bench::new();
    bench.run(&plan(&[("ok", 1)]));
    assert!(watch_state(&bench.grid()).unwrap().finished());
    bench.run(&plan(&[("ok", 1), ("ok", 2)]));
    assert_eq!(watch_state(&bench.grid()).unwrap().counts["done"], 2);
}
