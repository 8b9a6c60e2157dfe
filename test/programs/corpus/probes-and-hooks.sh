#: a liveness file
touch healthy; cat healthy && echo ok; rm healthy; cat healthy 2>/dev/null || exit 1
#: a readiness check by age
date +%s > beat; now=$(date +%s); [ $((now - $(cat beat))) -lt 30 ] && echo fresh
#: a check of a process
sleep 1 & echo $! > pid; kill -0 "$(cat pid)" && echo up; kill "$(cat pid)"; wait 2>/dev/null; kill -0 "$(cat pid)" 2>/dev/null || echo down
#: a check with a threshold
used=42; limit=80; test "$used" -lt "$limit" || exit 1; echo "ok: $used%"
#: a preStop hook that drains
echo 3 > conns; while [ "$(cat conns)" -gt 0 ]; do echo "open: $(cat conns)"; echo $(($(cat conns)-1)) > conns; sleep 0.01; done; echo drained
#: a postStart hook that leaves a mark
mkdir -p usr/share; echo "Hello from the postStart handler" > usr/share/message; cat usr/share/message
#: a termination message
echo "Sleep expired" > termination-log; cat termination-log; exit 1
#: a log with levels
log() { echo "[$1] $2"; }; log INFO starting; log WARN slow >&2; log INFO done
#: a counter loop
i=0; while [ $i -lt 5 ]; do echo "$i: tick"; i=$((i+1)); done
#: retries with back-off
n=0; try() { n=$((n+1)); [ $n -ge 3 ]; }; d=1; until try; do echo "failed, waiting $d"; d=$((d*2)); done; echo "ok after $n"
#: a job that works through a queue
printf 'a\nb\nc\n' > queue; while [ -s queue ]; do item=$(head -n 1 queue); sed -i 1d queue; echo "did $item"; done; echo empty
#: a job that fails on purpose
echo 'working...'; [ "${FAIL:-yes}" = yes ] && { echo 'cannot go on' >&2; exit 3; }; echo never
#: a heartbeat in the background
(while :; do echo beat >> hb; sleep 0.02; done) & p=$!; sleep 0.11; kill $p; wait $p 2>/dev/null; [ "$(wc -l < hb)" -ge 3 ] && echo beating
#: a producer and a consumer over a pipe
mkfifo p; (for i in 1 2 3; do echo "m$i"; done > p) & while read -r m; do echo "got $m"; done < p; wait
#: a rotated log
for i in 1 2 3; do echo "run $i" > app.log; [ -f app.log.1 ] && mv app.log.1 app.log.2; mv app.log app.log.1; done; cat app.log.1 app.log.2
#: an archive of results
mkdir out; for i in 1 2; do echo $i > out/r$i; done; tar czf r.tgz out && tar tzf r.tgz | sort
#: a mock of a server in a loop
n=0; for req in GET PUT GET; do n=$((n+1)); case $req in GET) echo "$n 200";; *) echo "$n 405";; esac; done
#: a check of required tools
for t in sh grep sed cat; do command -v $t > /dev/null || { echo "missing $t"; exit 1; }; done; echo complete
#: a supervisor of two children
(sleep 0.02; exit 0) & a=$!; (sleep 0.04; exit 5) & b=$!; wait $a || echo "a failed"; wait $b || echo "b failed with $?"
#: a configuration watcher
echo 1 > c; old=$(md5sum < c); echo 2 > c; new=$(md5sum < c); [ "$old" = "$new" ] || echo reload
#: a leader file
for me in a b; do if ( set -C; echo $me > leader ) 2>/dev/null; then echo "$me leads"; else echo "$me follows $(cat leader)"; fi; done
#: a slow stop
trap 'echo stopping; sleep 0.05; echo stopped; exit 0' TERM; (sleep 0.05; kill -TERM $$) & while :; do sleep 0.02; done
#: stops at once with wait
trap 'echo bye; exit 143' TERM; (sleep 0.05; kill -TERM $$) & sleep 0.5 & wait $!
#: a nested shell with quotes
sh -c "echo \"outer \$0\"; sh -c 'echo inner'" name
#: sharded work
total=3; for i in 0 1 2; do seq 0 8 | while read -r n; do [ $((n % total)) -eq $i ] && printf '%s ' $n; done; echo; done
#: environment of a pod in a file
NODE_NAME=n1 POD_NAME=p1 sh -c 'env | grep -E "^(NODE|POD)_NAME" | sort'
#: labels from a downward file
printf 'app="web"\ntier="front"\n' > labels; sed -n 's/^tier="\(.*\)"$/\1/p' labels; while IFS== read -r k v; do v=${v#\"}; echo "$k:${v%\"}"; done < labels
#: waits for a service with a limit of time
timeout 1 sh -c 'until [ -f up ]; do sleep 0.02; done'; [ $? -ne 0 ] && echo "not up"
#: a cron of three beats
for i in 1 2 3; do echo "beat $i"; sleep 0.01; done > cron.log; wc -l < cron.log | tr -d ' '
#: numbers of pods from their names
for p in web-0 web-1 web-10; do echo "${p##*-}"; done; id=web-7; [ "${id##*-}" -eq 7 ] && echo seven
