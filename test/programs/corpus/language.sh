#: arithmetic
echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((7%3)) $((-7/2)) $((1<<4)) $((6&3)) $((6|3)) $((6^3)) $((~0))
#: arithmetic comparisons
echo $((3>2)) $((3<2)) $((3==3)) $((3!=3)) $((1&&0)) $((1||0)) $((!5)) $((5?2:3))
#: arithmetic assignments
i=5; echo $((i+=2)) $((i*=3)) $i; : $((j=i+1)); echo $j
#: arithmetic with bases
echo $((0x1f)) $((010)) $((1+$(echo 2)))
#: counts with expr
i=0; while [ $i -lt 3 ]; do i=$(expr $i + 1); done; echo $i
#: for over words
for x in a "b c" d; do echo "<$x>"; done
#: for over a variable
list="a b  c"; for x in $list; do printf '%s;' "$x"; done; echo
#: for without matches
for f in *.none; do echo "$f"; done
#: for with seq
for i in $(seq 1 3); do printf "$i "; done; echo; seq 2 2 8 | tr '\n' ' '; echo
#: break and continue
for i in 1 2 3 4 5; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
#: break out of two loops
for a in 1 2; do for b in 1 2; do echo $a$b; [ $b = 1 ] && break 2; done; done
#: while with a counter
n=3; while [ "$n" -gt 0 ]; do echo "T-$n"; n=$((n-1)); done
#: until
n=0; until [ $n -eq 2 ]; do n=$((n+1)); echo $n; done
#: case with patterns
for w in start stop re-start 42 x.yaml ''; do case "$w" in start|stop) echo cmd;; *[0-9]*) echo number;; re-*) echo re;; *.y?ml) echo yaml;; '') echo empty;; *) echo other;; esac; done
#: case with classes
for c in a Z 5 _; do case $c in [a-z]) echo lower;; [[:upper:]]) echo upper;; [!a-z0-9]) echo neither;; *) echo digit;; esac; done
#: if with elif
x=5; if [ $x -lt 3 ]; then echo low; elif [ $x -lt 10 ]; then echo mid; else echo high; fi
#: functions with results
add() { echo $(($1+$2)); }; r=$(add 2 3); echo $r; f() { return 4; }; f; echo $?
#: functions and arguments
f() { echo "$# $1 $*"; set -- x; echo $1; }; set -- a b; f 1 "2 3"; echo $1
#: local variables
x=1; f() { local x=2; echo $x; }; f; echo $x
#: recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 6
#: subshells keep changes to themselves
x=1; (x=2; cd /; echo $x); echo $x; { x=3; }; echo $x
#: pipelines end with the last status
false | true; echo $?; true | false; echo $?; ! false; echo $?
#: a pipeline of many
seq 1 100 | grep 7 | grep -v 1 | tail -n 3 | tr '\n' ','; echo
#: a pipe that is closed early
yes | head -n 2; seq 1 100000 | head -n 1
#: and and or lists
true && echo a || echo b; false && echo c || echo d; false || false || echo e
#: quoting
a='x  y'; echo $a; echo "$a"; echo '$a'; echo \$a "\$a" "it's" 'say "hi"'
#: quoting at and star
set -- a 'b c'; for x in "$@"; do printf '[%s]' "$x"; done; for x in "$*"; do printf '(%s)' "$x"; done; for x in $*; do printf '<%s>' "$x"; done; echo
#: word splitting with IFS
IFS=:; set -- $(echo a:b::c); echo $#; for x; do echo "[$x]"; done
#: joining with IFS
set -- a b c; IFS=,; echo "$*"; IFS=; echo "$*"
#: read with IFS
echo 'k=v=w' | { IFS== read -r key value; echo "$key -> $value"; }
#: a line split with IFS
IFS=: read -r user _ uid _ <<EOF
www:x:33:33::/var/www
EOF
echo "$user $uid"
#: prefix and suffix
f=archive.tar.gz; echo ${f%.gz} ${f%%.*} ${f#*.} ${f##*.}; v=v1.2.3; echo ${v#v}
#: length
s=hello; echo ${#s}; set -- a b; echo ${#}; e=; echo ${#e}
#: nested defaults
unset a b; echo ${a:-${b:-deep}}; c=1; echo ${a:-"$c 2"}
#: patterns in variables
p='a*'; case abc in $p) echo glob;; esac; case abc in "$p") echo literal;; *) echo no;; esac
#: globs
touch a1 a2 b1 .hidden; echo a* ?1 [ab]2 .h*; echo "a*" nothing*
#: globs in folders
mkdir -p x/1 y/1; touch x/1/f y/1/f; echo */1/f
#: tilde and home
HOME=/home/me; echo ~ ~/x "~"
#: eval
cmd='echo "evaluated $((1+1))"'; eval $cmd; v=x; eval "$v=5"; echo $x
#: comments and continuations
echo a # comment
echo b \
  c
echo d#e
#: semicolons and newlines
if true
then echo yes; fi; for i in 1
do
echo $i
done
#: colon and true
: ignored words; echo $?; while :; do break; done; echo end
#: test with strings
[ -z "" ] && echo z; [ -n "x" ] && echo n; [ a = a ] && [ a != b ] && echo eq; [ "a" \< "b" ] 2>/dev/null && echo less
#: test with numbers
[ 5 -gt 3 ] && [ 3 -le 3 ] && [ 1 -ne 2 ] && [ 2 -eq 2 ] && [ 1 -lt 2 ] && [ 2 -ge 2 ] && echo all
#: test with files
touch e; echo 1 > f; mkdir d; ln -s f l; for x in -e -f -s -d -L -r -w; do for y in e f d l none; do test $x $y && printf '%s%s ' $x $y; done; done; echo
#: test with and, or, not
[ ! -e none -a -n x ] && echo and; [ -e none -o -n x ] && echo or; [ ! \( 1 = 2 \) ] && echo not
#: test with wrong numbers
[ abc -gt 1 ] 2>/dev/null; echo $?
#: printf
printf '%s-%d-%05.1f-%x-%o-%c|%5s|%-5s|\n' str 42 3.14159 255 8 char ab cd
#: printf repeats
printf '%s=%s\n' a 1 b 2; printf '%%\n'; printf 'a\tb\\n\n'; printf '%b\n' 'x\ty'
#: printf with leading zeros
for i in 1 10; do printf 'node-%03d\n' $i; done
#: echo with options
echo -n a; echo b; echo 'single  spaces'   kept
#: read into several variables
echo 'one two three four' | { read a b c; echo "$c|$a"; }
#: read fails at the end
read x < /dev/null; echo $?
#: shift too far
set -- a; shift; echo $#
#: positional parameters beyond nine
set -- 1 2 3 4 5 6 7 8 9 ten; echo ${10} $10
#: the last argument
set -- a b c; for last; do :; done; echo $last; eval echo \${$#}
#: type and command
command -v echo > /dev/null && echo known; command -v nosuchthing > /dev/null || echo unknown
#: a syntax error in eval
(eval 'if') 2>/dev/null; [ $? -ne 0 ] && echo refused
#: a syntax error ends a script
echo 'echo one; (' > s; sh s 2>/dev/null; [ $? -ne 0 ] && echo failed
#: nested functions and loops
each() { for x in "$@"; do "$cb" "$x"; done; }; show() { echo "<$1>"; }; cb=show; each a b
#: return stops only the function
f() { for i in 1 2 3; do [ $i = 2 ] && return 0; echo $i; done; }; f; echo after
#: a function with a redirection
f() { echo out; echo err >&2; }; f > o 2> e; cat e o
#: sum of a column
printf 'a 1\nb 2\nc 3\n' | { t=0; while read -r _ n; do t=$((t+n)); done; echo $t; }
#: a pipeline is a subshell
n=0; printf '1\n2\n' | while read -r x; do n=$((n+x)); done; echo $n
#: assignment keeps spaces
a="1  2"; b=$a; echo "$b"; c="$a"x'y z'; echo "$c"
#: a very long line
x=$(head -c 5000 /dev/zero | tr '\0' 'a'); echo ${#x}
#: arguments of export and readonly are assignments
x="1 2"; export y=$x; echo "$y"; readonly q=$x; echo "$q"
#: arguments of local are assignments
f() { local now=$(echo Mon Tue) who; echo "$now|$who"; }; f; export A=* B="$(echo 1  2)"; echo "$A" "$B"
#: tildes of assignments
HOME=/h; export p=~ k=$(echo 5 6); echo "$p $k"; P=/bin:~/bin; echo $P; export Q=$P:~; echo $Q; x="~"; z=a~; echo $x $z
#: what export is given in a variable is split
x='c=1 d=2'; export $x; echo $c $d
