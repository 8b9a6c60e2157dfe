#: exec replaces the shell
echo before; exec echo "now $1"; echo never
#: hands its arguments on
set -- serve --port 8080 "a b"; for a in "$@"; do echo "[$a]"; done; echo $#
#: adds a default command
set -- --flag; if [ "${1#-}" != "$1" ]; then set -- server "$@"; fi; echo "$@"
#: shifts through options
set -- -v -p 80 file; while [ $# -gt 0 ]; do case $1 in -v) echo verbose;; -p) shift; echo "port $1";; *) echo "file $1";; esac; shift; done
#: getopts
set -- -a -b val -c rest; while getopts ab:c o; do case $o in a|c) echo "flag $o";; b) echo "b=$OPTARG";; esac; done; shift $((OPTIND-1)); echo "rest: $*"
#: getopts with an unknown option
set -- -x; while getopts :ab: o; do case $o in \?) echo "unknown $OPTARG";; esac; done
#: set -e stops at the first failure
set -e; echo one; false; echo two
#: set -e does not stop in conditions
set -e; if false; then :; fi; false || echo caught; ! true; while false; do :; done; echo end
#: set -e and a function in a condition
set -e; f() { false; echo went on; }; if f; then echo true; fi; f || echo no; echo end
#: set -e and a subshell
set -e; (exit 3); echo never
#: set -e and an assignment
set -e; x=$(false); echo never
#: set -u
set -u; echo "${A-unset}"; echo "$A"; echo never
#: an exit code of its own
exit 42
#: exit codes wrap
(exit 300); echo $?; (exit 256); echo $?
#: a command that is not there
nosuchcommand 2>/dev/null; echo $?
#: a file that is not executable
echo 'echo hi' > f; ./f 2>/dev/null; echo $?
#: a script with an interpreter
printf '#!/bin/sh\necho "script got $1"\nexit 5\n' > s; chmod +x s; ./s arg; echo $?
#: sources a file
echo 'X=5; say() { echo "say $1"; }' > lib.sh; . ./lib.sh; say $X
#: exports to children
A=1; export B=2; sh -c 'echo "${A-none} $B"'; A=3 sh -c 'echo $A'; echo $A
#: a variable for one command
X=out; X=in sh -c 'echo $X'; echo $X
#: unsets
A=1; unset A; echo "${A-gone}"; f() { echo f; }; f; unset -f f; f 2>/dev/null || echo no f
#: env runs with more variables
env A=1 B=2 sh -c 'echo $A$B'; env -i sh -c 'echo "${HOME-nohome}"'
#: an exit trap
trap 'echo cleanup $?' EXIT; echo work; exit 7
#: an exit trap after an error
set -e; trap 'echo cleanup' EXIT; false; echo never
#: a trap for TERM from itself
trap 'echo got term; exit 9' TERM; kill -TERM $$; echo never
#: a trap that goes on
trap 'echo usr1' USR1; kill -USR1 $$; kill -USR1 $$; echo after
#: ignores a signal
trap '' TERM; kill -TERM $$; echo alive
#: resets a trap
trap 'echo x' TERM; trap - TERM; sh -c 'kill -TERM $$'; echo $?
#: forwards a signal to its child
trap 'kill -TERM $pid; wait $pid; echo "child ended with $?"; exit 0' TERM; sleep 30 & pid=$!; (sleep 0.05; kill -TERM $$) & wait $pid
#: waits for background jobs
(sleep 0.05; echo second) & echo first; wait; echo third
#: the status of a background job
(exit 3) & wait $!; echo $?
#: waits for several
sleep 0.03 & a=$!; (exit 2) & b=$!; wait $a; echo $?; wait $b; echo $?
#: kills a background job
sleep 30 & kill $!; wait $! 2>/dev/null; echo $?
#: kill -0 asks
sleep 0.2 & kill -0 $! && echo running; kill $!; wait 2>/dev/null; echo done
#: kill -9
sleep 30 & kill -9 $!; wait $! 2>/dev/null; echo $?
#: waits for nothing
wait; echo $?
#: a pipeline in the background
(echo a; echo b) | cat & wait; echo end
#: a group with redirections
{ echo out; echo err >&2; } > f 2>&1; cat f
#: swaps the outputs
{ echo out; echo err >&2; } 3>&1 1>&2 2>&3 3>&- 2>/dev/null
#: closes a descriptor
exec 3> f; echo three >&3; exec 3>&-; cat f
#: reads from a descriptor
printf 'a\nb\n' > f; exec 4< f; read -r x <&4; read -r y <&4; echo "$y$x"
#: appends to a log
for i in 1 2 3; do echo "line $i" >> log; done; tail -n 2 log
#: discards outputs
ls /nonexistent > /dev/null 2>&1; [ $? -ne 0 ] && echo failed
#: noclobber
set -C; echo 1 > f; (echo 2 > f) 2>/dev/null || echo refused; echo 3 >| f; cat f
#: a here document without expansion
cat <<'EOF'
$HOME `date` \n
EOF
#: a here document without tabs
	cat <<-EOF
	one
		two
	EOF
#: a here document to a loop
while read -r a b; do echo "$b $a"; done <<EOF
1 one
2 two
EOF
#: command substitution nests
echo "$(echo "a $(echo "b $(echo c)")")" `echo \`echo d\``
#: command substitution drops last newlines
x=$(printf 'a\nb\n\n\n'); echo "[$x]"
#: the status of a substitution
x=$(exit 4); echo $?
