# Sourced by the scripts here: where things are, and the two languages that they speak. POSIX sh.

set -eu
START=$PWD
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/grillon
cd -- "$ROOT"

case "${GRILLON_LANG:-${LC_ALL:-${LANG:-fr}}}" in
    en*) SPOKEN=en ;;
    *) SPOKEN=fr ;;
esac

# say FRENCH ENGLISH: one line for the person, on standard error so that standard output stays the program's.
say() {
    if [ "$SPOKEN" = en ]; then printf '%s\n' "$2" >&2; else printf '%s\n' "$1" >&2; fi
}

# die FRENCH ENGLISH: say it and end.
die() {
    say "$@"
    exit 1
}

# usage: how to call the script, from its own head.
usage() {
    sed -n "s/^# \(Usage: .*\)/\1/p; s/^# $SPOKEN: //p" "$ROOT/scripts/$(basename -- "$0")"
}

# packages GROUP...: the Debian packages of these groups, one a line.
packages() {
    for group in "$@"; do
        sed -n "s/^$group  *\([^ ]*\).*/\1/p" "$ROOT/scripts/packages.txt"
    done
}

# missing_packages GROUP...: those that dpkg does not know as installed.
missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    for package in $(packages "$@"); do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

# need_packages GROUP...: install what is missing, or say which command does. Never fails: who needs one checks for it.
need_packages() {
    absent=$(missing_packages "$@")
    [ -n "$absent" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Paquets Debian : $absent" "Debian packages: $absent"
        apt_get update && apt_get install $absent && return 0
    fi
    say "Il manque des paquets Debian. À faire : sudo apt-get install $absent" \
        "Debian packages are missing. Please run: sudo apt-get install $absent"
}

# apt_get COMMAND...: quietly; what it says is shown where it fails.
apt_get() {
    if ! output=$(DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" 2>&1 </dev/null); then
        printf '%s\n' "$output" | tail -n 5 >&2
        return 1
    fi
}

LLAMA_CMAKE_ARGS="-DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF \
-DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_TESTS=OFF"
# llama.cpp's AMX kernels gave nonsense, or a crash, with a Q4_1 model on a processor that has AMX; AVX-512 is right.
if [ "$(uname -m)" = x86_64 ]; then
    no_amx="-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    LLAMA_CMAKE_ARGS="$LLAMA_CMAKE_ARGS -DCMAKE_C_FLAGS='$no_amx' -DCMAKE_CXX_FLAGS='$no_amx'"
fi

# wheel_key VERSION CMAKE_ARGS: names the machine that a compiled llama.cpp fits: system, instruction set, options.
wheel_key() {
    system=$(. /etc/os-release && printf '%s%s' "$ID" "${VERSION_ID:-}")
    instructions=$(sed -n '/^\(flags\|Features\)/{s/.*: //p;q;}' /proc/cpuinfo | tr ' ' '\n' |
        grep -E '^(ss?se|avx|fma|f16c|bmi|amx|gfni|asimd|sve|sme|i8mm|bf16|fphp)' | sort)
    digest=$(printf '%s\n' "$system" "$instructions" "$2" | sha256sum | cut -c 1-12)
    printf '%s-%s-llama%s-%s' "$system" "$(uname -m)" "$1" "$digest"
}

# find_python: the first Python that is new enough; GRILLON_PYTHON wins.
find_python() {
    for python in "${GRILLON_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        command -v "$python"
        return 0
    done
    return 1
}

# build_jobs: how many compilers at once: one a core, and one for every 1.5 GB of memory (a Pi with 2 GB swaps else).
build_jobs() {
    cores=$(nproc)
    fitting=$(awk '/^MemTotal/ { print int($2 / 1500000) + 1 }' /proc/meminfo)
    [ "$cores" -lt "$fitting" ] && printf '%s' "$cores" || printf '%s' "$fitting"
}

# with_progress PATTERN COMMAND...: run it, showing the last match of PATTERN in what it says and the seconds so far (on a
# terminal; a line a minute elsewhere). Where it fails, the end of what it said is shown. It ends with this script.
with_progress() {
    pattern=$1
    shift
    log=$(mktemp)
    setsid "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    trap 'kill -s TERM -- "-$pid" 2>/dev/null; rm -f -- "$log"; [ -z "${work:-}" ] || rm -rf -- "$work"; exit 130' INT TERM HUP
    seconds=0
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        step=$(grep -o "$pattern" "$log" | tail -n 1) || step=
        if [ -t 2 ]; then
            printf '\r\033[K  %s %s s' "$step" "$seconds" >&2
        elif [ $((seconds % 60)) = 0 ]; then
            printf '  %s %s s\n' "$step" "$seconds" >&2
        fi
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    status=0
    wait "$pid" || status=$?
    trap - INT TERM HUP
    [ "$status" = 0 ] || tail -n 20 "$log" >&2
    rm -f -- "$log"
    return "$status"
}

# pull_models [PROFILE]: fetch the models of a profile (the configured one) unless all are there. Those that have a stand-in
# are asked for the first time only, so that a box without the Internet starts at once.
pull_models() {
    .venv/bin/grillon models ready "$@" || GRILLON_LANG=$SPOKEN .venv/bin/grillon models pull "$@"
}

case "${1:-}" in
    -h | --help)
        usage
        exit 0
        ;;
esac
