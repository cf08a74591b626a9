# A timing worker: a fixed answer to every request, and a line in the log.
variant=$(sed -n 's/^  "variant": "\(.*\)",$/\1/p' "$1/trial.json")
[ "$variant" = broken ] && { echo "no adapter" >&2; exit 12; }
[ "$variant" = babbling ] && echo "hello"
echo '{"reply":"ready"}'
while read -r request; do
    window=$(echo "$request" | sed 's/.*"window":"\([a-z]*\)".*/\1/')
    case $request in
    *'"count":9'*)
        echo "$variant count $window" >>"$LOG"
        echo '{"reply":"counted","units":9,"counts":{"allocations":7,"allocated_bytes":524288}}'
        continue
        ;;
    esac
    echo "$variant $window" >>"$LOG"
    case $window in
    gemm) echo '{"reply":"timed","units":50,"images":0,"seconds":0.5}' ;;
    evaluate) echo '{"reply":"absent","reason":"no density and no bound"}' ;;
    *) echo '{"reply":"timed","units":20,"images":80,"seconds":0.5}' ;;
    esac
done
