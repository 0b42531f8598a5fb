#!/bin/sh
# Writes one cut of everything that a new host needs: four databases, the folder of keys, the secrets
# and the settings, each encrypted to LIENMINH_BACKUP_RECIPIENT (age) before it touches a disk.
# Why the cut is consistent: docs/decisions/0001-backup.md. All places can be set, for the tests.
#   sh backup.sh [before-migration]
set -eu
secrets=${BACKUP_SECRETS:-/run/secrets}
auth=${BACKUP_AUTH:-/var/lib/lienminh/auth}
folder=${BACKUP_FOLDER:-/var/lib/backups}
keep=${LIENMINH_BACKUP_KEEP:-14}
# Whoever may have heard of something is cut before those who told it.
order="notifier events funding registry"

umask 077
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

url() { cat "$secrets/$1_owner_url"; }

if [ "${1:-}" = before-migration ]; then
    made=$(psql "$(url registry)" -XqAtc "select count(*) from pg_tables where schemaname = 'public'")
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
    psql "$(url "$service")" -XqAt <"$work/$service.in" >"$work/$service.snapshot" &
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
    { pg_dump "$(url "$service")" --format custom --no-owner \
        --snapshot "$(head -n 1 "$work/$service.snapshot")" || touch "$failed"; } | encrypt "$service"
done
exec 3>&- 4>&- 5>&- 6>&-
{ tar -C "$auth" -cf - . || touch "$failed"; } | encrypt auth
# Links of the secrets' folder are followed: containers mount them in many ways.
{ tar -C "$secrets" -chf - . || touch "$failed"; } | encrypt secrets
# As a file .env says them: in single quotes, in which nothing is replaced.
env | grep '^LIENMINH_' | sed -e "s/'/'\\\\''/g" -e "s/=\(.*\)/='\1'/" | encrypt settings
[ ! -e "$failed" ] || { echo "backup: not everything could be written" >&2; exit 1; }

(cd "$work/cut" && sha256sum -- *.age >SHA256SUMS)
tar -C "$work/cut" -cf "$work/whole" .
mv "$work/whole" "$folder/lienminh-$cut.tar"
# shellcheck disable=SC2012 # names of our own
ls "$folder"/lienminh-*.tar | sort -r | tail -n "+$((keep + 1))" | while read -r old; do rm -f "$old"; done
echo "$folder/lienminh-$cut.tar"
