#!/bin/sh
# Brings a cut of backup.sh to an empty host, part by part. The notifier finds out by itself that it
# was restored and sends nothing until somebody releases it (lienminh hold).
#   sh restore.sh IDENTITY CUT.tar secrets|settings   to standard output (a tar; lines for .env)
#   sh restore.sh IDENTITY CUT.tar auth|databases     into BACKUP_AUTH, into the databases
set -eu
identity=$1
cut=$2
part=$3
secrets=${BACKUP_SECRETS:-/run/secrets}
auth=${BACKUP_AUTH:-/var/lib/lienminh/auth}
order="registry funding events notifier"

umask 077
work=$(mktemp -d "${BACKUP_WORK:-/tmp}/restore.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
tar -C "$work" -xf "$cut"
(cd "$work" && sha256sum --check --quiet SHA256SUMS) >&2

decrypt() { age --decrypt --identity "$identity" "$work/$1.age"; }
url() { cat "$secrets/$1_owner_url"; }

case "$part" in
secrets | settings)
    decrypt "$part"
    ;;
auth)
    [ -z "$(ls -A "$auth" 2>/dev/null)" ] || { echo "restore: $auth is not empty" >&2; exit 1; }
    decrypt auth >"$work/auth"
    tar -C "$auth" -xf "$work/auth"
    ;;
databases)
    for service in $order; do
        made=$(psql "$(url "$service")" -XqAtc "select count(*) from pg_tables where schemaname = 'public'")
        [ "$made" -eq 0 ] || { echo "restore: the database of $service is not empty" >&2; exit 1; }
    done
    for service in $order; do
        decrypt "$service" >"$work/dump"
        pg_restore --dbname "$(url "$service")" --no-owner --single-transaction --exit-on-error "$work/dump"
        echo "restored $service"
    done
    ;;
*)
    echo "restore: there is no part $part" >&2
    exit 2
    ;;
esac
