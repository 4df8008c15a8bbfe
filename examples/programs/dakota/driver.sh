#!/bin/sh
# A driver as Dakota's fork interface calls it: driver.sh params.in results.out. Nothing in it is glompo's: the same file serves both.

params=$1
results=$2

# Pre-processing: the input of the simulator, out of the parameters file (values first, labels second).
x1=$(awk '$2 == "x1" { print $1 }' "$params")
x2=$(awk '$2 == "x2" { print $1 }' "$params")
printf 'x1 = %s\nx2 = %s\n' "$x1" "$x2" > rosenbrock.in

# Analysis: the simulator, which knows nothing of Dakota.
awk '{ v[$1] = $3 } END { printf "f = %.16e\n", 100 * (v["x2"] - v["x1"]^2)^2 + (1 - v["x1"])^2 }' rosenbrock.in > rosenbrock.out

# Post-processing: the results file, or the word that says that there is none.
if grep -q '^f = [-0-9]' rosenbrock.out; then
  awk '/^f = / { print $3, "f" }' rosenbrock.out > "$results"
else
  echo FAIL > "$results"
fi
