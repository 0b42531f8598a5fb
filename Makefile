# Everything starts from nothing: each target first sees to it that the machine has what it needs.
# `make` or `make help` lists the targets.

SHELL := /bin/sh
TARGET := $(or $(CARGO_TARGET_DIR),target)
BIN := $(TARGET)/debug
STAGE := $(BIN)/stage
CARGO := $(or $(shell command -v cargo 2>/dev/null),$(HOME)/.cargo/bin/cargo)
# nextest where it is present; plain cargo runs the same tests.
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)
ifeq ($(NEXTEST),yes)
TESTS := $(CARGO) nextest run --locked --workspace $(ARGS) && $(CARGO) test --locked --workspace --doc --quiet
else
TESTS := $(CARGO) test --locked --workspace $(ARGS)
endif

# Only what a target plays with is compiled; features are those of the whole workspace all the
# same, so nothing is compiled twice.
SUITE := --workspace --bin registry --bin events --bin funding --bin notifier

export LIENMINH_BIN_DIR := $(abspath $(BIN))

.DEFAULT_GOAL := help
.PHONY: help setup build demo up advance down backup restore test surface seeds faults bench image fmt lint doc deny

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check the machine; install PostgreSQL, RabbitMQ, nginx and age where missing
	@sh deploy/setup.sh

build: setup ## Compile all programs
	@echo "Compiling (the first time takes some minutes) ..."
	@$(CARGO) build --locked --workspace --bins

demo: setup ## Play the action month of 2024 in about a minute
	@echo "Compiling (the first time takes some minutes) ..."
	@$(CARGO) build --locked $(SUITE) --bin lienminh --bin demo
	@$(BIN)/demo $(ARGS)

up: build ## Start the suite and keep it running (delivery in trial mode)
	@$(STAGE) up

advance: build ## Move the clock of `make up`: make advance TO="2024-03-05 08:00"
	@$(STAGE) advance "$(TO)"

down: ## Stop what `make up` started
	@if [ -x $(STAGE) ]; then $(STAGE) down; else echo "Nothing runs: the suite has not been compiled yet."; fi

backup: ## Write an encrypted cut of what `make up` runs, else of docker compose, into backups/
	@sh deploy/backup/make.sh backup

restore: ## Bring a cut to an empty host, where it sends nothing yet: make restore FROM=... IDENTITY=...
	@STAGE="$(STAGE)" MAKE="$(MAKE)" sh deploy/backup/make.sh restore "$(FROM)" "$(IDENTITY)"

test: build ## Pass every test, from nothing
	@$(STAGE) run -- sh -c '$(TESTS)'

surface: build ## Record anew what callers, readers and operators meet (tests/surface), for review line by line
	@LIENMINH_SURFACE=record $(STAGE) run -- $(CARGO) test --locked --workspace --test surface --test e2e -- as_recorded every_rpc_ a_bound_caller_cannot_tell a_database_of_the_last
	@$(BIN)/demo --record tests/surface
	@git diff --stat -- tests/surface

seeds: build ## Play the rows of the source documents and judge them from outside
	@$(STAGE) run -- $(BIN)/seeds $(ARGS)

faults: build ## Kill, cut and wipe; prove that no reminder is lost or doubled
	@sh deploy/setup.sh faults
	@$(STAGE) run -- $(BIN)/faults $(ARGS)

simulate: setup ## Play a million seeds of reminders and ledgers in a model world (release build)
	@$(CARGO) build --locked --release --workspace --bin simulate
	@$(TARGET)/release/simulate $(ARGS)

bench: setup ## Measure speed beside its ceilings (release build)
	@sh deploy/setup.sh bench
	@$(CARGO) build --locked --release $(SUITE) --bin stage --bin bench
	@LIENMINH_BIN_DIR=$(abspath $(TARGET))/release $(TARGET)/release/stage run -- $(TARGET)/release/bench $(ARGS)

image: setup ## Build the image and play the demo against it (needs a Docker engine)
	@$(CARGO) build --locked --release --workspace --bins
	@sh deploy/image/play.sh $(TARGET)/release

fmt: ## Format the code
	@$(CARGO) fmt --all

lint: ## Clippy and formatting, warnings denied
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

doc: ## Build the documentation, warnings denied
	@RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

deny: ## Check licences, bans and sources of all dependencies, offline
	@sh .ci/deny
