#!/bin/sh
# Compresses the corpus with one set of zstd's options, and prints one line of JSON: how long it took, the best of three, and how large
# the result is. Prints nothing that is a number when zstd refuses the options: the evaluation has failed then.
set -e
corpus=$1
options=$2
best=
for round in 1 2 3; do
  begun=$(date +%s%N)
  zstd -q -f -T1 --zstd="$options" "$corpus" -o out.zst
  ended=$(date +%s%N)
  took=$(((ended - begun) / 1000))
  if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
done
size=$(wc -c < out.zst)
# What `zstd -9` makes of the same: a result that is larger is not feasible, by as many percent as it is larger.
[ -s reference.zst ] || zstd -q -f -T1 -9 "$corpus" -o reference.zst
limit=$(wc -c < reference.zst)
awk -v t="$best" -v s="$size" -v l="$limit" 'BEGIN {
  over = s > l ? 100 * (s / l - 1) : 0
  printf "{\"milliseconds\": %.3f, \"size\": %d, \"over\": %.17g}\n", t / 1000, s, over
}'
