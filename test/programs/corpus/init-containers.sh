#: waits until a file appears
(sleep 0.05; touch ready) & until [ -f ready ]; do sleep 0.02; done; echo found
#: waits with a limit and gives up
n=0; until [ -f never ]; do n=$((n+1)); [ $n -ge 3 ] && { echo "gave up after $n"; exit 1; }; sleep 0.01; done
#: writes a configuration from variables
HOST=db PORT=5432; cat > app.conf <<EOF
host=$HOST
port=${PORT}
url=postgres://${HOST}:${PORT}/${NAME:-app}
EOF
cat app.conf
#: copies a tree and checks it
mkdir -p src/a/b; echo 1 > src/a/one; echo 2 > src/a/b/two; cp -r src dst; find dst -type f | sort; cat dst/a/b/two
#: sets modes
umask 022; touch f; mkdir d; chmod 640 f; chmod 0700 d; ls -ld f d | cut -c1-10
#: chmod with letters
touch f; chmod 600 f; chmod u+x,g=r,o-rwx f; ls -l f | cut -c1-10; chmod a+rX f; ls -l f | cut -c1-10
#: renders a template with sed
printf 'name: @NAME@\nsize: @SIZE@\n' > t; sed -e "s/@NAME@/web/" -e 's/@SIZE@/3/g' t
#: edits a file in place
printf 'a=1\nb=2\nc=3\n' > f; sed -i 's/^b=.*/b=20/' f; cat f
#: appends only once
touch hosts; for i in 1 2 3; do grep -q 'db.local' hosts || echo '10.0.0.1 db.local' >> hosts; done; cat hosts
#: unpacks an archive
mkdir in out; echo hello > in/a; echo world > in/b; tar -cf x.tar -C in .; tar -xf x.tar -C out; cat out/a out/b
#: lists an archive
mkdir d; echo 1 > d/x; tar cf a.tar d; tar tf a.tar | sort
#: compresses and expands
echo "some text" > f; gzip f; ls; gunzip f.gz; cat f
#: decodes a secret
echo aGVsbG8gd29ybGQK | base64 -d
#: encodes a secret
printf 'user:password' | base64
#: compares check sums
echo data > f; sha256sum f > f.sum; sha256sum -c f.sum; md5sum f | cut -d' ' -f1
#: links
echo 1 > a; ln -s a b; ln a c; cat b c; readlink b; rm a; [ -e b ] || echo dangling; cat c
#: relative link into a folder
mkdir -p rel/v1; echo one > rel/v1/f; ln -sfn v1 rel/current; cat rel/current/f; mkdir rel/v2; echo two > rel/v2/f; ln -sfn v2 rel/current; cat rel/current/f
#: migrations in order
mkdir m; touch m/002_b.sql m/001_a.sql m/010_c.sql; for f in m/*.sql; do echo "apply ${f##*/}"; done
#: fails when a variable is missing
unset DATABASE_URL; : "${DATABASE_URL:?must be set}"; echo not reached
#: default values
unset A; B=; echo "${A:-x} ${A-y} ${B:-z} ${B-w}." "${B:+set}" "${B+set}"; echo "${C:=assigned} $C"
#: reads a list of hosts
printf 'a 1\nb 2\n# comment\n\nc 3\n' | while read -r name number; do case $name in ''|\#*) continue;; esac; echo "$number:$name"; done
#: reads the last line without a newline
printf 'a\nb' | while read -r l || [ -n "$l" ]; do echo "<$l>"; done
#: keeps a backup
echo old > f; cp f f.bak; echo new > f; cat f f.bak; mv f.bak f; cat f; ls
#: removes what matches
touch a.log b.log c.txt; rm -f *.log nothing*; ls
#: makes directories only when missing
mkdir d; mkdir d 2>/dev/null || echo exists; mkdir -p d/e/f; ls -R d | grep -v '^$'
#: splits a path
p=/etc/app/config.yaml; echo ${p##*/} ${p%/*} ${p#*.} ${p%%.*}; basename $p .yaml; dirname $p
#: merges files
echo a > 1; echo b > 2; cat 1 2 > all; wc -l < all | tr -d ' '; paste -d, 1 2
#: finds big files
head -c 5000 /dev/zero > big; head -c 10 /dev/zero > small; find . -type f -size +2k
#: finds by name and runs a command
mkdir d; touch d/a.sh d/b.txt; find d -name '*.sh' -exec echo run {} \;
#: xargs with several arguments
printf 'a b\nc d\n' | xargs -n 2 echo pair
#: xargs with a placeholder
printf '1\n2\n' | xargs -I{} echo "item {} of {}"
#: a lock made of a directory
mkdir lock && echo locked; mkdir lock 2>/dev/null || echo busy; rmdir lock; mkdir lock && echo again
