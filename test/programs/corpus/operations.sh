#: defaults of variables in a configuration
set -eu
: "${PORT:=8080}" "${HOST:=0.0.0.0}"
cat > app.conf <<EOF
listen = ${HOST}:${PORT}
workers = $(( $(echo 4) * 2 ))
path = \$PATH_PREFIX
EOF
cat app.conf
#: fills in a template with sed
printf 'host=@HOST@\nport=@PORT@\nurl=http://@HOST@:@PORT@/\n' > t.tmpl
HOST=db.local PORT=5432
sed -e "s/@HOST@/${HOST}/g" -e "s/@PORT@/$PORT/g" t.tmpl
#: fills in a template with a here-document
printf 'a=${A}\nb=$B\nc=${C:-x}\n' > t; export A=1 B='two words'
eval "cat <<EOF
$(cat t)
EOF"
#: fills in a template as envsubst does
envsubst_sh() { while IFS= read -r line; do for v in $(printf '%s' "$line" | grep -o '\${[A-Z_]*}' | tr -d '${}'); do eval "val=\${$v-}"; line=$(printf '%s' "$line" | sed "s|\${$v}|$val|g"); done; printf '%s\n' "$line"; done; }
DB_HOST=pg DB_NAME=app envsubst_sh <<'E'
jdbc:postgresql://${DB_HOST}/${DB_NAME}?x=${MISSING}
plain
E
#: stops its child on SIGTERM
trap 'echo "term"; kill $child 2>/dev/null; wait $child; echo "child $?"; exit 0' TERM
sleep 100 & child=$!
(sleep 1; kill -TERM $$) &
wait $child
echo "never"
#: reads JSON with sed and tr
json='{"name":"app","version":"1.2.3","replicas":3,"ok":true,"nested":{"a":"b"}}'
echo "$json" | sed -n 's/.*"version":"\([^"]*\)".*/\1/p'
echo "$json" | grep -o '"replicas":[0-9]*' | cut -d: -f2
echo "$json" | tr ',' '\n' | awk -F: '/"ok"/{print $2}'
echo "$json" | sed 's/[{}"]//g' | tr ',' '\n' | while IFS=: read -r k v; do echo "$k -> $v"; done
#: reads JSON with awk
cat > s.json <<E
{
  "items": [
    {"name": "a", "status": "Running"},
    {"name": "b", "status": "Pending"}
  ]
}
E
grep -c Running s.json; awk -F'"' '/name/{print $4, $8}' s.json; sed -n 's/.*"name": "\([a-z]*\)".*/\1/p' s.json | sort -r | tr '\n' ' '; echo
#: options with getopts
while getopts "vf:o:h" opt; do case $opt in v) V=1;; f) F=$OPTARG;; o) O=$OPTARG;; h|?) echo usage; exit 2;; esac; done
set -- -v -f file -o out rest1 rest2; OPTIND=1
while getopts "vf:o:h" opt; do case $opt in v) V=1;; f) F=$OPTARG;; o) O=$OPTARG;; *) exit 2;; esac; done
shift $((OPTIND-1)); echo "$V $F $O $# $1 $2"
#: long options
set -- --name=x --count 3 -- a b
while [ $# -gt 0 ]; do case "$1" in --name=*) name=${1#*=}; shift;; --count) count=$2; shift 2;; --) shift; break;; -*) echo "bad $1"; exit 1;; *) break;; esac; done
echo "$name $count $*"
#: lists of hosts and ports
IFS=,; set -- $(echo "a,b,,c"); echo $#; for i in "$@"; do echo "<$i>"; done; unset IFS
hosts="h1:80 h2:443 h3"
for h in $hosts; do host=${h%%:*}; port=${h#*:}; [ "$port" = "$h" ] && port=none; echo "$host $port"; done
#: takes a URL apart
url="https://user:pw@example.org:8443/path/to?q=1#f"
proto=${url%%://*}; rest=${url#*://}; auth=${rest%%@*}; rest=${rest#*@}; hp=${rest%%/*}; path=/${rest#*/}
echo "$proto|$auth|$hp|${hp%:*}|${hp##*:}|$path|${path%%\?*}"
#: takes a path apart
f=/var/log/app.tar.gz; echo ${f##*/} ${f%/*} ${f%.*} ${f%%.*} ${f#*.} ${f##*.}; basename $f .gz; dirname $f
#: rotates a log
for i in 1 2 3 4 5; do echo "line $i" >> log; done
[ $(wc -l < log) -gt 3 ] && { for n in 2 1; do [ -f log.$n ] && mv log.$n log.$((n+1)); done; cp log log.1; : > log; }
ls; wc -c < log; tail -n 2 log.1; gzip log.1; ls; zcat log.1.gz | head -1
#: dates of an instant
ts() { date -u -d @$1 +%Y-%m-%dT%H:%M:%SZ; }
ts 0; ts 86399; ts 1700000000; date -u -d '2024-02-29 12:30:00' +%s; date -u -d @$(( $(date -u -d '2024-01-31 00:00:00' +%s) + 86400 )) +%F; date -u -d '2024-03-01 00:00' '+%j %a %b %u %U'
#: an elapsed time
a=$(date +%s); sleep 2; b=$(date +%s); echo $((b-a)); elapsed=3725; printf '%02d:%02d:%02d\n' $((elapsed/3600)) $((elapsed%3600/60)) $((elapsed%60))
#: xargs
seq 1 6 | xargs -n 2 echo; seq 3 | xargs -I{} echo "item {}"; echo a b c | xargs -n1 sh -c 'echo "<$0>"'; printf 'a b\0c' | xargs -0 -n1 echo; echo | xargs echo none; seq 4 | xargs -P 2 -n 1 echo | sort; false | xargs; echo $?
#: a leader file
holder=leader.txt; me=pod-1; if [ ! -s $holder ] && (set -C; echo $me > $holder) 2>/dev/null; then echo "leader $(cat $holder)"; fi; (set -C; echo other > $holder) 2>/dev/null || echo "follower of $(cat $holder)"
#: locks out of folders and links
mkdir lock 2>/dev/null && echo got; mkdir lock 2>/dev/null || echo busy; rmdir lock; ln -s x l; readlink l; ln -s y l 2>/dev/null || echo exists; ln -sf y l; readlink l
#: variables in subshells
x=1; (x=2; echo $x); echo $x; echo 3 | read x; echo $x; x=$(x=4; echo $x); echo $x; { x=5; }; echo $x; f() { x=6; }; f; echo $x; f | cat; sh -c 'echo ${x-unset}'; export x; sh -c 'echo ${x-unset}'
#: here-documents at two descriptors
cat <<-'A' <<B
	tab $x
A
second
B
cat 0<<A 3<<B <&3
one
A
two
B
#: commands in variables
cmd="echo 'a b' c"; $cmd; eval $cmd; set -- x 'y z'; "$@" 2>/dev/null || echo "rc $?"; run() { "$@"; }; run echo "p q"; args='-n 2'; seq 5 | head $args
#: patterns of versions and platforms
case "v1.36.2" in v1.3[0-5].*) echo old;; v1.3[6-9]*|v2.*) echo new;; *) echo unknown;; esac
case linux/amd64 in */arm64) echo arm;; linux/*) echo linux;; esac
case "" in "") echo empty;; esac; case abc in a?c) echo q;; esac; case "a b" in a\ b) echo sp;; esac; case x in [!a-m]) echo neg;; esac
#: compares versions
ver_ge() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }; ver_ge 1.10.0 1.9.9 && echo yes || echo no; IFS=. read -r a b c <<E
1.22.333
E
echo $a $b $c; v=1.2.3; oldIFS=$IFS; IFS=.; set -- $v; IFS=$oldIFS; echo $(( $1*10000 + $2*100 + $3 ))
#: a function that logs
log() { level=$1; shift; printf '[%s] %s\n' "$level" "$*"; }; log INFO started with "two words"; log ERROR; log_() { echo "$(date +%Y)" | grep -c '^20'; }; log_
#: sums with awk
printf 'a 1\nb 2\na 3\n' > d; awk '{s[$1]+=$2} END{for(k in s) print k, s[k]}' d | sort; awk '$2>1{print NR": "$0}' d; awk -v x=5 'NR==1{print $NF+x}' d; awk -F'[ ]' 'END{print NR}' d; awk '{gsub(/a/,"X"); print}' d; awk 'NR%2' d; awk '!seen[$1]++' d; awk '{a[NR]=$0} END{for(i=NR;i>0;i--)print a[i]}' d
#: a file of keys and values
printf 'k1=v1\n# c\n\nk2 = v2\n' > c; grep -v '^#' c | grep -v '^$' | while IFS='=' read -r k v; do echo "[$(echo $k)] [$(echo $v)]"; done; sed -i 's/^k1=.*/k1=new/' c; sed -n '/^k1/p' c; sed '/^#/d;/^$/d' c; sed -e '1i\' -e 'first' c | head -1; sed '$a last' c | tail -1; sed -n '2,3p' c | wc -l; sed 's/\(k[0-9]\) *= *\(.*\)/\2=\1/' c; sed -E 's/(v)([0-9])/\2\1/' c
#: sort, uniq and paste
printf '3 c\n1 a\n2 b\n10 d\n' > s; sort s; sort -n s; sort -rn s; sort -k2 s; sort -t' ' -k1,1n s | head -1; printf 'b\na\nb\n' | sort -u; printf 'b\nb\na\n' | uniq -c; printf 'b\nb\na\n' | uniq -d; paste -d, s s | head -1; nl s 2>/dev/null | head -1; tac s | head -1; shuf -n1 s | wc -l
#: set -e and functions
set -e; f() { echo in; return 1; }; if f; then :; else echo handled; fi; f && echo no; echo after; x=$(f) || echo "sub $x"; ! f; echo still; f | cat; echo pipe; (false) || true; f; echo never
#: an EXIT trap sees the status
trap 'echo "exit $?"' EXIT; set -e; echo start; false; echo no
#: loads again on SIGHUP
trap 'echo hup; reload=1' HUP; (sleep 1; kill -HUP $$; sleep 1; kill -HUP $$)& n=0; while [ $n -lt 2 ]; do reload=; sleep 3 & wait $!; echo "rc $? ${reload:-0}"; n=$((n+1)); done
#: ignores SIGTERM
trap '' TERM; (sleep 1; kill $$)& sleep 2; echo survived; trap - TERM; sh -c 'trap "echo c; exit 9" TERM; kill $$; echo no'; echo $?
#: reads lines to the last
count=0; while read -r l || [ -n "$l" ]; do count=$((count+1)); echo "$count:$l"; done <<E
one
two
E
printf 'no newline' | while read -r l || [ -n "$l" ]; do echo "<$l>"; done; printf 'a\nb' > f; while read l; do echo $l; done < f; wc -l < f
#: fields of lines
while IFS=: read -r user _ uid gid _ home shell; do [ "$uid" = 0 ] && echo "$user $gid $home"; done < /etc/passwd; IFS='|' read a b <<E
x|y|z
E
echo "$a" "$b"; echo "k: v: w" | { IFS=': ' read k v; echo "$k/$v"; }
#: break and continue
i=0; while :; do i=$((i+1)); [ $i = 2 ] && continue; [ $i -gt 4 ] && break; echo $i; done; for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done; until false; do break; done; echo $?
#: names in variables
arr="a b c"; for x in $arr; do last=$x; done; echo $last; set -- $arr; shift; echo $1 $#; eval "third=\${$#}"; echo $third; n=2; eval echo \$$n; map_a=1; map_b=2; for k in a b; do eval "v=\$map_$k"; echo $k=$v; done
#: waits for each of its jobs
for i in 1 2 3; do (sleep $i; echo "job $i"; exit $i) & pids="$pids $!"; done
for p in $pids; do wait $p; echo "rc $?"; done
#: unpacks what is packed
mkdir d; echo hello > d/f; tar czf d.tgz d; tar xOf d.tgz d/f; tar tf d.tgz; mkdir e; tar xf d.tgz -C e; cat e/d/f
#: rounds as C does
printf '%.1f %.0f %.0f %.0f %.2f %.1f %.1f\n' 2.25 0.5 1.5 2.5 1.005 -2.25 0.35; awk 'BEGIN{printf "%.1f %.0f %d\n", 2.25, 2.5, 3.9}'
#: a queue in a named pipe
mkfifo q; while read -r l; do case $l in stop) break;; *) echo "got $l";; esac; done < q & { echo a; echo b; echo stop; } > q; wait; echo end
#: traps of many signals
for s in HUP INT TERM; do trap "echo caught $s" $s; done; for s in HUP INT TERM; do kill -$s $$; done; trap - HUP INT TERM; trap
#: a child with a trap
child() { trap 'echo child term; exit 0' TERM; while :; do sleep 1; done; }; child & c=$!; sleep 1; kill -TERM $c; wait $c; echo "rc $?"
#: keeps three backups
backup() { d=$(date -u -d @1700000000 +%Y%m%d); mkdir -p bk; tar czf bk/app-$d.tgz data; ls bk; }; mkdir data; echo 1 > data/a; backup; for i in 1 2 3 4 5; do touch bk/app-2023010$i.tgz; done; ls -1 bk | sort -r | tail -n +4 | while read f; do rm bk/$f; echo "pruned $f"; done; ls bk
#: a manifest in a variable
k=$(cat <<E
apiVersion: v1
kind: ConfigMap
metadata:
  name: x
  labels:
    app: web
E
); echo "$k" | awk '/^ *name:/{print $2}'; echo "$k" | sed -n '/labels:/,$p' | tail -n +2 | sed 's/^ *//'; echo "$k" | grep -A1 labels | tail -1
#: endless loops that end
while true; do n=$((${n:-0}+1)); [ $n -gt 3 ] && break; printf '%s ' $n; done; echo; i=3; while [ "$i" -gt 0 ]; do i=$((i-1)); [ $i -eq 1 ] || continue; echo one; done
#: local variables
f() { local IFS=,; echo "$*"; }; f a b c; g() { local a=1 b; b=$((a+1)); echo $a $b; }; g; echo "${a-unset}"; h() { echo "$# $1"; shift; [ $# -gt 0 ] && h "$@"; return 0; }; h x y z; fact() { [ $1 -le 1 ] && echo 1 || echo $(($1 * $(fact $(($1-1))))); }; fact 5
#: substitutions lose newlines
x=$(printf 'a\n\n\n'); echo "[$x]"; y="$(echo ' sp ')"; echo "[$y]" [$y]; z=`echo a; echo b`; echo $z; echo "$z"; set -- $(echo "1 2 3"); echo $2; echo $(echo "*"); echo "$(cat <<E
in here $((1+1))
E
)"
#: an entrypoint with a default command
cat > run.sh <<'E'
#!/bin/sh
set -eu
[ "${1#-}" != "$1" ] && set -- server "$@"
case ${1:-} in server) shift; echo "server: $*";; *) exec "$@";; esac
E
chmod +x run.sh; ./run.sh -p 80 -v; ./run.sh echo hi; ./run.sh; echo $?; ./run.sh sh -c 'echo $0 $1' a b
#: secrets in files
file_env() { var=$1; fileVar="${var}_FILE"; def=${2:-}; eval "v=\${$var:-}"; eval "fv=\${$fileVar:-}"; if [ "$v" ] && [ "$fv" ]; then echo "both" >&2; exit 1; fi; val=$def; if [ "$v" ]; then val=$v; elif [ "$fv" ]; then val=$(cat "$fv"); fi; export "$var"="$val"; unset "$fileVar"; }; echo sekret > pw; DB_PASSWORD_FILE=pw; file_env DB_PASSWORD; file_env DB_USER root; echo $DB_PASSWORD $DB_USER ${DB_PASSWORD_FILE-gone}
#: carriage returns
printf 'GET / HTTP/1.0\r\n\r\n' | wc -c; printf 'a\r\nb\r\n' | tr -d '\r' | od -c; line=$(printf 'x\r'); [ "$line" = x ] || echo cr; echo "${line%?}"; cr=$(printf '\r'); echo "${line%$cr}"
#: greatest, sum and mean
set -- 10 9 100; max=0; for n; do [ $n -gt $max ] && max=$n; done; echo $max; sum=0; for n in "$@"; do sum=$((sum+n)); done; echo $sum $((sum/$#)); echo "scale" | awk '{printf "%.2f%%\n", 7/9*100}'; seq 1 3 10; seq 3 -1 1 | paste -sd+ ; seq -w 8 10; seq -s, 3
#: all forms of compound commands
if true; then echo a; fi; if false; then echo; elif true; then echo b; else echo c; fi; if true
then
echo d
fi; { echo e; }; (echo f); ! true; echo $?; true && false || echo g; for i in a b; do echo $i; done | cat; while read x; do echo $x; done <<E
h
E
case a in (a) echo i;; esac; if [ 1 = 1 ]; then :; fi && echo j
#: all forms of for
for i in; do echo $i; done; echo $?; for i in a b c
do echo $i
done; for x do echo no; done; set -- p q; for x do echo $x; done; for x
do echo $x; done; for x in "$@" "r s"; do echo "$x"; done
#: case and functions in all forms
case a in a) echo a; esac; case a in a) echo x ;; b) esac; f() ( echo sub; exit 3 ); f; echo $?; f2() { echo in; } > fout; f2; cat fout; f3() if true; then echo if; fi; f3
#: local variables in a subshell
f() { local a=1; (local b=2; echo $a $b); x=$(local c=3; echo $c); echo $x; }; f
#: a folder of entrypoint scripts
mkdir ep; printf '#!/bin/sh\necho one $A\n' > ep/1.sh; printf 'echo two; B=2\n' > ep/2.envsh; chmod +x ep/*.sh; A=a; export A; find ep -follow -type f -print | sort -V | while read -r f; do case $f in *.envsh) . ./$f;; *.sh) [ -x $f ] && ./$f;; esac; done; echo "${B-none}"
