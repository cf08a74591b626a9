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
        let (job, task) = id.split_once('_')?;
        Some(TaskState {
            job: job.parse().ok()?,
            task: task.parse().ok()?,
            state: state.split_whitespace().next()?.to_owned(),
            on: on.to_owned(),
            why: String::new(),
            exit: exit_code(exit)?,
            limit_s: minutes.parse::<f64>().ok().map(|minutes| minutes * 60.0),
            end_s: end.parse().ok(),
            comment: String::new(),
        })
    };
    text.lines().filter_map(read).collect()
}

/// Parses the output of `scontrol show job N -o`, with one record per line. The fields read here contain no blanks.
pub(super) fn records(text: &str) -> Vec<TaskState> {
    let read = |line: &str| {
        let field =
            |name: &str| line.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
        Some(TaskState {
            job: field("ArrayJobId")?.parse().ok()?,
            task: field("ArrayTaskId")?.parse().ok()?,
            state: field("JobState")?,
            on: field("NodeList").filter(|list| list != "(null)").unwrap_or_default(),
            why: field("Reason").unwrap_or_default(),
            exit: exit_code(&field("ExitCode")?)?,
            limit_s: field("TimeLimit")
                .and_then(|text| crate::executors::time::parse(&text))
                .map(|time| time.as_secs_f64()),
            end_s: field("EndTime").and_then(|text| text.parse().ok()),
            comment: field("Comment").unwrap_or_default(),
        })
    };
    text.lines().filter_map(read).collect()
}

fn exit_code(text: &str) -> Option<(i32, i32)> {
    let (code, signal) = text.split_once(':')?;
    Some((code.parse().ok()?, signal.parse().ok()?))
}

impl TaskState {
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

    /// Whether its worker is or may be running.
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
        let listed = "2_0|TIMEOUT|0:0|120|1795549606|n2\n2_1|CANCELLED by 0|0:15|120|1795549606|n1\n2_[3-5]|PENDING|0:0|120|Unknown|None assigned\n\
                      2_2|FAILED|0:9|UNLIMITED|1795549606|n1\n2|RUNNING|0:0|1|2|n\n\
                      2_6|OUT_OF_MEMORY|0:125|120|1795549606|n1\n2_7|NODE_FAIL|0:0|120|1795549606|n1\n";
        let ended: Vec<_> = accounts(listed).iter().map(TaskState::ended).collect();
        let killed = EndCause::Exited { code: None, signal: Some(9) };
        let timed_out = EndCause::TimeLimit { limit_s: Some(7200.0) };
        assert_eq!(ended, [timed_out, EndCause::Stopped, killed, EndCause::Memory, EndCause::NodeLost].map(Some));
    }
}
