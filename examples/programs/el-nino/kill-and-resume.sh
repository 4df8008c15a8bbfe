#!/bin/sh
# The fit, left alone; then again, killed in the middle and resumed: the logs are the same, evaluation by evaluation and bit by bit.
#
#     examples/programs/el-nino/kill-and-resume.sh [DIRECTORY]
set -e
here=$(cd "$(dirname "$0")" && pwd)
glompo=$here/../../../node_modules/.bin/glompo
runs=${1:-runs}
rm -rf "$runs/whole" "$runs/killed"

"$glompo" run "$here/fit.yaml" --dir "$runs/whole" --json > /dev/null

"$glompo" run "$here/fit.yaml" --dir "$runs/killed" --json > /dev/null &
pid=$!
until "$glompo" status "$runs/killed" --json 2> /dev/null | grep -q '"evaluations":[1-9][0-9][0-9]'; do :; done
kill -9 $pid
wait $pid || true
echo "killed after $("$glompo" status "$runs/killed" --json | grep -o '"evaluations":[0-9]*' | head -1 | cut -d: -f2) evaluations"
"$glompo" resume "$runs/killed" --json > /dev/null

# All but the times, and who evaluated it: the first 17 columns.
for run in whole killed; do
  "$glompo" export "$runs/$run" --format csv --output "$runs/$run.csv" --overwrite > /dev/null
  cut -d, -f1-17 "$runs/$run.csv" > "$runs/$run.log"
  echo "$(sha256sum < "$runs/$run.log" | cut -c1-16)  $run: $(($(wc -l < "$runs/$run.log") - 1)) evaluations"
done
cmp "$runs/whole.log" "$runs/killed.log" && echo "the same, bit by bit"
