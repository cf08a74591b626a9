#!/usr/bin/env bash
# Slurm cluster of three virtual nodes on the loopback, for tests. It has its own munge key and ports, keeps all
# files in one folder, and uses neither systemd nor control groups. Needs root and Debian's packages
# `munge slurmctld slurmd slurm-client` (22.05 or newer).
#
#   cluster.sh up DIR            starts the cluster and waits for its nodes; then: export SLURM_CONF=DIR/slurm.conf
#   cluster.sh kill-node DIR N   kills the daemon and the jobs of node N, like a power cut
#   cluster.sh start-node DIR N  starts the daemon of node N again
#   cluster.sh stop-controller DIR         stops the controller; jobs and nodes go on
#   cluster.sh start-controller DIR [cold] starts it again, with its state or without any
#   cluster.sh down DIR          stops all processes of the cluster
#
# Jobs in partition `high` preempt jobs in `low` (the default), which are queued again. Variables: REQUEUE_EXIT is the
# exit code after which Slurm queues a job again (default 85; `none`: no such code). MAX_ARRAY is MaxArraySize
# (default 1001).
set -euo pipefail

nodes=(n1 n2 n3)

pid_of() { cat "$dir/pid/$1" 2>/dev/null || true; }

# Returns whether a daemon of this cluster runs. Its process id may belong to another program by now.
alive() {
  local pid; pid=$(pid_of "$1")
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$dir"
}

# Prints the first of ten consecutive free ports.
free_ports() {
  local base port
  for base in $(shuf -i 2000-5900 -n 50); do
    base=$((base * 10))
    for ((port = base; port < base + 10; port++)); do
      if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$base"; return
  done
  echo "no ten consecutive free ports" >&2; exit 1
}

configure() {
  local base; base=$(free_ports)
  local requeue="RequeueExit=${REQUEUE_EXIT:-85}"
  [ "${REQUEUE_EXIT:-85}" != none ] || requeue=""
  cat >"$dir/slurm.conf" <<CONF
ClusterName=genbench
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
SlurmctldPort=$base
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/pid/slurmctld
SlurmdPidFile=$dir/pid/%n
SlurmctldLogFile=$dir/log/slurmctld
SlurmdLogFile=$dir/log/%n
# No control groups, no accounting database.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
# Short intervals for tests. A requeued job waits at least cred_expire seconds.
SchedulerParameters=bf_interval=1,sched_min_interval=100000,batch_sched_delay=0,default_queue_depth=100
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=10
SlurmctldTimeout=30
SlurmdTimeout=6
InactiveLimit=0
MinJobAge=300
ReturnToService=2
MaxArraySize=${MAX_ARRAY:-1001}
$requeue
$(for at in 1 2 3; do echo "NodeName=n$at NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((base + at)) CPUs=1 RealMemory=1000"; done)
PartitionName=low Nodes=ALL Default=YES PriorityTier=1 PreemptMode=REQUEUE State=UP MaxTime=INFINITE
PartitionName=high Nodes=ALL PriorityTier=10 PreemptMode=OFF State=UP MaxTime=INFINITE
CONF
}

# Waits for a command to succeed.
until_true() {
  local what=$1; shift
  for _ in $(seq 100); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "the cluster did not start: $what" >&2
  tail -n 5 "$dir"/log/* >&2 || true
  exit 1
}

start_node() { slurmd -f "$dir/slurm.conf" -N "$1"; }

all_idle() { [ "$(sinfo -h -N -p low -t idle -o %N | sort -u | wc -l)" = 3 ]; }

up() {
  [ "$(id -u)" = 0 ] || { echo "Slurm's daemons need root" >&2; exit 1; }
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 1; }
  done
  mkdir -p "$dir"/{munge,state,spool,pid,log}
  for node in "${nodes[@]}"; do mkdir -p "$dir/spool/$node"; done
  chmod 755 "$dir"
  (umask 077; head -c 128 /dev/urandom >"$dir/munge/key")
  munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/pid/munged" \
    --log-file="$dir/log/munged" --seed-file="$dir/munge/seed"
  configure
  export SLURM_CONF="$dir/slurm.conf"
  slurmctld -c -f "$SLURM_CONF"
  for node in "${nodes[@]}"; do start_node "$node"; done
  until_true "nodes are not idle" all_idle
}

# Kills the daemon of a node, the step daemons of its jobs (before they can report), and the jobs.
kill_node() {
  local pid parent jobs=()
  kill -9 "$(pid_of "$1")"
  for pid in $(grep -lzs "^SLURMD_NODENAME=$1\$" /proc/[0-9]*/environ | cut -d/ -f3); do
    grep -qzs "^SLURM_CONF=$dir/slurm.conf\$" "/proc/$pid/environ" || continue
    jobs+=("$pid")
    parent=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || continue
    [ "$(cat "/proc/$parent/comm" 2>/dev/null)" != slurmstepd ] || kill -9 "$parent" 2>/dev/null || true
  done
  [ ${#jobs[@]} = 0 ] || kill -9 "${jobs[@]}" 2>/dev/null || true
}

stop_controller() {
  kill "$(pid_of slurmctld)"
  for _ in $(seq 100); do alive slurmctld || return 0; sleep 0.1; done
  echo "the controller does not stop" >&2; exit 1
}

# Without its state, the controller knows no job any more and counts them from 1 again.
start_controller() {
  export SLURM_CONF="$dir/slurm.conf"
  if [ "${1:-}" = cold ]; then slurmctld -c -f "$SLURM_CONF"; else slurmctld -f "$SLURM_CONF"; fi
  until_true "the controller does not answer" scontrol ping
  until_true "nodes do not answer" nodes_answer
}

# A controller that has just started does not know the state of its nodes.
nodes_answer() { ! sinfo -h -N -o %T | grep -q 'unknown\|\*'; }

down() {
  local pid
  [ ! -f "$dir/slurm.conf" ] || SLURM_CONF="$dir/slurm.conf" timeout 5 scancel --full --user=root 2>/dev/null || true
  for name in "${nodes[@]}" slurmctld munged; do
    ! alive "$name" || kill "$(pid_of "$name")" || true
  done
  # Step daemons that cannot report the end of their job would retry for a long time. Then remaining jobs.
  for pid in $(pgrep -x slurmstepd || true) $(grep -lzs "^SLURMD_NODENAME=" /proc/[0-9]*/environ | cut -d/ -f3); do
    ! grep -qzs "^SLURM_CONF=$dir/slurm.conf\$" "/proc/$pid/environ" || kill -9 "$pid" 2>/dev/null || true
  done
  for name in "${nodes[@]}" slurmctld munged; do
    for _ in $(seq 50); do alive "$name" || break; sleep 0.1; done
    ! alive "$name" || kill -9 "$(pid_of "$name")" || true
  done
}

verb=${1:?up, down, kill-node, start-node, stop-controller or start-controller}
dir=$(mkdir -p "${2:?a folder}" && cd "$2" && pwd)
case "$verb" in
  up) up ;;
  down) down ;;
  kill-node) kill_node "${3:?a node}" ;;
  start-node) start_node "${3:?a node}" ;;
  stop-controller) stop_controller ;;
  start-controller) start_controller "${3:-}" ;;
  *) echo "unknown verb: $verb" >&2; exit 2 ;;
esac
