#!/usr/bin/env bash
# @LAB@
#
# Performs the steps of this lab with the real tools and compares every answer
# with what the simulator predicted for the node @NODE@.
# The predictions are the words after each command below; nothing else is
# looked up anywhere.
#
# usage: ./verify.sh [--parser-only]
#
#   --parser-only     only what apparmor_parser can tell without a kernel
#   APPARMOR_PARSER   the parser and its options, if it is not apparmor_parser
#   LAB_IMAGE         an image to use instead of those in the manifests
#
# The rest is for a machine on which you may do anything: it runs as root, on the
# node, with kubectl set up. It loads profiles and makes and deletes pods.
# Backquotes in a text are no commands, and not every lab needs every function.
# shellcheck disable=SC2016,SC2317,SC2329
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

only_parser=no
case "${1:-}" in
--parser-only) only_parser=yes ;;
'') ;;
*)
  echo "usage: $0 [--parser-only]" >&2
  exit 2
  ;;
esac

read -r -a parser <<<"${APPARMOR_PARSER:-apparmor_parser}"
as_predicted=0
different=0
manifests=()
taken=refused

# section TITLE
section() {
  printf '\n== %s\n' "$1"
}

# compare WHAT PREDICTED REAL
compare() {
  if [ "$2" = "$3" ]; then
    as_predicted=$((as_predicted + 1))
    printf 'as predicted  %s: %s\n' "$1" "$3"
  else
    different=$((different + 1))
    printf 'DIFFERENT     %s: predicted %s, really %s\n' "$1" "$2" "$3"
  fi
}

# finish: the last line, and the exit code
finish() {
  printf '\n%s as predicted, %s different\n' "$as_predicted" "$different"
  [ "$different" -eq 0 ]
  exit
}

# need PROGRAM
need() {
  if ! command -v "$1" >/dev/null; then
    echo "$0: $1 is missing on this machine" >&2
    exit 2
  fi
}

# parse FILE accepted|refused OF_RELEASE_3: what the node's parser says, and what one of
# release 3 does, which reads fewer kinds of rules
parse() {
  local predicted=$2
  taken=refused
  case "$("${parser[@]}" --version 2>/dev/null)" in
  *' version 3.'*) predicted=$3 ;;
  esac
  if "${parser[@]}" -Q -K "$1" >/dev/null 2>&1; then taken=accepted; fi
  compare "apparmor_parser -Q $1" "$predicted" "$taken"
}

# names FILE NAME...: of the file that was parsed last, if it was taken
names() {
  local file=$1
  shift
  [ "$taken" = accepted ] || return 0
  compare "the profiles in $file" "$(printf '%s\n' "$@" | sort | paste -s -d ' ')" \
    "$("${parser[@]}" -N "$file" 2>/dev/null | sort | paste -s -d ' ')"
}

# enabled Y|no
enabled() {
  compare 'AppArmor is enabled' "$1" "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || echo no)"
}

# load FILE
load() {
  local name
  name=$(basename "$1")
  install -D -m 644 "$1" "/etc/apparmor.d/$name" &&
    "${parser[@]}" -r -W "/etc/apparmor.d/$name"
}

# loaded PROFILE MODE
loaded() {
  local real=missing line
  while IFS= read -r line; do
    if [ "${line% (*}" = "$1" ]; then
      real=${line##*(}
      real=${real%)}
    fi
  done </sys/kernel/security/apparmor/profiles
  compare "the mode of $1" "$2" "$real"
}

# place FILE WHERE
place() {
  install -D -m 644 "$1" "$2"
}

# fresh: the pods of the manifests, made anew
fresh() {
  local manifest text
  need kubectl
  for manifest in "${manifests[@]}"; do
    text=$(cat "$manifest")
    if [ -n "${LAB_IMAGE:-}" ]; then
      text=$(sed -E "s|^([[:space:]-]*image:).*|\\1 $LAB_IMAGE|" "$manifest")
    fi
    kubectl delete -f "$manifest" --ignore-not-found --wait --grace-period=1 >/dev/null
    kubectl apply -f - <<<"$text" >/dev/null || true
  done
  for _ in $(seq 60); do
    if ! kubectl get pods --no-headers 2>/dev/null | grep -q 'ContainerCreating\|Pending\|Terminating'; then
      return
    fi
    sleep 1
  done
}

# pod NAME PHASE REASON
pod() {
  local reason
  compare "the phase of $1" "$2" "$(kubectl get pod "$1" -o 'jsonpath={.status.phase}' 2>/dev/null)"
  if [ -n "$3" ]; then
    reason=$(kubectl get pod "$1" -o 'jsonpath={.status.reason}' 2>/dev/null)
    if [ -z "$reason" ]; then
      reason=$(kubectl get pod "$1" -o 'jsonpath={.status.containerStatuses[0].state.waiting.reason}' 2>/dev/null)
    fi
    compare "the reason of $1" "$3" "$reason"
  fi
}

# label POD LABEL
label() {
  compare "the label of $1" "$2" "$(kubectl exec "$1" -- cat /proc/1/attr/current 2>/dev/null)"
}

# lines: how many lines of AppArmor's about confined tasks are in the log
lines() {
  dmesg | grep 'apparmor="\(DENIED\|ALLOWED\|AUDIT\|KILLED\)"' | grep -c .
}

# run POD CONTAINER EXIT LOGGED WORD...
run() {
  local pod=$1 container=$2 exit=$3 logged=$4 before real
  shift 4
  before=$(lines)
  kubectl exec "$pod" -c "$container" -- "$@" >/dev/null 2>&1
  real=$?
  compare "$* (exit code)" "$exit" "$real"
  compare "$* (lines in the log)" "$logged" "$(($(lines) - before))"
}
