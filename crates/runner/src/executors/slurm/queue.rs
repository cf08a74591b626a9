//! Parsing of the output of Slurm's commands. Their JSON differs between versions; output by field does not.

use crate::executors::job_end::EndCause;

/// A task of an array job.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TaskState {
    pub(super) job: u64,
    pub(super) task: usize,
    /// State, such as `RUNNING`.
    pub(super) state: String,
    /// Name of the machine.
    pub(super) on: String,
    /// Reason of waiting.
    pub(super) why: String,
    /// Exit code and signal.
    pub(super) exit: (i32, i32),
    /// Time limit, in seconds.
    pub(super) limit_s: Option<f64>,
    /// Time of the end, in seconds since 1970.
    pub(super) end_s: Option<u64>,
    /// Key of the submission.
    pub(super) comment: String,
}

/// Fields for `squeue --format`, with one array task per line.
pub(super) const QUEUE: &str = "%F|%K|%T|%N|%r|%k";

/// Parses the output of `squeue -h -r -o QUEUE`. Lines of other jobs are skipped.
pub(super) fn queue(text: &str) -> Vec<TaskState> {
    let read = |line: &str| {
        let mut fields = line.splitn(6, '|').map(str::trim);
        let mut next = || fields.next();
        let (job, task, state, on, why, comment) = (next()?, next()?, next()?, next()?, next()?, next()?);
        Some(TaskState {
            job: job.parse().ok()?,
            task: task.parse().ok()?,
            state: state.to_owned(),
            on: on.to_owned(),
            why: why.to_owned(),
            exit: (0, 0),
            limit_s: None,
            end_s: None,
            comment: comment.to_owned(),
        })
    };
    text.lines().filter_map(read).collect()
}

/// Fields for `sacct --format`.
pub(super) const ACCOUNTS: &str = "JobID,State,ExitCode,TimelimitRaw,JobEnd,NodeList";

/// Parses the output of `sacct -n -P -X --format=ACCOUNTS`.
pub(super) fn accounts(text: &str) -> Vec<TaskState> {
    let read = |line: &str| {
        let fields: Vec<&str> = line.split('|').collect();
        let [id, state, exit, minutes, end, on] = fields[..] else { return None };
        let (job, tasks) = id.split_once('_')?;
        let record = TaskState {
            job: job.parse().ok()?,
            task: 0,
            state: state.split_whitespace().next()?.to_owned(),
            on: on.to_owned(),
            why: String::new(),
            exit: exit_code(exit)?,
            limit_s: minutes.parse::<f64>().ok().map(|minutes| minutes * 60.0),
            end_s: end.parse().ok(),
            comment: String::new(),
        };
        Some(record.of_tasks(tasks.trim_start_matches('[').trim_end_matches(']')))
    };
    text.lines().filter_map(read).flatten().collect()
}

/// Parses the output of `scontrol show job N -o`, with one record per line. The fields read here contain no blanks.
///
/// One record describes all tasks that wait, or that were cancelled together before they started; its task id is a list
/// such as `2,4-9%2`. Tasks that were cancelled one by one before they started are in no record; when none of them is
/// left, the task id is the number 4294967294.
pub(super) fn records(text: &str) -> Vec<TaskState> {
    let read = |line: &str| {
        let field =
            |name: &str| line.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
        let record = TaskState {
            job: field("ArrayJobId")?.parse().ok()?,
            task: 0,
            state: field("JobState")?,
            on: field("NodeList").filter(|list| list != "(null)").unwrap_or_default(),
            why: field("Reason").unwrap_or_default(),
            exit: exit_code(&field("ExitCode")?)?,
            limit_s: field("TimeLimit")
                .and_then(|text| crate::executors::time::parse(&text))
                .map(|time| time.as_secs_f64()),
            end_s: field("EndTime").and_then(|text| text.parse().ok()),
            comment: field("Comment").unwrap_or_default(),
        };
        Some(record.of_tasks(&field("ArrayTaskId")?))
    };
    text.lines().filter_map(read).flatten().collect()
}

/// Largest index of an array task that Slurm accepts.
const LARGEST_TASK: usize = 4_000_000;

/// Indices of a list such as `3`, `0-2,5%4` (at most four at a time) or `0-8:4` (every fourth). Parts that are no indices
/// are skipped.
fn indices(list: &str) -> Vec<usize> {
    let list = list.split('%').next().unwrap_or_default();
    let part = |part: &str| {
        let (range, step) = part.split_once(':').unwrap_or((part, "1"));
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let (from, to): (usize, usize) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        let step = step.parse().ok().filter(|step| *step > 0)?;
        (to <= LARGEST_TASK).then(|| (from..=to).step_by(step))
    };
    list.split(',').filter_map(part).flatten().collect()
}

fn exit_code(text: &str) -> Option<(i32, i32)> {
    let (code, signal) = text.split_once(':')?;
    Some((code.parse().ok()?, signal.parse().ok()?))
}

impl TaskState {
    /// This record for every task of a list.
    fn of_tasks(self, list: &str) -> Vec<Self> {
        indices(list).into_iter().map(|task| Self { task, ..self.clone() }).collect()
    }

    /// Cause of the end; `None` if the task has not ended.
    pub(super) fn ended(&self) -> Option<EndCause> {
        let exited = || {
            let (code, signal) = self.exit;
            let signal = (signal != 0).then_some(signal);
            EndCause::Exited { code: signal.is_none().then_some(code), signal }
        };
        match self.state.as_str() {
            "COMPLETED" | "FAILED" => Some(exited()),
            "TIMEOUT" | "DEADLINE" => Some(EndCause::TimeLimit { limit_s: self.limit_s }),
            "OUT_OF_MEMORY" => Some(EndCause::Memory),
            "NODE_FAIL" | "BOOT_FAIL" | "LAUNCH_FAILED" | "RECONFIG_FAIL" => Some(EndCause::NodeLost),
            "CANCELLED" | "PREEMPTED" | "REVOKED" => Some(EndCause::Stopped),
            _ => None,
        }
    }

    /// Returns whether its worker is or may be running.
    pub(super) fn runs(&self) -> bool {
        matches!(self.state.as_str(), "RUNNING" | "COMPLETING" | "SUSPENDED" | "STOPPED" | "SIGNALING" | "STAGE_OUT")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_is_parsed() {
        let text = "2|3|PENDING||JobArrayTaskLimit|genbench-5-1\n2|0|RUNNING|n2|None|genbench-5-1\n7|N/A|RUNNING|n1|None|(null)\n";
        let tasks = queue(text);
        assert_eq!(tasks.len(), 2, "other jobs are skipped");
        assert_eq!((tasks[0].why.as_str(), tasks[1].on.as_str()), ("JobArrayTaskLimit", "n2"));
        assert!(tasks[1].runs() && !tasks[0].runs());
    }

    #[test]
    fn causes_are_parsed_from_both_sources() {
        let record = "JobId=3 ArrayJobId=2 ArrayTaskId=0 JobName=g JobState=FAILED Reason=NonZeroExitCode Requeue=1 Restarts=1 \
                      ExitCode=12:0 TimeLimit=00:02:00 EndTime=1795549606 NodeList=n2 Comment=key";
        let read = records(record);
        assert_eq!(read[0].ended(), Some(EndCause::Exited { code: Some(12), signal: None }));
        assert_eq!(
            (read[0].limit_s, read[0].end_s, read[0].comment.as_str()),
            (Some(120.0), Some(1_795_549_606), "key")
        );
        let listed = "2_0|TIMEOUT|0:0|120|1795549606|n2\n2_1|CANCELLED by 0|0:15|120|1795549606|n1\n2_[3,5%2]|PENDING|0:0|120|Unknown|None assigned\n\
                      2_2|FAILED|0:9|UNLIMITED|1795549606|n1\n2|RUNNING|0:0|1|2|n\n\
                      2_6|OUT_OF_MEMORY|0:125|120|1795549606|n1\n2_7|NODE_FAIL|0:0|120|1795549606|n1\n";
        let listed = accounts(listed);
        let waiting: Vec<_> = listed.iter().filter(|task| task.state == "PENDING").map(|task| task.task).collect();
        assert_eq!(waiting, [3, 5]);
        let ended: Vec<_> = listed.iter().map(TaskState::ended).filter(Option::is_some).collect();
        let killed = EndCause::Exited { code: None, signal: Some(9) };
        let timed_out = EndCause::TimeLimit { limit_s: Some(7200.0) };
        assert_eq!(ended, [timed_out, EndCause::Stopped, killed, EndCause::Memory, EndCause::NodeLost].map(Some));
    }

    #[test]
    fn one_record_describes_all_tasks_that_never_started() {
        let record = |tasks: &str, state: &str| {
            format!(
                "JobId=7 ArrayJobId=7 ArrayTaskId={tasks} ArrayTaskThrottle=2 JobState={state} ExitCode=0:0 NodeList=\n"
            )
        };
        let rest = records(&(record("2,4-6%2", "CANCELLED") + &record("0", "RUNNING")));
        let tasks: Vec<_> = rest.iter().map(|task| (task.task, task.ended())).collect();
        let stopped = Some(EndCause::Stopped);
        assert_eq!(tasks, [(2, stopped.clone()), (4, stopped.clone()), (5, stopped.clone()), (6, stopped), (0, None)]);
        assert_eq!(records(&record("4294967294", "CANCELLED")), [], "each was cancelled by itself");
        assert_eq!(indices("0-8:4,11"), [0, 4, 8, 11]);
        for nonsense in ["", "N/A", "-", "3-", "1-9:0", "0-99999999999", "[2]", "9-3"] {
            assert_eq!(indices(nonsense), Vec::<usize>::new(), "{nonsense}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_list_has_the_indices_that_it_was_made_of(tasks in proptest::collection::btree_set(0usize..300, 0..40)) {
            // As Slurm writes it: runs as ranges, then the throttle.
            let tasks: Vec<usize> = tasks.into_iter().collect();
            let runs = tasks.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
                [one] => one.to_string(),
                run => format!("{}-{}", run[0], run[run.len() - 1]),
            });
            let list = runs.collect::<Vec<_>>().join(",");
            proptest::prop_assert_eq!(indices(&format!("{list}%3")), tasks.clone());
            proptest::prop_assert_eq!(indices(&list), tasks);
        }
    }
}
