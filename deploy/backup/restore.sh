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

{ tar -C "$work" -xf "$cut" && (cd "$work" && sha256sum --check --quiet SHA256SUMS); } >&2 ||
    fail "$cut is incomplete or damaged, nothing of it was used"
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
[ -s "$identity" ] || fail "there is no key $1: the cut opens for $(cat "$work/recipient") alone"
own=$(age-keygen -y "$identity" 2>/dev/null || true)
case "$own" in
'' | *"$(cat "$work/recipient")"*) ;;
*) fail "$1 is the key of $(echo "$own" | head -n 1), and the cut opens for $(cat "$work/recipient") alone" ;;
esac

decrypt() { age --decrypt --identity "$identity" "$work/$1.age"; }

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
        [ "$(tables "$service")" -eq 0 ] || fail "the database of $service is not empty"
    done
    for service in $order; do
        decrypt "$service" >"$work/dump"
        at "$service" pg_restore --no-owner --single-transaction --exit-on-error "$work/dump"
        echo "restored $service"
    done
    ;;
*)
    fail "there is no part $part"
    ;;
esac
