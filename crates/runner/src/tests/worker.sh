# A worker whose behaviour depends on the name of its variant. It follows the rules of a real one: it holds the lock for
# its lifetime, writes the trace first and the outcome last.
dir=$1
field() { sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$dir/trial.json"; }
variant=$(field variant)
seed=$(field seed)

exec 9>>"$dir/lock"
flock -n 9 || exit 75
[ -e "$dir/outcome.json" ] && exit 0
echo "$variant $seed" >>"$LOG"

attempt=$(($(grep -c '"name":"trace_started"' "$dir/trace.jsonl" 2>/dev/null || true) + 1))
event() { # name, at_s, fields
    printf '{"v":1,"unix_ms":0,"at_s":%s,"attempt":%s,"kind":"event","level":"INFO","name":"%s","fields":%s}\n' \
        "$2" "$attempt" "$1" "$3" >>"$dir/trace.jsonl"
}
outcome() { # status and its fields
    printf '{"schema":1,"trial":"%s",%s,"attempts":%s,"genbench":"fake","ended_unix_ms":0,"host":{"name":"","os":"","cpu":"","cores":1,"threads":1},"device":null,"data":null,"steps":100,"kept_step":100,"train_s":0.5,"parameters":1}\n' \
        "$(basename "$dir")" "$1" "$attempt" >"$dir/new.json"
    mv "$dir/new.json" "$dir/outcome.json"
}
event trace_started 0 "{\"pid\":$$}"

case $variant in
ok | threads | again | slow*)
    if [ "$variant" = again ] && [ "$attempt" -lt 3 ]; then exit 75; fi
    if [ "$variant" = threads ]; then echo "threads $RAYON_NUM_THREADS" >>"$LOG"; fi
    trap 'event stopped 1 "{\"step\":40}"; exit 85' TERM
    event progress 1 '{"phase":"train","done":40,"total":100}'
    event scalars 1 '{"step":40,"loss":2.5}'
    event progress 2 '{"phase":"train","done":60,"total":100}'
    case $variant in slow*) while [ ! -e "$GO" ]; do sleep 0.01; done ;; esac
    outcome '"status":"done"'
    ;;
stubborn)
    trap '' TERM
    while :; do sleep 0.01; done
    ;;
requeue)
    event scalars 1 "{\"step\":${attempt}0}"
    [ "$attempt" -lt 5 ] && exit 85
    outcome '"status":"done"'
    ;;
busy) exit 75 ;;
crowded)
    if [ ! -e "$GO" ]; then
        echo "failed to write state.json: No space left on device (os error 28)" >&2
        exit 12
    fi
    outcome '"status":"done"'
    ;;
silent) exit 0 ;;
liar)
    outcome '"status":"done"'
    exit 12
    ;;
torn)
    echo '{"schema":1,' >"$dir/outcome.json"
    exit 0
    ;;
faltering)
    # Crashes at every tenth step but the last, and gets further each time.
    event scalars 1 "{\"step\":${attempt}0}"
    [ "$attempt" -lt 4 ] && kill -SEGV $$
    outcome '"status":"done"'
    ;;
murdered) kill -KILL $$ ;;
large | larger)
    # Twenty megabytes or sixty, held for ever, or alone for half a second.
    [ "$variant" = large ] && size=20000000 || size=60000000
    [ "$variant$attempt" = large2 ] && count=150 || count=1000000
    dd if=/dev/zero of=/dev/null bs=$size count=$count 2>/dev/null
    outcome '"status":"done"'
    ;;
diverging)
    outcome '"status":"diverged","step":7,"what":"loss"'
    exit 10
    ;;
panicking)
    event scalars 1 '{"step":40,"loss":2.5}'
    echo "thread main panicked: boom" >&2
    exit 12
    ;;
segfault) kill -SEGV $$ ;;
hungry)
    echo "memory allocation of 99 bytes failed" >&2
    kill -ABRT $$
    ;;
esac
