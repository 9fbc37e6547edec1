#!/usr/bin/env bash
# Every shell script, by its name or its first line, passes shellcheck.
set -euo pipefail
scripts=()
while IFS= read -r -d '' file; do
    if [[ $file == *.sh ]] || head -n 1 "$file" 2>/dev/null | grep -qaE '^#!.*\b(ba|da)?sh\b'; then
        scripts+=("$file")
    fi
done < <(find . \( -name .git -o -name build -o -name node_modules -o -path './var*' -o -path './tests/fuzz/corpus' \) -prune -o \
    -type f -print0)
shellcheck --external-sources "${scripts[@]}"
