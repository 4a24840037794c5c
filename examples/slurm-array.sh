#!/usr/bin/env bash
# Processes a library as a Slurm job array: one shard per task, and a merge when all tasks have succeeded.
#
#     export INPUT=library.parquet XF_CONFIG=transforms.yaml XF_NAME=all OUT=/scratch/me/run
#     examples/slurm-array.sh 20
#
# submits 20 tasks and the merge, and prints both job ids. Each task runs with --resume, so a task that is requeued or
# submitted again continues where it stopped:
#
#     SHARDS=20 sbatch --array=3,7 --cpus-per-task=8 examples/slurm-array.sh shard
#     SHARDS=20 sbatch examples/slurm-array.sh merge
#
# Other systems have the same two variables under other names: the number of the task (from 1) and the number of tasks.
#SBATCH --job-name=xform-native
#SBATCH --requeue
set -euo pipefail

: "${INPUT:?the library}" "${XF_CONFIG:?the transform file}" "${XF_NAME:?a transform, or all}" "${OUT:?the output folder}"
command=${XFORM_NATIVE:-xform-native}

case ${1:?a number of shards, or shard, or merge} in
  shard)
    # If only part of an array is submitted again, Slurm counts only that part; SHARDS is the number of all shards.
    shards=${SHARDS:-$SLURM_ARRAY_TASK_COUNT}
    exec "$command" apply --input "$INPUT" --xf-config "$XF_CONFIG" --xf-name "$XF_NAME" \
      --shard "$SLURM_ARRAY_TASK_ID/$shards" --outdir "$OUT/shards/$SLURM_ARRAY_TASK_ID" \
      --workers "${SLURM_CPUS_PER_TASK:-1}" --resume
    ;;
  merge)
    exec "$command" merge "$OUT"/shards/* --outdir "$OUT/merged"
    ;;
  *)
    array=$(SHARDS=$1 sbatch --parsable --array="1-$1" --cpus-per-task="${CPUS:-8}" "$0" shard)
    merge=$(sbatch --parsable --dependency="afterok:${array%%;*}" "$0" merge)
    echo "$array $merge"
    ;;
esac
