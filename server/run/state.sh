# shellcheck shell=bash
# What `make run` keeps under VAR, and how its processes are known again; run.sh, stop.sh and fresh.sh read this.

# The file that marks a folder as ours.
# shellcheck disable=SC2034 # its readers are the scripts that source this file
marker_name=.tributary-state

# Prints "PID START", which names one process for as long as the machine runs: a PID alone may be given again.
# Prints nothing for a process that has ended.
name_process() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    stat=${stat##*) } # past the command's name, which may hold anything
    # shellcheck disable=SC2086 # split into fields: the first is the third of proc(5)
    set -- "$1" $stat
    [ "$2" = Z ] || printf '%s %s\n' "$1" "${21}"
}

# Prints the PID that a PID file names, if that very process still runs.
live_pid() {
    local pid start
    read -r pid start 2>/dev/null <"$1" || return 0
    [ "$(name_process "$pid")" = "$pid $start" ] && printf '%s\n' "$pid"
    return 0
}

# Asks the process of a PID file to end, and waits for it up to so many seconds; then ends it by force.
end_process() {
    local file=$1 seconds=$2 pid tenths
    pid=$(live_pid "$file")
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        for ((tenths = 0; tenths < seconds * 10; tenths++)); do
            [ -n "$(live_pid "$file")" ] || break
            sleep 0.1
        done
        if [ -n "$(live_pid "$file")" ]; then
            printf 'process %s did not end within %s s and was killed\n' "$pid" "$seconds" >&2
            kill -KILL "$pid" 2>/dev/null || true
        fi
    fi
    rm -f "$file"
}
