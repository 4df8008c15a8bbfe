#!/bin/sh
# One evaluation: runs the simulator in the current directory and prints how far it is from what was observed, year by year. What is said
# between here and the end is nobody's number: the last one counts.
set -e
awk -f "$GLOMPO_CONFIG/predators.awk" settings.txt > table.txt
awk 'NR == FNR { hares[$1] = $2; lynxes[$1] = $3; next }
     { sum += ($2 - hares[$1])^2 + ($3 - lynxes[$1])^2; years++ }
     END { print years, "years, sum of squares:"; printf "%.17g\n", sum }' "$GLOMPO_CONFIG/observed.txt" table.txt
