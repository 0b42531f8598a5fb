#!/bin/sh
# Brings a cut of backup.sh to an empty host, part by part. The notifier finds out by itself that it
# was restored and sends nothing until somebody releases it (lienminh hold). IDENTITY is the file of an
# age key, or - for standard input.
#   sh restore.sh IDENTITY CUT.tar secrets|settings|origin   to standard output (a tar; lines for .env)
#   sh restore.sh IDENTITY CUT.tar auth|databases            into BACKUP_AUTH, into the databases
set -eu
. "$(dirname "$0")/place.sh"
identity=$1
cut=$2
part=$3

umask 077
work=$(mktemp -d "${BACKUP_WORK:-/tmp}/restore.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
fail() {
    echo "restore: $*" >&2
    exit 1
}

# What a program said, behind our own sentence: little, and nothing that steers a terminal.
said() { head -n 3 "$work/said" | tr -d '\000-\011\013-\037\177' | tr '\n' ' ' | cut -c 1-300; }

command -v age >/dev/null || fail "age is not installed (Debian: age); install it and run this again"
[ -f "$cut" ] || fail "there is no file $cut: name a cut, lienminh-….tar"
unused="nothing of it was used: copy it anew from where it is kept, or take another cut"
tar -C "$work" -xf "$cut" 2>/dev/null || fail "$cut is incomplete or damaged, $unused"
for file in SHA256SUMS recipient origin auth.age secrets.age settings.age \
    $(for service in $order; do echo "$service.age"; done); do
    [ -f "$work/$file" ] || fail "$cut is incomplete or damaged, it lacks $file; $unused"
done
(cd "$work" && sha256sum --check --status SHA256SUMS 2>/dev/null) || fail "$cut is incomplete or damaged, $unused"
if [ "$part" = origin ]; then
    cat "$work/origin"
    exit
fi

if [ "$identity" = - ]; then
    # In memory wherever /dev/shm is.
    kept=$(mktemp -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
    trap 'rm -rf "$work" "$kept"' EXIT
    cat >"$kept"
    identity=$kept
fi
key=$1
[ "$key" != - ] || key="what was given as key"
[ -s "$identity" ] || fail "there is no key $1: the cut opens for $(cat "$work/recipient") alone"
own=$(age-keygen -y "$identity" 2>/dev/null || true)
case "$own" in
'' | *"$(cat "$work/recipient")"*) ;;
*) fail "$key is the key of $(echo "$own" | head -n 1), and the cut opens for $(cat "$work/recipient") alone" ;;
esac

decrypt() {
    age --decrypt --identity "$identity" "$work/$1.age" 2>"$work/said" ||
        fail "$key opens nothing of this cut, nothing of it was used: name the whole file that age-keygen wrote" \
            "for $(cat "$work/recipient")"
}

case "$part" in
secrets | settings)
    decrypt "$part"
    ;;
auth)
    [ -z "$(ls -A "$auth" 2>/dev/null)" ] || fail "$auth is not empty"
    decrypt auth >"$work/auth"
    tar -C "$auth" -xf "$work/auth"
    ;;
databases)
    for service in $order; do
        made=$(tables "$service" 2>"$work/said") ||
            fail "the database of $service does not let us in, nothing was restored: see that PostgreSQL runs and" \
                "that its URL and authority are right, then run this again. It says: $(said)"
        [ "$made" -eq 0 ] || fail "the database of $service is not empty"
    done
    for service in $order; do
        decrypt "$service" >"$work/dump"
        at "$service" pg_restore --no-owner --single-transaction --exit-on-error "$work/dump" 2>"$work/said" ||
            fail "the database of $service took nothing of the cut: empty all four databases, see that PostgreSQL" \
                "is of the version that wrote the cut or newer, then run this again. It says: $(said)"
        echo "restored $service"
    done
    ;;
*)
    fail "there is no part $part"
    ;;
esac
