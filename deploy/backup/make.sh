#!/bin/sh
# `make backup` and `make restore`: of what `make up` runs in this clone, else of docker-compose.yml.
#   sh deploy/backup/make.sh backup
#   sh deploy/backup/make.sh restore CUT.tar IDENTITY
set -eu
cd "$(dirname "$0")/../.."
here=deploy/backup
folder=$PWD/backups
fail() {
    echo "$1: $2" >&2
    exit 1
}

engine() {
    docker info >/dev/null 2>&1 || fail "$1" "$2, and no Docker engine answers here"
    if docker compose version >/dev/null 2>&1; then
        compose="docker compose"
    elif docker-compose version >/dev/null 2>&1; then
        compose=docker-compose
    else
        fail "$1" "neither 'docker compose' nor docker-compose is installed (Debian: docker-compose)"
    fi
}

# Within the container that knows all places.
inside() { $compose run --rm -T backup "$@"; }

backup_of_compose() {
    engine backup "\`make up\` runs nothing in this clone"
    cut=$(inside sh backup.sh | tail -n 1)
    (umask 077 && inside cat "$cut" >"$folder/${cut##*/}")
    echo "$folder/${cut##*/}"
}

backup_of_up() {
    up=$PWD/.stage/up
    # Nothing of the caller's own LIENMINH_... is a setting of the suite.
    env -i PATH="$PATH" BACKUP_ORIGIN=up BACKUP_FOLDER="$folder" BACKUP_SECRETS="$up/secrets" \
        BACKUP_AUTH="$up/auth" BACKUP_DATABASE_CA="$up/tls/authority.pem" \
        LIENMINH_BACKUP_RECIPIENT="${LIENMINH_BACKUP_RECIPIENT:-}" \
        LIENMINH_LOGICAL_CLOCK="$(cat "$up/clock" 2>/dev/null || true)" \
        LIENMINH_TRIAL_ALLOW="$(cat "$up/trial-allow")" \
        sh "$here/backup.sh"
}

# A part of the cut, where nothing of the installation is there yet.
alone() {
    docker run --rm --interactive --network none --read-only --tmpfs /tmp --cap-drop ALL \
        --user "$(id -u):$(id -g)" --volume "$cut:/cut.tar:ro" \
        "lienminh-backup:${LIENMINH_VERSION:-0.1.0}" sh restore.sh - /cut.tar "$1" <"$identity"
}

restore_to_compose() {
    engine restore "the cut is of docker-compose.yml"
    [ -z "$(ls -A deploy/compose/secrets 2>/dev/null)" ] ||
        fail restore "deploy/compose/secrets is not empty: a cut goes to an empty host"
    $compose build backup
    (umask 077 && mkdir -p deploy/compose/secrets)
    # Containers read the files; the folder keeps everybody else out.
    alone secrets | tar -C deploy/compose/secrets --no-same-owner -xpf -
    chmod 0700 deploy/compose/secrets
    settings=.env
    [ ! -e .env ] || settings=.env.restored
    (umask 077 && alone settings >"$settings")
    sh deploy/compose/secrets.sh
    name=/var/lib/backups/${cut##*/}
    inside sh -c "umask 077; cat >$name" <"$cut"
    inside sh restore.sh - "$name" auth <"$identity"
    inside sh restore.sh - "$name" databases <"$identity"
    $compose up --detach
    echo "The settings stand in $settings. Nothing is sent until somebody has looked:"
    echo "  $compose run --rm lienminh hold show"
}

case "$1" in
backup)
    mkdir -p "$folder"
    if [ -f .stage/up/ready.json ]; then backup_of_up; else backup_of_compose; fi
    ;;
restore)
    [ -n "${2:-}" ] || fail restore "which cut? make restore FROM=backups/lienminh-….tar IDENTITY=key.txt"
    [ -f "$2" ] || fail restore "there is no file $2"
    cut=$(realpath "$2")
    identity=$(realpath "${3:-backups/identity.txt}")
    [ -f "$identity" ] || fail restore "there is no file $identity: IDENTITY= names that of the key"
    origin=$(sh "$here/restore.sh" - "$cut" origin)
    case "$origin" in
    up)
        stage=${STAGE:-target/debug/stage}
        [ -x "$stage" ] || ${MAKE:-make} build
        "$stage" up --restore "$cut" --identity "$identity"
        ;;
    *) restore_to_compose ;;
    esac
    ;;
esac
