# One target for each chore. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Options for Maven, such as MVN_ARGS='-pl job-runtime/engine -am'.
MVN_ARGS ?=
# Options for the script behind demo, bench and soak.
ARGS ?=

# Every recipe that needs Java starts with this: it finds a JDK 25 even where the default java is older.
JDK := JAVA_HOME="$$(hack/find-jdk)" && export JAVA_HOME PATH="$$JAVA_HOME/bin:$$PATH"
# Maven and its libraries touch corners of the JDK that warn on every run.
MVN_JVM := --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
MVN := $(JDK) && { command -v mvn >/dev/null || { echo "mvn is not on the PATH. Install Maven 3.8 or newer." >&2; exit 1; }; } && \
	MAVEN_OPTS="$(MVN_JVM) $${MAVEN_OPTS:-}" mvn -B -ntp $(MVN_ARGS)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Compile and package all modules, without running tests
	@$(MVN) package -DskipTests

.PHONY: test
test: ## Run all tests
	@$(MVN) verify

.PHONY: fmt
fmt: ## Format all sources
	@$(MVN) spotless:apply

.PHONY: lint
lint: ## Check the format of all sources
	@$(MVN) spotless:check

.PHONY: docs
docs: ## Write the tables of the docs anew that are made from the code
	@$(MVN) -pl job-runtime/launcher -am test '-Dtest=SettingsPageTest,MetricsReferenceTest,OpenApiTest' -Dholdfast.update-docs=true \
		-Dsurefire.failIfNoSpecifiedTests=false

.PHONY: demo
demo: ## Run the example job and kill parts of it
	@$(JDK) && hack/demo $(ARGS)

.PHONY: bench
bench: ## Run the benchmarks
	@$(JDK) && hack/bench $(ARGS)

.PHONY: bench-recovery
bench-recovery: ## Measure how long a job stands still after a loss
	@$(JDK) && hack/bench-recovery $(ARGS)

.PHONY: soak
soak: ## Run jobs under faults for a long time
	@$(JDK) && hack/soak $(ARGS)

# SEED=n replays one seed, SCHEDULE=file a schedule; MINUTES=n says how long else.
.PHONY: sim
sim: ## Let jobs live in a simulated world: MINUTES=1, SEED=n or SCHEDULE=file
	@$(JDK) && hack/sim $(if $(SEED),--seed=$(SEED)) $(if $(SCHEDULE),--schedule=$(SCHEDULE)) $(if $(MINUTES),--minutes=$(MINUTES)) $(ARGS)

.PHONY: sim-forever
sim-forever: ## The same until it is stopped; failing seeds are kept in FAILURES, sim-failures unless set
	@$(JDK) && hack/sim --forever --failures=$(if $(FAILURES),$(FAILURES),sim-failures) $(ARGS)

.PHONY: clean
clean: ## Delete what the build made
	@$(MVN) clean
