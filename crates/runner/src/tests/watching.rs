//! Looking on while another process runs a grid.

use std::io::{self, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use protocol::exit;

use super::bench::{Bench, plan, until};
use crate::options::Show;
use crate::watch::{WatchOptions, glance, watch};

/// Tells when the first line comes.
struct Said {
    tell: Sender<()>,
    text: Vec<u8>,
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        // Only the first line is waited for.
        let _ = self.tell.send(());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_grid_is_seen_from_its_files_alone_until_it_is_over() {
    let bench = Bench::new();
    let plan = plan(&[("slow", 1), ("diverging", 1), ("ok", 1), ("ok", 2)]);
    assert!(glance(&bench.grid()).is_err(), "nothing has run");
    let options = WatchOptions { show: Show::Lines, every: Duration::from_millis(5) };
    let (state, said) = thread::scope(|scope| {
        let run = scope.spawn(|| bench.run(&plan));
        until("all but the slow one", || {
            glance(&bench.grid()).is_ok_and(|state| state.counts.get("done") == Some(&2) && state.at_work.len() == 1)
        });
        let state = glance(&bench.grid()).unwrap();
        assert_eq!(state.at_work[0].words, "train 60/100, loss 2.500, 2 s left");
        assert!(!state.finished() && state.exit_code() == exit::DONE);
        let (tell, told) = channel();
        let watcher = scope.spawn(|| {
            let mut out = Said { tell, text: Vec::new() };
            let state = watch(&bench.grid(), &options, &mut out).unwrap();
            (state, String::from_utf8(out.text).unwrap())
        });
        told.recv().unwrap();
        bench.go();
        run.join().unwrap();
        watcher.join().unwrap()
    });
    assert!(said.starts_with("g: 4 trials: 2 done, 1 diverged, 1 at work"), "{said}");
    assert!(said.ends_with("slow seed 1: done\n"), "{said}");
    assert!(state.finished() && state.exit_code() == exit::TRIALS_FAILED);
    insta::assert_snapshot!(state, @r"
    g: 4 trials: 3 done, 1 diverged; finished
      diverging seed 1: diverged: loss was not finite after step 7
    ");
}

#[test]
fn a_plan_made_anew_is_followed() {
    let bench = Bench::new();
    bench.run(&plan(&[("ok", 1)]));
    assert!(glance(&bench.grid()).unwrap().finished());
    bench.run(&plan(&[("ok", 1), ("ok", 2)]));
    assert_eq!(glance(&bench.grid()).unwrap().counts["done"], 2);
}
