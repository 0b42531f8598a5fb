# shellcheck shell=sh
# Where the databases are, and as whom backup.sh and restore.sh go there. All can be set, for the tests.
secrets=${BACKUP_SECRETS:-/run/secrets}
auth=${BACKUP_AUTH:-/var/lib/lienminh/auth}
# Whoever may have heard of something comes before those who told it.
order="notifier events funding registry"

export PGAPPNAME=backup PGCONNECT_TIMEOUT=10
export PGSSLROOTCERT="${BACKUP_DATABASE_CA:-${LIENMINH_DATABASE_CA:-/etc/ssl/certs/ca-certificates.crt}}"

# libpq has another word for what the services mean by `require`: encrypted, and the server verified.
url() {
    sed -e 's/\([?&]sslmode=\)require/\1verify-full/' -e 's|^\([a-z]*://[^:@/]*\):[^@/]*@|\1@|' \
        "$secrets/$1_owner_url"
}

password() {
    coded=$(sed -n 's|^[a-z]*://[^:@/]*:\([^@/]*\)@.*|\1|p' "$secrets/$1_owner_url")
    # coreutils' own: what is built into sh does not know \x.
    env printf '%b' "$(printf '%s' "$coded" | sed -e 's/\\/\\\\/g' -e 's/%/\\x/g')"
}

# Runs one of PostgreSQL's programs at the database of a service, as its owner. The list of processes
# is read by everybody, so no password stands in it.
at() {
    PGPASSWORD=$(password "$1")
    export PGPASSWORD
    place=$(url "$1")
    shift
    "$@" --dbname "$place"
}

# How many tables a service has made.
tables() {
    at "$1" psql -XqAtc "select count(*) from pg_tables where schemaname = 'public'"
}
