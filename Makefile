# Everything runs with the Node that package-lock.json pins; the machine only has to bring npm.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# kafkajs computes a negative timeout at each connect and Node warns of it.
node := node --disable-warning=TimeoutNegativeWarning
# Written by npm as the last thing it installs. The lock file has no Node for macOS; there the machine's own is used.
installed := node_modules/.package-lock.json

.PHONY: help demo test lint stack-up stack-down contracts bench trace-check scenario e2e redrive

help: ## This list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: $(installed) ## The seeded story through the whole system; stays up until Ctrl-C (KEEP=0: ends by itself)
	@$(node) deploy/demo.ts

test: $(installed) ## Everything CI runs: checks, unit, integration and end-to-end tests
	@$(node) tools/run-tests.ts

lint: $(installed) ## The linter, with the house rules
	@npm run --silent lint

stack-up: $(installed) ## Kafka, MongoDB and Redis in the background; addresses in .lotwarden/stack.json
	@$(node) deploy/local/cli.ts up

stack-down: $(installed) ## End what stack-up started
	@$(node) deploy/local/cli.ts down

contracts: $(installed) ## Regenerate what is generated from the event schemas
	@$(node) contracts/tools/build.ts

bench: $(installed) ## A benchmark: make bench NAME=<name> (without NAME: what there is)
	@$(node) load-tests/bench/run.ts $(NAME)

trace-check: $(installed) ## Traces against a slow, obvious answer: make trace-check SEED=n (GRAPHS=1000)
	@SEED=$(SEED) GRAPHS=$(GRAPHS) $(node) load-tests/trace-check/trace-check.ts

scenario: $(installed) ## The tests of one rule of genealogy: make scenario NAME=<name> (without NAME: what there is)
	@$(node) tools/scenario.ts $(NAME)

e2e: $(installed) ## The end-to-end tests only
	@npm run --silent test:e2e

redrive: $(installed) ## Put parked messages back to work: make redrive SERVICE=… KEY=… (or ALL=1)
	@$(node) tools/redrive.ts $(ARGS)

$(installed): package-lock.json
	@sh deploy/local/npm-ci.sh
