#!/bin/sh
# Writes one cut of everything that a new host needs: four databases, the folder of keys, the secrets
# and the settings, each encrypted to LIENMINH_BACKUP_RECIPIENT (age) before it touches a disk.
# Why the cut is consistent: docs/decisions/0001-backup.md.
#   sh backup.sh [before-migration]
set -eu
. "$(dirname "$0")/place.sh"
folder=${BACKUP_FOLDER:-/var/lib/backups}
keep=${LIENMINH_BACKUP_KEEP:-14}
case "${1:-}" in
'' | before-migration) kind=${1:+-$1} ;;
*)
    echo "backup: there is no kind $1" >&2
    exit 2
    ;;
esac

umask 077
mkdir -p "$folder"
# One at a time: the second waits.
exec 9>"$folder/.lock"
flock 9

work=$folder/.unfinished
rm -rf "$work"
mkdir -p "$work/cut"
failed=$work/failed
holders=
leave() {
    # A session that ends gives its snapshot back.
    # shellcheck disable=SC2086 # process ids
    [ -z "$holders" ] || kill $holders 2>/dev/null || true
    rm -rf "$work"
}
trap leave EXIT
trap 'exit 143' TERM INT
# A session that could not begin has said why.
trap '' PIPE

if [ "$kind" = -before-migration ]; then
    made=0
    for service in $order; do made=$((made + $(tables "$service"))); done
    if [ "$made" -eq 0 ]; then
        echo "backup: the databases are new, there is nothing to keep"
        exit 0
    fi
fi

recipient=${LIENMINH_BACKUP_RECIPIENT:-}
if [ -z "$recipient" ]; then
    identity=$folder/identity.txt
    [ -s "$identity" ] || age-keygen -o "$identity" 2>/dev/null
    recipient=$(age-keygen -y "$identity")
    echo "backup: encrypted to $identity, which lies beside what it protects: take it away," \
        "keep it, and set LIENMINH_BACKUP_RECIPIENT=$recipient" >&2
fi

encrypt() { age --encrypt --recipient "$recipient" --output "$work/cut/$1.age" || touch "$failed"; }

# The sessions hold their snapshots until all is written.
for service in $order; do
    mkfifo "$work/$service.in"
    at "$service" psql -XqAt <"$work/$service.in" >"$work/$service.snapshot" 9>&- &
    holders="$holders $!"
done
exec 3>"$work/notifier.in" 4>"$work/events.in" 5>"$work/funding.in" 6>"$work/registry.in"
snapshot() {
    echo "begin isolation level repeatable read read only; select pg_export_snapshot();"
}
seen() {
    tries=200
    until [ -s "$work/$1.snapshot" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "backup: the database of $1 does not answer" >&2; exit 1; }
        sleep 0.05
    done
}
snapshot >&3 && seen notifier
snapshot >&4 && seen events
snapshot >&5 && seen funding
snapshot >&6 && seen registry
cut=$(date -u +%Y%m%dT%H%M%SZ)

for service in $order; do
    { at "$service" pg_dump --format custom --no-owner \
        --snapshot "$(head -n 1 "$work/$service.snapshot")" || touch "$failed"; } | encrypt "$service"
done
exec 3>&- 4>&- 5>&- 6>&-
{ tar -C "$auth" -cf - . || touch "$failed"; } | encrypt auth
# Links of the secrets' folder are followed: containers mount them in many ways. An authority and its
# certificates are made anew where they are missing.
{ tar -C "$secrets" --exclude './authority*' -chf - . || touch "$failed"; } | encrypt secrets
# As a file .env says them: in single quotes, in which nothing is replaced.
env | sed -n -e "/^LIENMINH_[A-Z_]*=./{s/'/\\\\'/g;s/=\(.*\)/='\1'/p;}" | sort | encrypt settings
[ ! -e "$failed" ] || { echo "backup: not everything could be written" >&2; exit 1; }

# Both may be read by everybody.
printf '%s\n' "$recipient" >"$work/cut/recipient"
printf '%s\n' "${BACKUP_ORIGIN:-compose}" >"$work/cut/origin"
(cd "$work/cut" && sha256sum -- *.age recipient origin >SHA256SUMS)
tar -C "$work/cut" -cf "$work/whole" .
mv "$work/whole" "$folder/lienminh-$cut$kind.tar"
# Those before a migration do not take the place of the others.
# shellcheck disable=SC2012 # names of our own
ls "$folder"/lienminh-*Z"$kind".tar | sort -r | tail -n "+$((keep + 1))" | while read -r old; do rm -f "$old"; done
echo "$folder/lienminh-$cut$kind.tar"
