#!/bin/bash
# A run on all processes of a launch, for Open MPI, under whatever batch system:
#
#     openmpi.sh 64 configs/demo.yaml runs/demo
#
# The first process manages, the others evaluate. mpirun passes SIGUSR1 and SIGTERM on to them: after SIGUSR1 the run is suspended and resumed here,
# until it has ended; after SIGTERM, as when a job's time is up, call this script again in the next job. Further arguments go to every
# `glompo run` and `glompo resume`; those of mpirun are in MPIRUN_OPTIONS.

processes=${1:?how many processes?}
config=${2:?which configuration?}
# On a filesystem that all machines see.
dir=${3:?which run directory?}
shift 3
# Not npx, which keeps signals to itself.
glompo=${GLOMPO:-node_modules/.bin/glompo}

pid=
interrupted=
for name in USR1 TERM; do
  trap "interrupted=1; [ -n \"\$pid\" ] && kill -$name \"\$pid\" 2>/dev/null" "$name"
done

while :; do
  if [ -e "$dir/run.sqlite" ]; then
    # shellcheck disable=SC2086 # several options
    mpirun $MPIRUN_OPTIONS -n "$processes" "$glompo" resume "$dir" "$@" &
  else
    # shellcheck disable=SC2086 # several options
    mpirun $MPIRUN_OPTIONS -n "$processes" "$glompo" run "$config" --dir "$dir" "$@" &
  fi
  pid=$!
  # A signal ends `wait` before its time.
  while interrupted=; wait "$pid"; code=$?; [ -n "$interrupted" ]; do :; done
  pid=
  [ "$code" -eq 75 ] || exit "$code"
done
