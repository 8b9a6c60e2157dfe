#: grep counts and inverts
printf 'a\nb\nab\n' > f; grep -c a f; grep -v a f; grep -n b f; grep -q z f; echo $?
#: grep with expressions
printf 'GET /a 200\nPOST /b 500\nGET /c 404\n' | grep -E ' (4|5)[0-9]{2}$'
#: grep in several files
echo x > a; echo y > b; grep x a b; grep -l x a b; grep -h . a b; grep -rl y . 
#: grep ignoring case and whole words
printf 'Error\nerrors\nno\n' | grep -i error; printf 'cat\ncats\n' | grep -w cat
#: grep only the match
echo 'v1.22.3 and v1.30.0' | grep -oE 'v[0-9]+\.[0-9]+'
#: grep fixed texts
printf 'a.b\naxb\n' | grep -F a.b; printf 'a.b\naxb\n' | grep a.b
#: sed deletes and prints
seq 1 5 | sed '2d'; seq 1 5 | sed -n '2,3p'; seq 1 5 | sed '$d' | tail -n 1
#: sed with groups
echo 'key: value' | sed 's/\([a-z]*\): \([a-z]*\)/\2=\1/'; echo 2026-01-02 | sed -E 's/([0-9]+)-([0-9]+)-([0-9]+)/\3.\2.\1/'
#: sed with other separators
echo /usr/local/bin | sed 's|/usr/local|/opt|'; echo aaa | sed 's/a/b/2'; echo aaa | sed 's/a/b/g'
#: sed inserts and appends
printf 'a\nb\n' | sed '1i\
top
$a\
bottom'
#: sed with ranges of patterns
printf 'x\nBEGIN\n1\n2\nEND\ny\n' | sed -n '/BEGIN/,/END/p'; printf 'x\nBEGIN\n1\nEND\n' | sed '/BEGIN/,/END/d'
#: sed with ampersand
echo abc | sed 's/b/[&]/'; echo abc | sed 's/b/\&/'
#: sed quits
seq 1 10 | sed 3q
#: sed from a file of commands
printf 's/a/1/\ns/b/2/\n' > c; echo ab | sed -f c
#: awk fields
printf 'a 1 x\nb 2 y\n' | awk '{print $2, $1}'; echo a:b:c | awk -F: '{print $NF, NF}'
#: awk sums
printf '1\n2\n3.5\n' | awk '{s+=$1} END {print s, NR, s/NR}'
#: awk conditions
seq 1 10 | awk '$1%2==0 && $1>4'; seq 1 5 | awk 'NR==2 || NR==4 {print "line " NR ": " $0}'
#: awk counts words
printf 'a b a\nb a\n' | awk '{for(i=1;i<=NF;i++) c[$i]++} END {for (w in c) print w, c[w]}' | sort
#: awk with variables and printf
echo 5 | awk -v f=3 '{printf "%d %5.2f|%-4s|%04d\n", $1*f, $1/f, "ab", $1}'
#: awk functions
echo 'Hello World' | awk '{print toupper($1), length($2), substr($2,2,3), index($0,"W")}'; echo a-b-c | awk '{n=split($0,p,"-"); print n, p[3]; gsub(/-/,"+"); print}'
#: awk begin and patterns
printf '# c\nk=v\n' | awk -F= 'BEGIN {print "start"} /^#/ {next} {print $1 " is " $2}'
#: cut
echo a:b:c:d | cut -d: -f2,4; echo abcdef | cut -c2-4; printf 'a\tb\n' | cut -f2; echo a,b,c | cut -d, -f2-
#: tr
echo Hello | tr a-z A-Z; echo 'a  b   c' | tr -s ' '; echo a1b2 | tr -d 0-9; echo 'a b' | tr ' ' '\n'; echo abc | tr -dc 'ac'; echo
#: sort
printf 'b 2\na 10\nc 1\n' > f; sort f; sort -k2 -n f; sort -r f; sort -k2,2nr f; printf '3\n1\n2\n1\n' | sort -nu
#: sort with a separator
printf 'x:3\ny:1\n' | sort -t: -k2n
#: uniq
printf 'a\na\nb\na\n' | uniq; printf 'a\na\nb\n' | uniq -c | sed 's/^ *//'; printf 'a\na\nb\n' | uniq -d; printf 'a\na\nb\n' | uniq -u
#: the most frequent words
echo 'the cat the dog the end cat' | tr ' ' '\n' | sort | uniq -c | sort -rn | head -n 2 | awk '{print $2}'
#: head and tail
seq 1 10 > f; head -n 2 f; tail -n 2 f; tail -n +9 f; head -c 3 f; echo; tail -c 3 f
#: wc
printf 'one two\nthree\n' > f; wc -l < f | tr -d ' '; wc -w < f | tr -d ' '; wc -c < f | tr -d ' '
#: tee
echo x | tee a b; cat a b; echo y | tee -a a > /dev/null; cat a
#: rev and tac
echo abc | rev; printf '1\n2\n' | tac
#: nl and paste
printf 'a\nb\n' > f; paste -s -d+ f; paste f f
#: fold and expand
echo abcdefgh | fold -w 3; printf 'a\tb\n' | expand
#: od
printf 'AB\n' | od -c | head -n 1 | tr -s ' '; printf 'AB' | od -An -tx1 | tr -d ' '
#: diff says when files differ
echo a > 1; echo b > 2; cp 1 3; diff 1 3 && echo same; diff 1 2 > /dev/null || echo differ; cmp -s 1 2; echo $?
#: comparing with a recorded answer
echo '{"status":"ok"}' > got; if [ "$(cat got)" = '{"status":"ok"}' ]; then echo pass; else echo fail; fi
#: a field of json by hand
echo '{"name":"web","port":8080}' | sed 's/.*"port":\([0-9]*\).*/\1/'; echo '{"a":"b c"}' | grep -o '"a":"[^"]*"' | cut -d'"' -f4
#: a key of a properties file
printf 'a=1\nb = 2\n#c=3\n' > p; grep -E '^b *=' p | cut -d= -f2 | tr -d ' '
#: a csv
printf 'name,age\nann,30\nbob,25\n' > c; tail -n +2 c | while IFS=, read -r n a; do echo "$n is $a"; done
#: dd
printf abcdef > f; dd if=f bs=2 count=1 2>/dev/null; echo; dd if=f bs=1 skip=4 2>/dev/null; echo; dd if=/dev/zero of=z bs=10 count=3 2>/dev/null; wc -c < z | tr -d ' '
#: truncates
printf abcdef > f; truncate -s 3 f; cat f; echo; : > f; wc -c < f | tr -d ' '
#: touch and test -nt
touch a; sleep 1.1; touch b; [ b -nt a ] && echo newer; [ a -ot b ] && echo older
#: stat of a file
printf 12345 > f; stat -c %s f; chmod 640 f; stat -c %a f; mkdir d; stat -c %F d f
#: date of a given second
date -u -d @0 +%Y-%m-%dT%H:%M:%SZ; date -u -d @86399 '+%H:%M'
#: seq with a width
seq -w 8 10; seq 3 -1 1; seq -s , 1 4
#: expr
expr 2 + 3 \* 4; expr 10 / 3; expr length hello; expr substr hello 2 3; expr abc : 'a\(.\)'; expr 1 \> 2
#: basename and dirname
basename /a/b.txt; basename /a/b.txt .txt; basename /; dirname a; dirname /a; dirname a/b/
#: mktemp
t=$(mktemp); [ -f "$t" ] && echo file; rm "$t"; d=$(mktemp -d); [ -d "$d" ] && echo folder; rmdir "$d"
#: sleeps for fractions
sleep 0.01; sleep 0; echo slept
#: timeout lets through and stops
timeout 5 true; echo $?; timeout 0.05 sleep 5; echo $?; timeout 5 sh -c 'exit 3'; echo $?
#: xargs without input
printf '' | xargs -r echo none; echo a b c | xargs; printf 'x y' | xargs -n1
#: yes with a word
yes no | head -n 2
#: id of root or not
[ "$(id -u)" -ge 0 ] && echo number
#: which
which sh > /dev/null && echo found; which nosuchtool > /dev/null || echo none
#: sed writes to files
printf 'a\nb\nc\n' | sed -n -e '/a/w out' -e '/c/w out' -e 's/b/B/w sub'
cat out sub
#: sed jumps when nothing was replaced
printf 'a\nb\n' | sed -e 's/a/1/;T other;p;: other'
#: sed ranges begin past lines that others took
printf 'one\ntwo\nthree\n' | sed -n '1d;1,/two/p'
#: sed adds a newline only between lines
printf 'one' | sed p
echo
printf 'one' | sed '/one/a two'
#: sed matches nothing where a match has just ended
echo helllo | sed 's/l*/@/g'
echo ' a.b' | sed 's/[^ .]*/x/g'
#: sed escapes in texts
echo a | sed 's/a/x\ty\nz/'
echo 9+8 | sed 's1\(9\)1X\11'
#: awk takes a new FS from the next record on
printf 'a:b c:d\ne:f g:h\n' | awk '{FS=":"; print $1}'
echo foo--bar | awk -F '-+' '{print $2}'
#: seq as wide as what was given
seq -w 003; seq -w 8 -3 04; seq 3 .5 4.000
#: xargs stops at a word and at a length
printf 'a\n_\nb\n' | xargs -E _; echo 1 2 3 4 5 6 7 8 9 | xargs -s 16 echo
#: printf of numbers too wide
printf '%.150f|\n' 0.5 | wc -c | tr -d ' '; printf '%f\n' 1e22; printf '|%*d|\n' -5 42
#: nl without numbers, rev and fold of an open line
printf 'a\n\nb\n' | nl -b n | tr -d ' '; printf 'abc' | rev; echo; printf '12 4567' | fold -s -w 5; echo
#: find names what slashes end
mkdir d; find d/// -maxdepth 0 -name d; find / -maxdepth 0 -name /
#: realpath of a link
touch f; ln -s f l; basename "$(realpath l)"
#: sums are checked
printf x > f; sha256sum f > sums; sha256sum -c sums; printf y > f; sha256sum -c sums 2> /dev/null || echo changed
#: uniq to a file
printf 'a\na\nb\n' > f; uniq f out; cat out
#: date of weeks and of a file
for t in 0 1704067200 1609459200 1735603200; do date -u -d @$t '+%F %U %W %V %G'; done; touch -d @86400 f; date -u -r f +%F
