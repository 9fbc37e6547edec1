# Tributary (匯流). `make help` lists the targets. Needs only GNU make; each target installs what else it needs
# (tests/support/packages lists it). Choices: VARIANT=release|asan, CC=gcc|clang, WERROR=-Werror, V=1 (show commands).

VARIANT ?= release
PORT ?= 8013
VAR ?= var
SAMPLE ?= yes
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
ifeq ($(origin CC),default)
CC := gcc
endif

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := build
export VARIANT PORT VAR SAMPLE ONLY WITH_LINT

install_packages := tests/support/install-packages.sh
# The top targets first install, then call make again: only then can pkg-config and the compilers be asked.
submake = $(MAKE) $(if $(V),,--silent) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) VARIANT=$(VARIANT)

.PHONY: help build run stop fresh test asan lint format bench fuzz install clean
help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r target text; do \
	    printf '  make %-9s %s\n' "$$target" "$$text"; done

build: ## compile the two programs into build/VARIANT
	@$(install_packages) build
	@$(submake) programs

run: ## serve with a private PostgreSQL and sample years; PORT=8013 VAR=var SAMPLE=no
	@$(install_packages) run
	@$(submake) programs
	@exec server/run/run.sh

stop: ## stop what `make run` started (same VAR)
	@server/run/stop.sh

fresh: ## stop it and delete its state (same VAR): the next run starts empty
	@server/run/fresh.sh

test: ## run every test; ONLY=unit/period runs the suites whose name begins so
	@$(install_packages) $(if $(filter yes,$(WITH_LINT)),lint,test)
	@$(submake) programs test-programs
	@tests/run-tests.sh

asan: ## run every test built with AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) test VARIANT=asan

lint: ## check layout, warnings, static analysis, shell, headers, banned functions, plan codes
	@$(install_packages) lint
	@tests/lint/run.sh

format: ## lay out the C sources with clang-format
	@$(install_packages) format
	@clang-format -i $(all_sources) $(all_headers)

bench: ## measure this machine: submissions, reads, memory, start
	@$(install_packages) bench
	@$(submake) programs bench-programs VARIANT=release
	@tests/bench/run.sh

fuzz: ## fuzz each parser for FUZZ_SECONDS=60, starting from tests/fuzz/corpus
	@$(install_packages) fuzz
	@$(submake) fuzz-programs VARIANT=fuzz CC=clang
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh

install: build ## install programs, migrations and plans under DESTDIR/PREFIX (/usr/local)
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/tributary/migrations $(DESTDIR)$(PREFIX)/share/tributary/plans
	@install -m 755 $(out)/tributary $(out)/tributaryd $(DESTDIR)$(PREFIX)/bin
	@install -m 644 migrations/*.sql $(DESTDIR)$(PREFIX)/share/tributary/migrations
	@install -m 644 common/plan/plans/*.json $(DESTDIR)$(PREFIX)/share/tributary/plans
	@for page in $(wildcard client/man/*.[1-8] server/man/*.[1-8]); do \
	    install -D -m 644 "$$page" -t "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}"; done
	@for completion in $(wildcard client/completions/*.bash server/completions/*.bash); do name=$${completion##*/}; \
	    install -D -m 644 "$$completion" "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$${name%.bash}"; done

clean: ## delete what was built
	@rm -rf build

# --- what is built from what ------------------------------------------------------------------------------------------

out := build/$(VARIANT)
objects = $(patsubst %.c,$(out)/objects/%.o,$(1))
find_c = $(sort $(shell find $(wildcard $(1)) -name '*.c' 2>/dev/null))

common_sources := $(call find_c,common)
client_sources := $(filter-out client/sample/%,$(call find_c,client))
server_sources := $(call find_c,server)
# A test program's name says what it is linked with: server_x with the daemon's objects, client_x with the client's.
support_sources := $(wildcard tests/support/*.c)
unit_sources := $(wildcard tests/unit/*.c)
plain_sources := $(wildcard tests/integration/*.c tests/crash/*.c)
bench_sources := $(wildcard tests/bench/*.c)
fuzz_sources := $(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))
test_sources := $(support_sources) $(unit_sources) $(plain_sources) $(bench_sources) $(wildcard tests/fuzz/*.c)
all_sources := $(common_sources) $(client_sources) $(server_sources) $(call find_c,client/sample) $(test_sources)
all_headers := $(sort $(shell find common client server tests -name '*.h'))

library := $(out)/libcommon.a
client_objects := $(call objects,$(filter-out client/main.c,$(client_sources)))
server_objects := $(call objects,$(filter-out server/main.c,$(server_sources)))
support_objects := $(call objects,$(support_sources))
programs_in = $(patsubst tests/%.c,$(out)/tests/%,$(1))

.PHONY: programs test-programs bench-programs fuzz-programs
programs: $(out)/tributary $(out)/tributaryd
test-programs: $(call programs_in,$(unit_sources) $(plain_sources) $(fuzz_sources))
bench-programs: $(call programs_in,$(bench_sources))
fuzz-programs: $(call programs_in,$(fuzz_sources))

# --- flags ------------------------------------------------------------------------------------------------------------

warnings := -Wall -Wextra -Wshadow -Wconversion -Werror=implicit-function-declaration $(WERROR)
language := -std=c17 -D_GNU_SOURCE -Icommon -fPIE -g $(warnings)
hardening := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
variant_release := -O2 $(hardening)
variant_asan := -O1 $(sanitizers) -DTRIBUTARY_HESITATE
variant_fuzz := -O1 $(sanitizers) -fsanitize=fuzzer-no-link
variant_flags := $(or $(variant_$(VARIANT)),$(error VARIANT is release, asan or fuzz))
link_flags := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(filter -fsanitize=% -fno-sanitize%,$(variant_flags))

# The include path of a source is its room and the rooms below it.
include_path = $(if $(filter common/%,$(1)),,$(if $(filter client/%,$(1)),-Iclient,$(if $(filter server/%,$(1)),-Iserver,-Iclient -Iserver -Itests)))

common_packages := jansson libsodium libzip expat xlsxwriter
client_packages := $(common_packages) libcurl libutf8proc
server_packages := $(common_packages) libmicrohttpd libpq libcurl pangocairo cairo-pdf harfbuzz freetype2 fontconfig libpng zlib
# pkg-config is asked when a recipe first needs it, once.
package_cflags = $(eval package_cflags := $$(shell pkg-config --cflags $$(client_packages) $$(server_packages) | sed 's/-I/-isystem /g'))$(package_cflags)
libraries = $(shell pkg-config --libs $(1)) -pthread -lm
compile_flags = $(language) $(variant_flags) $(package_cflags) $(CPPFLAGS) $(CFLAGS)

ifeq ($(V),1)
say = @:
else
Q := @
say = @printf '  %-5s %s\n'
endif
ifdef QUIET
say = @:
endif

# --- rules ------------------------------------------------------------------------------------------------------------

# Rewritten only when compiler or flags change, so that a change of either builds anew.
.PHONY: force
$(out)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(compile_flags) $(link_flags) $(LDFLAGS)' | cmp -s - $@ || \
	    printf '%s\n' '$(CC) $(compile_flags) $(link_flags) $(LDFLAGS)' > $@

$(out)/objects/%.o: %.c $(out)/flags
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(compile_flags) $(call include_path,$<) -MMD -MP -c $< -o $@

# The programs say which commit they are made from: that of the repository whose top this is, if it is one.
commit_of := [ "$$(git rev-parse --show-toplevel 2>/dev/null)" = "$$(pwd -P)" ] && git describe --always --exclude='*' --dirty --abbrev=12
ifndef COMMIT
COMMIT = $(eval COMMIT := $$(shell $$(commit_of)))$(COMMIT)
endif
$(out)/commit: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(COMMIT)' | cmp -s - $@ || printf '%s\n' '$(COMMIT)' > $@

main_objects := $(call objects,client/main.c server/main.c)
$(main_objects): $(out)/commit
$(main_objects): private CPPFLAGS += -DTRIBUTARY_COMMIT='"$(COMMIT)"'

# The program carries the schemas of its answers.
$(out)/objects/server/api/openapi.o: server/api/schemas.json

$(library): $(call objects,$(common_sources))
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(out)/tributary: $(client_objects) $(call objects,client/main.c) $(library)
	$(say) LINK $@
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(client_packages)) -o $@

$(out)/tributaryd: $(server_objects) $(call objects,server/main.c) $(library)
	$(say) LINK $@
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(server_packages)) -o $@

$(out)/tests/unit/server_%: $(out)/objects/tests/unit/server_%.o $(support_objects) $(server_objects) $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(server_packages) criterion) -o $@

$(out)/tests/unit/client_%: $(out)/objects/tests/unit/client_%.o $(support_objects) $(client_objects) $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(client_packages) criterion) -o $@

$(out)/tests/unit/%: $(out)/objects/tests/unit/%.o $(support_objects) $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(common_packages) criterion) -o $@

# In the ordinary tests a driver replays the corpus; the fuzz variant has libFuzzer's driver.
# A parser or writer that stands above common/ comes with its own objects.
$(out)/tests/fuzz/fuzz_mime: $(call objects,server/mail/mime.c)
$(out)/tests/fuzz/fuzz_recognise: $(call objects,$(wildcard server/decision/recognise*.c) server/decision/owners.c)
fuzz_driver := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer,$(call objects,tests/fuzz/replay.c))
$(out)/tests/fuzz/%: $(out)/objects/tests/fuzz/%.o $(filter %.o,$(fuzz_driver)) $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $(filter %.o,$^) $(library) $(filter-out %.o,$(fuzz_driver)) $(call libraries,$(common_packages)) -o $@

# Plain programs of the other test rooms; what they are linked with is in their names too.
$(out)/tests/integration/server_%: $(out)/objects/tests/integration/server_%.o $(server_objects) $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(server_packages)) -o $@

$(out)/tests/%: $(out)/objects/tests/%.o $(library)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(link_flags) $(LDFLAGS) $^ $(call libraries,$(client_packages) $(server_packages)) -o $@

# What `make lint` asks of each source: no warning of either compiler, none of clang-tidy. A stamp per source, so that only
# what changed is looked at again.
.PHONY: lint-sources lint-headers
lint-sources: $(patsubst %.c,build/lint/%.c.ok,$(all_sources))
lint-headers: $(patsubst %.h,build/lint/%.h.ok,$(all_headers))
strict = -fsyntax-only -O2 $(language) $(package_cflags) $(call include_path,$<) -Werror
# The analyzer gives a function up once it has followed so many steps of its paths (by its own choice 225,000). Functions with
# countless paths took most of lint's time, and what they hold of blocks had all been seen after a tenth of that.
search := -Xclang -analyzer-config -Xclang max-nodes=50000

build/lint/%.c.ok: %.c .clang-tidy Makefile
	@mkdir -p $(@D)
	@gcc $(strict) -MMD -MP -MT $@ -MF $(@:.ok=.d) $<
	@clang-tidy --quiet --warnings-as-errors='*' $< -- $(strict) $(search) 2> >(grep -v 'warnings generated' >&2)
	@touch $@

# A header compiles alone under the strict flags.
build/lint/%.h.ok: %.h Makefile
	@mkdir -p $(@D)
	@for compiler in gcc clang; do \
	    printf '#include "%s"\n#include "%s"\n' $< $< | $$compiler -x c - -I. $(strict) -MMD -MP -MT $@ -MF $(@:.ok=.d); done
	@touch $@

.SECONDARY:
-include $(patsubst %.c,$(out)/objects/%.d,$(all_sources)) $(wildcard $(addprefix build/lint/,$(all_sources:=.d) $(all_headers:=.d)))
