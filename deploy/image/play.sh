#!/bin/sh
# Builds the image from a base made here and the programs of this checkout, brings the whole of
# docker-compose.yml up with servers from Debian's packages, plays the demonstration against it,
# and takes everything down again. Needs a Docker engine; says so in one line where none answers.
#   sh deploy/image/play.sh FOLDER_WITH_RELEASE_PROGRAMS
set -eu
cd "$(dirname "$0")/../.."
programs=$(cd "$1" && pwd)
base=debian:bookworm-slim

docker info >/dev/null 2>&1 || {
    echo "No Docker engine answers here: the image was not built, and nothing was played against it."
    exit 0
}
if docker compose version >/dev/null 2>&1; then
    compose="docker compose"
elif docker-compose version >/dev/null 2>&1; then
    compose=docker-compose
else
    echo "Neither 'docker compose' nor docker-compose is installed (Debian: docker-compose)." >&2
    exit 1
fi

export DEMO_START=2024-02-27T01:00:00Z
export DEMO_CHECKOUT="$PWD" DEMO_PROGRAMS="$programs" DEMO_PROGRAM="$programs/demo"
export DEMO_OUTPUT="${DEMO_OUTPUT:-$(dirname "$programs")/image}"
# Nothing of the caller's .env decides here.
export LIENMINH_VERSION=image
work=$(mktemp -d)

up() {
    $compose --project-name lienminh-image --file docker-compose.yml \
        --file deploy/image/compose.yml "$@"
}
clean() {
    status=$?
    trap - EXIT
    if [ "$status" -ne 0 ] && [ -n "${started:-}" ]; then
        up logs --no-color >"$DEMO_OUTPUT/containers.log" 2>&1 || true
        echo "What the containers said: $DEMO_OUTPUT/containers.log" >&2
    fi
    [ -z "${started:-}" ] || up down --volumes --timeout 5 >"$work/down" 2>&1 || cat "$work/down" >&2
    rm -rf "$work"
    exit "$status"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a long command quietly; shows all that it said when it fails.
quietly() {
    said=$1
    shift
    printf '  %s ...' "$said"
    begun=$(date +%s)
    if ! "$@" >"$work/log" 2>&1; then
        echo " failed"
        cat "$work/log" >&2
        return 1
    fi
    echo " $(($(date +%s) - begun)) s"
}

make_base() {
    debootstrap --variant=minbase bookworm "$work/base"
    # As the official slim image: nobody reads manuals in a container.
    (cd "$work/base" && rm -rf var/cache/apt/* var/lib/apt/lists/* \
        usr/share/doc usr/share/info usr/share/locale usr/share/man)
    tar -C "$work/base" -c . | docker import - "$base"
    rm -rf "$work/base"
}

make_image() {
    mkdir "$work/image"
    for program in registry events funding notifier lienminh; do
        cp "$programs/$program" "$work/image/"
    done
    docker build --network host --target runtime --tag lienminh-runtime:image \
        --file deploy/Dockerfile .
    printf 'FROM lienminh-runtime:image\nCOPY . /usr/local/bin/\n' >"$work/image.Dockerfile"
    docker build --tag "lienminh:$LIENMINH_VERSION" --file "$work/image.Dockerfile" "$work/image"
}

server_image() {
    docker build --network host --tag "lienminh-$1:debian" --file "deploy/image/$1.Dockerfile" deploy/image
}

backup_image() {
    docker build --network host --build-arg BASE_IMAGE=lienminh-postgres:debian \
        --tag lienminh-backup:debian deploy/backup
}

ready() {
    up up --detach --no-build registry events funding notifier
    for service in registry events funding notifier; do
        container=$(up ps -q "$service")
        tries=60
        until [ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ]; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || { echo "$service does not become healthy"; return 1; }
            sleep 1
        done
    done
}

echo "The image, and the demonstration against it"
if ! docker image inspect "$base" >/dev/null 2>&1; then
    command -v debootstrap >/dev/null || {
        echo "There is no image $base, and debootstrap, which would make it, is not installed." >&2
        exit 1
    }
    quietly "making the base $base" make_base
fi
quietly "the suite's image" make_image
quietly "PostgreSQL from Debian's packages" server_image postgres
quietly "what makes the cuts" backup_image
quietly "RabbitMQ from Debian's packages" server_image rabbitmq
docker image inspect "lienminh:$LIENMINH_VERSION" \
    --format '  lienminh:image runs as {{.Config.User}}, {{.Size}} bytes'
sh deploy/compose/secrets.sh >/dev/null
mkdir -p "$DEMO_OUTPUT"
started=yes
quietly "servers, migrations, four healthy services" ready
up ps
up run --rm -T --no-deps --use-aliases player
quietly "an encrypted cut of it all" up run --rm -T --no-deps backup sh backup.sh

played="$DEMO_OUTPUT/report.json"
at_home=$(dirname "$programs")/demo/report.json
echo "Report: $played"
timeless() { grep -v '"seconds"' "$1"; }
if [ ! -f "$at_home" ]; then
    echo "There is no report of 'make demo' to hold it against."
elif [ "$(timeless "$played")" = "$(timeless "$at_home")" ]; then
    echo "It is the report of 'make demo', but for the seconds."
else
    echo "It differs from the report of 'make demo':" >&2
    timeless "$at_home" >"$work/at_home"
    timeless "$played" | diff "$work/at_home" - >&2
    exit 1
fi
